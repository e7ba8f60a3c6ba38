import { type Chain, countChain } from '../domain/attribution/markov-chain.ts';
import type { PathCounts } from '../domain/attribution/paths.ts';
import { sumTouches, type TouchSums } from '../domain/attribution/rule-credit.ts';
import { type ChannelSets, indexSets, sumBySet } from '../domain/attribution/shapley.ts';

/** All that rule models, Markov chains and Shapley values need of paths: sums of whole numbers. */
export interface PathSums {
  channels: readonly string[];
  conversions: number;
  nulls: number;
  /** In whole units of the smallest decimal. */
  value: number;
  touches: { conversions: TouchSums; values: TouchSums };
  chain: Chain & { counts: Float64Array; finalValues: Float64Array };
  sets: ChannelSets;
  bySet: { conversions: Float64Array; nulls: Float64Array; values: Float64Array };
}

/** Sums paths, in a pass each for touches, transitions and sets of channels. */
export function sumPaths(paths: PathCounts, order: number): PathSums {
  const { channels, conversions, nulls, values } = paths;
  const { counts, finalValues, paths: _, ...chain } = countChain(paths, order, conversions, nulls, values);
  const sets = indexSets(paths);
  return {
    channels,
    conversions: sum(conversions),
    nulls: sum(nulls),
    value: sum(values),
    touches: { conversions: sumTouches(paths, conversions), values: sumTouches(paths, values) },
    chain: { ...chain, counts, finalValues: finalValues! },
    sets,
    bySet: {
      conversions: sumBySet(sets, conversions),
      nulls: sumBySet(sets, nulls),
      values: sumBySet(sets, values),
    },
  };
}

function sum(numbers: Float64Array): number {
  let total = 0;
  for (let at = 0; at < numbers.length; at++) total += numbers[at]!;
  return total;
}
