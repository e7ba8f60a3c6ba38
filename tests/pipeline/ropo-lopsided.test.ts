import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { createRandom } from '../../lib/demo/random.ts';
import { reportKpi } from '../../lib/pipeline/report-kpi.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

/**
 * Nobody's views have to do with what they buy, but everybody buys one dear thing alone and five cheap ones together,
 * and looks at the dear one far more often: lines, revenue and categories lie as unevenly as they can.
 */
const DAY = 86_400_000;
const START = Date.UTC(2025, 0, 1);
const iso = (at: number) => new Date(at).toISOString();
const CHEAP = ['C1', 'C2', 'C3', 'C4', 'C5'];

let shop: TemporaryShop;

beforeAll(async () => {
  shop = await temporaryShop();
  const random = createRandom(6, 'lopsided');
  const at = (from: number) => START + Math.floor(random.between(from, 120) * DAY);
  const people = Array.from({ length: 300 }, (_, number) => ({
    customer_id: `c${number}`,
    views: Array.from({ length: 14 }, () => ({
      at: at(0),
      sku: random.chance(0.6) ? 'D1' : random.pick(CHEAP),
    })),
    receipts: [
      { at: at(20), lines: [{ sku: 'D1', amount: '500.00' }] },
      { at: at(20), lines: CHEAP.map((sku) => ({ sku, amount: '10.00' })) },
    ],
  }));
  await shop.give({
    stores: [{ store_id: 's1', time_zone: 'UTC', currency: 'EUR' }],
    products: ['D1', ...CHEAP].map((sku) => ({
      sku,
      product_id: sku,
      category: sku === 'D1' ? 'dear' : 'cheap',
    })),
    web_events: people.flatMap(({ customer_id, views }) =>
      views.map((view, index) => ({
        event_id: `${customer_id}-${index}`,
        event: 'Product Viewed',
        occurred_at: iso(view.at),
        customer_id,
        sku: view.sku,
      })),
    ),
    receipts: people.flatMap(({ customer_id, receipts }) =>
      receipts.map((receipt, index) => ({
        receipt_id: `${customer_id}-${index}`,
        store_id: 's1',
        occurred_at: iso(receipt.at),
        customer_id,
        lines: receipt.lines,
      })),
    ),
  });
  await shop.shop.build();
});
afterAll(() => shop?.remove());

describe('baskets as uneven as can be, without any research', () => {
  test.each(['revenue', 'lines'])('by %s show no ROPO at any level', async (weight) => {
    const reader = await openReader(shop.shop.directory);
    try {
      const published = (await reader.published())!;
      for (const level of ['category', 'product', 'sku']) {
        const { rows } = await reportKpi(published, { kpi: 'ropo', by: 'all', filters: { level, weight } });
        const [row] = rows;
        expect(Number(row!.naive_share), level).toBeGreaterThan(0.1);
        expect(Number(row!.own_basket_low), level).toBeLessThan(0);
        expect(Number(row!.own_basket_high), level).toBeGreaterThan(0);
        expect(Math.abs(Number(row!.placebo_share) - Number(row!.naive_share)), level).toBeLessThan(0.05);
      }
    } finally {
      reader.close();
    }
  });

  test('have the same items on both sides of the placebo', async () => {
    const [sides] = await shop.ask(
      `SELECT CAST(sum(basket_draws * revenue_minor) AS bigint) AS own, CAST(sum(CASE WHEN sku = 'D1' THEN basket_draws ELSE 0 END) AS bigint) AS dear,
         CAST(sum(CASE WHEN sku <> 'D1' THEN basket_draws ELSE 0 END) AS bigint) AS cheap
       FROM ropo_lines`,
    );
    expect(sides!.dear).toBe(sides!.cheap);
    expect(Number(sides!.dear)).toBe(300 * 4);
    expect(Number(sides!.own)).toBe(300 * 4 * (50_000 + 1000));
  });
});
