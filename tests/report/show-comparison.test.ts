import { describe, expect, test } from 'vitest';
import type { KpiAnswer } from '../../lib/pipeline/report-kpi.ts';
import { comparisonOf, comparisonText, conclusionLines } from '../../lib/report/show-comparison.ts';

const answer = (rows: KpiAnswer['rows']): KpiAnswer => ({
  kpi: 'any',
  title: 'Any',
  definition: 'Any',
  caveat: null,
  data_label: 'Trial',
  period: { from: null, to: null, zone: 'UTC' },
  model: null,
  filters: {},
  by: 'channel',
  audience: 'inside',
  min_persons: 10,
  suppressed_rows: 0,
  comparison: null,
  data_complete_through: null,
  identification: null,
  model_hash: null,
  page: { offset: 0, limit: 0, rows: 0 },
  identity: null,
  build_id: 'b1',
  built_at: '2025-01-01T00:00:00Z',
  settings_hash: 'abc',
  columns: [],
  rows,
});
const figures = (model: string, label: string, share: number, low: number | null, currency = 'EUR') => ({
  model,
  label,
  currency,
  revenue: share * 100,
  revenue_low: 1,
  revenue_high: 2,
  revenue_share: share,
  share_low: low,
  share_high: low,
  roas: null,
  roas_low: null,
  roas_high: null,
  config_hash: 'f00',
  model_version: '1',
  random_seed: '9',
});
const spread = (label: string, currency = 'EUR') => ({
  label,
  currency,
  spread: 0.25,
  best_rank: 1,
  worst_rank: 2,
});
const MODELS = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6'];
const conclusion = (kind: string, channel: string, other_channel: string) => ({
  kind,
  label: `statement about ${channel}`,
  channel,
  other_channel,
  currency: 'EUR',
  models: 2,
});

describe('the models side by side', () => {
  const comparison = comparisonOf(
    answer([
      ...MODELS.map((model) => figures(model, 'A', 0.75, 0.5)),
      figures('m1', 'B', 0.25, null),
      figures('m1', 'A', 1, 1, 'CHF'),
    ]),
    answer([spread('A'), spread('B'), spread('A', 'CHF')]),
    answer([conclusion('most_revenue', 'A', ''), conclusion('ahead', 'A', 'B')]),
  );

  test('keep currencies apart, in the order of their codes, and say where each figure comes from', () => {
    expect(comparison.currencies.map(({ currency }) => currency)).toEqual(['CHF', 'EUR']);
    const [chf, eur] = comparison.currencies;
    expect(Object.keys(chf!.channels[0]!.models)).toEqual(['m1']);
    expect(chf!.conclusions).toEqual([]);
    expect(eur!.channels[0]!.models.m6).toMatchObject({
      share: 0.75,
      share_low: 0.5,
      roas: null,
      config_hash: 'f00',
      model_version: 1,
      random_seed: 9,
    });
    expect(eur!.channels[1]!.models.m1).toMatchObject({ share: 0.25, share_low: null, share_high: null });
    expect(eur!.conclusions.map(({ other_channel }) => other_channel)).toEqual([null, 'B']);
  });

  test('stand in tables of five models, with a dash for what is not known', () => {
    const text = comparisonText(comparison);
    expect(text).toContain('[Trial] Share of credited revenue by channel and model, CHF, all time');
    expect(text).toMatch(/^Channel +m1 +m2 +m3 +m4 +m5 +Spread, all models +Rank$/m);
    expect(text).toMatch(/^Channel +m6$/m);
    expect(text).toMatch(/^A +(75\.0% \(50\.0% - 50\.0%\) +){5}25\.0% +1 to 2$/m);
    expect(text).toMatch(/^B +25\.0% \(-\) +- +- +- +- +25\.0% +1 to 2$/m);
    expect(text).toContain('Said by every model:\n  statement about A');
    expect(text).toContain('In every model, beyond chance:\n  A is ahead of B');
  });

  test('without currencies are nothing', () => {
    const nothing = comparisonOf(answer([]), answer([]), answer([]));
    expect(nothing.currencies).toEqual([]);
    expect(comparisonText(nothing)).toBe('');
  });
});

test('conclusions are listed by kind, the first of each, and the others counted', () => {
  const of = (kind: string, channel: string, other_channel: string | null) => ({
    kind,
    channel,
    other_channel,
    statement: `statement about ${channel}`,
    models: 3,
  });
  const lines = conclusionLines(
    [
      of('earns_its_spend', 'A', null),
      of('depends_on_model', 'A', 'B'),
      of('never_distinguishable', 'A', 'C'),
      of('never_distinguishable', 'B', 'C'),
      of('never_distinguishable', 'C', 'D'),
    ],
    2,
  );
  expect(lines).toEqual([
    'Said by every model:',
    '  statement about A',
    'Depends on the model:',
    '  statement about A',
    'Not distinguishable in any model:',
    '  A and C',
    '  B and C',
    '  ... and 1 more; npx ropo compare lists them all',
  ]);
});
