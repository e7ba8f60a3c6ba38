import {
  COUNT_ERROR_SOURCES,
  customerValue,
  ERROR_SOURCES,
  expectedCount,
} from '../../domain/customers/customer-value.ts';
import { expectationsOf } from '../../domain/customers/prospects.ts';
import { isOverdue } from '../../domain/customers/purchase-process.ts';
import type { ColumnArray } from '../../ports.ts';
import type { CustomerRows, CustomerSettings } from './customer-rows.ts';
import { type CustomerFits, marginOf } from './fit-customers.ts';

/** Twelve months, in days. */
export const HORIZON_DAYS = 365;

/** The table `customer_values`: null where a figure is withheld. */
export function valueColumns(
  rows: CustomerRows,
  { process, margins, holdout }: CustomerFits,
  settings: CustomerSettings,
): Record<string, ColumnArray> {
  const size = rows.persons.length;
  const unknown = () => new Float64Array(size).fill(Number.NaN);
  const columns = {
    margin_minor: unknown(),
    alive_chance: unknown(),
    is_churned: unknown(),
    is_overdue: unknown(),
    expected_purchases_12m: unknown(),
    expected_variance: unknown(),
    clv_minor: unknown(),
    clv_variance: unknown(),
  };
  const errors = Array.from({ length: ERROR_SOURCES }, unknown);
  const countErrors = Array.from({ length: COUNT_ERROR_SOURCES }, unknown);
  const discount = Math.log1p(settings.yearlyDiscount) / HORIZON_DAYS;
  const expected =
    process.fit === null ? null : expectationsOf(process.fit, { time: HORIZON_DAYS, discount });
  const lost = holdout.threshold?.isTold ? holdout.threshold.threshold : null;
  const miss = Math.log(holdout.ratio ?? 1);
  for (let row = 0; row < size; row++) {
    const { rate, fit: amounts } = margins.get(rows.currencies[row]!)!;
    const margin = marginOf(rows, row, rate);
    if (margin !== null) columns.margin_minor[row] = margin;
    if (expected === null) continue;
    const { repeats, recency, observed } = rows.whole;
    const person = expected(repeats[row]!, recency[row]!, observed[row]!);
    const days = rows.currencyDays[row]!;
    const share = Math.min(1, days / (repeats[row]! + 1));
    columns.alive_chance[row] = person.alive;
    columns.is_overdue[row] = isOverdue(process.fit!, repeats[row]!, recency[row]!, observed[row]!) ? 1 : 0;
    if (lost !== null) columns.is_churned[row] = person.alive < lost ? 1 : 0;
    const { count, variance, errors: ofCount } = expectedCount(person, miss, share);
    columns.expected_purchases_12m[row] = count;
    columns.expected_variance[row] = variance;
    for (const [source, error] of ofCount.entries()) countErrors[source]![row] = error;
    if (margin === null || amounts === null) continue;
    const value = customerValue(person, amounts, days, margin, miss, share);
    columns.clv_minor[row] = Math.round(value.value);
    columns.clv_variance[row] = Math.round(value.variance);
    for (const [source, error] of value.errors.entries()) errors[source]![row] = error;
  }
  return {
    person_id: rows.persons,
    currency: rows.currencies,
    repeat_days: rows.whole.repeats,
    recency_days: rows.whole.recency,
    customer_days: rows.whole.observed,
    ...columns,
    ...numbered('expected_error', countErrors),
    ...numbered('clv_error', errors),
  };
}

const numbered = (name: string, columns: readonly Float64Array[]): Record<string, Float64Array> =>
  Object.fromEntries(columns.map((values, source) => [`${name}_${source + 1}`, values]));
