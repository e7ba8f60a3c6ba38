import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { kpiRows } from './kpi-rows.ts';
import { seed } from './seed-file.ts';

/**
 * Ten visits, two stores, worked out by hand: edges of the window and of the visit, research in the aisle, purchases in
 * another store or a minute too late, a pick-up, a refused consent, and what the week shift finds.
 */
let shop: TemporaryShop;
const view = (customer_id: string, occurred_at: string) => ({
  event_id: `${customer_id} ${occurred_at}`,
  event: 'Product Viewed',
  occurred_at,
  customer_id,
  sku: 'A',
});
const page = (occurred_at: string) => ({
  event_id: occurred_at,
  event: 'Page Viewed',
  occurred_at,
  anonymous_id: 'd',
});
const visit = (visit_id: string, customer_id: string, store_id: string, entered_at: string, more = {}) => ({
  visit_id,
  customer_id,
  store_id,
  entered_at,
  ...more,
});
const receipt = (
  receipt_id: string,
  customer_id: string,
  store_id: string,
  occurred_at: string,
  more = {},
) => ({
  receipt_id,
  customer_id,
  store_id,
  occurred_at,
  lines: [{ sku: 'A', amount: '10.00' }],
  ...more,
});

beforeAll(async () => {
  shop = await temporaryShop();
  seed(shop, 'settings', 'ropo_min_persons,2,persons,');
  await shop.give({
    stores: [
      { store_id: 's1', name: 'Rome', region: 'South', time_zone: 'Europe/Rome', currency: 'EUR' },
      { store_id: 's2', name: 'York', region: 'North', time_zone: 'Europe/London', currency: 'GBP' },
    ],
    products: [{ sku: 'A', product_id: 'P', category: 'garden' }],
    web_events: [
      page('2025-01-01T00:00:00Z'),
      page('2025-06-30T23:59:59Z'),
      view('c1', '2025-03-01T10:00:00Z'),
      view('c1', '2025-03-05T11:15:00Z'),
      view('c2', '2025-03-10T09:00:00Z'),
      view('c3', '2025-03-01T09:00:00Z'),
      view('c4', '2025-03-01T08:59:59Z'),
      view('c6', '2025-03-10T12:00:00Z'),
      view('c7', '2025-01-09T12:00:00Z'),
      view('c8', '2025-06-19T12:00:00Z'),
    ],
    orders: [
      {
        order_id: 'o9',
        customer_id: 'c9',
        occurred_at: '2025-05-01T10:00:00Z',
        currency: 'GBP',
        fulfilment: 'click_and_collect',
        store_id: 's2',
        lines: [{ sku: 'A', amount: '30.00' }],
      },
    ],
    receipts: [
      receipt('r1', 'c1', 's1', '2025-03-05T13:00:00Z'),
      receipt('r2', 'c2', 's1', '2025-03-10T09:30:01Z'),
      receipt('r4', 'c4', 's2', '2025-03-15T09:10:00Z'),
      receipt('r9', 'c9', 's2', '2025-05-02T10:05:00Z', { order_id: 'o9' }),
    ],
    store_visits: [
      visit('v1', 'c1', 's1', '2025-03-05T10:00:00Z'),
      visit('v2', 'c1', 's2', '2025-03-05T11:00:00Z', { left_at: '2025-03-05T11:30:00Z' }),
      visit('v3', 'c2', 's1', '2025-03-10T09:00:00Z', { left_at: '2025-03-10T09:30:00Z' }),
      visit('v4', 'c3', 's1', '2025-03-15T09:00:00Z'),
      visit('v5', 'c4', 's1', '2025-03-15T09:00:00Z'),
      visit('v6', 'c5', 's1', '2025-03-15T09:00:00Z', { consent: 'denied' }),
      visit('v7', 'c6', 's1', '2025-04-20T22:30:00Z'),
      visit('v8', 'c7', 's2', '2025-01-10T09:00:00Z'),
      visit('v9', 'c8', 's2', '2025-06-20T12:00:00Z'),
      visit('v10', 'c9', 's2', '2025-05-02T10:00:00Z'),
    ],
  });
  await shop.shop.build();
});
afterAll(() => shop?.remove());

