import type { ChannelSets } from './channel-sets.ts';
import { uniform32 } from './poisson.ts';
import type { RateValues } from './shapley.ts';

/**
 * Shapley values of the conversion-rate game from random orders of the channels, in pairs of an order and its
 * reverse. Where a set's last member joins, the whole set's journeys join; one pass over the sets finds that place
 * for both orders of a pair. Every pair sums to the grand value, hence so does the mean.
 * Time: orders x members of all sets.
 */
export function sampledShapley(
  sets: ChannelSets,
  occurring: readonly number[],
  conversionsBySet: Float64Array,
  journeysBySet: Float64Array,
  { seed, permutations }: { seed: number; permutations: number },
): RateValues {
  const pairs = Math.floor(permutations / 2);
  if (pairs < 2) {
    throw new RangeError(
      `${permutations} orders of ${occurring.length} channels are too few: sample 4 or more`,
    );
  }
  const { channels } = sets;
  const n = occurring.length;
  const order = new Int32Array(n);
  const reverse = new Int32Array(n);
  const rank = new Int32Array(channels);
  const joined = new Float64Array(n * FIELDS);
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  const gains = new Float64Array(channels);
  let grand = 0;
  for (let pair = 0; pair < pairs; pair++) {
    shuffle(order, occurring, seed, pair);
    for (let place = 0; place < n; place++) {
      rank[order[place]!] = place;
      reverse[n - 1 - place] = order[place]!;
    }
    joinSets(joined, sets, rank, n, conversionsBySet, journeysBySet);
    gains.fill(0);
    grand = addGains(gains, joined, order, 0, 1);
    addGains(gains, joined, reverse, (n - 1) * FIELDS + 2, -1);
    for (const channel of occurring) {
      const gain = gains[channel]! / 2;
      sums[channel]! += gain;
      squares[channel]! += gain * gain;
    }
  }
  const values = sums.map((sum) => sum / pairs);
  const standardErrors = squares.map((square, channel) =>
    Math.sqrt(Math.max(0, square / pairs - values[channel]! ** 2) / (pairs - 1)),
  );
  return { values, grand, method: 'sampled', standardErrors };
}

/** Numbers by place: conversions and journeys that join there, then those that join there in the reverse order. */
const FIELDS = 4;

function joinSets(
  joined: Float64Array,
  { starts, members }: ChannelSets,
  rank: Int32Array,
  n: number,
  conversionsBySet: Float64Array,
  journeysBySet: Float64Array,
): void {
  joined.fill(0);
  for (let set = 0; set < starts.length - 1; set++) {
    const journeys = journeysBySet[set]!;
    if (journeys === 0) continue;
    const conversions = conversionsBySet[set]!;
    const end = starts[set + 1]!;
    let last = 0;
    let first = n - 1;
    // Maximum and minimum from sign bits: branches on a random order are guessed wrong half of the time.
    for (let at = starts[set]!; at < end; at++) {
      const place = rank[members[at]!]!;
      const behind = place - last;
      const ahead = place - first;
      last = place - (behind & (behind >> 31));
      first += ahead & (ahead >> 31);
    }
    joined[last * FIELDS]! += conversions;
    joined[last * FIELDS + 1]! += journeys;
    joined[first * FIELDS + 2]! += conversions;
    joined[first * FIELDS + 3]! += journeys;
  }
}

/** Adds what each channel changes when it joins, in the given order; returns the value of all. */
function addGains(
  gains: Float64Array,
  joined: Float64Array,
  order: Int32Array,
  offset: number,
  direction: 1 | -1,
): number {
  let conversions = 0;
  let journeys = 0;
  let before = 0;
  let at = offset;
  for (const channel of order) {
    conversions += joined[at]!;
    journeys += joined[at + 1]!;
    at += direction * FIELDS;
    const value = journeys > 0 ? conversions / journeys : 0;
    gains[channel]! += value - before;
    before = value;
  }
  return before;
}

/** A random order by Fisher and Yates, a function of the seed and the number of the pair. */
function shuffle(order: Int32Array, channels: readonly number[], seed: number, pair: number): void {
  order.set(channels);
  for (let place = order.length - 1; place > 0; place--) {
    const other = Math.floor((uniform32(seed, pair, place) / 4294967296) * (place + 1));
    const channel = order[place]!;
    order[place] = order[other]!;
    order[other] = channel;
  }
}
