import type { ChannelSets } from './channel-sets.ts';
import { sampledShapley } from './shapley-sampling.ts';

/**
 * Shapley values of channels (Shapley 1953) over two games on sets of channels, and one by position in the path.
 */
export { type ChannelSets, indexSets, sumBySet } from './channel-sets.ts';
export { shapleyOrdered } from './shapley-ordered.ts';

/**
 * Values of the game v(S) = conversions of the journeys that used no channel outside S. The dividend of a set
 * (Harsanyi 1963) is then the set's own conversions, and the Shapley value shares each dividend equally among the
 * members of its set: exact for any number of channels (Zhao, Mahboobi, Bagheri 2018). Sums to all conversions.
 * @returns By channel, in conversions.
 * @example shapleyConversions(sets, [3, 4]) // [3 + 2, 2] for the sets {0} and {0, 1}
 */
export function shapleyConversions(sets: ChannelSets, conversionsBySet: Float64Array): Float64Array {
  const { channels, starts, members } = sets;
  const values = new Float64Array(channels);
  // Whole numbers are added up by size first, so that only one division per size is rounded.
  const ofSize = new Float64Array(channels);
  for (const [size, numbers] of setsBySize(starts)) {
    ofSize.fill(0);
    for (const set of numbers) {
      for (let at = starts[set]!; at < starts[set + 1]!; at++)
        ofSize[members[at]!]! += conversionsBySet[set]!;
    }
    for (let channel = 0; channel < channels; channel++) values[channel]! += ofSize[channel]! / size;
  }
  return values;
}

function setsBySize(starts: Int32Array): [number, number[]][] {
  const bySize = new Map<number, number[]>();
  for (let set = 0; set < starts.length - 1; set++) {
    const size = starts[set + 1]! - starts[set]!;
    const numbers = bySize.get(size);
    if (numbers) numbers.push(set);
    else bySize.set(size, [set]);
  }
  return Array.from(bySize).sort(([a], [b]) => a - b);
}

export interface RateValues {
  /** By channel, in conversions per journey; may be negative. They sum to `grand`. */
  values: Float64Array;
  /** Conversion rate of all journeys: the value of all channels together. */
  grand: number;
  method: 'exact' | 'sampled';
  /** By channel, of a sampled value; null when exact. */
  standardErrors: Float64Array | null;
}

/** Channels up to which all sets are gone through: 2^20 of them, in arrays of 8 MB. */
export const MOST_EXACT_CHANNELS = 20;

/**
 * Values of the game v(S) = conversions by journeys, among the journeys that used no channel outside S; 0 where there
 * are none. Exact up to 20 channels that occur (fast zeta transform, Yates 1937; time: 2^channels x channels), above
 * that an estimate from random orders of the channels, which come in pairs of an order and its reverse (Mitchell,
 * Cooper, Frank, Holmes 2022), with standard errors from the pairs. A channel that hurts has a negative value.
 * @param options The seed and the number of orders of an estimate.
 * @throws RangeError when an estimate is asked for with fewer than 4 orders.
 */
export function shapleyRate(
  sets: ChannelSets,
  conversionsBySet: Float64Array,
  journeysBySet: Float64Array,
  options: { seed: number; permutations: number },
): RateValues {
  const occurring = channelsInUse(sets, journeysBySet);
  if (occurring.length > MOST_EXACT_CHANNELS) {
    return sampledShapley(sets, occurring, conversionsBySet, journeysBySet, options);
  }
  const n = occurring.length;
  const bitOf = new Int32Array(sets.channels);
  occurring.forEach((channel, bit) => {
    bitOf[channel] = 1 << bit;
  });
  const conversions = new Float64Array(2 ** n);
  const journeys = new Float64Array(2 ** n);
  for (let set = 0; set < sets.starts.length - 1; set++) {
    if (journeysBySet[set] === 0) continue;
    let mask = 0;
    for (let at = sets.starts[set]!; at < sets.starts[set + 1]!; at++) mask |= bitOf[sets.members[at]!]!;
    conversions[mask]! += conversionsBySet[set]!;
    journeys[mask]! += journeysBySet[set]!;
  }
  sumSubsets(conversions);
  sumSubsets(journeys);
  const game = conversions;
  for (let mask = 0; mask < game.length; mask++) {
    game[mask] = journeys[mask]! > 0 ? conversions[mask]! / journeys[mask]! : 0;
  }
  const grand = game[game.length - 1]!;
  const values = new Float64Array(sets.channels);
  const exact = shapleyOfGame(game, n);
  occurring.forEach((channel, bit) => {
    values[channel] = exact[bit]!;
  });
  return { values, grand, method: 'exact', standardErrors: null };
}

function channelsInUse({ channels, starts, members }: ChannelSets, journeysBySet: Float64Array): number[] {
  const used = new Uint8Array(channels);
  for (let set = 0; set < starts.length - 1; set++) {
    if (journeysBySet[set]! > 0)
      for (let at = starts[set]!; at < starts[set + 1]!; at++) used[members[at]!] = 1;
  }
  return Array.from(used.keys()).filter((channel) => used[channel] === 1);
}

/** Zeta transform in place: each number becomes the sum over all subsets of its bits. */
function sumSubsets(table: Float64Array): void {
  for (let bit = 1; bit < table.length; bit <<= 1) {
    for (let block = 0; block < table.length; block += 2 * bit) {
      for (let low = block; low < block + bit; low++) table[low + bit]! += table[low]!;
    }
  }
}

/** Shapley values of a game on all sets of n players, by the bits of the set. */
export function shapleyOfGame(game: Float64Array, n: number): Float64Array {
  const values = new Float64Array(n);
  const weights = [1 / n];
  for (let size = 1; size < n; size++) weights.push((weights[size - 1]! * size) / (n - size));
  const sizes = new Uint8Array(game.length);
  for (let mask = 1; mask < sizes.length; mask++) sizes[mask] = sizes[mask >>> 1]! + (mask & 1);
  for (let player = 0; player < n; player++) {
    const bit = 1 << player;
    let sum = 0;
    for (let block = 0; block < game.length; block += 2 * bit) {
      for (let low = block; low < block + bit; low++)
        sum += weights[sizes[low]!]! * (game[low + bit]! - game[low]!);
    }
    values[player] = sum;
  }
  return values;
}
