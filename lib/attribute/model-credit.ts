import { channelShares } from '../domain/attribution/path-shares.ts';
import { type RemovalEffects, removalEffects } from '../domain/attribution/removal-effects.ts';
import { RULE_MODELS, type RuleModel, ruleCredit } from '../domain/attribution/rule-credit.ts';
import { type RateValues, shapleyConversions, shapleyRate } from '../domain/attribution/shapley.ts';
import type { HazardCredit } from './hazard-credit.ts';
import type { PathSums } from './path-sums.ts';

/** Models by name, in the order in which they are shown. */
export const MODELS = [
  ...RULE_MODELS,
  'markov',
  'markov_normalised',
  'shapley',
  'shapley_rate',
  'shapley_rate_normalised',
  'additive_hazard',
] as const;
export type Model = (typeof MODELS)[number];

/** All but the one that is fitted step by step and needs the paths themselves. */
export const USUAL_MODELS: readonly Model[] = MODELS.filter((model) => model !== 'additive_hazard');

/** Credit by channel, in conversions and in units of value. */
export interface ModelCredit {
  model: Model;
  conversions: Float64Array;
  values: Float64Array;
}

/** What the models found, before credit is made of it. */
export interface Findings {
  effects: RemovalEffects | null;
  rate: RateValues | null;
  hazard: HazardCredit | null;
}

export interface Sampling {
  seed: number;
  permutations: number;
}

/** Solves what the models ask for. */
export function findEffects(
  { chain, sets, bySet }: PathSums,
  models: readonly Model[],
  sampling: Sampling,
): Omit<Findings, 'hazard'> {
  const journeys = bySet.conversions.map((converted, set) => converted + bySet.nulls[set]!);
  return {
    effects: models.some((model) => model.startsWith('markov'))
      ? removalEffects(chain, chain.counts, chain.finalValues)
      : null,
    rate: models.some((model) => model.startsWith('shapley_rate'))
      ? shapleyRate(sets, bySet.conversions, journeys, sampling)
      : null,
  };
}

/** Makes credit by each model of sums and findings: all conversions and all value, whatever the model. */
export function creditBy(sums: PathSums, findings: Findings, models: readonly Model[]): ModelCredit[] {
  return models.map((model) => ({ model, ...creditOf(sums, findings, model) }));
}

function creditOf(
  { touches, sets, bySet, conversions, value }: PathSums,
  { effects, rate, hazard }: Findings,
  model: Model,
): Omit<ModelCredit, 'model'> {
  const inPath = (weights: Float64Array) => ({
    conversions: channelShares(sets, weights, bySet.conversions),
    values: channelShares(sets, weights, bySet.values),
  });
  switch (model) {
    case 'markov':
      return inPath(effects!.effects);
    case 'markov_normalised':
      return {
        conversions: normalised(effects!.effects, conversions),
        values: normalised(effects!.valueEffects!, value),
      };
    case 'shapley':
      return {
        conversions: shapleyConversions(sets, bySet.conversions),
        values: shapleyConversions(sets, bySet.values),
      };
    case 'shapley_rate':
      return inPath(rate!.values);
    case 'shapley_rate_normalised':
      return {
        conversions: normalised(rate!.values, conversions),
        values: normalised(rate!.values, value),
      };
    case 'additive_hazard':
      return hazard!;
    default:
      return rules(touches, model);
  }
}

const rules = ({ conversions, values }: PathSums['touches'], model: RuleModel) => ({
  conversions: ruleCredit(conversions, model),
  values: ruleCredit(values, model),
});

/** Weights by channel as parts of a total. Weights below zero give credit below zero. */
function normalised(weights: Float64Array, total: number): Float64Array {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight) => (total === 0 || sum === 0 ? 0 : (weight / sum) * total));
}
