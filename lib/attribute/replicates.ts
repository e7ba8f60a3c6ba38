import type { HazardFit } from '../domain/attribution/additive-hazard.ts';
import type { CanonicalPaths } from '../domain/attribution/canonical-paths.ts';
import { countTransitions, finalValues, indexChain } from '../domain/attribution/markov-chain.ts';
import { poissonOne, poissonSum } from '../domain/attribution/poisson.ts';
import { sumTouches } from '../domain/attribution/rule-credit.ts';
import { indexSets, sumBySet } from '../domain/attribution/shapley.ts';
import { type Figures, figuresOf } from './credit-intervals.ts';
import { hazardCredit } from './hazard-credit.ts';
import { creditBy, findEffects, type Model } from './model-credit.ts';
import { HALF_LIFE_STEPS, PERMUTATIONS } from './settings.ts';

export interface ReplicateTask {
  paths: CanonicalPaths;
  models: readonly Model[];
  order: number;
  seed: number;
  /** The fit to all journeys, from which those of replicates start. */
  hazardFit: HazardFit | null;
}

/** Makes the seed of journeys that did not convert another one than of those that did. */
const NULL_SEED = 0x2545f491;

/**
 * Works out all figures anew for replicates of the bootstrap. Without persons each journey is one of its own, and how
 * often the n alike journeys of a path are drawn together is Poisson(n), exactly. What they brought is known only as
 * a sum, and is taken to be spread evenly over them: intervals of value are then a little too narrow where values of
 * one path differ. With persons, all journeys of a person are drawn together, with their value.
 * @returns a function of the number of a replicate
 */
export function replicating({
  paths,
  models,
  order,
  seed,
  hazardFit,
}: ReplicateTask): (replicate: number) => Figures {
  const index = indexChain(paths, order);
  const sets = indexSets(paths);
  const count = paths.conversions.length;
  const [conversions, nulls, values] = [
    new Float64Array(count),
    new Float64Array(count),
    new Float64Array(count),
  ];
  const draw = (replicate: number) => {
    for (let path = 0; path < count; path++) {
      const converted = paths.conversions[path]!;
      const lost = paths.nulls[path]!;
      if (paths.persons) {
        const weight = poissonOne(seed, paths.persons[path]!, replicate);
        conversions[path] = converted * weight;
        nulls[path] = lost * weight;
        values[path] = paths.values[path]! * weight;
      } else {
        const hash = paths.hashes[path]!;
        conversions[path] = poissonSum(converted, seed, hash, replicate);
        nulls[path] = poissonSum(lost, seed ^ NULL_SEED, hash, replicate);
        values[path] = converted > 0 ? (paths.values[path]! * conversions[path]!) / converted : 0;
      }
    }
  };
  return (replicate) => {
    draw(replicate);
    const bySet = {
      conversions: sumBySet(sets, conversions),
      nulls: sumBySet(sets, nulls),
      values: sumBySet(sets, values),
    };
    const total = (sums: Float64Array) => sums.reduce((all, sum) => all + sum, 0);
    const sums = {
      channels: paths.channels,
      conversions: total(bySet.conversions),
      nulls: total(bySet.nulls),
      value: total(bySet.values),
      touches: { conversions: sumTouches(paths, conversions), values: sumTouches(paths, values) },
      chain: {
        ...index,
        counts: countTransitions(index, conversions, nulls),
        finalValues: finalValues(index, values),
      },
      sets,
      bySet,
    };
    const findings = {
      ...findEffects(sums, models, { seed, permutations: PERMUTATIONS }),
      hazard: hazardFit && hazardCredit({ ...paths, conversions, nulls, values }, HALF_LIFE_STEPS, hazardFit),
    };
    return figuresOf(creditBy(sums, findings, models), sums.conversions, sums.value);
  };
}
