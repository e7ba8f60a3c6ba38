import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { kpiRows } from './kpi-rows.ts';

/**
 * Orders collected in two stores of two currencies, worked out by hand: fetched, fetched together, not fetched,
 * reserved and paid with something besides, attach sales in the right store on the right day, and web orders returned
 * in a store or by post.
 */
let shop: TemporaryShop;
const order = (order_id: string, customer_id: string, fulfilment: string, amount: string, more = {}) => ({
  order_id,
  customer_id,
  occurred_at: '2025-03-01T10:00:00Z',
  currency: 'EUR',
  fulfilment,
  ...(fulfilment === 'ship' ? {} : { store_id: 's1' }),
  lines: [{ sku: 'A', amount }],
  ...more,
});
const receipt = (receipt_id: string, occurred_at: string, amounts: Record<string, string>, more = {}) => ({
  receipt_id,
  store_id: 's1',
  occurred_at,
  lines: Object.entries(amounts).map(([sku, amount]) => ({ sku, amount })),
  ...more,
});
const back = (receipt_id: string, original_receipt_id: string | null, amount: string, more = {}) => ({
  receipt_id,
  store_id: 's1',
  occurred_at: '2025-03-20T10:00:00Z',
  lines: [{ sku: 'A', quantity: -1, amount, line_kind: 'return', original_receipt_id }],
  ...more,
});

beforeAll(async () => {
  shop = await temporaryShop();
  await shop.give({
    stores: [
      { store_id: 's1', name: 'Rome', region: 'South', time_zone: 'Europe/Rome', currency: 'EUR' },
      { store_id: 's2', name: 'York', region: 'North', time_zone: 'Europe/London', currency: 'GBP' },
    ],
    orders: [
      order('o1', 'c1', 'click_and_collect', '40.00'),
      order('o2', 'c1', 'click_and_collect', '60.00'),
      order('o3', 'c2', 'click_and_collect', '25.00'),
      order('o4', 'c3', 'reserve_and_collect', '30.00'),
      order('o5', 'c4', 'reserve_and_collect', '31.00'),
      order('o6', 'c5', 'click_and_collect', '80.00', { currency: 'GBP', store_id: 's2' }),
      order('o7', 'c6', 'ship', '70.00'),
      order('o8', 'c6', 'ship', '33.00'),
    ],
    receipts: [
      receipt('r1', '2025-03-02T10:00:00Z', { A: '40.00' }, { order_id: 'o1' }),
      receipt('r2', '2025-03-02T16:00:00Z', { A: '60.00' }, { order_id: 'o2' }),
      // Of the person that fetched: the same day, the day after, another store.
      receipt('r3', '2025-03-02T22:30:00Z', { B: '12.50' }, { customer_id: 'c1' }),
      receipt('r4', '2025-03-02T23:30:00Z', { B: '99.00' }, { customer_id: 'c1' }),
      receipt('r5', '2025-03-02T11:00:00Z', { B: '77.00' }, { customer_id: 'c1', store_id: 's2' }),
      // A reservation, paid with 5.00 besides, and another receipt of the person that day.
      receipt('r6', '2025-03-03T09:00:00Z', { A: '30.00', C: '5.00' }, { customer_id: 'c3', order_id: 'o4' }),
      receipt('r7', '2025-03-03T09:05:00Z', { D: '2.00' }, { customer_id: 'c3' }),
      receipt('r8', '2025-03-01T16:00:00Z', { A: '80.00' }, { store_id: 's2', order_id: 'o6' }),
      // Returns of a shipped and of a collected order in a store, and of a store purchase.
      back('b1', null, '-70.00', { order_id: 'o7' }),
      back('b2', null, '-10.00', { order_id: 'o1' }),
      back('b3', 'r3', '-12.50'),
    ],
    refunds: [
      {
        refund_id: 'f1',
        order_id: 'o8',
        occurred_at: '2025-03-21T10:00:00Z',
        currency: 'EUR',
        amount: '30.00',
      },
    ],
  });
  await shop.shop.build();
});
afterAll(() => shop?.remove());

