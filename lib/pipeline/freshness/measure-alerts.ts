import { type ArrivalDay, findAlerts, type WatchedFigure } from '../../domain/alerts/find-alerts.ts';
import { dayText } from '../../domain/freshness/days.ts';
import { shopFreshness } from '../../domain/freshness/source-rhythm.ts';
import type { ColumnArray } from '../../ports.ts';
import { buildStep } from '../build-step.ts';
import { readFitting } from '../models/model-inputs.ts';
import { sourceDaysOf } from './measure-rhythms.ts';

/** What has left its limits, and which sources have fallen silent, on the data's own last whole day. */
export const measureAlerts = buildStep(
  'measure_alerts',
  ['source_days', 'series_daily', 'data_quality_daily', 'economics_daily', 'seed_attribution_models'],
  [
    {
      name: 'found_alerts',
      folder: 'marts',
      grain:
        'One row per alert on the last whole day of the data, the grave ones first. Amounts are in minor units, counts or shares.',
      key: ['alert_no'],
    },
  ],
  async (warehouse, make) => {
    const shop = shopFreshness(sourceDaysOf(await readFitting(warehouse, 'source_days')));
    const today = shop.completeThrough ?? shop.now;
    const figures = today === null ? [] : figuresOf(await readFitting(warehouse, 'alert_series'), today);
    const arrivals = arrivalsOf(await readFitting(warehouse, 'arrival_days'));
    const alerts = today === null ? [] : findAlerts(figures, shop, arrivals, today);
    const numbers = (of: (alert: (typeof alerts)[number]) => number | null) =>
      Float64Array.from(alerts, (alert) => of(alert) ?? Number.NaN);
    await make('found_alerts', {
      alert_no: Int32Array.from(alerts, (_, at) => at + 1),
      severity: alerts.map(({ severity }) => severity),
      subject: alerts.map(({ subject }) => subject),
      message: alerts.map(({ message }) => message),
      unit: alerts.map(({ unit }) => unit),
      currency: alerts.map(({ currency }) => currency),
      alert_amount: numbers(({ value }) => value),
      low_amount: numbers(({ low }) => low),
      high_amount: numbers(({ high }) => high),
      since: alerts.map(({ since }) => dayText(since)),
    });
  },
);

/** Figures by day from their first to today's, days without anything filled in. */
function figuresOf(rows: Record<string, ColumnArray>, today: number): WatchedFigure[] {
  const subjects = rows.subject as string[];
  const currencies = rows.currency as string[];
  const days = rows.day_no as Int32Array;
  const amounts = rows.amount as Float64Array;
  const outOf = rows.out_of as Float64Array;
  const figures = new Map<
    string,
    { subject: string; currency: string; isShare: boolean; byDay: Map<number, number> }
  >();
  for (const [at, subject] of subjects.entries()) {
    if (days[at]! > today) continue;
    const currency = currencies[at]!;
    const key = `${subject}|${currency}`;
    const isShare = !Number.isNaN(outOf[at]!);
    const figure = figures.get(key) ?? { subject, currency, isShare, byDay: new Map<number, number>() };
    figure.byDay.set(days[at]!, isShare ? amounts[at]! / outOf[at]! : amounts[at]!);
    figures.set(key, figure);
  }
  return Array.from(figures.values(), ({ subject, currency, isShare, byDay }) => {
    const first = Math.min(...byDay.keys());
    const values = Array.from(
      { length: today - first + 1 },
      (_, at) => byDay.get(first + at) ?? (isShare ? Number.NaN : 0),
    );
    return { subject, currency: currency === '' ? null : currency, isShare, values };
  });
}

function arrivalsOf(rows: Record<string, ColumnArray>): ArrivalDay[] {
  const refused = rows.refused as Float64Array;
  const arrived = rows.arrived as Float64Array;
  return Array.from(rows.day_no as Int32Array, (day, at) => ({
    day,
    refused: refused[at]!,
    arrived: arrived[at]!,
  }));
}
