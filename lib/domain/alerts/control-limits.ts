import { tQuantile } from '../ropo/student-t.ts';

/**
 * Limits that a day's figure keeps, by the same weekday of the eight weeks before: their median, and a scale from the
 * median absolute deviation of all days of those weeks, so that single odd days do not widen them. On a scale on which
 * chance has about the same size everywhere: of shares the arc sine of the root; of sums the root (chance as in counting) or
 * the logarithm (chance in proportion), whichever makes the weekdays more alike.
 */
export interface Limits {
  value: number;
  low: number;
  high: number;
  /** How far outside, in half-widths of the limits: above 1 is outside. */
  distance: number;
}

export interface Watched {
  /** By day, the last of them today's; of sums a day without anything is 0. */
  values: readonly number[];
  /** Whether the values are shares of one, where a day without purchases is null. */
  isShare: boolean;
}

const WEEK = 7;
const WEEKS = 8;
const LEAST_WEEKS = 4;
/** What the median absolute deviation of the normal law is multiplied with to be its standard deviation. */
const MAD_TO_DEVIATION = 1.4826;
/** Fewer than so many deviations would suggest: days of a shop have wider tails than the normal law. */
const FREEDOM = 6;

interface Scale {
  to: (value: number) => number;
  from: (value: number) => number;
}
const ROOT: Scale = {
  to: (value) => Math.sqrt(Math.max(0, value)),
  from: (value) => Math.max(0, value) ** 2,
};
const LOG: Scale = {
  to: (value) => Math.log(Math.max(0, value) + 0.5),
  from: (value) => Math.max(0, Math.exp(value) - 0.5),
};
const ARC_SINE: Scale = {
  to: (value) => Math.asin(Math.sqrt(Math.min(1, Math.max(0, value)))),
  from: (value) => Math.sin(Math.min(Math.PI / 2, Math.max(0, value))) ** 2,
};

/** The weeks before a day on one scale: values of each weekday, the day's own first, and how far they are from their median. */
interface Before {
  scale: Scale;
  same: readonly number[];
  distances: readonly number[][];
}

function beforeOf(values: readonly number[], at: number, weeks: number, scale: Scale): Before {
  const days = Array.from({ length: WEEK }, (_, back) =>
    Array.from({ length: weeks }, (_, week) => scale.to(values[at - back - WEEK * (week + 1)]!)).filter(
      (value) => !Number.isNaN(value),
    ),
  );
  const distances = days.map((day) => {
    const middle = median(day);
    return day.map((value) => Math.abs(value - middle));
  });
  return { scale, same: days[0]!, distances };
}

/** How unlike the weekdays vary: the spread of their mean distances, by its mean. */
function unevenness({ distances }: Before): number {
  const means = distances.filter((day) => day.length > 0).map((day) => sumOf(day) / day.length);
  const mean = sumOf(means) / means.length;
  return mean > 0 ? Math.sqrt(sumOf(means.map((value) => (value - mean) ** 2))) / mean : 0;
}

/**
 * The limits of one day.
 * @param at index of the day among the values
 * @param chance of a false alarm, on both sides together
 * @returns null where fewer than four weeks went before, or they do not vary
 */
export function dayLimits({ values, isShare }: Watched, at: number, chance: number): Limits | null {
  const weeks = Math.min(WEEKS, Math.floor((at + 1) / WEEK) - 1);
  if (weeks < LEAST_WEEKS || Number.isNaN(values[at]!)) return null;
  const scales = isShare ? [ARC_SINE] : [ROOT, LOG];
  const { scale, same, distances } = scales
    .map((one) => beforeOf(values, at, weeks, one))
    .reduce((best, one) => (unevenness(one) < unevenness(best) ? one : best));
  if (same.length < LEAST_WEEKS) return null;
  const deviation = MAD_TO_DEVIATION * median(distances.flat()) * Math.sqrt(weeks / (weeks - 1));
  if (!(deviation > 0)) return null;
  const half = tQuantile(1 - chance, FREEDOM) * deviation * Math.sqrt(1 + Math.PI / 2 / same.length);
  return limitsOf(values[at]!, scale, median(same), half);
}

const MOST_WEEK_SUMS = 12;
const LEAST_WEEK_SUMS = 6;

/** The limits of the week that ends today, by the weeks before it: small lasting changes that no single day shows. */
export function weekLimits({ values, isShare }: Watched, chance: number): Limits | null {
  if (isShare) return null;
  const weeks = Math.min(MOST_WEEK_SUMS, Math.floor(values.length / WEEK) - 1);
  if (weeks < LEAST_WEEK_SUMS) return null;
  const sum = (back: number) => {
    const end = values.length - back * WEEK;
    return sumOf(values.slice(end - WEEK, end));
  };
  const before = Array.from({ length: weeks }, (_, week) => LOG.to(sum(week + 1)));
  const mean = sumOf(before) / weeks;
  const variance = sumOf(before.map((value) => (value - mean) ** 2)) / (weeks - 1);
  if (!(variance > 0)) return null;
  const half = tQuantile(1 - chance, weeks - 1) * Math.sqrt(variance * (1 + 1 / weeks));
  return limitsOf(sum(0), LOG, mean, half);
}

function limitsOf(value: number, { to, from }: Scale, middle: number, half: number): Limits {
  return {
    value,
    low: from(middle - half),
    high: from(middle + half),
    distance: Math.abs(to(value) - middle) / half,
  };
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
