import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulateRopo } from '../../lib/demo/ropo-worlds/simulate-ropo.ts';
import {
  behaviourNamed,
  withFalseMerges,
  withNonMembers,
  worldOf,
} from '../../lib/demo/ropo-worlds/worlds.ts';
import type { KpiAnswer } from '../../lib/pipeline/report-kpi.ts';
import { directFigures } from '../../lib/validate/ropo/direct-figures.ts';
import { openRopoShop, type RopoShop } from '../../lib/validate/ropo/ropo-shop.ts';
import { storeFigures } from '../../lib/validate/ropo/store-figures.ts';
import { ropoTruth, shownByOwnBasket } from '../../lib/validate/ropo/truth.ts';

const plain = (theta: number) => worldOf(behaviourNamed('plain'), theta);
const WORLDS = [
  plain(0),
  worldOf(behaviourNamed('burst+post'), 0.2),
  worldOf(behaviourNamed('household'), 0.4),
  withFalseMerges(worldOf(behaviourNamed('burst'), 0.4), 0.05),
  withNonMembers(plain(0.4), { memberShare: 0.6, thetaRatio: 0.5, activityRatio: 0.5 }),
];
const stores = WORLDS.map((world) => ({ world, seed: 7 }));
const trails = simulateRopo(stores, 400);
const LEVELS = ['category', 'product', 'sku'] as const;

describe('the SQL beside figures counted by hand', () => {
  let shop: RopoShop;
  beforeAll(async () => {
    shop = await openRopoShop({ stores, trails, kpis: ['ropo', 'ropo-grid', 'ropo-waterfall'] });
  });
  afterAll(() => shop.close());

  describe.each(LEVELS)('%s', (level) => {
    test('persons and naive share are the same in every world', async () => {
      const direct = directFigures(trails, stores.length, { level, windowDays: 14 });
      const figures = await storeFigures(shop, stores.length, level);
      for (const [store, { persons, lines, researched }] of direct.entries()) {
        expect(figures[store]!.persons).toBe(persons);
        // Lines that swap fewer items, since the partner is on their own receipt, weigh less in the product.
        expect(Math.abs(figures[store]!.naive - researched / lines), WORLDS[store]!.name).toBeLessThan(0.02);
      }
    });

    test('four draws find what all items of all other receipts would', async () => {
      const direct = directFigures(trails, stores.length, { level, windowDays: 14 });
      const figures = await storeFigures(shop, stores.length, level);
      for (const [store, { lines, researched, chance }] of direct.entries()) {
        const theta = (researched - chance) / (lines - chance);
        expect(Math.abs(figures[store]!.headline - theta), WORLDS[store]!.name).toBeLessThan(0.02);
      }
    });
  });

  test('a person with two receipts of one line each has one item to draw, and the placebo is exact', async () => {
    const draws = await shop.rows(`
      WITH pairs AS (
        SELECT person_id FROM ropo_lines WHERE person_id IS NOT NULL
        GROUP BY 1 HAVING count(*) = 2 AND count(DISTINCT conversion_id) = 2
      )
      SELECT a.line_no, a.basket_draws, count(v.view_no) > 0 AS is_viewed, max(CASE WHEN m.line_no IS NULL THEN 0 ELSE 1 END) = 1 AS is_found
      FROM ropo_lines a
      JOIN pairs p ON p.person_id = a.person_id
      JOIN ropo_lines b ON b.person_id = a.person_id AND b.line_no <> a.line_no
      LEFT JOIN product_views v ON v.person_id = a.person_id AND v.category = b.category
        AND v.viewed_at < a.converted_at AND date_diff('second', v.viewed_at, a.converted_at) <= 14 * 86400
      LEFT JOIN ropo_matches m ON m.line_no = a.line_no AND m.comparison = 'own_basket' AND m.level = 'category' AND m.lag_seconds <= 14 * 86400
      GROUP BY 1, 2`);
    expect(draws.length).toBeGreaterThan(100);
    expect(draws.some((row) => row.is_found)).toBe(true);
    for (const row of draws) {
      expect(row.basket_draws).toBe(1);
      expect(row.is_found).toBe(row.is_viewed);
    }
  });

  test('the share never falls as the window or the level widens', async () => {
    const grid = await shop.ask({ kpi: 'ropo-grid', filters: { weight: 'lines' } });
    const naive = new Map(
      grid.rows.map((row) => [`${row.level} ${Number.parseInt(String(row.label), 10)}`, row]),
    );
    const share = (level: string, days: number) => Number(naive.get(`${level} ${days}`)?.naive_share);
    const windows = [1, 3, 7, 14, 30, 60];
    const levels = ['sku', 'product', 'category', 'any'];
    for (const [at, level] of levels.entries())
      for (const [place, days] of windows.entries()) {
        expect(share(level, days)).toBeGreaterThan(0);
        if (place > 0) expect(share(level, days)).toBeGreaterThanOrEqual(share(level, windows[place - 1]!));
        if (at > 0) expect(share(level, days)).toBeGreaterThanOrEqual(share(levels[at - 1]!, days));
      }
  });

  test('no interface gives a naive share without what chance finds beside it', async () => {
    const hasPlacebo = (row: KpiAnswer['rows'][number]) =>
      [row.placebo_share, row.week_shift_share, row.mirror_share].some((share) => share != null);
    for (const kpi of ['ropo', 'ropo-grid', 'ropo-waterfall']) {
      const { rows } = await shop.ask({ kpi });
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) if (row.naive_share != null) expect(hasPlacebo(row)).toBe(true);
    }
  });
});

describe('the truth of a store', () => {
  test('lines and persons of the headline are those counted by hand; research was what was drawn', () => {
    const definition = { level: 'category', windowDays: 14 } as const;
    const direct = directFigures(trails, stores.length, definition);
    for (const [store, truth] of ropoTruth(trails, stores.length, definition).entries()) {
      expect(truth.lines).toBe(direct[store]!.lines);
      expect(truth.researched).toBeLessThanOrEqual(direct[store]!.researched);
      expect(truth.researched / truth.lines).toBeCloseTo(0.97 * WORLDS[store]!.theta, 1);
    }
  });

  test('research of a finer level is part of that of a coarser', () => {
    const [category, product, sku] = LEVELS.map((level) =>
      ropoTruth(trails, stores.length, { level, windowDays: 14 }),
    );
    for (const store of [1, 2, 3, 4]) {
      expect(sku![store]!.researched).toBeLessThan(product![store]!.researched);
      expect(product![store]!.researched).toBeLessThan(category![store]!.researched);
    }
  });

  test('of everybody in all, less where some never research', () => {
    const shares = ropoTruth(trails, stores.length, { level: 'category', windowDays: 14 }).map(
      ({ allCents, allResearchedCents }) => allResearchedCents / allCents,
    );
    expect(shares[0]).toBe(0);
    expect(shares[2]).toBeCloseTo(0.39, 1);
    expect(shares[4]).toBeLessThan(shares[2]! - 0.02);
  });

  test.each([
    [0.2, 0, 0.2],
    [0.2, 1, 0],
    [0.2, 0.2, 1 / 6],
    [0, 0.2, 0],
    [1, 0.2, 1],
  ])('of a share of %d an own-basket placebo with %d of its own items shows %d', (truly, sameItem, shown) => {
    expect(shownByOwnBasket(truly, sameItem)).toBeCloseTo(shown, 10);
  });
});
