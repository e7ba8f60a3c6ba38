import { percentileInterval } from '../domain/attribution/intervals.ts';
import type { ModelCredit } from './model-credit.ts';

export interface CreditInterval {
  low: number;
  high: number;
}

/** By model and channel: intervals of the four figures of a row of credit. */
export interface CreditIntervals {
  conversions: CreditInterval[];
  conversionShare: CreditInterval[];
  values: CreditInterval[];
  valueShare: CreditInterval[];
}

/** Figures of replicates, as `collectFigures` lays them out: all of one replicate, one after the other. */
export type Figures = Float64Array;

const FIGURES = 4;

/** The figures of one replicate: by model and channel conversions, their share, value and its share. */
export function figuresOf(credits: readonly ModelCredit[], conversions: number, value: number): Figures {
  const channels = credits[0]?.conversions.length ?? 0;
  const figures = new Float64Array(credits.length * channels * FIGURES);
  let at = 0;
  for (const credit of credits) {
    for (let channel = 0; channel < channels; channel++) {
      figures[at++] = credit.conversions[channel]!;
      figures[at++] = conversions > 0 ? credit.conversions[channel]! / conversions : Number.NaN;
      figures[at++] = credit.values[channel]!;
      figures[at++] = value > 0 ? credit.values[channel]! / value : Number.NaN;
    }
  }
  return figures;
}

/** Intervals by model from the figures of all replicates, in the order of their numbers. */
export function intervalsOf(
  replicates: readonly Figures[],
  models: number,
  channels: number,
  level: number,
): CreditIntervals[] {
  const interval = (figure: number) =>
    percentileInterval(
      Float64Array.from(replicates, (figures) => figures[figure]!),
      level,
    );
  return Array.from({ length: models }, (_, model) => {
    const of = (place: number) =>
      Array.from({ length: channels }, (__, channel) =>
        interval((model * channels + channel) * FIGURES + place),
      );
    return { conversions: of(0), conversionShare: of(1), values: of(2), valueShare: of(3) };
  });
}
