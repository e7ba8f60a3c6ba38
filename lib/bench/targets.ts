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
const ROPO_EVENTS = 10_000_000;
const ROPO_SECONDS = 60;
const ROPO_BYTES = 4e9;
const ROPO_SHARED_RATIO = 1.5;

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

/** What a run of some size took. */
export type Taken = Pick<PhaseResult, 'seconds' | 'cpuSeconds' | 'peakBytes'>;

/**
 * How much longer a run takes than another. By the clock, because one busy core while the other waits must show; and by
 * the processor, because other load on the machine stretches only one of the two.
 */
export const timesOf = (run: Taken, other: Taken): { clock: number; processor: number } => ({
  clock: run.seconds / other.seconds,
  processor: run.cpuSeconds / other.cpuSeconds,
});

/** The targets of the ROPO part of a build, without and with an identifier that one in a hundred records share. */
export function ropoTargetOutcomes(events: number, plain: Taken, shared: Taken): TargetOutcome[] {
  const isFullSize = events >= ROPO_EVENTS;
  const of = isFullSize ? '' : ` for ${whole(events)}`;
  const at = `ROPO part at ${whole(ROPO_EVENTS)} web events`;
  const { clock, processor } = timesOf(shared, plain);
  return [
    {
      what: `${at}, time`,
      wanted: `under ${ROPO_SECONDS} s`,
      measured: `${plain.seconds.toFixed(1)} s${of}`,
      isMet: isFullSize ? plain.seconds < ROPO_SECONDS : null,
    },
    {
      what: `${at}, peak memory`,
      wanted: `under ${ROPO_BYTES / 1e9} GB`,
      measured: `${(plain.peakBytes / 1e9).toFixed(2)} GB${of}`,
      isMet: isFullSize ? plain.peakBytes < ROPO_BYTES : null,
    },
    {
      what: 'the same with a shared identifier, time',
      wanted: `at most ${ROPO_SHARED_RATIO} x`,
      measured: `${clock.toFixed(2)} x, of the processor ${processor.toFixed(2)} x${of}`,
      isMet: isFullSize ? Math.max(clock, processor) <= ROPO_SHARED_RATIO : null,
    },
  ];
}

const INGEST_PER_SECOND = 50_000;
const INGEST_IDENTIFIERS = 10_000_000;
const INGEST_BYTES = 2e9;

/** The targets of collector and ingest; those of ingest are for one core at ten million distinct identifiers. */
export function collectTargetOutcomes(
  ingest: { events: number; identifiers: number; peakBytes: number },
  oneCoreSeconds: number,
  collector: { perSecond: number; p99: number; failed: number },
  bare: { perSecond: number; p99: number },
): TargetOutcome[] {
  const isFullSize = ingest.identifiers >= INGEST_IDENTIFIERS;
  const of = isFullSize ? '' : ` for ${whole(ingest.identifiers)}`;
  const perSecond = ingest.events / oneCoreSeconds;
  const at = `ingest on one core, ${whole(INGEST_IDENTIFIERS)} identifiers`;
  return [
    {
      what: `${at}, events`,
      wanted: `at least ${whole(INGEST_PER_SECOND)} events/s`,
      measured: `${whole(perSecond)} events/s${of}`,
      // Fewer identifiers are easier: what is too slow there is too slow.
      isMet: perSecond < INGEST_PER_SECOND ? false : isFullSize ? true : null,
    },
    {
      what: `${at}, peak memory`,
      wanted: `under ${INGEST_BYTES / 1e9} GB`,
      measured: `${(ingest.peakBytes / 1e9).toFixed(2)} GB${of}`,
      isMet: ingest.peakBytes >= INGEST_BYTES ? false : isFullSize ? true : null,
    },
    {
      what: 'collector at 100 connections',
      wanted: 'every request answered with 200',
      measured: `${whole(collector.failed)} failed; ${percent(collector.perSecond / bare.perSecond)} of the bare server's requests/s, p99 ${(collector.p99 / Math.max(bare.p99, 1)).toFixed(1)} x`,
      isMet: collector.failed === 0,
    },
  ];
}

const percent = (share: number) => `${Math.round(share * 100)}%`;
const whole = (n: number) => Math.round(n).toLocaleString('en-US');

const API_TOUCHPOINTS = 10_000_000;
const API_P99_MS = 50;

/** The targets of the API; they are for the marts of ten million touchpoints. */
export function apiTargetOutcomes(
  touchpoints: number,
  { newBuild, prepared, kept }: Record<'newBuild' | 'prepared' | 'kept', { p99: number; failed: number }>,
): TargetOutcome[] {
  const isFullSize = touchpoints >= API_TOUCHPOINTS;
  const of = isFullSize ? '' : ` for ${whole(touchpoints)}`;
  const at = `API on ${whole(API_TOUCHPOINTS)} touchpoints, 50 users`;
  const outcome = (what: string, { p99, failed }: { p99: number; failed: number }): TargetOutcome => ({
    what: `${at}, ${what}`,
    wanted: `p99 under ${API_P99_MS} ms, none failed`,
    measured: `${p99.toFixed(1)} ms, ${whole(failed)} failed${of}`,
    // A smaller shop is easier: what is too slow there is too slow.
    isMet: failed > 0 || p99 >= API_P99_MS ? false : isFullSize ? true : null,
  });
  return [
    outcome('a new build that nothing was asked', newBuild),
    outcome('a new build, what the page asks', prepared),
    outcome('warm', kept),
  ];
}
