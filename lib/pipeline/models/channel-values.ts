import { shapleyConversions, sumBySet } from '../../domain/attribution/shapley.ts';
import type { FittedModel } from './fit-models.ts';

const MEASURES: Record<string, string> = {
  markov: 'removal effect',
  shapley: 'Shapley value, conversions',
  shapley_rate: 'Shapley value, conversion rate',
  additive_hazard: 'purchases per touchpoint',
};

/** What a model found each of its groups to be worth, in its own measure. */
export function valueRows(model: FittedModel) {
  const { row, level } = model;
  const values = reportedValues(model);
  const total = values.reduce((a, b) => a + b, 0);
  return Array.from(values, (value, group) => ({
    row,
    group,
    channel: level.channelOf[group]!,
    campaign: level.campaigns[group] ?? null,
    measure: MEASURES[row.basis]!,
    value,
    error: model.worth.standardErrors?.[group] ?? 0,
    explained: model.hazard
      ? model.worth.values[group]! * model.hazard.journeys.data.exposures[group]!
      : Number.NaN,
    share: total === 0 ? 0 : value / total,
  }));
}

function reportedValues({ row, worth, level, pathModel }: FittedModel): Float64Array {
  // Rates are per millionth of a day at full strength: times all the days that a touchpoint is worth.
  if (row.basis === 'additive_hazard')
    return worth.values.map((rate) => (rate * 1e6 * row.halfLifeDays) / Math.LN2);
  if (row.basis !== 'shapley') return worth.values;
  const { sets } = pathModel!;
  return shapleyConversions(sets, sumBySet(sets, level.paths.conversions));
}
