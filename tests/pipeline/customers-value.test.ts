import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../lib/demo/random.ts';
import { chanceAlive, type PurchaseProcess } from '../../lib/domain/customers/purchase-process.ts';
import { simulateCustomers } from '../domain/customers/simulated-customers.ts';
import { type Records, type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { kpiRows } from './kpi-rows.ts';

/** 700 customers who buy and leave as the model says, over 20 months; most pay in euro, some in dollars. */
const TRUTH: PurchaseProcess = { leaving: 'mbg', r: 0.9, alpha: 35, a: 0.9, b: 3 };
const SPAN = 600;
const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 1);

function simulatedShop(seed: string): Records {
  const random = createRandom(seed, 'baskets');
  const people = simulateCustomers(TRUTH, { persons: 700, span: SPAN, horizon: 1, seed });
  const orders = people.flatMap(({ repeats, recency, observed }, person) => {
    const first = SPAN - observed;
    // Only the number of repeats and the last one matter to the model: the others lie anywhere between.
    const days = [0, ...Array.from({ length: Math.max(0, repeats - 1) }, () => random.between(0, recency))];
    if (repeats > 0) days.push(recency);
    const level = random.gamma(5);
    return days.map((day, index) => ({
      order_id: `${person}-${index}`,
      occurred_at: new Date(START + Math.floor(first + day) * DAY + 43_200_000).toISOString(),
      customer_id: `c${person}`,
      currency: person % 5 === 0 ? 'USD' : 'EUR',
      lines: [{ sku: person % 5 === 0 ? 'U' : 'E', amount: (2 + level * random.gamma(3)).toFixed(2) }],
    }));
  });
  return {
    products: [
      { sku: 'E', unit_cost: '1.00', currency: 'EUR' },
      { sku: 'U', unit_cost: '1.50', currency: 'USD' },
    ],
    orders,
  };
}

