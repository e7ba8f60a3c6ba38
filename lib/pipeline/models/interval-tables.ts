import { type Conclusion, conclusionsOf } from '../../domain/attribution/conclusions.ts';
import { compareAll, type Difference } from '../../domain/attribution/differences.ts';
import { ofFigure, percentileInterval } from '../../domain/attribution/intervals.ts';
import type { MadeTable, MakeTable } from '../build-step.ts';
import type { MeasuredModel } from './measure-uncertainty.ts';
import { type ModelSettings, provenance } from './model-settings.ts';

export const INTERVAL_TABLES: readonly MadeTable[] = [
  {
    name: 'channel_intervals',
    folder: 'attribution',
    grain:
      'One row per model, channel and currency: credited revenue, its share and its return on spend over all time, with the interval of each from resampling persons.',
    key: ['model', 'channel', 'currency'],
  },
  {
    name: 'channel_differences',
    folder: 'attribution',
    grain:
      'One row per model, currency, measure and pair of channels: how far apart they are, and whether that can be told from chance, all pairs considered.',
    key: ['model', 'currency', 'measure', 'channel', 'other_channel'],
  },
  {
    name: 'model_conclusions',
    folder: 'attribution',
    grain:
      'One row per currency and conclusion: what all models say of a channel or of two, what depends on the model, and what none can tell.',
    key: ['currency', 'kind', 'channel', 'other_channel'],
  },
];

interface Names {
  settings: ModelSettings;
  channels: readonly string[];
  currencies: readonly string[];
}

export async function writeIntervals(
  measured: readonly MeasuredModel[],
  names: Names,
  make: MakeTable,
): Promise<void> {
  await make('channel_intervals', intervalColumns(measured, names));
  const differences = measured.flatMap((model) => differencesOf(model, names.settings.level));
  await make('channel_differences', differenceColumns(differences, names));
  await make('model_conclusions', conclusionColumns(measured, differences, names));
}

function intervalColumns(measured: readonly MeasuredModel[], { settings, channels, currencies }: Names) {
  const rows = measured.flatMap((model) => {
    const total = model.revenue.reduce((a, b) => a + b, 0);
    const { replicates } = model.revenueReplicates;
    const totals = new Float64Array(replicates);
    for (const [at, amount] of model.revenueReplicates.values.entries()) totals[at % replicates]! += amount;
    return channels.map((channel, at) => {
      const revenue = ofFigure(model.revenueReplicates, at);
      const shares = revenue.map((amount, replicate) => amount / totals[replicate]!);
      return {
        model,
        channel,
        point: model.revenue[at]!,
        revenue: percentileInterval(revenue, settings.level),
        share: total === 0 ? Number.NaN : model.revenue[at]! / total,
        shares: percentileInterval(shares, settings.level),
        roas: model.roas[at]!,
        returns: percentileInterval(ofFigure(model.roasReplicates, at), settings.level),
      };
    });
  });
  const numbers = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, of);
  return {
    model: rows.map(({ model }) => model.row.model),
    channel: rows.map(({ channel }) => channel),
    currency: rows.map(({ model }) => currencies[model.currency]!),
    net_minor: numbers(({ point }) => point),
    net_low_minor: numbers(({ revenue }) => Math.round(revenue.low)),
    net_high_minor: numbers(({ revenue }) => Math.round(revenue.high)),
    revenue_share: numbers(({ share }) => share),
    share_low: numbers(({ shares }) => shares.low),
    share_high: numbers(({ shares }) => shares.high),
    roas: numbers(({ roas }) => roas),
    roas_low: numbers(({ returns }) => returns.low),
    roas_high: numbers(({ returns }) => returns.high),
    interval_level: numbers(() => settings.level),
    replicates: Int32Array.from(rows, () => settings.replicates),
    is_refitted: Int32Array.from(rows, ({ model }) => (model.isRefitted ? 1 : 0)),
    ...provenance(
      rows.map(({ model }) => model.row.configHash),
      settings.seed,
    ),
  };
}

interface MeasuredDifference extends Difference {
  model: MeasuredModel;
  measure: 'revenue' | 'roas';
}

