import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { costRates } from './cost-rates.ts';
import { kpiRows } from './kpi-rows.ts';
import { seed } from './seed-file.ts';

/** A shop of which every figure can be worked out by hand, in euros. */
const RECORDS = {
  stores: [{ store_id: 's1', time_zone: 'UTC', currency: 'EUR' }],
  products: [
    { sku: 'a', category: 'books', unit_cost: '4.00', currency: 'EUR' },
    { sku: 'b', category: 'toys' },
    // A cost in another currency is none.
    { sku: 'c', category: 'food', unit_cost: '1.00', currency: 'USD' },
  ],
  touches: [
    {
      touch_id: 't1',
      occurred_at: '2025-03-01T10:00:00Z',
      touch_type: 'click',
      channel: 'Email',
      customer_id: 'c1',
    },
    {
      touch_id: 't2',
      occurred_at: '2025-03-02T10:00:00Z',
      touch_type: 'click',
      channel: 'Paid Search',
      customer_id: 'c1',
    },
  ],
  orders: [
    {
      order_id: 'o1',
      occurred_at: '2025-03-03T10:00:00Z',
      currency: 'EUR',
      customer_id: 'c1',
      lines: [
        { sku: 'a', quantity: 2, amount: '20.00' },
        { sku: 'b', quantity: 1, amount: '10.00' },
      ],
    },
  ],
  refunds: [
    {
      refund_id: 'r1',
      order_id: 'o1',
      occurred_at: '2025-03-09T10:00:00Z',
      currency: 'EUR',
      lines: [{ sku: 'a', quantity: 1, amount: '10.00' }],
    },
  ],
  receipts: [
    {
      receipt_id: '1',
      store_id: 's1',
      occurred_at: '2025-03-05T10:00:00Z',
      lines: [{ sku: 'c', quantity: 1, amount: '7.00' }],
    },
  ],
  spend: [
    { date: '2025-03-02', channel: 'Paid Search', cost: '20.00', currency: 'EUR' },
    // Spent and nothing came of it.
    { date: '2025-03-02', channel: 'Display', cost: '3.00', currency: 'EUR' },
  ],
};

const RATES = [
  'toys,share_of_revenue,cost_of_goods,,,toys,0.5,',
  'payment,share_of_revenue,variable,,,,0.02,',
  'parcel,per_order,variable,order,,,5.01,EUR',
  'parcel_in_dollars,per_order,variable,order,,,99,USD',
  'returns,per_return,downstream,,,,3,EUR',
  'markdown,share_of_returns,downstream,,,,0.1,',
  'mailing,per_month,fixed,,Email,,31,EUR',
];

