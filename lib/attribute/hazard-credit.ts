import {
  fitAdditiveHazard,
  type HazardData,
  type HazardFit,
  hazardOfPaths,
} from '../domain/attribution/additive-hazard.ts';
import type { PathCounts } from '../domain/attribution/paths.ts';

/** The additive hazard fitted to paths, and what it makes of their conversions. */
export interface HazardCredit {
  fit: HazardFit;
  exposures: Float64Array;
  conversions: Float64Array;
  values: Float64Array;
}

const TOLERANCE = 1e-9;
const MOST_ITERATIONS = 1000;

/**
 * Fits the additive hazard with steps as time, and splits each path's conversions over its channels in proportion to
 * what they add to the hazard at its end; what the model owes to the baseline goes with them. Where none adds
 * anything, each channel gets the same.
 * @param paths in an order that follows from their channels, since sums of fractions depend on it
 */
export function hazardCredit(paths: PathCounts, halfLifeSteps: number, start?: HazardFit): HazardCredit {
  const { data, weights } = hazardOfPaths(paths, halfLifeSteps);
  const fit = fitAdditiveHazard(data, {
    tolerance: TOLERANCE,
    maxIterations: MOST_ITERATIONS,
    weights,
    ...(start ? { start } : {}),
  });
  const values = paths.values.filter((_, path) => paths.conversions[path]! > 0);
  return {
    fit,
    exposures: data.exposures,
    conversions: split(data, fit.rates, weights),
    values: split(data, fit.rates, values),
  };
}

function split(data: HazardData, rates: Float64Array, amounts: ArrayLike<number>): Float64Array {
  const { starts, channel, kernel } = data;
  const credit = new Float64Array(data.channels);
  for (let i = 0; i < starts.length - 1; i++) {
    const amount = amounts[i]!;
    if (amount === 0) continue;
    const first = starts[i]!;
    const end = starts[i + 1]!;
    let all = 0;
    for (let at = first; at < end; at++) all += rates[channel[at]!]! * kernel[at]!;
    for (let at = first; at < end; at++) {
      const own = rates[channel[at]!]! * kernel[at]!;
      credit[channel[at]!]! += all > 0 ? (amount * own) / all : amount / (end - first);
    }
  }
  return credit;
}
