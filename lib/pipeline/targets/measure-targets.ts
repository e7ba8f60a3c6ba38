import { dayNumber } from '../../domain/freshness/days.ts';
import { currencyExponent } from '../../domain/money.ts';
import { targetProgress } from '../../domain/targets/target-progress.ts';
import { TARGET_SERIES } from '../../domain/targets/target-row.ts';
import type { Row, Warehouse } from '../../ports.ts';
import { buildStep } from '../build-step.ts';
import { readFitting } from '../models/model-inputs.ts';

/** Where each target of the shop stands on the last day of which all data are there. */
export const measureTargets = buildStep(
  'measure_targets',
  ['seed_targets', 'series_daily', 'source_rhythms', 'settings'],
  [
    {
      name: 'target_progress',
      folder: 'marts',
      grain:
        'One row per target of the shop: what has come, what should have by now, and how the quarter is expected to end. Amounts are in minor units or counts.',
      key: ['target'],
    },
  ],
  async (warehouse, make) => {
    const targets = await warehouse.query('SELECT * FROM seed_targets ORDER BY target');
    const series = await seriesOf(warehouse);
    const [shop] = await warehouse.query(
      "SELECT complete_day, (SELECT random_seed FROM settings) AS random_seed FROM source_rhythms WHERE source = 'shop'",
    );
    const today = shop?.complete_day == null ? null : dayNumber(String(shop.complete_day));
    const rows = targets.map((row) => {
      const target = String(row.target);
      const value = Number(row.value) * 10 ** exponentOf(row);
      const progress = targetProgress(
        { quarter: String(row.quarter), value },
        series.get(target) ?? new Map(),
        today,
        Number(shop?.random_seed ?? 1),
      );
      return { row, value, progress };
    });
    const numbers = (of: (row: (typeof rows)[number]) => number | null) =>
      Float64Array.from(rows, (row) => of(row) ?? Number.NaN);
    await make('target_progress', {
      target: rows.map(({ row }) => String(row.target)),
      quarter: rows.map(({ row }) => String(row.quarter)),
      title: rows.map(({ row }) => titleOf(row)),
      unit: rows.map(({ row }) => (row.currency == null ? 'count' : 'money')),
      currency: rows.map(({ row }) => (row.currency == null ? null : String(row.currency))),
      target_amount: numbers(({ value }) => Math.round(value)),
      actual_amount: numbers(({ progress }) => progress.actual),
      pace_amount: numbers(({ progress }) => rounded(progress.pace)),
      linear_pace_amount: numbers(({ progress }) => rounded(progress.linearPace)),
      forecast_amount: numbers(({ progress }) => rounded(progress.forecast)),
      forecast_low_amount: numbers(({ progress }) => rounded(progress.low)),
      forecast_high_amount: numbers(({ progress }) => rounded(progress.high)),
      status: rows.map(({ progress }) => progress.status),
      note: rows.map(({ progress }) => progress.note),
    });
  },
);

const rounded = (value: number | null) => (value === null ? null : Math.round(value));
const exponentOf = (row: Row) => (row.currency == null ? 0 : (currencyExponent(String(row.currency)) ?? 2));

function titleOf(row: Row): string {
  const series = TARGET_SERIES.find((one) => one.kpi === row.kpi && one.measure === row.measure);
  const of = [row.channel, row.store_id, row.model].filter((part) => part != null).map(String);
  return [series?.title ?? String(row.measure), ...of].join(', ');
}

async function seriesOf(warehouse: Warehouse): Promise<Map<string, Map<number, number>>> {
  const rows = await readFitting(warehouse, 'target_series');
  const series = new Map<string, Map<number, number>>();
  const days = rows.day_no as Int32Array;
  const amounts = rows.amount as Float64Array;
  for (const [at, target] of (rows.target as string[]).entries()) {
    const known = series.get(target) ?? new Map<number, number>();
    known.set(days[at]!, amounts[at]!);
    series.set(target, known);
  }
  return series;
}
