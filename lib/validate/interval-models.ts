import { fitAdditiveHazard } from '../domain/attribution/additive-hazard.ts';
import { countLone } from '../domain/attribution/journeys.ts';
import {
  creditedEstimate,
  type Estimate,
  hazardCredit,
  hazardEstimate,
  pathModelEstimate,
} from '../domain/attribution/model-replicates.ts';
import {
  markovModel,
  type PathModel,
  shapleyModel,
  shapleyRateModel,
} from '../domain/attribution/path-model.ts';
import { channelShares } from '../domain/attribution/path-shares.ts';
import type { Paths } from '../domain/attribution/paths.ts';
import { replicatesOf } from '../domain/attribution/replicates.ts';
import { sumBySet } from '../domain/attribution/shapley.ts';
import { RULES, type Rule } from './rule-credits.ts';
import type { WorldJourneys } from './world-journeys.ts';

/** A model whose intervals are put to the test. */
export interface IntervalModel {
  name: string;
  /** Credited revenue by channel, in cents. */
  points(journeys: WorldJourneys): Float64Array;
  /** The same in each replicate of a block of draws. */
  estimate(journeys: WorldJourneys): Estimate;
}

const ruleModel = (name: Rule): IntervalModel => ({
  name,
  points({ credited, dimensions }) {
    const sums = new Float64Array(dimensions.channels);
    const { channel, net } = credited[name];
    for (const [row, number] of channel.entries()) sums[number]! += net[row]!;
    return sums;
  },
  estimate: ({ credited, dimensions }) => creditedEstimate(credited[name], dimensions),
});

const fittedModel = (name: string, modelOf: (paths: Paths) => PathModel): IntervalModel => ({
  name,
  points({ paths }) {
    const model = modelOf(paths);
    const { values } = model.worth(model.total(paths.conversions, paths.nulls));
    return channelShares(model.sets, values, sumBySet(model.sets, paths.values));
  },
  estimate({ paths, rows, dimensions }) {
    const count = paths.starts.length - 1;
    const same = Int32Array.from({ length: Math.max(count, dimensions.channels) }, (_, number) => number);
    const journeys = countLone(rows, dimensions.persons, same, count);
    return pathModelEstimate(modelOf(paths), journeys, dimensions, same);
  },
});

/** As the build fits it. */
const HAZARD_FIT = { tolerance: 1e-8, maxIterations: 500 };
const SAMPLING = { seed: 1, permutations: 1000 };

const hazardModel: IntervalModel = {
  name: 'additive_hazard',
  points({ hazard, dimensions }) {
    const { rates } = fitAdditiveHazard(hazard.data, HAZARD_FIT);
    return hazardCredit(hazard, rates, new Float64Array(hazard.currency.length).fill(1), dimensions);
  },
  estimate: ({ hazard, dimensions }) =>
    hazardEstimate(hazard, fitAdditiveHazard(hazard.data, HAZARD_FIT), dimensions),
};

export const INTERVAL_MODELS: readonly IntervalModel[] = [
  ...RULES.map(ruleModel),
  fittedModel('markov', (paths) => markovModel(paths, 1)),
  fittedModel('shapley', shapleyModel),
  fittedModel('shapley_rate', (paths) => shapleyRateModel(paths, SAMPLING)),
  hazardModel,
];

/** Replicates of every model on the same draws: by model, then channel * replicates + replicate. */
export function replicatesByModel(
  journeys: WorldJourneys,
  models: readonly IntervalModel[],
  { seed, replicates }: { seed: number; replicates: number },
): Float64Array[] {
  const { persons, channels } = journeys.dimensions;
  const estimates = models.map((model) => model.estimate(journeys));
  const all = replicatesOf({ seed, persons, replicates, figures: models.length * channels }, (drawn) => {
    const block = new Float64Array(models.length * channels * drawn.replicates);
    for (const [at, estimate] of estimates.entries())
      block.set(estimate(drawn), at * channels * drawn.replicates);
    return block;
  });
  const size = channels * replicates;
  return models.map((_, at) => all.subarray(at * size, (at + 1) * size));
}
