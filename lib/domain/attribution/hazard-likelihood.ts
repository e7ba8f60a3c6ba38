import type { HazardData } from './additive-hazard.ts';

/** The likelihood around a point; the baseline is the last of the parts. */
export interface Curvature {
  logLikelihood: number;
  /** By part: sum over conversions of weight x kernel / lambda. Less the exposure it is the gradient. */
  responsible: Float64Array;
  gradient: Float64Array;
  /** Minus the second derivatives, parts x parts. */
  information: Float64Array;
}

/** Sum of weight x log lambda over the conversions, less the conversions that rates and exposures expect. */
export function likelihoodAt(
  data: HazardData,
  weights: Float64Array,
  exposures: Float64Array,
  point: Float64Array,
): number {
  const { starts, channel, kernel, channels } = data;
  let sum = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    let lambda = point[channels]!;
    for (let at = starts[i]!; at < starts[i + 1]!; at++) lambda += point[channel[at]!]! * kernel[at]!;
    sum += weight * Math.log(lambda);
  }
  for (let part = 0; part <= channels; part++) sum -= point[part]! * exposures[part]!;
  return sum;
}

export function curvatureAt(
  data: HazardData,
  weights: Float64Array,
  exposures: Float64Array,
  point: Float64Array,
): Curvature {
  const { starts, channel, kernel, channels } = data;
  const parts = channels + 1;
  const hasBaseline = exposures[channels]! > 0;
  const responsible = new Float64Array(parts);
  const information = new Float64Array(parts * parts);
  let logLikelihood = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (weight === 0) continue;
    const first = starts[i]!;
    const end = starts[i + 1]!;
    let lambda = point[channels]!;
    for (let at = first; at < end; at++) lambda += point[channel[at]!]! * kernel[at]!;
    logLikelihood += weight * Math.log(lambda);
    const share = weight / lambda;
    const square = share / lambda;
    for (let at = first; at < end; at++) {
      const row = channel[at]!;
      const k = kernel[at]!;
      responsible[row]! += share * k;
      const scaled = square * k;
      for (let other = first; other <= at; other++)
        information[row * parts + channel[other]!]! += scaled * kernel[other]!;
      information[channels * parts + row]! += scaled;
    }
    responsible[channels]! += share;
    information[channels * parts + channels]! += square;
  }
  // Each pair was added once, in the order of the entries: fold into both halves.
  for (let a = 0; a < parts; a++) {
    for (let b = 0; b < a; b++) {
      const sum = information[a * parts + b]! + information[b * parts + a]!;
      information[a * parts + b] = sum;
      information[b * parts + a] = sum;
    }
  }
  const gradient = new Float64Array(parts);
  for (let part = 0; part < parts; part++) {
    const used = part < channels ? exposures[part]! > 0 : hasBaseline;
    gradient[part] = used ? responsible[part]! - exposures[part]! : 0;
    if (used) logLikelihood -= point[part]! * exposures[part]!;
  }
  return { logLikelihood, responsible, gradient, information };
}

const MOST_SWEEPS = 500;

/**
 * Where the second-order picture of the likelihood is highest with no part below zero, by going up along one part
 * after the other.
 */
export function newtonTarget(at: Curvature, point: Float64Array): Float64Array {
  const { gradient, information } = at;
  const parts = point.length;
  const target = point.slice();
  const slope = gradient.slice();
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let most = 0;
    for (let part = 0; part < parts; part++) {
      const curve = information[part * parts + part]!;
      const wanted =
        curve > 0 ? target[part]! + slope[part]! / curve : gradient[part]! < 0 ? 0 : target[part]!;
      const moved = Math.max(0, wanted) - target[part]!;
      if (moved === 0) continue;
      target[part]! += moved;
      if (target[part]! < 0) target[part] = 0;
      for (let other = 0; other < parts; other++) slope[other]! -= moved * information[other * parts + part]!;
      most = Math.max(most, Math.abs(moved) * Math.sqrt(curve));
    }
    if (most < 1e-10) break;
  }
  return target;
}