describe('the margins of a channel', () => {
  let shop: TemporaryShop;
  beforeEach(async () => {
    shop = await temporaryShop();
    seed(shop, 'settings', 'interval_replicates,0,replicates,none');
    await shop.give(RECORDS);
  });
  afterEach(() => shop.remove());

  const economics = async (question: object = {}) =>
    new Map(
      (await kpiRows(shop, { kpi: 'channel-economics', model: 'linear', ...question })).map((row) => [
        row.label,
        row,
      ]),
    );

  test('are what is worked out by hand', async () => {
    costRates(shop, ...RATES);
    await shop.shop.build();
    const rows = await economics();
    // Half of 30.00 sold, less half of 10.00 given back; of the 5.01 for the parcel and 0.60 for payment the odd cent.
    expect(rows.get('Email')).toMatchObject({
      net_revenue: 10,
      cost_of_goods: 4.5,
      cm1: 5.5,
      variable_cost: 2.81,
      cm2: 2.69,
      media_cost: 0,
      cm3: 2.69,
      downstream_cost: 2,
      reserve: 0,
      cm4: 0.69,
      // 31.00 a month over the eight days from the first spend to the last return.
      fixed_cost: 8,
      result: -7.31,
      result_share: -0.731,
      turns: 'loss from result',
      withheld: 'cost of goods by rate for 33.3% of sales',
    });
    expect(rows.get('Paid Search')).toMatchObject({
      net_revenue: 10,
      cm1: 5.5,
      variable_cost: 2.8,
      cm2: 2.7,
      media_cost: 20,
      cm3: -17.3,
      result: -19.3,
      turns: 'loss from cm3',
    });
    expect(rows.get('Display')).toMatchObject({ net_revenue: 0, cm3: -3, result: -3, result_share: null });
    expect(rows.get('(unattributed)')).toMatchObject({
      net_revenue: 7,
      cost_of_goods: 0,
      variable_cost: 0.14,
      result: 6.86,
      turns: '',
      withheld: 'cost of goods unknown for 100.0% of sales',
    });
    expect(rows.size).toBe(4);
  });

  test('count on their own days, and by kind of buyer as by channel', async () => {
    costRates(shop, ...RATES);
    await shop.shop.build();
    const sale = await economics({ to: '2025-03-08' });
    expect(sale.get('Email')).toMatchObject({ net_revenue: 15, cost_of_goods: 6.5, downstream_cost: 0 });
    const back = await economics({ from: '2025-03-09' });
    expect(back.get('Email')).toMatchObject({
      net_revenue: -5,
      cost_of_goods: -2,
      variable_cost: 0,
      downstream_cost: 2,
    });
    const kinds = await economics({ by: 'persona' });
    expect(kinds.get('online only, occasional')).toMatchObject({
      net_revenue: 20,
      media_cost: 20,
      variable_cost: 5.61,
    });
    expect(kinds.get('(unidentified)')).toMatchObject({ net_revenue: 7 });
    expect(kinds.get('(of nobody in particular)')).toMatchObject({ media_cost: 3, fixed_cost: 8 });
    const one = await economics({ filters: { persona: 'online only, occasional' } });
    expect([...one.keys()].sort()).toEqual(['Email', 'Paid Search']);
  });

  test('come to all of the revenue, for every model', async () => {
    costRates(shop, ...RATES);
    await shop.shop.build();
    const rows = await kpiRows(shop, { kpi: 'channel-economics', by: 'all' });
    const places = await kpiRows(shop, { kpi: 'reconciliation' });
    expect(rows.length).toBeGreaterThan(5);
    for (const {
      model,
      net_revenue,
      cost_of_goods,
      media_cost,
      variable_cost,
      downstream_cost,
      fixed_cost,
    } of rows) {
      const revenue = places
        .filter((row) => row.model === model && ['attributed', 'unattributed'].includes(String(row.bucket)))
        .reduce((sum, row) => sum + Number(row.revenue), 0);
      expect(net_revenue).toBe(revenue);
      expect([cost_of_goods, media_cost, variable_cost, downstream_cost, fixed_cost]).toEqual([
        9, 23, 5.75, 4, 8,
      ]);
    }
  });

  test('rest on nothing that was not stated', async () => {
    await shop.shop.build();
    const rows = await economics();
    expect(rows.get('Email')).toMatchObject({
      cost_of_goods: 2,
      variable_cost: 0,
      downstream_cost: 0,
      fixed_cost: 0,
      withheld:
        'no rate stated for variable, downstream, fixed cost; cost of goods unknown for 33.3% of sales',
    });
    const stated = await kpiRows(shop, { kpi: 'cost-assumptions' });
    const unstated = stated
      .filter((row) => row.label === '(no rate stated)')
      .map((row) => [row.stage, row.value]);
    expect(unstated).toEqual([
      ['cost_of_goods', null],
      ['variable', null],
      ['downstream', null],
      ['fixed', null],
    ]);
    const priced = stated.find((row) => row.label === 'unit cost of products');
    // Of 37.00 sold, 20.00 with a unit cost in their currency.
    expect(priced?.value).toBeCloseTo(20 / 37, 9);
  });

  test('list each rate with its row, its value and its unit', async () => {
    costRates(shop, ...RATES);
    await shop.shop.build();
    const rows = await kpiRows(shop, { kpi: 'cost-assumptions' });
    const parcel = rows.find((row) => row.label === 'parcel');
    expect(parcel).toMatchObject({
      stage: 'variable',
      what: 'per_order',
      conversion_kind: 'order',
      currency: 'EUR',
    });
    expect(parcel).toMatchObject({ value: 5.01, unit: 'money', note: '(cost_rates.csv, row parcel)' });
    expect(rows.find((row) => row.label === 'payment')).toMatchObject({ value: 0.02, unit: 'share' });
  });
});