describe('what customers are worth', () => {
  let shop: TemporaryShop;
  beforeAll(async () => {
    shop = await temporaryShop();
    await shop.give(simulatedShop('value'));
    await shop.shop.build();
  });
  afterAll(() => shop.remove());
  const rows = (by: string) => kpiRows(shop, { kpi: 'customers', by });

  test('the fit of the build finds the process that customers were made with, within twice its interval', async () => {
    const fit = await kpiRows(shop, { kpi: 'customer-value-fit' });
    for (const name of ['r', 'alpha', 'a', 'b'] as const) {
      const { value, value_low, value_high } = fit.find(({ label }) => label === name)!;
      const reach = Number(value_high) / Number(value);
      expect(Number(value) / Number(value_low)).toBeCloseTo(reach, 4);
      expect(Number(value)).toBeGreaterThan(TRUTH[name] / reach ** 2);
      expect(Number(value)).toBeLessThan(TRUTH[name] * reach ** 2);
    }
    const value = (name: string) => Number(fit.find(({ label }) => label === name)!.value);
    expect(value('history_days')).toBeGreaterThan(580);
    expect(value('holdout_days')).toBe(value('history_days') - Math.floor(value('history_days') * 0.7));
    expect(value('persons')).toBe(700);
    expect(value('distinct_histories')).toBeLessThanOrEqual(700);
  });

  test('each person has the history that their orders make, and the chance to be alive of the fit', async () => {
    const people = await shop.ask(
      `SELECT v.*, h.days, h.first_day, h.last_day, h.end_day FROM customer_values v
       JOIN (
         SELECT person_id, count(DISTINCT conversion_date) AS days, min(conversion_date) AS first_day,
           max(conversion_date) AS last_day, (SELECT max(conversion_date) FROM conversions) AS end_day
         FROM conversions GROUP BY 1
       ) h ON h.person_id = v.person_id`,
    );
    expect(people).toHaveLength(700);
    const fit = await shop.ask('SELECT parameter, value FROM customer_value_fit WHERE currency IS NULL');
    const number = (name: string) => Number(fit.find(({ parameter }) => parameter === name)!.value);
    const process: PurchaseProcess = {
      leaving: 'mbg',
      r: number('r'),
      alpha: number('alpha'),
      a: number('a'),
      b: number('b'),
    };
    const day = (value: unknown) => Date.parse(String(value).slice(0, 10)) / DAY;
    for (const row of people) {
      expect(Number(row.repeat_days)).toBe(Number(row.days) - 1);
      expect(Number(row.recency_days)).toBe(day(row.last_day) - day(row.first_day));
      expect(Number(row.customer_days)).toBe(day(row.end_day) - day(row.first_day));
      const [x, t, whole] = [row.repeat_days, row.recency_days, row.customer_days].map(Number);
      expect(Number(row.alive_chance)).toBeCloseTo(chanceAlive(process, x!, t!, whole!), 9);
      // Of who left long ago nothing is left but rounding.
      expect(Number(row.clv_minor)).toBeGreaterThanOrEqual(0);
    }
  });

  test('groups come to all: value and purchases expected; bounds hold the value, and those of all are tighter', async () => {
    const all = await rows('all');
    expect(all.map(({ currency, customers }) => [currency, customers])).toEqual([
      ['EUR', 560],
      ['USD', 140],
    ]);
    for (const by of ['persona', 'segment', 'cohort', 'first_channel']) {
      const groups = await rows(by);
      for (const total of all) {
        const members = groups.filter(({ currency }) => currency === total.currency);
        for (const name of ['clv_12m', 'expected_purchases_12m']) {
          const sum = members.reduce((before, row) => before + Number(row[name]), 0);
          expect(Math.abs(sum - Number(total[name]))).toBeLessThan(0.001);
        }
        for (const row of [total, ...members]) {
          expect(Number(row.expected_purchases_12m_low)).toBeLessThan(Number(row.expected_purchases_12m));
          expect(Number(row.expected_purchases_12m_high)).toBeGreaterThan(Number(row.expected_purchases_12m));
        }
        const relative = (row: (typeof all)[number]) =>
          (Number(row.clv_12m_high) - Number(row.clv_12m_low)) / Number(row.clv_12m);
        for (const row of members) {
          expect(Number(row.clv_12m_low)).toBeLessThanOrEqual(Number(row.clv_12m));
          expect(Number(row.clv_12m_high)).toBeGreaterThanOrEqual(Number(row.clv_12m));
          expect(relative(row)).toBeGreaterThan(relative(total) * 0.9);
          expect(row.withheld).toBeNull();
        }
      }
    }
  });

  test('champions are worth more each than the lost, and are likelier alive', async () => {
    const segments = (await rows('segment')).filter(({ currency }) => currency === 'EUR');
    const named = (label: string) => segments.find((row) => row.label === label)!;
    expect(Number(named('champions').clv_12m_per_customer)).toBeGreaterThan(
      2 * Number(named('lost').clv_12m_per_customer),
    );
    expect(Number(named('champions').alive_share)).toBeGreaterThan(Number(named('lost').alive_share));
    expect(Number(named('at risk').churned_share)).toBeGreaterThan(Number(named('champions').churned_share));
    expect(Number(named('at risk').overdue_share)).toBeGreaterThan(Number(named('champions').overdue_share));
  });

  test('on the holdout the model beats the past rate and one chance for all, and tenths add up to all', async () => {
    const deciles = await kpiRows(shop, { kpi: 'customer-value-calibration' });
    expect(deciles.map(({ label }) => label)).toEqual(Array.from({ length: 10 }, (_, at) => String(at + 1)));
    const [all] = await kpiRows(shop, { kpi: 'customer-value-calibration', by: 'all' });
    for (const name of ['customers', 'actual', 'actual_buyers', 'predicted'])
      expect(deciles.reduce((sum, row) => sum + Number(row[name]), 0)).toBeCloseTo(Number(all![name]), 5);
    const [came] = await shop.ask(
      `SELECT count(DISTINCT c.person_id || CAST(c.conversion_date AS varchar)) AS days, count(DISTINCT c.person_id) AS buyers
       FROM conversions c JOIN person_segments s ON s.person_id = c.person_id
       CROSS JOIN (SELECT min(conversion_date) AS d0, max(conversion_date) AS d1 FROM conversions) b
       WHERE date_diff('day', b.d0, c.conversion_date) > floor(0.7 * date_diff('day', b.d0, b.d1))
         AND date_diff('day', b.d0, s.first_purchase_date) <= floor(0.7 * date_diff('day', b.d0, b.d1))`,
    );
    expect(all).toMatchObject({ actual: Number(came!.days), actual_buyers: Number(came!.buyers) });
    expect(Number(all!.predicted) / Number(all!.actual)).toBeGreaterThan(0.75);
    expect(Number(all!.predicted) / Number(all!.actual)).toBeLessThan(1.33);
    expect(Number(all!.brier)).toBeLessThan(Number(all!.brier_past_rate));
    expect(Number(all!.brier)).toBeLessThan(Number(all!.brier_same_chance));
    expect(Number(all!.mean_error)).toBeLessThan(Number(all!.mean_error_past_rate));
    expect(Number(deciles[0]!.actual)).toBeGreaterThan(5 * Number(deciles[9]!.actual));
  });

  test('the same records in another order give the same tables, to the last digit', async () => {
    const other = await temporaryShop();
    try {
      const records = simulatedShop('value');
      await other.give({ orders: [...records.orders!].reverse(), products: records.products! });
      await other.shop.build();
      for (const table of ['customer_groups', 'customer_value_fit', 'customer_value_deciles'])
        expect(await other.ask(`SELECT * FROM ${table} ORDER BY ALL`)).toEqual(
          await shop.ask(`SELECT * FROM ${table} ORDER BY ALL`),
        );
    } finally {
      other.remove();
    }
  });
});
