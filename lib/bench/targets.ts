import type { PhaseResult } from './phases.ts';

/** What the bench should reach, stated for two cores. */
export interface TargetOutcome {
  what: string;
  wanted: string;
  measured: string;
  /** Null where this run cannot say. */
  isMet: boolean | null;
}

const IMPORT_PER_SECOND = 100_000;
const BUILD_TOUCHPOINTS = 10_000_000;
const BUILD_SECONDS = 60;
const BUILD_BYTES = 4e9;
const INTERVAL_SECONDS = 60;

export const TARGET_CORES = 2;

/** The targets of the phases that ran. The build's are for ten million touchpoints and say nothing of less. */
export function targetOutcomes(
  touchpoints: number,
  results: { import?: PhaseResult; build?: PhaseResult },
): TargetOutcome[] {
  const outcomes: TargetOutcome[] = [];
  if (results.import) {
    const perSecond = results.import.rows / results.import.seconds;
    outcomes.push({
      what: 'import of JSON Lines',
      wanted: `at least ${whole(IMPORT_PER_SECOND)} records/s`,
      measured: `${whole(perSecond)} records/s`,
      isMet: perSecond >= IMPORT_PER_SECOND,
    });
  }
  if (results.build) {
    const isFullSize = touchpoints >= BUILD_TOUCHPOINTS;
    const { seconds, peakBytes } = results.build;
    const at = `build of ${whole(BUILD_TOUCHPOINTS)} touchpoints`;
    outcomes.push(
      {
        what: `${at}, time`,
        wanted: `under ${BUILD_SECONDS} s`,
        measured: isFullSize
          ? `${seconds.toFixed(1)} s`
          : `${seconds.toFixed(1)} s for ${whole(touchpoints)}`,
        isMet: isFullSize ? seconds < BUILD_SECONDS : null,
      },
      {
        what: `${at}, peak memory`,
        wanted: `under ${BUILD_BYTES / 1e9} GB`,
        measured: `${(peakBytes / 1e9).toFixed(2)} GB${isFullSize ? '' : ` for ${whole(touchpoints)}`}`,
        isMet: isFullSize ? peakBytes < BUILD_BYTES : null,
      },
    );
    const intervals = results.build.parts.find(({ name }) => name === 'channel_intervals');
    if (intervals)
      outcomes.push({
        what: `intervals of every model, 200 replicates, ${whole(BUILD_TOUCHPOINTS)} touchpoints`,
        wanted: `under ${INTERVAL_SECONDS} s`,
        measured: `${intervals.seconds.toFixed(1)} s${isFullSize ? '' : ` for ${whole(touchpoints)}`}`,
        isMet: isFullSize ? intervals.seconds < INTERVAL_SECONDS : null,
      });
  }
  return outcomes;
}

const whole = (n: number) => Math.round(n).toLocaleString('en-US');
