import { type Curvature, curvatureAt, likelihoodAt, newtonTarget } from './hazard-likelihood.ts';

export { hazardOfPaths } from './hazard-steps.ts';

/**
 * Additive hazard of conversion: lambda(t) = baseline + sum over touches before t of rate[channel] x kernel(t - touch)
 * (Zhang, Wei, Ren 2014). Each conversion is a mixture of its touches and the baseline, as the events of a
 * self-exciting process are, which makes it an EM problem (Veen and Schoenberg 2008; Lewis and Mohler 2011) with a
 * concave likelihood: any fit that stands still is the best one.
 */
export interface HazardData {
  channels: number;
  /** Entries of conversion i: `starts[i]` up to, not including, `starts[i + 1]`; there may be none. */
  starts: Int32Array;
  /** Of each entry its channel, once per conversion, and the kernel summed over that channel's touches. */
  channel: Uint16Array;
  kernel: Float64Array;
  /** By channel: integral of the kernel over the time observed, summed over all touches of all journeys. */
  exposures: Float64Array;
  /** Time observed, over all journeys; 0 leaves the baseline out. */
  baselineExposure: number;
}

export interface HazardFit {
  /** Conversions per unit of time without a touch. */
  baseline: number;
  /** By channel: conversions per unit of the summed kernel. */
  rates: Float64Array;
  logLikelihood: number;
  iterations: number;
  converged: boolean;
  /** Largest number of conversions that the last EM step moved between channels, as a part of all. */
  change: number;
}

/** EM steps before Newton steps are tried. */
const FIRST_STEPS = 3;

/**
 * Fits baseline and rates, none negative, by EM. Between the EM steps, whose convergence is slow, Newton steps within
 * the bounds are tried and kept only when the likelihood does not fall, so that it never does. Finished when an EM step
 * moves less than `tolerance` of the conversions. Channels without exposure get rate 0.
 * Time: entries x (channels of a conversion) per step, usually 10 to 20 steps.
 * @throws RangeError when a conversion has neither a channel with exposure nor a baseline.
 */
export function fitAdditiveHazard(
  data: HazardData,
  options: { tolerance: number; maxIterations: number; weights?: ArrayLike<number>; start?: HazardFit },
): HazardFit {
  const weights = weightsOf(data, options.weights);
  const exposures = allExposures(data.exposures, data.baselineExposure);
  let conversions = 0;
  for (let i = 0; i < weights.length; i++) conversions += weights[i]!;
  if (conversions === 0) return stillFit(data);
  let point = startingPoint(exposures, conversions, options.start);
  let at = curvatureAt(data, weights, exposures, point);
  if (at.logLikelihood === Number.NEGATIVE_INFINITY && options.start) {
    point = startingPoint(exposures, conversions);
    at = curvatureAt(data, weights, exposures, point);
  }
  if (at.logLikelihood === Number.NEGATIVE_INFINITY) refuseImpossible(data, weights, exposures);
  let iterations = 0;
  let change = Number.POSITIVE_INFINITY;
  while (iterations < options.maxIterations) {
    const next = emStep(at, exposures, point);
    change = movedShare(at, exposures, point, next, conversions);
    if (change < options.tolerance) break;
    iterations += 1;
    const target = iterations > FIRST_STEPS || options.start ? newtonTarget(at, point) : null;
    point = (target && risingStep(data, weights, exposures, point, target, at.logLikelihood)) ?? next;
    at = curvatureAt(data, weights, exposures, point);
  }
  return {
    baseline: point[data.channels]!,
    rates: point.slice(0, data.channels),
    logLikelihood: at.logLikelihood,
    iterations,
    converged: change < options.tolerance,
    change,
  };
}

/**
 * The fit under other weights and exposures, to first order: one Newton step within the bounds from a fit that has
 * converged. For bootstrap replicates, whose distance from the fit is of the order of the standard errors: what is
 * left out is of the order of their squares.
 */
export function oneStep(
  data: HazardData,
  fit: HazardFit,
  weights: ArrayLike<number>,
  exposures: Float64Array,
  baselineExposure: number,
): { baseline: number; rates: Float64Array } {
  const all = allExposures(exposures, baselineExposure);
  const point = startingPoint(all, 0, fit);
  const at = curvatureAt(data, weightsOf(data, weights), all, point);
  const target = newtonTarget(at, point);
  return { baseline: target[data.channels]!, rates: target.slice(0, data.channels) };
}

function weightsOf(data: HazardData, weights?: ArrayLike<number>): Float64Array {
  if (weights instanceof Float64Array) return weights;
  const count = data.starts.length - 1;
  return weights ? Float64Array.from(weights) : new Float64Array(count).fill(1);
}

/** The baseline is one more channel, behind the others. */
function allExposures(exposures: Float64Array, baselineExposure: number): Float64Array {
  const all = new Float64Array(exposures.length + 1);
  all.set(exposures);
  all[exposures.length] = baselineExposure;
  return all;
}

/** An even split of the conversions over all that have exposure, or an earlier fit. */
function startingPoint(exposures: Float64Array, conversions: number, start?: HazardFit): Float64Array {
  const baseline = exposures.length - 1;
  const parts = exposures.reduce((count, exposure) => count + (exposure > 0 ? 1 : 0), 0);
  return exposures.map((exposure, part) => {
    if (!(exposure > 0)) return 0;
    if (!start) return conversions / parts / exposure;
    return part === baseline ? start.baseline : start.rates[part]!;
  });
}

/** The target or the nearest of a few points on the way to it where the likelihood is not lower; null when none is. */
function risingStep(
  data: HazardData,
  weights: Float64Array,
  exposures: Float64Array,
  point: Float64Array,
  target: Float64Array,
  logLikelihood: number,
): Float64Array | null {
  for (let halving = 0; halving < 5; halving++) {
    const step = point.map((rate, part) => rate + (target[part]! - rate) / 2 ** halving);
    if (likelihoodAt(data, weights, exposures, step) >= logLikelihood) return step;
  }
  return null;
}

/** What EM makes of a point: each part gets the conversions that it is responsible for, by its exposure. */
function emStep(at: Curvature, exposures: Float64Array, point: Float64Array): Float64Array {
  return point.map((rate, part) =>
    exposures[part]! > 0 ? (rate * at.responsible[part]!) / exposures[part]! : 0,
  );
}

function movedShare(
  at: Curvature,
  exposures: Float64Array,
  point: Float64Array,
  next: Float64Array,
  conversions: number,
): number {
  let most = 0;
  for (let part = 0; part < point.length; part++) {
    most = Math.max(most, Math.abs(next[part]! - point[part]!) * exposures[part]!);
    // EM never leaves zero: a part must have no reason to.
    if (point[part] === 0 && at.gradient[part]! > 1e-6 * exposures[part]!) return Number.POSITIVE_INFINITY;
  }
  return most / conversions;
}

function stillFit(data: HazardData): HazardFit {
  const rates = new Float64Array(data.channels);
  return { baseline: 0, rates, logLikelihood: 0, iterations: 0, converged: true, change: 0 };
}

function refuseImpossible(data: HazardData, weights: Float64Array, exposures: Float64Array): never {
  const { starts, channel } = data;
  let conversion = 0;
  for (; conversion < weights.length; conversion++) {
    if (weights[conversion] === 0) continue;
    const entries = channel.subarray(starts[conversion], starts[conversion + 1]);
    if (!entries.some((c) => exposures[c]! > 0)) break;
  }
  throw new RangeError(
    `Conversion ${conversion} has no channel with exposure, and the baseline has none: give a baselineExposure above 0`,
  );
}
