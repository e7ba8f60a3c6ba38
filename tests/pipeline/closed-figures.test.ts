import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { reportKpi } from '../../lib/pipeline/report-kpi.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { seed } from './seed-file.ts';

/** One shop over two closings: what is reported of March and April as ever more becomes known. */
let shop: TemporaryShop;

const touch = (touch_id: string, occurred_at: string, utm_medium: string, customer_id: string) => ({
  touch_id,
  occurred_at,
  touch_type: 'click',
  utm_source: 'partner',
  utm_medium,
  customer_id,
});
const order = (order_id: string, occurred_at: string, amount: string, customer_id: string, revision = 0) => ({
  order_id,
  occurred_at,
  currency: 'EUR',
  customer_id,
  revision,
  lines: [{ sku: 'A', category: 'Tea', amount }],
});
const refund = (refund_id: string, order_id: string, occurred_at: string, amount: string) => ({
  refund_id,
  order_id,
  occurred_at,
  currency: 'EUR',
  amount,
});

async function months(kpi: string, ...measures: string[]): Promise<string[]> {
  const reader = await openReader(shop.shop.directory);
  try {
    const { rows } = await reportKpi((await reader.published())!, {
      kpi,
      by: 'month',
      model: kpi === 'attribution' ? 'linear' : undefined,
    });
    return rows.map((row) => [row.label, ...measures.map((name) => row[name])].join(' '));
  } finally {
    reader.close();
  }
}
const returns = () =>
  months(
    'returns',
    'sold',
    'returned_by_purchase_date',
    'returned_by_return_date',
    'orphaned',
    'adjusted_by_purchase_date',
    'adjusted_by_return_date',
  );
const attribution = () => months('attribution', 'revenue', 'revenue_by_purchase_date', 'conversions');
const log = () =>
  shop.ask(
    `SELECT closed_through, booked_on, measure, cause, coalesce(booking_id, channel) AS about, amount
     FROM restatements WHERE coalesce(model, 'linear') = 'linear' AND measure NOT LIKE 'credited_by%'
     ORDER BY ALL`,
  );
const entry = (
  closed_through: string,
  booked_on: string,
  measure: string,
  cause: string,
  about: string,
  amount: number,
) => ({
  closed_through,
  booked_on,
  measure,
  cause,
  about,
  amount,
});

beforeAll(async () => {
  shop = await temporaryShop();
  seed(shop, 'settings', 'interval_replicates,0,replicates,none');
  await shop.give({
    touches: [
      touch('t1', '2025-03-01T10:00:00Z', 'email', 'c1'),
      touch('t2', '2025-03-02T10:00:00Z', 'email', 'c2'),
    ],
    orders: [
      order('o1', '2025-03-05T10:00:00Z', '100.00', 'c1'),
      order('o2', '2025-03-06T10:00:00Z', '50.00', 'c2'),
    ],
    refunds: [refund('early', 'o9', '2025-03-20T10:00:00Z', '7.00')],
  });
  await shop.shop.build();
  await shop.shop.closePeriod('2025-03-31');
});
afterAll(() => shop.remove());

