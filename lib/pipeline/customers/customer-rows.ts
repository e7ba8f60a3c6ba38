import type { Warehouse } from '../../ports.ts';
import { readFitting } from '../models/model-inputs.ts';

/** Persons with what they bought, one row per person and currency, and the settings that their value depends on. */
export interface CustomerRows {
  persons: readonly string[];
  currencies: readonly string[];
  /** 1 for a person's first row: what is about the person and not the currency counts there. */
  place: Int32Array;
  whole: Histories;
  /** Until the test begins; -1 for persons who came later. */
  early: Histories;
  /** Days with a purchase in the test. */
  lateDays: Int32Array;
  currencyDays: Int32Array;
  revenue: Float64Array;
  costed: Float64Array;
  goodsCost: Float64Array;
  historyDays: number;
  holdoutDays: number;
}

export interface Histories {
  repeats: Int32Array;
  recency: Int32Array;
  observed: Int32Array;
}

export interface CustomerSettings {
  minHistoryDays: number;
  minRepeatPersons: number;
  yearlyDiscount: number;
  /** Part of intervals that hold the figure, 0.5 to 1. */
  level: number;
}

export async function readCustomers(warehouse: Warehouse): Promise<CustomerRows> {
  const columns = await readFitting(warehouse, 'customer_histories');
  const whole = (name: string) => columns[name] as Int32Array;
  const money = (name: string) => columns[name] as Float64Array;
  return {
    persons: columns.person_id as string[],
    currencies: columns.currency as string[],
    place: whole('currency_place'),
    whole: {
      repeats: whole('repeat_days'),
      recency: whole('recency_days'),
      observed: whole('observed_days'),
    },
    early: {
      repeats: whole('early_repeat_days'),
      recency: whole('early_recency_days'),
      observed: whole('early_observed_days'),
    },
    lateDays: whole('late_days'),
    currencyDays: whole('currency_days'),
    revenue: money('revenue_minor'),
    costed: money('costed_minor'),
    goodsCost: money('goods_cost_minor'),
    historyDays: whole('history_days')[0] ?? 0,
    holdoutDays: whole('holdout_days')[0] ?? 0,
  };
}

export async function readCustomerSettings(warehouse: Warehouse): Promise<CustomerSettings> {
  const [row] = await warehouse.query(
    `SELECT value_min_history_days, value_min_repeat_persons, value_yearly_discount, interval_level
     FROM settings`,
  );
  return {
    minHistoryDays: Number(row!.value_min_history_days),
    minRepeatPersons: Number(row!.value_min_repeat_persons),
    yearlyDiscount: Number(row!.value_yearly_discount),
    level: Number(row!.interval_level) / 100,
  };
}

/** The rows of a group of persons, picked from histories. */
export const pick = (histories: Histories, rows: Int32Array): Histories => ({
  repeats: rows.map((row) => histories.repeats[row]!),
  recency: rows.map((row) => histories.recency[row]!),
  observed: rows.map((row) => histories.observed[row]!),
});
