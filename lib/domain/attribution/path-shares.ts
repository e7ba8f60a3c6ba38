/**
 * How a data-driven model splits one conversion: over the channels of its path in proportion to what the model found
 * each of them to be worth, and a channel's part evenly over its touchpoints. Where all of them are worth nothing,
 * each touchpoint gets the same. sql/attribution/credit_shares.sql does the same by row; a test holds the two together.
 *
 * The other custom of the field, dividing all conversions in proportion to removal effects, gives credit for
 * purchases to channels that were no part of them, and cannot be booked row by row: it is reported beside it, as
 * `normalised`.
 */
import type { ChannelSets } from './channel-sets.ts';

/**
 * Credit by channel when the amount of every set of channels is split in proportion to the weights of its members.
 * Negative weights count as 0; where all members weigh 0, each gets the same.
 * @param weights By channel.
 * @param bySet Amount of each set, e.g. conversions.
 * @example channelShares(sets, [3, 1], [8]) // [6, 2] for the one set of both channels
 */
export function channelShares(
  sets: ChannelSets,
  weights: ArrayLike<number>,
  bySet: ArrayLike<number>,
): Float64Array {
  const { starts, members } = sets;
  const credit = new Float64Array(sets.channels);
  const positive = Float64Array.from({ length: sets.channels }, (_, channel) =>
    Math.max(0, weights[channel]!),
  );
  for (let set = 0; set < starts.length - 1; set++) {
    const amount = bySet[set]!;
    if (amount === 0) continue;
    const first = starts[set]!;
    const end = starts[set + 1]!;
    let sum = 0;
    for (let at = first; at < end; at++) sum += positive[members[at]!]!;
    for (let at = first; at < end; at++) {
      const channel = members[at]!;
      credit[channel]! += sum > 0 ? (amount * positive[channel]!) / sum : amount / (end - first);
    }
  }
  return credit;
}
