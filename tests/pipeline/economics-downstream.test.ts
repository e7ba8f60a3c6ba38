import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { costRates } from './cost-rates.ts';
import { kpiRows } from './kpi-rows.ts';
import { seed } from './seed-file.ts';

const touch = (touch_id: string, day: string, channel: string, customer_id: string) => ({
  touch_id,
  occurred_at: `2025-03-${day}T10:00:00Z`,
  touch_type: 'click',
  channel,
  customer_id,
});
const contact = (feedback_id: string, day: string, more: object = {}) => ({
  feedback_id,
  kind: 'contact',
  place: 'online',
  occurred_at: `2025-03-${day}T12:00:00Z`,
  reason: 'late',
  ...more,
});

/** Pick-ups, service contacts and returns of which every cent can be followed by hand. */
describe('what comes after the sale', () => {
  let shop: TemporaryShop;
  const economics = async (question: object = {}) =>
    new Map(
      (await kpiRows(shop, { kpi: 'channel-economics', model: 'linear', ...question })).map((row) => [
        `${row.label} ${row.currency}`,
        row,
      ]),
    );

  beforeAll(async () => {
    shop = await temporaryShop();
    seed(shop, 'settings', 'interval_replicates,0,replicates,none');
    costRates(
      shop,
      'contact,per_contact,downstream,,,,3,EUR',
      'contact_collected,per_contact,downstream,click_and_collect,,,1,EUR',
      'contact_affiliates,per_contact,downstream,,Affiliates,,0.5,EUR',
      'labour,per_pick_up,downstream,,,,2,EUR',
      'parcel_back,per_return,downstream,order,,,6,EUR',
      'markdown,share_of_returns,downstream,,,,0.2,',
    );
    await shop.give({
      stores: [{ store_id: 's1', time_zone: 'Europe/Rome', currency: 'EUR' }],
      products: [{ sku: 'A', unit_cost: '10.00', currency: 'EUR' }],
      touches: [
        touch('1', '01', 'Email', 'c1'),
        touch('2', '02', 'Paid Search', 'c1'),
        touch('3', '02', 'Display', 'c2'),
      ],
      orders: [
        {
          order_id: 'o1',
          occurred_at: '2025-03-03T10:00:00Z',
          currency: 'EUR',
          customer_id: 'c1',
          fulfilment: 'click_and_collect',
          store_id: 's1',
          lines: [{ sku: 'A', quantity: 2, amount: '40.00' }],
        },
        {
          order_id: 'o2',
          occurred_at: '2025-03-03T11:00:00Z',
          currency: 'USD',
          customer_id: 'c2',
          lines: [{ sku: 'A', amount: '25.00' }],
        },
        {
          order_id: 'o3',
          occurred_at: '2025-03-04T11:00:00Z',
          currency: 'EUR',
          customer_id: 'c3',
          lines: [{ sku: 'A', amount: '15.00' }],
        },
        // A purchase of nothing is none.
        {
          order_id: 'o4',
          occurred_at: '2025-03-04T11:00:00Z',
          currency: 'EUR',
          customer_id: 'c1',
          lines: [{ sku: 'A', amount: '0.00' }],
        },
      ],
      receipts: [
        // Hands over what was ordered, half past midnight of the sixth in the store.
        {
          receipt_id: 'r1',
          store_id: 's1',
          order_id: 'o1',
          occurred_at: '2025-03-05T23:30:00Z',
          lines: [{ sku: 'A', quantity: 2, amount: '40.00' }],
        },
      ],
      refunds: [
        // Before its sale: of no purchase.
        {
          refund_id: 'f1',
          order_id: 'o3',
          occurred_at: '2025-03-01T10:00:00Z',
          currency: 'EUR',
          lines: [{ sku: 'A', quantity: 1, amount: '5.00' }],
        },
        {
          refund_id: 'f2',
          order_id: 'o1',
          occurred_at: '2025-03-09T10:00:00Z',
          currency: 'EUR',
          amount: '40.00',
        },
      ],
      feedback: [
        contact('a', '07', { order_id: 'o1' }),
        // Sent twice.
        contact('a', '07', { order_id: 'o1' }),
        contact('b', '07', { channel: 'Affiliates' }),
        contact('c', '07'),
        // Of a purchase in dollars, for which no rate is stated.
        contact('d', '07', { order_id: 'o2' }),
      ],
    });
    await shop.shop.build();
  });
  afterAll(() => shop?.remove());

  test('is split like the purchase it is about, or is of the channel that was stated, or of none', async () => {
    const rows = await economics();
    // Of o1 half each: the contact 3 + 1, the pick-up 2, of 40.00 given back a fifth; no parcel, for it was collected.
    for (const channel of ['Email EUR', 'Paid Search EUR'])
      expect(rows.get(channel)).toMatchObject({
        net_revenue: 0,
        cost_of_goods: 0,
        downstream_cost: 2 + 1 + 4,
        result: -7,
        turns: 'loss from cm4',
      });
    expect(rows.get('Affiliates EUR')).toMatchObject({ net_revenue: 0, downstream_cost: 3.5, result: -3.5 });
    // o3 of a person without touchpoints, the contact about nothing, and the return before its sale with its goods.
    expect(rows.get('(unattributed) EUR')).toMatchObject({
      net_revenue: 15 - 5,
      cost_of_goods: 10 - 10,
      downstream_cost: 3 + 6 + 1,
    });
    // The goods have no cost in dollars.
    expect(rows.get('Display USD')).toMatchObject({ net_revenue: 25, cost_of_goods: 0, downstream_cost: 0 });
    expect(rows.size).toBe(5);
  });

  test('counts on its own day, by the clock of the store', async () => {
    const on = async (day: string) =>
      (await economics({ from: `2025-03-${day}`, to: `2025-03-${day}` })).get('Email EUR')?.downstream_cost;
    expect([await on('05'), await on('06'), await on('07'), await on('09')]).toEqual([undefined, 1, 2, 4]);
  });

  test('comes to all of what the reconciliation has', async () => {
    const places = await kpiRows(shop, { kpi: 'reconciliation', model: 'linear' });
    for (const currency of ['EUR', 'USD']) {
      const revenue = places
        .filter(
          (row) => row.currency === currency && ['attributed', 'unattributed'].includes(String(row.bucket)),
        )
        .reduce((sum, row) => sum + Number(row.revenue), 0);
      expect((await economics({ by: 'all' })).get(`all ${currency}`)?.net_revenue).toBe(revenue);
      expect(revenue).toBe(currency === 'EUR' ? 10 : 25);
    }
  });
});
