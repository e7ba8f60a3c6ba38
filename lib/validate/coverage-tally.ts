import { type Fared, MEASURES, type Measure } from './interval-coverage.ts';

/** How often intervals held the long-run figure, over samples and channels. */
export interface Coverage {
  /** 0 to 1; NaN where no channel counts. */
  part: number;
  /** Standard error of `part`. A sample is one draw: its channels share persons and purchases. */
  error: number;
  /** Parts of the intervals that lay wholly below the figure, and above it. */
  below: number;
  above: number;
}

export interface ChannelCoverage {
  channel: string;
  part: number;
}

export interface ModelCoverage extends Record<Measure, Coverage> {
  model: string;
  /** The channel whose revenue is covered the least often. */
  worst: ChannelCoverage | null;
  /** Channels with too little credit for intervals to hold what they promise, with how often they do for revenue. */
  leftOut: ChannelCoverage[];
}

/** Sums up how a model's intervals fared over the channels with at least `least` revenue in the long run. */
export function tally(fared: Fared, channels: readonly string[], least: number): ModelCoverage {
  const { revenue } = fared.longRun;
  const enough = (channel: number) => revenue[channel]! >= least;
  const byChannel = channels.map((channel, number) => ({
    channel,
    part: coverageOf([{ fared, measure: 'revenue', channels: [number] }]).part,
  }));
  const counted = Array.from(channels.keys()).filter(enough);
  const [worst] = counted.map((number) => byChannel[number]!).sort((a, b) => a.part - b.part);
  const measures = MEASURES.map((measure) => [
    measure,
    coverageOf([{ fared, measure, channels: withFigure(fared, measure, counted) }]),
  ]);
  return {
    model: fared.model,
    ...(Object.fromEntries(measures) as Record<Measure, Coverage>),
    worst: worst ?? null,
    leftOut: byChannel.filter((_, number) => !enough(number)),
  };
}

/** The same of a measure over all models. */
export function tallyAll(all: readonly Fared[], measure: Measure, least: number): Coverage {
  return coverageOf(
    all.map((fared) => {
      const counted = Array.from(fared.longRun.revenue.keys()).filter(
        (channel) => fared.longRun.revenue[channel]! >= least,
      );
      return { fared, measure, channels: withFigure(fared, measure, counted) };
    }),
  );
}

const withFigure = ({ longRun }: Fared, measure: Measure, channels: readonly number[]) =>
  channels.filter((channel) => Number.isFinite(longRun[measure][channel]!));

interface Cells {
  fared: Fared;
  measure: Measure;
  channels: readonly number[];
}

function coverageOf(cells: readonly Cells[]): Coverage {
  const held: number[] = [];
  let [below, above, count] = [0, 0, 0];
  for (const { fared, measure, channels } of cells) {
    const all = fared.longRun.revenue.length;
    const sides = fared.sides[measure];
    for (let sample = 0; sample * all < sides.length; sample++) {
      held[sample] ??= 0;
      for (const channel of channels) {
        const side = sides[sample * all + channel]!;
        count += 1;
        if (side === 0) held[sample]! += 1;
        else if (side < 0) below += 1;
        else above += 1;
      }
    }
  }
  const samples = held.length;
  const perSample = count / samples;
  const part = held.reduce((sum, number) => sum + number, 0) / count;
  const squares = held.reduce((sum, number) => sum + (number / perSample - part) ** 2, 0);
  const error = Math.sqrt(squares / Math.max(1, samples - 1) / samples);
  return { part, error, below: below / count, above: above / count };
}

/** Quantile of the normal law that leaves 5% above it, and its density there. */
const Z_90 = 1.6449;
const DENSITY_90 = 0.1031;

/**
 * What intervals of 90% that are right would cover of long-run figures that are estimates themselves, from so many
 * persons: to first order, as the variance grows by persons / longRunPersons.
 */
export const expectedCoverage = (persons: number, longRunPersons: number): number =>
  0.9 - (Z_90 * DENSITY_90 * persons) / longRunPersons;