function differencesOf(model: MeasuredModel, level: number): MeasuredDifference[] {
  const spent = Array.from(model.roas.keys()).filter((channel) => !Number.isNaN(model.roas[channel]!));
  const { replicates } = model.roasReplicates;
  const values = new Float64Array(spent.length * replicates);
  for (const [at, channel] of spent.entries())
    values.set(ofFigure(model.roasReplicates, channel), at * replicates);
  const roas = compareAll(
    Float64Array.from(spent, (channel) => model.roas[channel]!),
    { values, replicates },
    level,
  );
  return [
    ...compareAll(model.revenue, model.revenueReplicates, level).map((pair) => ({
      ...pair,
      model,
      measure: 'revenue' as const,
    })),
    ...roas.map((pair) => ({
      ...pair,
      first: spent[pair.first]!,
      second: spent[pair.second]!,
      model,
      measure: 'roas' as const,
    })),
  ];
}

function differenceColumns(rows: readonly MeasuredDifference[], { settings, channels, currencies }: Names) {
  const verdict = ({ isDistinguishable, difference, first, second }: MeasuredDifference) =>
    isDistinguishable ? `${channels[difference > 0 ? first : second]} is ahead` : 'not distinguishable';
  const numbers = (of: (row: MeasuredDifference) => number) => Float64Array.from(rows, of);
  return {
    model: rows.map(({ model }) => model.row.model),
    currency: rows.map(({ model }) => currencies[model.currency]!),
    measure: rows.map(({ measure }) => measure),
    channel: rows.map(({ first }) => channels[first]!),
    other_channel: rows.map(({ second }) => channels[second]!),
    difference: numbers(({ difference }) => difference),
    difference_low: numbers(({ low }) => low),
    difference_high: numbers(({ high }) => high),
    adjusted_p: numbers(({ adjustedP }) => adjustedP),
    verdict: rows.map(verdict),
    interval_level: numbers(() => settings.level),
    ...provenance(
      rows.map(({ model }) => model.row.configHash),
      settings.seed,
    ),
  };
}

const STATEMENTS: Record<Conclusion['kind'], (channel: string, other: string) => string> = {
  most_revenue: (channel) => `${channel} is credited with the most revenue in every model`,
  earns_its_spend: (channel) =>
    `${channel} is credited with more revenue than it cost in every model, beyond chance`,
  below_its_spend: (channel) =>
    `${channel} is credited with less revenue than it cost in every model, beyond chance`,
  ahead: (channel, other) => `${channel} is ahead of ${other} in every model, beyond chance`,
  depends_on_model: (channel, other) => `Whether ${channel} or ${other} is ahead depends on the model`,
  never_distinguishable: (channel, other) => `${channel} and ${other} are not distinguishable in any model`,
};

function conclusionColumns(
  measured: readonly MeasuredModel[],
  differences: readonly MeasuredDifference[],
  { settings, channels, currencies }: Names,
) {
  const rows = currencies.flatMap((currency, number) => {
    const findings = measured
      .filter((model) => model.currency === number)
      .map((model) => ({
        model: model.row.model,
        revenue: model.revenue,
        ahead: new Set(
          differences
            .filter((pair) => pair.model === model && pair.measure === 'revenue' && pair.isDistinguishable)
            .map(({ first, second, difference }) =>
              difference > 0 ? first * channels.length + second : second * channels.length + first,
            ),
        ),
        roas: channels.map((_, at) => percentileInterval(ofFigure(model.roasReplicates, at), settings.level)),
      }));
    if (findings.length === 0) return [];
    return conclusionsOf(findings, channels.length).map((conclusion) => ({ ...conclusion, currency }));
  });
  const models = new Set(measured.map(({ row }) => row.configHash));
  return {
    currency: rows.map(({ currency }) => currency),
    kind: rows.map(({ kind }) => kind),
    channel: rows.map(({ channel }) => channels[channel]!),
    other_channel: rows.map(({ other }) => (other === null ? '' : channels[other]!)),
    statement: rows.map(({ kind, channel, other }) =>
      STATEMENTS[kind](channels[channel]!, other === null ? '' : channels[other]!),
    ),
    models: Int32Array.from(rows, ({ models: saying }) => saying),
    interval_level: Float64Array.from(rows, () => settings.level),
    ...provenance(
      rows.map(() => [...models].join(' ')),
      settings.seed,
    ),
  };
}