describe('a closed March', () => {
  test('is reported as before by the next build, and nothing is restated', async () => {
    await shop.shop.build();
    expect(await returns()).toEqual(['2025-03 150 0 0 -7 0 0']);
    expect(await attribution()).toEqual(['2025-03 150 150 2']);
    expect(await log()).toEqual([]);
    expect(await shop.ask('SELECT closed_through, closed_at, restatements FROM closings')).toEqual([
      { closed_through: '2025-03-31', closed_at: '2026-01-15T00:00:00.000Z', restatements: 0 },
    ]);
  });

  test('takes a late sale, the return that waited for it, a later return and a correction as adjustments', async () => {
    await shop.give({
      touches: [touch('t3', '2025-03-03T10:00:00Z', 'affiliate', 'c1')],
      orders: [
        order('o9', '2025-03-10T10:00:00Z', '20.00', 'c9'),
        order('o2', '2025-03-06T10:00:00Z', '45.00', 'c2', 1),
        order('o3', '2025-04-02T10:00:00Z', '30.00', 'c1'),
      ],
      refunds: [refund('later', 'o1', '2025-04-20T10:00:00Z', '10.00')],
    });
    await shop.shop.build();
    expect(await returns()).toEqual(['2025-03 150 0 0 -7 0 0', '2025-04 45 -17 -17 7 -2 8']);
    expect(await attribution()).toEqual(['2025-03 150 150 2', '2025-04 15 15 1']);
    expect(await log()).toEqual([
      entry('2025-03-31', '2025-04-01', 'credited_sold', 'credit_restated', 'Affiliates', 5000),
      entry('2025-03-31', '2025-04-01', 'credited_sold', 'credit_restated', 'Email', -5500),
      entry('2025-03-31', '2025-04-01', 'orphaned', 'return_traced', 'refund/early##o9', 700),
      entry(
        '2025-03-31',
        '2025-04-01',
        'returned_by_purchase_date',
        'late_return',
        'refund/later##o1',
        -1000,
      ),
      entry(
        '2025-03-31',
        '2025-04-01',
        'returned_by_purchase_date',
        'return_traced',
        'refund/early##o9',
        -700,
      ),
      entry('2025-03-31', '2025-04-01', 'returned_by_return_date', 'return_traced', 'refund/early##o9', -700),
      entry('2025-03-31', '2025-04-01', 'sold', 'amount_corrected', 'order/o2', -500),
      entry('2025-03-31', '2025-04-01', 'sold', 'late_sale', 'order/o9', 2000),
    ]);
  });

  test('stays so when April is closed, with what was adjusted, and later changes go to May', async () => {
    const [march, april] = [await returns(), await attribution()];
    const before = await log();
    await shop.shop.closePeriod('2025-04-30');
    await shop.give({
      orders: [
        order('o2', '2025-03-06T10:00:00Z', '0.00', 'c2', 2),
        order('o8', '2025-03-07T10:00:00Z', '8.00', 'c2'),
      ],
      touches: [touch('t4', '2025-03-04T10:00:00Z', 'email', 'c9')],
    });
    await shop.shop.build();
    expect(await returns()).toEqual([...march, '2025-05 -37 0 0 0 -37 -37']);
    // o2 is withdrawn (-45), o8 came late (+8), and o9 has got a touchpoint (+20 - 7).
    expect(await attribution()).toEqual([...april, '2025-05 -24 -24 1']);
    expect(await log()).toEqual([
      ...before,
      entry('2025-04-30', '2025-05-01', 'credited_returned', 'credit_restated', 'Email', -700),
      entry('2025-04-30', '2025-05-01', 'credited_sold', 'credit_restated', 'Email', -2500),
      entry('2025-04-30', '2025-05-01', 'credited_sold', 'late_sale', 'Email', 800),
      entry('2025-04-30', '2025-05-01', 'sold', 'late_sale', 'order/o8', 800),
      entry('2025-04-30', '2025-05-01', 'sold', 'withdrawn', 'order/o2', -4500),
    ]);
  });

  test('has nothing to keep for a model that came later, until the next closing', async () => {
    seed(shop, 'attribution_models', 'custom,even,,,,,false,true,As linear');
    await shop.shop.build();
    const revenue = (model: string) =>
      shop.ask(
        `SELECT date_trunc('month', day) AS month, CAST(sum(revenue_minor) AS bigint) AS minor
         FROM channel_daily WHERE model = '${model}' GROUP BY 1 HAVING sum(revenue_minor) <> 0 ORDER BY 1`,
      );
    expect((await revenue('custom')).map(({ minor }) => minor)).toEqual([12_100, 2_000]);
    expect((await revenue('linear')).map(({ minor }) => minor)).toEqual([15_000, 1_500, -2_400]);
    await shop.shop.closePeriod('2025-05-31');
    await shop.shop.build();
    expect((await revenue('custom')).map(({ minor }) => minor)).toEqual([12_100, 2_000]);
    expect((await revenue('linear')).map(({ minor }) => minor)).toEqual([15_000, 1_500, -2_400]);
  });

  test('of a shop closed twice without a build between keeps each day once', async () => {
    await shop.shop.closePeriod('2025-06-10');
    await shop.shop.closePeriod('2025-06-20');
    await shop.shop.build();
    const [{ n } = { n: null }] = await shop.ask(
      'SELECT count(*) AS n FROM (SELECT * EXCLUDE (amount), count(*) AS copies FROM ledger GROUP BY ALL) WHERE copies > 1',
    );
    expect(n).toBe(0);
    expect((await shop.ask('SELECT count(*) AS n FROM closings'))[0]).toEqual({ n: 5 });
  });
});
