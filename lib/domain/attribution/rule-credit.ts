import { type Paths, pathCount } from './paths.ts';

/**
 * Rule models on counted paths. sql/attribution/credit_shares.sql does the same by row; both follow Adobe's
 * definitions of the shapes, which leave the middle out where there is none: two touchpoints of position_based get a
 * half each, of j_shaped a quarter and three quarters.
 */
export const RULE_MODELS = [
  'first_touch',
  'last_touch',
  'last_non_direct',
  'linear',
  'position_based',
  'j_shaped',
  'inverse_j',
] as const;
export type RuleModel = (typeof RULE_MODELS)[number];

/** Per cent for the first touch, all between, and the last. */
const SHAPES = {
  first_touch: [100, 0, 0],
  last_touch: [0, 0, 100],
  position_based: [40, 20, 40],
  j_shaped: [20, 20, 60],
  inverse_j: [60, 20, 20],
} as const satisfies Partial<Record<RuleModel, readonly [number, number, number]>>;

/** The channel that last_non_direct passes over, as the field writes it. */
export const DIRECT = 'Direct';

/**
 * Sums that all rule models follow from: whole amounts, so that neither the order of the paths nor the threads that
 * counted them matter.
 */
export interface TouchSums {
  channels: number;
  /** By path length: amounts by channel of first touches, then of those between, then of last ones. */
  byLength: Map<number, Float64Array>;
  /** Amounts by channel of the last touch that is not Direct, or the last one where all are. */
  lastNonDirect: Float64Array;
}

/** @param amounts By path: conversions, or value in whole minor units. */
export function sumTouches(paths: Paths, amounts: ArrayLike<number>): TouchSums {
  const { starts, steps } = paths;
  const channels = paths.channels.length;
  const direct = paths.channels.indexOf(DIRECT);
  const byLength = new Map<number, Float64Array>();
  const lastNonDirect = new Float64Array(channels);
  const count = pathCount(paths);
  for (let path = 0; path < count; path++) {
    const amount = amounts[path]!;
    if (amount === 0) continue;
    const first = starts[path]!;
    const last = starts[path + 1]! - 1;
    let sums = byLength.get(last - first + 1);
    if (!sums) {
      sums = new Float64Array(3 * channels);
      byLength.set(last - first + 1, sums);
    }
    sums[steps[first]!]! += amount;
    for (let at = first + 1; at < last; at++) sums[channels + steps[at]!]! += amount;
    if (last > first) sums[2 * channels + steps[last]!]! += amount;
    let paid = last;
    while (paid > first && steps[paid] === direct) paid -= 1;
    lastNonDirect[steps[steps[paid] === direct ? last : paid]!]! += amount;
  }
  return { channels, byLength, lastNonDirect };
}

/** Sums of paths that were counted apart, over the same channels. */
export function addTouches(parts: readonly TouchSums[]): TouchSums {
  const all: TouchSums = {
    channels: parts[0]!.channels,
    byLength: new Map(),
    lastNonDirect: new Float64Array(parts[0]!.channels),
  };
  for (const { byLength, lastNonDirect } of parts) {
    for (const [length, sums] of byLength) {
      const known = all.byLength.get(length);
      all.byLength.set(length, known ? known.map((sum, at) => sum + sums[at]!) : sums);
    }
    for (const [channel, sum] of lastNonDirect.entries()) all.lastNonDirect[channel]! += sum;
  }
  return all;
}

/**
 * Credit by channel, in the unit of the amounts.
 * @example ruleCredit(sumTouches(paths, [10]), 'j_shaped') // [2.5, 7.5] for the one path A > B
 */
export function ruleCredit(sums: TouchSums, model: RuleModel): Float64Array {
  if (model === 'last_non_direct') return sums.lastNonDirect;
  const { channels, byLength } = sums;
  const credit = new Float64Array(channels);
  const lengths = Array.from(byLength.keys()).sort((a, b) => a - b);
  for (const length of lengths) {
    const touches = byLength.get(length)!;
    const [first, middle, last, all] = placeWeights(model, length);
    for (let channel = 0; channel < channels; channel++) {
      const weighted =
        touches[channel]! * first +
        touches[channels + channel]! * middle +
        touches[2 * channels + channel]! * last;
      credit[channel]! += weighted / all;
    }
  }
  return credit;
}

/** Whole weights of the first touch, each between and the last, and what they sum to over a path of this length. */
function placeWeights(
  model: Exclude<RuleModel, 'last_non_direct'>,
  length: number,
): [number, number, number, number] {
  if (model === 'linear') return [1, 1, 1, length];
  const [first, middle, last] = SHAPES[model];
  if (length === 1) return [1, 0, 0, 1];
  if (length === 2) return [first, 0, last, first + last];
  return [first * (length - 2), middle, last * (length - 2), 100 * (length - 2)];
}
