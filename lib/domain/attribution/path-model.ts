import { type ChainIndex, countTransitions, indexChain } from './markov-chain.ts';
import type { Paths } from './paths.ts';
import { removalEffects } from './removal-effects.ts';
import { type ChannelSets, indexSets, shapleyRate } from './shapley.ts';

/**
 * A data-driven model as sums and a function of them. Every journey adds one to the sums that its path and its end
 * choose; the weights of the channels follow from the sums alone. So a replicate of the bootstrap needs only other
 * sums, and the fit and its replicates are the same code.
 */
export interface PathModel {
  channels: number;
  sets: ChannelSets;
  /** How many sums there are. */
  sums: number;
  /** Names the sums that a journey on a path adds to. */
  visit(path: number, converts: boolean, add: (sum: number) => void): void;
  /** The sums of journeys that are counted by path. */
  total(conversions: ArrayLike<number>, nulls: ArrayLike<number>): Float64Array;
  /** @param tolerance Accuracy of what is solved step by step; as good as doubles allow where there is none. */
  worth(sums: Float64Array, tolerance?: number): Worth;
  /** Multiplications that one call of `worth` takes, about. */
  work: number;
}

export interface Worth {
  /** What each channel is worth: a removal effect or a Shapley value, which may be below zero. */
  values: Float64Array;
  /** Of values that are estimates from drawn orders; null of exact ones. */
  standardErrors: Float64Array | null;
}

/** Removal effects of a Markov chain: the sums are its transitions. */
export function markovModel(
  paths: Paths,
  order: number,
  index: ChainIndex = indexChain(paths, order),
): PathModel {
  const { pathStarts, pathTransitions, toConversion, toNull } = index;
  return {
    channels: paths.channels.length,
    sets: indexSets(paths),
    sums: index.from.length,
    visit(path, converts, add) {
      for (let at = pathStarts[path]!; at < pathStarts[path + 1]!; at++) add(pathTransitions[at]!);
      add(converts ? toConversion[path]! : toNull[path]!);
    },
    total: (conversions, nulls) => countTransitions(index, conversions, nulls),
    worth: (sums, tolerance) => ({
      values: removalEffects(index, sums, null, tolerance).effects,
      standardErrors: null,
    }),
    work: Math.min(index.stateCount ** 3, 60 * index.from.length * (paths.channels.length + 1)),
  };
}

export interface Sampling {
  seed: number;
  /** Orders of the channels that are drawn where there are too many for an exact value. */
  permutations: number;
}

/** Shapley values of purchases per journey: the sums are purchases by set of channels, then journeys by set. */
export function shapleyRateModel(paths: Paths, sampling: Sampling): PathModel {
  const sets = indexSets(paths);
  const count = sets.starts.length - 1;
  return {
    channels: paths.channels.length,
    sets,
    sums: 2 * count,
    visit(path, converts, add) {
      const set = sets.setOf[path]!;
      if (converts) add(set);
      add(count + set);
    },
    total(conversions, nulls) {
      const sums = new Float64Array(2 * count);
      for (const [path, set] of sets.setOf.entries()) {
        sums[set]! += conversions[path]!;
        sums[count + set]! += conversions[path]! + nulls[path]!;
      }
      return sums;
    },
    worth: (sums) => shapleyRate(sets, sums.subarray(0, count), sums.subarray(count), sampling),
    work: workOfShapley(sets, sampling),
  };
}

function workOfShapley({ channels, members }: ChannelSets, { permutations }: Sampling): number {
  const occurring = Math.min(channels, new Set(members).size);
  return occurring <= 20 ? occurring * 2 ** occurring * 2 : permutations * members.length;
}

/** The game that counts purchases alone: all channels of a path are worth the same, and nothing is fitted. */
export function shapleyModel(paths: Paths): PathModel {
  return {
    channels: paths.channels.length,
    sets: indexSets(paths),
    sums: 0,
    visit: () => {},
    total: () => new Float64Array(0),
    worth: () => ({ values: new Float64Array(paths.channels.length).fill(1), standardErrors: null }),
    work: 0,
  };
}
