import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../lib/ports.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

/**
 * Random views, store visits and purchases of 271 people, most with one receipt and one with a hundred: every row of
 * ropo_matches is what a search through all views of the person finds, and nothing is missing.
 */
const DAY = 86_400_000;
const HOUR = 3_600_000;
const START = Date.UTC(2025, 0, 1);
const DAYS = 200;
const SKUS = ['A1', 'A2', 'B1', 'C1', 'D1'] as const;
const FURTHEST = 60 * DAY;
const SHIFT = 35 * DAY;
const productOf = (sku: string) => `P${sku[0]}`;
const categoryOf = (sku: string) => (sku < 'C' ? 'garden' : 'kitchen');

interface Person {
  views: { at: number; sku: string }[];
  receipts: { at: number; skus: string[]; enteredBefore: number | null }[];
}

const moment = fc.integer({ min: 0, max: 24 * DAYS }).map((hour) => START + hour * HOUR);
const receipt = fc.record({
  at: moment,
  skus: fc.uniqueArray(fc.constantFrom(...SKUS), { minLength: 1, maxLength: 3 }),
  enteredBefore: fc.option(fc.constantFrom(30, 90, 700, 1430), { freq: 3 }),
});
const views = (most: number) =>
  fc.array(fc.record({ at: moment, sku: fc.constantFrom(...SKUS) }), { maxLength: most });
const ordinary: fc.Arbitrary<Person> = fc.record({
  views: views(14),
  receipts: fc.uniqueArray(receipt, { minLength: 1, maxLength: 5, selector: ({ at }) => at }),
});
const heavy: fc.Arbitrary<Person> = fc.record({
  views: views(120),
  receipts: fc.uniqueArray(receipt, { minLength: 100, maxLength: 100, selector: ({ at }) => at }),
});
const once: fc.Arbitrary<Person> = fc.record({
  views: views(6),
  receipts: fc.array(receipt, { minLength: 1, maxLength: 1 }),
});
const [people] = fc.sample(
  fc
    .tuple(
      heavy,
      fc.array(ordinary, { minLength: 70, maxLength: 70 }),
      fc.array(once, { minLength: 200, maxLength: 200 }),
    )
    .map(([one, many, single]) => [one, ...many, ...single]),
  { numRuns: 1, seed: 11 },
) as [Person[]];

const iso = (at: number) => new Date(at).toISOString();
const text = (value: unknown) => String(value);

interface Line {
  lineNo: number;
  person: number;
  receipt: string;
  at: number;
  enteredAt: number | null;
  sku: string;
  pool: string | null;
  poolPlace: number;
  receiptPlace: number;
  receiptLines: number;
  poolLines: number;
  basketDraws: number;
  stratumDraws: number;
  swaps: (number | null)[];
}

let shop: TemporaryShop;
let lines: Line[];
let matches: Row[];
const byNo = new Map<number, Line>();

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
    receipts: people.flatMap(({ receipts }, number) =>
      receipts.map(({ at, skus }, index) => ({
        receipt_id: `${number}-${index}`,
        store_id: 's1',
        occurred_at: iso(at),
        customer_id: `c${number}`,
        lines: skus.map((sku) => ({ sku, amount: '10.00' })),
      })),
    ),
    store_visits: people.flatMap(({ receipts }, number) =>
      receipts.flatMap(({ at, enteredBefore }, index) =>
        enteredBefore === null
          ? []
          : [
              {
                visit_id: `${number}-${index}`,
                store_id: 's1',
                entered_at: iso(at - enteredBefore * 60_000),
                left_at: iso(at + 1000),
                customer_id: `c${number}`,
              },
            ],
      ),
    ),
  });
  await shop.shop.build();
  const rows = await shop.ask('SELECT * FROM ropo_lines ORDER BY line_no');
  lines = rows.map((row) => ({
    lineNo: Number(row.line_no),
    person: Number(/(\d+)-\d+$/.exec(text(row.conversion_id))![1]),
    receipt: text(row.conversion_id),
    at: Date.parse(text(row.converted_at)),
    enteredAt: row.entered_at === null ? null : Date.parse(text(row.entered_at)),
    sku: text(row.sku),
    pool: row.pool === null ? null : text(row.pool),
    poolPlace: Number(row.pool_place),
    receiptPlace: Number(row.receipt_place),
    receiptLines: Number(row.receipt_lines),
    poolLines: Number(row.pool_lines),
    basketDraws: Number(row.basket_draws),
    stratumDraws: Number(row.stratum_draws),
    swaps: [row.swap_1, row.swap_2].map((swap) => (swap == null ? null : Number(swap))),
  }));
  for (const line of lines) byNo.set(line.lineNo, line);
  matches = await shop.ask('SELECT * FROM ropo_matches');
});
afterAll(() => shop?.remove());

const LEVELS: [string, (one: string, other: string) => boolean][] = [
  ['sku', (one, other) => one === other],
  ['product', (one, other) => productOf(one) === productOf(other)],
  ['category', (one, other) => categoryOf(one) === categoryOf(other)],
  ['any', () => true],
];

/** Lag in seconds of the last view strictly before a moment that fits the item; undefined beyond sixty days. */
function lastBefore(person: number, at: number, isFit: (sku: string) => boolean): number | undefined {
  const lags = people[person]!.views.filter((view) => view.at < at && isFit(view.sku)).map(
    (view) => at - view.at,
  );
  const lag = Math.min(...lags);
  return lag <= FURTHEST ? lag / 1000 : undefined;
}

