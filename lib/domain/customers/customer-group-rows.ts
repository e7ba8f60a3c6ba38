import type { KpiRow } from '../kpi.ts';
import { tQuantile } from '../ropo/student-t.ts';
import { COUNT_ERROR_SOURCES, ERROR_SOURCES, valueInterval } from './customer-value.ts';

/** So many degrees of freedom that Student's t is the normal law. */
const NORMAL = 1e9;

/**
 * What is made of the sums of a group of customers: counts of people from chances, and the interval of their value from
 * the errors that add up over people. A group with part of its figures withheld has none of them.
 */
export function customerGroupRows(rows: readonly KpiRow[]): KpiRow[] {
  return rows.map((row) => {
    const number = (name: string) => (row[name] == null ? null : Number(row[name]));
    const alive = number('alive_billionths');
    const clv = number('clv_minor');
    const errors = Array.from(
      { length: ERROR_SOURCES },
      (_, source) => (number(`clv_error_${source + 1}_thousandths`) ?? 0) / 1e3,
    );
    const expected = number('expected_billionths');
    const countErrors = Array.from(
      { length: COUNT_ERROR_SOURCES },
      (_, source) => (number(`expected_error_${source + 1}_millionths`) ?? 0) / 1e6,
    );
    const quantile = tQuantile(Number(row.interval_level ?? 90) / 100, NORMAL);
    const interval = clv === null ? null : valueInterval(clv, number('clv_variance') ?? 0, errors, quantile);
    const count =
      expected === null
        ? null
        : valueInterval(
            expected / 1e9,
            (number('expected_variance_millionths') ?? 0) / 1e6,
            countErrors,
            quantile,
          );
    return {
      ...row,
      expected_low_billionths: count && Math.round(count.low * 1e9),
      expected_high_billionths: count && Math.round(count.high * 1e9),
      alive: alive === null ? null : alive / 1e9,
      clv_low_minor: interval && Math.round(interval.low),
      clv_high_minor: interval && Math.round(interval.high),
    };
  });
}
