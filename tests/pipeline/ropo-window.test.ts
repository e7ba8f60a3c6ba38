import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { reportKpi } from '../../lib/pipeline/report-kpi.ts';
import type { Row } from '../../lib/ports.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { seed } from './seed-file.ts';

/**
 * Random product views and store purchases of sixty people: a wider window never loses a match, finer levels stand
 * inside coarser ones, and each line is matched as a search through all its person's views says.
 */
const DAY = 86_400_000;
const START = Date.UTC(2025, 0, 1);
const WINDOWS = [3, 7, 14, 30];
const SKUS = ['A1', 'A2', 'B1', 'C1', 'D1'] as const;
const productOf = (sku: string) => `P${sku[0]}`;
const categoryOf = (sku: string) => (sku < 'C' ? 'garden' : 'kitchen');

const moment = fc.integer({ min: 0, max: 60 * 24 }).map((hour) => START + (hour * DAY) / 24);
const person = fc.record({
  views: fc.array(fc.record({ at: moment, sku: fc.constantFrom(...SKUS) }), { maxLength: 6 }),
  purchases: fc.array(
    fc.record({ at: moment, skus: fc.uniqueArray(fc.constantFrom(...SKUS), { minLength: 1, maxLength: 3 }) }),
    { minLength: 1, maxLength: 4 },
  ),
});
const [people] = fc.sample(fc.array(person, { minLength: 60, maxLength: 60 }), { numRuns: 1, seed: 7 }) as [
  { views: { at: number; sku: string }[]; purchases: { at: number; skus: string[] }[] }[],
];

const iso = (at: number) => new Date(at).toISOString();
let shop: TemporaryShop;
const matches = new Map<number, Row[]>();
const shares = new Map<number, number[]>();

beforeAll(async () => {
  shop = await temporaryShop();
  await shop.give({
    stores: [{ store_id: 's1', time_zone: 'UTC', currency: 'EUR' }],
    products: SKUS.map((sku) => ({ sku, product_id: productOf(sku), category: categoryOf(sku) })),
    web_events: people.flatMap(({ views }, number) =>
      views.map(({ at, sku }, index) => ({
        event_id: `${number}-${index}`,
        event: 'Product Viewed',
        occurred_at: iso(at),
        customer_id: `c${number}`,
        sku,
      })),
    ),
    receipts: people.flatMap(({ purchases }, number) =>
      purchases.map(({ at, skus }, index) => ({
        receipt_id: `${number}-${index}`,
        store_id: 's1',
        occurred_at: iso(at),
        customer_id: `c${number}`,
        lines: skus.map((sku) => ({ sku, amount: '10.00' })),
      })),
    ),
  });
  for (const days of WINDOWS) {
    seed(shop, 'settings', `ropo_window_days,${days},days,`);
    await shop.shop.build();
    matches.set(
      days,
      await shop.ask(
        'SELECT line_id, conversion_id, sku, converted_at, match_level, lag_seconds FROM ropo_matches ORDER BY 1',
      ),
    );
    const reader = await openReader(shop.shop.directory);
    const published = (await reader.published())!;
    const { rows } = await reportKpi(published, { kpi: 'ropo', by: 'all' });
    const steps = await reportKpi(published, { kpi: 'ropo-waterfall' });
    shares.set(days, [Number(rows[0]!.ropo_share_lines), ...steps.rows.map(({ lines }) => Number(lines))]);
    reader.close();
  }
});
afterAll(() => shop?.remove());

const FINENESS = ['sku', 'product', 'category', null];
const LEVELS: ((one: string, other: string) => boolean)[] = [
  (one, other) => one === other,
  (one, other) => productOf(one) === productOf(other),
  (one, other) => categoryOf(one) === categoryOf(other),
];

/** Finest level at which a person's view matches a line, and how many seconds the last such view lay before. */
function searched(number: number, at: number, sku: string, days: number) {
  for (const [level, isAlike] of LEVELS.entries()) {
    const lags = people[number]!.views.filter(
      (view) => view.at < at && at - view.at <= days * DAY && isAlike(view.sku, sku),
    ).map((view) => (at - view.at) / 1000);
    if (lags.length > 0) return { match_level: FINENESS[level], lag_seconds: Math.min(...lags) };
  }
  return { match_level: null, lag_seconds: null };
}

describe('the ROPO window', () => {
  test.each(WINDOWS)('of %i days matches what a search through all views finds', (days) => {
    const rows = matches.get(days)!;
    expect(rows.length).toBeGreaterThan(100);
    for (const { conversion_id, sku, match_level, lag_seconds } of rows) {
      const [, number, index] = /(\d+)-(\d+)$/.exec(String(conversion_id))!.map(Number) as [
        number,
        number,
        number,
      ];
      const { at } = people[number]!.purchases[index]!;
      expect({ match_level, lag_seconds }).toEqual(searched(number, at, String(sku), days));
    }
  });

  test('never loses a match, and never makes one coarser, when it widens', () => {
    for (const [at, days] of WINDOWS.slice(1).entries()) {
      const narrow = matches.get(WINDOWS[at]!)!;
      for (const [line, row] of matches.get(days)!.entries()) {
        expect(row.line_id).toBe(narrow[line]!.line_id);
        const [wider, narrower] = [row, narrow[line]!].map((one) =>
          FINENESS.indexOf(one.match_level as string),
        );
        expect(wider).toBeLessThanOrEqual(narrower!);
      }
      expect(shares.get(days)![0]).toBeGreaterThan(shares.get(WINDOWS[at]!)![0]!);
    }
  });

  test.each(WINDOWS)('of %i days has steps that stand inside each other', (days) => {
    const steps = shares.get(days)!.slice(1);
    expect(steps).toHaveLength(6);
    expect([...steps].sort((a, b) => b - a)).toEqual(steps);
    expect(steps.at(-1)).toBeGreaterThan(0);
  });
});
