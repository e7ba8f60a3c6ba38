import { uniform32 } from '../attribution/poisson.ts';

/**
 * How a daily sum goes on: a level that follows the weeks (simple exponential smoothing with errors in proportion to it,
 * ETS(M,N,N)), times each weekday's share, and a band from paths that draw past weeks' errors anew, whole weeks at a time so
 * that what belongs together stays together (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 8.6 and
 * 8.7). The level moves with the errors drawn, so that the band widens with the time ahead.
 */
export interface Forecast {
  expected: number;
  low: number;
  high: number;
}

export interface ForecastOptions {
  seed: number;
  /** Part of outcomes that the band is to hold, such as 0.8. */
  level: number;
}

/** Whole weeks of history without which there is no forecast. */
export const LEAST_WEEKS = 8;
const MOST_WEEKS = 52;
const PATHS = 1000;
const WEEK = 7;

/**
 * The sum over `days` days that begin `skip` days after the history ends.
 * @param history daily sums in order, the last of them today's; days without anything are 0
 * @returns null where there are fewer than eight whole weeks, or nothing in them
 */
export function forecastSum(
  history: readonly number[],
  skip: number,
  days: number,
  { seed, level }: ForecastOptions,
): Forecast | null {
  const weeks = Math.min(MOST_WEEKS, Math.floor(history.length / WEEK));
  if (weeks < LEAST_WEEKS) return null;
  const recent = history.slice(history.length - weeks * WEEK);
  const totals = Array.from({ length: weeks }, (_, week) =>
    sumOf(recent.slice(week * WEEK, (week + 1) * WEEK)),
  );
  if (sumOf(totals) <= 0) return null;
  const shares = weekdayShares(recent);
  const { alpha, levels } = smoothed(totals);
  const errors = weekErrors(recent, shares, levels);
  if (errors.length < LEAST_WEEKS - START_WEEKS) return null;
  const last = levels.at(-1)!;
  const window = Array.from({ length: skip + days }, (_, day) => shares[day % WEEK]!).slice(skip);
  const sums = new Float64Array(PATHS);
  for (let path = 0; path < PATHS; path++) {
    let at = last;
    for (let first = 0; first < skip + days; first += WEEK) {
      const error = errors[uniform32(seed, path, first / WEEK) % errors.length]!;
      for (let day = first; day < Math.min(first + WEEK, skip + days); day++) {
        if (day >= skip) sums[path]! += at * (shares[day % WEEK]! + error.days[day % WEEK]!);
      }
      at = Math.max(0, at * (1 + alpha * error.week));
    }
  }
  sums.sort();
  const quantile = (p: number) => sums[Math.min(PATHS - 1, Math.max(0, Math.round(p * (PATHS - 1))))]!;
  const isNeverNegative = recent.every((value) => value >= 0);
  const bounded = (value: number) => (isNeverNegative ? Math.max(0, value) : value);
  return {
    expected: last * sumOf(window),
    low: bounded(quantile((1 - level) / 2)),
    high: bounded(quantile((1 + level) / 2)),
  };
}

/** Share of the week by day; the first is that of the day after the history. */
function weekdayShares(recent: readonly number[]): number[] {
  const last = recent.slice(-12 * WEEK);
  const whole = sumOf(last);
  if (whole <= 0) return Array.from({ length: WEEK }, () => 1 / WEEK);
  return Array.from({ length: WEEK }, (_, day) => sumOf(last.filter((_, at) => at % WEEK === day)) / whole);
}

/** Weeks whose mean is the first level. */
const START_WEEKS = 3;
const ALPHAS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** The level before each week from the fourth on, and after the last; by the factor that foretells the next week best. */
function smoothed(totals: readonly number[]): { alpha: number; levels: number[] } {
  const fits = ALPHAS.map((alpha) => {
    let level = sumOf(totals.slice(0, START_WEEKS)) / START_WEEKS;
    let squares = 0;
    const levels = [level];
    for (const total of totals.slice(START_WEEKS)) {
      squares += (total - level) ** 2;
      level += alpha * (total - level);
      levels.push(level);
    }
    return { alpha, levels, squares };
  });
  return fits.reduce((best, fit) => (fit.squares < best.squares ? fit : best));
}

/** Errors of each week by its level, as a whole and by day; around nothing, and as wide as they were before fitting. */
function weekErrors(recent: readonly number[], shares: readonly number[], levels: readonly number[]) {
  const errors = levels.slice(0, -1).flatMap((level, at) => {
    if (level <= 0) return [];
    const first = (at + START_WEEKS) * WEEK;
    return [shares.map((share, day) => recent[first + day]! / level - share)];
  });
  const means = shares.map((_, day) => sumOf(errors.map((error) => error[day]!)) / errors.length);
  const wider = Math.sqrt((errors.length + 1) / Math.max(1, errors.length - 2));
  return errors.map((error) => {
    const days = error.map((value, day) => (value - means[day]!) * wider);
    return { days, week: sumOf(days) };
  });
}

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
