import { tQuantile } from '../../domain/ropo/student-t.ts';
import type { ColumnArray } from '../../ports.ts';
import type { CustomerRows, CustomerSettings } from './customer-rows.ts';
import type { CustomerFits, Holdout, MarginFit } from './fit-customers.ts';
import { HORIZON_DAYS } from './value-columns.ts';

/** One line of the table `customer_value_fit`. */
interface FitLine {
  parameter: string;
  currency?: string;
  unit: 'count' | 'ratio' | 'share' | 'days' | 'money';
  value: number | null | undefined;
  low?: number | null;
  high?: number | null;
  note?: string | null;
}

/** So many degrees of freedom that Student's t is the normal law. */
const NORMAL = 1e9;
export const normalQuantile = (level: number): number => tQuantile(level, NORMAL);

/** How the estimate of customer value came about, for people to check. */
export function fitColumns(
  rows: CustomerRows,
  { process, margins, holdout }: CustomerFits,
  settings: CustomerSettings,
): Record<string, ColumnArray> {
  const { fit } = process;
  const { threshold } = holdout;
  const lines: FitLine[] = [
    ...parameterLines(fit, ['r', 'alpha', 'a', 'b'], settings.level, { alpha: 'days' }).map((line) => ({
      ...line,
      note: line.note ?? process.withheld,
    })),
    {
      parameter: 'purchases_per_year',
      unit: 'ratio',
      value: fit && (fit.r / fit.alpha) * HORIZON_DAYS,
      note: 'Days with a purchase a year, of the average person while a customer',
    },
    {
      parameter: 'leaving_share',
      unit: 'share',
      value: fit && fit.a / (fit.a + fit.b),
      note: 'Average chance to leave after a purchase',
    },
    { parameter: 'log_likelihood', unit: 'ratio', value: fit?.logLikelihood },
    { parameter: 'persons', unit: 'count', value: process.persons },
    {
      parameter: 'distinct_histories',
      unit: 'count',
      value: process.distinct,
      note: 'What the time of the fit grows with',
    },
    { parameter: 'iterations', unit: 'count', value: fit?.minimum.iterations },
    { parameter: 'history_days', unit: 'days', value: rows.historyDays },
    {
      parameter: 'horizon_days',
      unit: 'days',
      value: HORIZON_DAYS,
      note:
        rows.historyDays < HORIZON_DAYS
          ? 'Longer than the history: what is expected beyond it rests on the model alone'
          : null,
    },
    { parameter: 'yearly_discount', unit: 'share', value: settings.yearlyDiscount },
    { parameter: 'holdout_days', unit: 'days', value: holdout.days, note: holdout.process.withheld },
    {
      parameter: 'holdout_ratio',
      unit: 'ratio',
      value: holdout.ratio,
      note: 'Purchases in the holdout by those expected; its distance from 1 is part of every interval of value',
    },
    {
      parameter: 'churn_threshold',
      unit: 'share',
      value: threshold?.threshold,
      note: churnNote(holdout),
    },
    {
      parameter: 'churn_sensitivity',
      unit: 'share',
      value: threshold?.sensitivity,
      note: 'Of those who bought in the holdout, the part not called lost before it',
    },
    {
      parameter: 'churn_specificity',
      unit: 'share',
      value: threshold?.specificity,
      note: 'Of those who did not buy in the holdout, the part called lost before it',
    },
    ...[...margins.values()].flatMap((margin) => marginLines(margin, settings.level)),
  ];
  return {
    line: Int32Array.from(lines, (_, at) => at + 1),
    parameter: lines.map(({ parameter }) => parameter),
    currency: lines.map(({ currency }) => currency ?? null),
    unit: lines.map(({ unit }) => unit),
    value: Float64Array.from(lines, ({ value }) => value ?? Number.NaN),
    value_low: Float64Array.from(lines, ({ low }) => low ?? Number.NaN),
    value_high: Float64Array.from(lines, ({ high }) => high ?? Number.NaN),
    note: lines.map(({ note }) => note ?? null),
  };
}

export function churnNote({ threshold, process }: Holdout): string {
  if (threshold === null) return process.withheld ?? 'In the holdout everyone bought, or nobody';
  return threshold.isTold
    ? 'Customers with a lower chance of being alive count as lost'
    : 'In the holdout the chance of being alive told buyers from others no better than chance does';
}

function marginLines({ currency, ...margin }: MarginFit, level: number): FitLine[] {
  const lines: FitLine[] = [
    ...parameterLines(margin.fit, ['p', 'q', 'gamma'], level, { gamma: 'money' }).map((line) => ({
      ...line,
      note: line.note ?? margin.withheld,
    })),
    {
      parameter: 'margin_persons',
      unit: 'count',
      value: margin.persons,
      note: 'People with two days of purchases or more and a margin above zero',
    },
    { parameter: 'margin_rate', unit: 'share', value: margin.rate, note: 'Where the cost of goods is known' },
    {
      parameter: 'costed_share',
      unit: 'share',
      value: margin.costedShare,
      note: 'Part of the revenue whose cost of goods is known; the rest takes the rate of the known',
    },
  ];
  return lines.map((line) => ({ ...line, currency }));
}

interface Fitted {
  spread: Float64Array | null;
}

/** Parameters with their intervals, which are symmetric in the logarithm. */
function parameterLines<Name extends string, Fit extends Fitted & Record<Name, number>>(
  fit: Fit | null,
  names: readonly Name[],
  level: number,
  units: Partial<Record<Name, FitLine['unit']>>,
): FitLine[] {
  const n = names.length;
  return names.map((name, at) => {
    const unit = units[name] ?? 'ratio';
    if (fit === null) return { parameter: name, unit, value: null };
    const value: number = fit[name];
    if (fit.spread === null)
      return { parameter: name, unit, value, note: 'The data do not say how sure it is' };
    const error = Math.hypot(...fit.spread.subarray(at * n, (at + 1) * n));
    const reach = Math.exp(normalQuantile(level) * error);
    return { parameter: name, unit, value, low: value / reach, high: value * reach };
  });
}