function expected(): Map<string, number> {
  const rows = new Map<string, number>();
  const put = (line: Line, level: string, comparison: string, draw: number, lag: number | undefined) => {
    if (lag !== undefined) rows.set(`${line.lineNo} ${level} ${comparison} ${draw}`, lag);
  };
  const donors = new Map(matches.map((row) => [`${row.line_no} ${row.draw} ${row.comparison}`, row]));
  for (const line of lines) {
    const asked = line.enteredAt ?? line.at;
    for (const [level, isAlike] of LEVELS) {
      const fits = (sku: string) => isAlike(sku, line.sku);
      put(line, level, 'research', 0, lastBefore(line.person, asked, fits));
      put(line, level, 'week_shift', 1, lastBefore(line.person, asked - SHIFT, fits));
      put(line, level, 'week_shift', 2, lastBefore(line.person, asked + SHIFT, fits));
      const inside = lastBefore(line.person, line.at, fits);
      if (line.enteredAt !== null && inside !== undefined && line.at - inside * 1000 >= line.enteredAt)
        put(line, level, 'in_aisle', 0, inside);
      const begins = line.at + 2 * DAY;
      const after = people[line.person]!.views.filter(
        (view) => view.at >= begins && view.sku !== line.sku && fits(view.sku),
      ).map((view) => view.at - begins);
      if (level !== 'sku' && Math.min(...after) <= FURTHEST)
        put(line, level, 'mirror', 0, Math.min(...after) / 1000);
      if (level === 'any') continue;
      for (let draw = 1; draw <= 4 && line.basketDraws + line.stratumDraws > 0; draw++) {
        const comparison = line.basketDraws > 0 ? 'own_basket' : 'stratum';
        const donor = donorOf(line, draw);
        if (!donor) continue;
        const row = donors.get(`${line.lineNo} ${draw} ${comparison}`);
        if (row) expect(Number(row.item_line_no)).toBe(donor.lineNo);
        put(
          line,
          level,
          comparison,
          draw,
          lastBefore(line.person, asked, (sku) => isAlike(sku, donor.sku)),
        );
      }
    }
  }
  return rows;
}

/** The line that a draw swaps items with; undefined where that is itself counted twice or of the same receipt. */
function donorOf(line: Line, draw: number): Line | undefined {
  const { poolLines, poolPlace, swaps } = line;
  const swap = swaps[draw < 3 ? 0 : 1];
  if (swap == null || (draw % 2 === 0 && 2 * swap === poolLines)) return undefined;
  const place = ((poolPlace - 1 + (draw % 2 === 1 ? swap : poolLines - swap)) % poolLines) + 1;
  const other = lines.find(({ pool, poolPlace }) => pool === line.pool && poolPlace === place)!;
  return other.receipt === line.receipt ? undefined : other;
}

describe('ropo_matches', () => {
  test('holds exactly what a search through all views of the person finds', () => {
    const found = new Map(
      matches.map((row) => [
        `${row.line_no} ${row.level} ${row.comparison} ${row.draw}`,
        Number(row.lag_seconds),
      ]),
    );
    const wanted = expected();
    expect(wanted.size).toBeGreaterThan(2000);
    expect(found).toEqual(wanted);
    for (const comparison of ['research', 'in_aisle', 'own_basket', 'stratum', 'week_shift', 'mirror'])
      expect(matches.filter((row) => row.comparison === comparison).length, comparison).toBeGreaterThan(10);
  });

  test('a finer match is one at every coarser level, no longer ago', () => {
    const lags = new Map(
      matches.map((row) => [
        `${row.line_no} ${row.comparison} ${row.draw} ${row.level}`,
        Number(row.lag_seconds),
      ]),
    );
    for (const [finer, coarser] of [
      ['sku', 'product'],
      ['product', 'category'],
      ['category', 'any'],
    ] as const)
      for (const row of matches.filter(({ level }) => level === finer)) {
        if (coarser === 'any' && ['own_basket', 'stratum'].includes(text(row.comparison))) continue;
        const lag = lags.get(`${row.line_no} ${row.comparison} ${row.draw} ${coarser}`);
        expect(lag).toBeLessThanOrEqual(Number(row.lag_seconds));
      }
  });

  test('lines swap items in pairs, never within a receipt, each pair both ways', () => {
    const pairs = new Map<string, number>();
    for (const line of lines) {
      const donors = [1, 2, 3, 4].flatMap((draw) => donorOf(line, draw) ?? []);
      expect(line.basketDraws + line.stratumDraws).toBe(line.pool === null ? 0 : donors.length);
      expect(new Set(donors.map(({ lineNo }) => lineNo)).size).toBe(donors.length);
      for (const donor of donors) {
        if (line.basketDraws > 0) expect(donor.person).toBe(line.person);
        else expect(donor.person).not.toBe(line.person);
        pairs.set(`${line.lineNo} ${donor.lineNo}`, 1);
      }
    }
    for (const pair of pairs.keys()) expect(pairs.has(pair.split(' ').reverse().join(' '))).toBe(true);
    expect(pairs.size).toBeGreaterThan(1000);
  });

  test('items move with their category and revenue', () => {
    for (const row of matches) {
      const item = byNo.get(Number(row.item_line_no))!;
      expect(row.category).toBe(categoryOf(item.sku));
      expect(Number(row.revenue_minor)).toBe(1000);
    }
  });
});