describe('store visits', () => {
  test('know their research, their purchases, and what chance finds', async () => {
    const rows = await shop.ask(
      `SELECT v.visit_id, o.visit_date, o.is_covered AS covered, o.lag_seconds AS lag, o.shift_draws AS draws,
         o.shift_found AS found, o.in_aisle_views AS aisle, o.purchases AS bought, o.pick_ups AS fetched
       FROM visit_outcomes o JOIN store_visits v ON v.visit_key = o.visit_key
       ORDER BY length(v.visit_id), v.visit_id`,
    );
    const plain = { covered: true, lag: null, draws: 2, found: 0, aisle: 0, bought: 0, fetched: 0 };
    const day = 86_400;
    expect(rows).toEqual([
      { ...plain, visit_id: 'v1', visit_date: '2025-03-05', lag: 4 * day, aisle: 1, bought: 1 },
      { ...plain, visit_id: 'v2', visit_date: '2025-03-05', lag: 4 * day + 3600, aisle: 1 },
      { ...plain, visit_id: 'v3', visit_date: '2025-03-10', aisle: 1 },
      { ...plain, visit_id: 'v4', visit_date: '2025-03-15', lag: 14 * day },
      { ...plain, visit_id: 'v5', visit_date: '2025-03-15' },
      { ...plain, visit_id: 'v6', visit_date: '2025-03-15', covered: false, draws: 0 },
      { ...plain, visit_id: 'v7', visit_date: '2025-04-21', found: 1 },
      { ...plain, visit_id: 'v8', visit_date: '2025-01-10', covered: false, lag: 21 * 3600, draws: 1 },
      { ...plain, visit_id: 'v9', visit_date: '2025-06-20', lag: day, draws: 1 },
      { ...plain, visit_id: 'v10', visit_date: '2025-05-02', fetched: 1 },
    ]);
  });

  test('make rates of known visits, with chance beside what is naive', async () => {
    const [all] = await kpiRows(shop, { kpi: 'store-visits', by: 'all' });
    expect(all).toMatchObject({
      visits: 10,
      known_visits: 9,
      compared_visits: 8,
      research_rate_naive: 0.5,
      research_rate_chance: 0.0625,
      research_rate: 0.466667,
      mean_lag_days: 5.760417, // (4 + 4 + 1/24 + 14 + 1) / 4
      in_aisle_rate: 0.333333,
      purchase_rate: 0.111111,
      pick_up_visits: 1,
      empty_visits: 7,
    });
    const { research_rate_low: low, research_rate_high: high } = all!;
    expect(Number(low)).toBeLessThan(0.466667);
    expect(Number(high)).toBeGreaterThan(0.466667);
  });

  test('are kept apart by store and region, and sum to all', async () => {
    for (const by of ['store', 'region', 'month', 'week', 'day']) {
      const rows = await kpiRows(shop, { kpi: 'store-visits', by });
      for (const [measure, total] of [
        ['visits', 10],
        ['known_visits', 9],
        ['compared_visits', 8],
        ['empty_visits', 7],
      ] as const)
        expect(rows.reduce((sum, row) => sum + Number(row[measure]), 0)).toBe(total);
    }
    const rows = await kpiRows(shop, { kpi: 'store-visits', by: 'store' });
    expect(
      rows.map(({ label, visits, research_rate_naive }) => [label, visits, research_rate_naive]),
    ).toEqual([
      ['Rome', 6, 0.4],
      ['York', 4, 0.666667],
    ]);
  });

  test('too few persons, or no chance to be asked, leave out the naive rate too', async () => {
    const { withChanceTakenOut } = await import('../../lib/domain/store-estimates.ts');
    const row = {
      persons: 3,
      min_persons: 4,
      compared: 9,
      found: 6,
      chance: 1,
      x: 5,
      y: 8,
      xx: 9,
      xy: 9,
      yy: 22,
    };
    const [few, none, chance] = withChanceTakenOut([
      row,
      { ...row, min_persons: 1, compared: 0 },
      { ...row, min_persons: 1, chance: 9, y: 0 },
    ]);
    for (const one of [few, none]) expect(one).toMatchObject({ found: null, chance: null, share: null });
    expect(few?.remark).toBe('fewer than 4 persons');
    expect(none?.remark).toBe('no chance figure');
    expect(chance).toMatchObject({ found: 6, chance: 9, share: null, remark: 'not told from chance' });
  });
});