describe('collected orders', () => {
  test('are fetched or not, with what was bought besides', async () => {
    const rows = await shop.ask(
      `SELECT order_id, purchase_class AS class, store_id, date_diff('second', ordered_at, collected_at) / 3600 AS hours,
         pick_up_date AS day, revenue_minor AS revenue, attached_minor AS attached, currency
       FROM collected_orders ORDER BY 1`,
    );
    const none = { hours: null, day: null, attached: 0, currency: 'EUR', store_id: 's1' };
    expect(rows).toEqual([
      {
        ...none,
        order_id: 'o1',
        class: 'click_and_collect',
        hours: 24,
        day: '2025-03-02',
        revenue: 4000,
        attached: 1250,
      },
      { ...none, order_id: 'o2', class: 'click_and_collect', hours: 30, day: '2025-03-02', revenue: 6000 },
      { ...none, order_id: 'o3', class: 'click_and_collect', revenue: 2500 },
      {
        ...none,
        order_id: 'o4',
        class: 'reserve_and_collect',
        hours: 47,
        day: '2025-03-03',
        revenue: 3000,
        attached: 700,
      },
      { ...none, order_id: 'o5', class: 'reserve_and_collect', revenue: 3100 },
      {
        ...none,
        order_id: 'o6',
        class: 'click_and_collect',
        store_id: 's2',
        hours: 6,
        day: '2025-03-01',
        revenue: 8000,
        currency: 'GBP',
      },
    ]);
  });

  test('make the KPI, each currency apart, and returns of web orders that a store took', async () => {
    const rows = await kpiRows(shop, { kpi: 'collected-orders', by: 'purchase_class' });
    const find = (label: string, currency = 'EUR') =>
      rows.find((row) => row.label === label && row.currency === currency);
    expect(find('click_and_collect')).toMatchObject({
      orders: 3,
      revenue: 125,
      collected_orders: 2,
      uncollected_orders: 1,
      collected_revenue: 100,
      collected_rate: 0.666667,
      mean_pick_up_hours: 27,
      attached_revenue: 12.5,
      attach_rate: 0.5,
      store_returns: 1,
      store_returned: -10,
      store_return_share: 1,
    });
    expect(find('reserve_and_collect')).toMatchObject({
      orders: 2,
      collected_orders: 1,
      mean_pick_up_hours: 47,
      attached_revenue: 7,
      attach_rate: 1,
      store_return_share: null,
    });
    expect(find('click_and_collect', 'GBP')).toMatchObject({ orders: 1, revenue: 80, attached_revenue: 0 });
    expect(find('order')).toMatchObject({
      orders: 0,
      store_returns: 1,
      store_returned: -70,
      store_return_share: 0.7,
    });
    const [all] = await kpiRows(shop, { kpi: 'collected-orders', by: 'all' });
    expect(all).toMatchObject({ currency: 'EUR', store_returned: -80, store_return_share: 0.727273 });
    const stores = await kpiRows(shop, { kpi: 'collected-orders', by: 'store' });
    expect(
      stores.map(({ label, orders, store_returned, store_return_share }) => [
        label,
        orders,
        store_returned,
        store_return_share,
      ]),
    ).toEqual([
      ['Rome', 5, -80, null],
      ['York', 1, 0, null],
    ]);
  });
});

describe('customers', () => {
  test('are what they bought where, and how often', async () => {
    expect(
      await shop.ask(
        'SELECT purchases, orders, receipts, persona, first_purchase_at FROM customers ORDER BY 1 DESC, 2 DESC, 5, 4',
      ),
    ).toEqual([
      {
        purchases: 5,
        orders: 2,
        receipts: 3,
        persona: 'omnichannel, regular',
        first_purchase_at: '2025-03-01T10:00:00.000Z',
      },
      {
        purchases: 2,
        orders: 2,
        receipts: 0,
        persona: 'online only, occasional',
        first_purchase_at: '2025-03-01T10:00:00.000Z',
      },
      {
        purchases: 2,
        orders: 0,
        receipts: 2,
        persona: 'store only, occasional',
        first_purchase_at: '2025-03-03T09:00:00.000Z',
      },
      {
        purchases: 1,
        orders: 1,
        receipts: 0,
        persona: 'online only, occasional',
        first_purchase_at: '2025-03-01T10:00:00.000Z',
      },
      {
        purchases: 1,
        orders: 1,
        receipts: 0,
        persona: 'online only, occasional',
        first_purchase_at: '2025-03-01T10:00:00.000Z',
      },
    ]);
  });
});
