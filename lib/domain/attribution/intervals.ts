/** Figures of all replicates: figure * replicates + replicate. */
export interface Replicates {
  values: Float64Array;
  replicates: number;
}

export interface Interval {
  low: number;
  high: number;
}

/**
 * Percentile interval: between the quantiles of the replicates that leave (1 - level) / 2 on either side (Efron and
 * Tibshirani 1993, 13.3). The r-th smallest of n replicates is the quantile r / (n + 1), with straight lines between, so
 * that one more draw falls between the bounds as often as the level says. Replicates that are NaN have no figure and
 * are left out; without any the interval is NaN.
 */
export function percentileInterval(replicates: Float64Array, level: number): Interval {
  const sorted = replicates.filter((value) => !Number.isNaN(value)).sort();
  return { low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2) };
}

function quantile(sorted: Float64Array, part: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = Math.min(sorted.length - 1, Math.max(0, part * (sorted.length + 1) - 1));
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (sorted[above]! - sorted[below]!) * (place - below);
}

/** The replicates of one figure. */
export const ofFigure = ({ values, replicates }: Replicates, figure: number): Float64Array =>
  values.subarray(figure * replicates, (figure + 1) * replicates);
