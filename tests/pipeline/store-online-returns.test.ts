import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { kpiRows } from './kpi-rows.ts';

/** Both sides of the O2S factor are by the day of purchase: a return in another month must not move one of them only. */
let shop: TemporaryShop;

beforeAll(async () => {
  shop = await temporaryShop();
  await shop.give({
    stores: [{ store_id: 's1', time_zone: 'UTC', currency: 'EUR' }],
    orders: [
      {
        order_id: 'o1',
        occurred_at: '2025-01-10T12:00:00Z',
        customer_id: 'c1',
        currency: 'EUR',
        lines: [{ sku: 'A', amount: '100.00' }],
      },
    ],
    receipts: [
      {
        receipt_id: 'r1',
        store_id: 's1',
        occurred_at: '2025-01-12T12:00:00Z',
        customer_id: 'c1',
        lines: [{ sku: 'A', amount: '80.00' }],
      },
      {
        receipt_id: 'r2',
        store_id: 's1',
        occurred_at: '2025-02-12T12:00:00Z',
        customer_id: 'c1',
        lines: [{ sku: 'A', amount: '-30.00', original_receipt_id: 'r1' }],
      },
    ],
    refunds: [
      {
        refund_id: 'f1',
        order_id: 'o1',
        occurred_at: '2025-02-10T12:00:00Z',
        currency: 'EUR',
        lines: [{ sku: 'A', amount: '40.00' }],
      },
    ],
  });
  await shop.shop.build();
});
afterAll(() => shop?.remove());

test('a return counts in the month of its purchase, online as in the store', async () => {
  const rows = await kpiRows(shop, { kpi: 'online-to-store', by: 'month' });
  expect(rows.map(({ label, online_revenue }) => [label, online_revenue])).toEqual([['2025-01', 60]]);
  expect(
    await shop.ask('SELECT conversion_date, revenue_minor FROM ropo_lines ORDER BY conversion_date'),
  ).toEqual([{ conversion_date: '2025-01-12', revenue_minor: 5000 }]);
});
