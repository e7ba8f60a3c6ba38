import type { ColumnArray } from '../../ports.ts';
import { type BuildStep, buildStep, type MadeTable } from '../build-step.ts';
import { readCustomerSettings, readCustomers } from './customer-rows.ts';
import { churnNote, fitColumns } from './fit-columns.ts';
import { type CustomerFits, fitCustomers } from './fit-customers.ts';
import { valueColumns } from './value-columns.ts';

/** What customers are worth, between the SQL that counts their purchases and the mart that adds them up by group. */

const TABLES: readonly MadeTable[] = [
  {
    name: 'customer_values',
    folder: 'marts',
    grain:
      'One row per person and currency they bought in: margin so far, chance of being still a customer, purchases expected in twelve months and what they are worth. Null where that is withheld.',
    key: ['person_id', 'currency'],
  },
  {
    name: 'customer_value_limits',
    folder: 'marts',
    grain: 'One row per currency: why the value of its customers, or part of it, is withheld.',
    key: ['currency'],
  },
  {
    name: 'customer_value_fit',
    folder: 'marts',
    grain:
      'One row per figure of the fits behind customer value: parameters with intervals, what they were fitted on.',
    key: ['line'],
  },
  {
    name: 'customer_value_deciles',
    folder: 'marts',
    grain:
      'One row per tenth of the customers by purchases expected in the holdout: what was expected, what came, and errors.',
    key: ['decile'],
  },
];

const valueCustomers = buildStep(
  'value_customers',
  ['settings', 'conversions', 'person_purchases'],
  TABLES,
  async (warehouse, make) => {
    const settings = await readCustomerSettings(warehouse);
    const rows = await readCustomers(warehouse);
    const fits = fitCustomers(rows, settings);
    await make('customer_values', valueColumns(rows, fits, settings));
    await make('customer_value_limits', limitColumns(fits));
    await make('customer_value_fit', fitColumns(rows, fits, settings));
    await make('customer_value_deciles', decileColumns(fits));
  },
);

function limitColumns({ process, margins, holdout }: CustomerFits): Record<string, ColumnArray> {
  const limits = [...margins.values()];
  const churn = holdout.threshold?.isTold ? null : churnNote(holdout);
  return {
    currency: limits.map(({ currency }) => currency),
    withheld: limits.map((margin) => {
      const value = process.withheld ?? margin.withheld;
      const reasons = [value && `value: ${value}`, churn && `churn: ${churn}`].filter(Boolean);
      return reasons.length === 0 ? null : reasons.join('; ');
    }),
  };
}

const BILLION = 1e9;

function decileColumns({ holdout: { deciles } }: CustomerFits): Record<string, ColumnArray> {
  const whole = (of: (decile: (typeof deciles)[number]) => number) => Int32Array.from(deciles, of);
  const billionths = (of: (decile: (typeof deciles)[number]) => number) =>
    Float64Array.from(deciles, (decile) => Math.round(of(decile) * BILLION));
  return {
    decile: whole(({ decile }) => decile),
    customers: whole(({ persons }) => persons),
    predicted_billionths: billionths(({ predicted }) => predicted),
    past_rate_billionths: billionths(({ pastRate }) => pastRate),
    actual_purchases: whole(({ actual }) => actual),
    bought: whole(({ bought }) => bought),
    expected_to_buy_billionths: billionths(({ expectedToBuy }) => expectedToBuy),
    squares_billionths: billionths(({ squares }) => squares),
    past_squares_billionths: billionths(({ pastSquares }) => pastSquares),
    even_squares_billionths: billionths(({ evenSquares }) => evenSquares),
    misses_billionths: billionths(({ misses }) => misses),
    past_misses_billionths: billionths(({ pastMisses }) => pastMisses),
  };
}

export const customerSteps: readonly BuildStep[] = [valueCustomers];
