import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { kpiRows } from './kpi-rows.ts';

/**
 * Two stores, one with two doors of which one fails on a day and one opens later: only days on which every door in use
 * has counts are compared, and a count belongs to the day of the store's own clock.
 */
let shop: TemporaryShop;
const count = (store_id: string, door: string, interval_start: string, entries: number, more = {}) => ({
  store_id,
  door,
  interval_start,
  interval_minutes: 60,
  entries,
  ...more,
});

beforeAll(async () => {
  shop = await temporaryShop();
  await shop.give({
    stores: [
      { store_id: 's1', name: 'Rome', region: 'South', time_zone: 'Europe/Rome', currency: 'EUR' },
      { store_id: 's2', name: 'York', region: 'North', time_zone: 'Europe/London', currency: 'GBP' },
    ],
    footfall: [
      count('s1', 'front', '2025-03-01T10:00:00', 30),
      count('s1', 'front', '2025-03-01T11:00:00', 20),
      count('s1', 'back', '2025-03-02T10:00:00', 7),
      count('s1', 'front', '2025-03-02T10:00:00', 33, { modelled: true }),
      // The front door fails on the 3rd; on the 4th it is late in the evening in Rome.
      count('s1', 'back', '2025-03-03T10:00:00', 9),
      count('s1', 'front', '2025-03-04T22:30:00Z', 60),
      count('s1', 'back', '2025-03-04T22:30:00Z', 40),
      count('s2', 'front', '2025-03-01T10:00:00Z', 8),
    ],
    receipts: [
      ...Array.from({ length: 14 }, (_, at) => ({ day: at < 5 ? 1 : at < 9 ? 2 : at < 12 ? 3 : 4, at })).map(
        ({ day, at }) => ({
          receipt_id: `r${at}`,
          store_id: 's1',
          occurred_at: `2025-03-0${day}T12:00:00Z`,
          lines: [{ sku: 'A', amount: '1.00' }],
        }),
      ),
      {
        receipt_id: 'y1',
        store_id: 's2',
        occurred_at: '2025-03-01T12:00:00Z',
        lines: [{ sku: 'A', amount: '1.00' }],
      },
      {
        receipt_id: 'y2',
        store_id: 's2',
        occurred_at: '2025-03-02T12:00:00Z',
        lines: [{ sku: 'A', amount: '1.00' }],
      },
    ],
  });
  await shop.shop.build();
});
afterAll(() => shop?.remove());

describe('footfall', () => {
  test('is counted by store and day, and compared where no door is missing', async () => {
    const rows = await shop.ask(
      `SELECT store_id || ' ' || date_format(CAST(day AS timestamp), '%Y-%m-%d') AS day, doors, doors_in_use AS doors_used,
         is_compared AS compared, entries, modelled_entries AS modelled, receipts
       FROM store_footfall_daily ORDER BY 1`,
    );
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['s1 2025-03-01', 1, 1, true, 50, 0, 5],
      ['s1 2025-03-02', 2, 2, true, 40, 33, 4],
      ['s1 2025-03-03', 1, 2, false, 9, 0, 3],
      ['s1 2025-03-04', 2, 2, true, 100, 0, 2],
      ['s2 2025-03-01', 1, 1, true, 8, 0, 1],
      ['s2 2025-03-02', 0, 0, false, 0, 0, 1],
    ]);
  });

  test('gives receipts per hundred visitors of the compared days alone', async () => {
    const stores = await kpiRows(shop, { kpi: 'footfall' });
    expect(stores).toEqual([
      {
        label: 'Rome',
        entries: 199,
        modelled_entries: 33,
        receipts: 14,
        receipts_per_hundred: 5.789474,
        compared_days: 3,
        left_out_days: 1,
      },
      {
        label: 'York',
        entries: 8,
        modelled_entries: 0,
        receipts: 2,
        receipts_per_hundred: 12.5,
        compared_days: 1,
        left_out_days: 1,
      },
    ]);
    const days = await kpiRows(shop, { kpi: 'footfall', by: 'day', from: '2025-03-03', to: '2025-03-04' });
    expect(days.map(({ label, receipts_per_hundred }) => [label, receipts_per_hundred])).toEqual([
      ['2025-03-03', null],
      ['2025-03-04', 2],
    ]);
  });
});
