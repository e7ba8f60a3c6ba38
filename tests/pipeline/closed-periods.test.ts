import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../lib/ports.ts';
import { type Records, type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { seed } from './seed-file.ts';

/**
 * Random histories of sales, returns, touches, corrections and closings that arrive in any order: what is closed stays
 * as it was reported, and what is reported comes to what is known, to the cent, always.
 */
const DAY = 86_400_000;
const START = Date.UTC(2025, 0, 1);
const CLOSINGS = ['2025-01-31', '2025-02-15', '2025-03-31', '2025-04-01'];
const STEPS = CLOSINGS.length + 1;

interface Sale {
  day: number;
  cents: number;
  person: number;
  sku: string;
  arrives: number;
  /** Comes again with another amount, zero for withdrawn, maybe on another day, at this step; -1 never. */
  corrected: number;
  correction: number;
  moves: number;
}
interface Given {
  of: number;
  after: number;
  cents: number;
  way: 'order' | 'till' | 'no_receipt';
  arrives: number;
}
interface Touch {
  day: number;
  person: number;
  medium: string;
  arrives: number;
}
interface History {
  sales: Sale[];
  returns: Given[];
  touches: Touch[];
}

const step = fc.integer({ min: 0, max: STEPS - 1 });
const day = fc.integer({ min: 0, max: 110 });
const cents = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 20_000 }));
const history: fc.Arbitrary<History> = fc.record({
  sales: fc.array(
    fc.record({
      day,
      cents,
      person: fc.integer({ min: 0, max: 3 }),
      sku: fc.constantFrom('A', 'B'),
      arrives: step,
      corrected: fc.oneof(fc.constant(-1), step),
      correction: fc.oneof(fc.constant(0), cents),
      moves: fc.constantFrom(0, 0, 30, -20),
    }),
    { minLength: 4, maxLength: 12, size: 'max' },
  ),
  returns: fc.array(
    fc.record({
      of: fc.nat(11),
      after: fc.integer({ min: -2, max: 50 }),
      cents,
      way: fc.constantFrom('order' as const, 'till' as const, 'no_receipt' as const),
      arrives: step,
    }),
    { minLength: 2, maxLength: 12, size: 'max' },
  ),
  touches: fc.array(
    fc.record({
      day,
      person: fc.integer({ min: 0, max: 3 }),
      medium: fc.constantFrom('email', 'cpc', 'affiliate'),
      arrives: step,
    }),
    { maxLength: 20, size: 'max' },
  ),
});

const iso = (days: number, hour: number) => new Date(START + days * DAY + hour * 3_600_000).toISOString();
const major = (minor: number) => (minor / 100).toFixed(2);

/** What a step delivers. */
function arriving({ sales, returns, touches }: History, now: number): Records {
  const order = (sale: Sale, id: number, isCorrected: boolean) => ({
    order_id: `o${id}`,
    occurred_at: iso(sale.day + (isCorrected ? sale.moves : 0), 12),
    currency: 'EUR',
    customer_id: `c${sale.person}`,
    revision: isCorrected ? 1 : 0,
    lines: [{ sku: sale.sku, category: sale.sku, amount: major(isCorrected ? sale.correction : sale.cents) }],
  });
  const given = returns.flatMap((each, id) => {
    const sale = sales[each.of % sales.length]!;
    return each.arrives === now ? [{ ...each, id, sale, at: iso(sale.day + each.after, 15) }] : [];
  });
  return {
    stores: [{ store_id: 's1', name: 'Rome', region: 'South', time_zone: 'Europe/Rome', currency: 'EUR' }],
    touches: touches.flatMap((touch, id) =>
      touch.arrives === now
        ? [
            {
              touch_id: `t${id}`,
              occurred_at: iso(touch.day, 9),
              touch_type: 'click',
              utm_source: 'partner',
              utm_medium: touch.medium,
              customer_id: `c${touch.person}`,
            },
          ]
        : [],
    ),
    orders: sales.flatMap((sale, id) => [
      ...(sale.arrives === now ? [order(sale, id, false)] : []),
      ...(sale.corrected === now ? [order(sale, id, true)] : []),
    ]),
    refunds: given
      .filter(({ way }) => way === 'order')
      .map(({ id, of, at, cents: minor }) => ({
        refund_id: `f${id}`,
        order_id: `o${of % sales.length}`,
        occurred_at: at,
        currency: 'EUR',
        amount: major(minor),
      })),
    receipts: given
      .filter(({ way }) => way !== 'order')
      .map(({ id, of, way, sale, at, cents: minor }) => ({
        receipt_id: `r${id}`,
        store_id: 's1',
        occurred_at: at,
        customer_id: `c${sale.person}`,
        ...(way === 'till' ? { order_id: `o${of % sales.length}` } : {}),
        lines: [{ sku: sale.sku, category: sale.sku, quantity: -1, amount: `-${major(minor)}` }],
      })),
  };
}

const FIGURES = `SELECT CAST(day AS varchar) AS day, is_adjustment, measure, booking_id, store_id, category, model, channel, source, medium, campaign, currency, amount
  FROM ledger ORDER BY ALL`;

const totals = (rows: readonly Row[], ...names: string[]) => {
  const sums = new Map<string, number>();
  for (const row of rows) {
    const key = names.map((name) => String(row[name] ?? '')).join('|');
    sums.set(key, (sums.get(key) ?? 0) + Number(row.amount));
  }
  return [...sums].filter(([, amount]) => amount !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
};

/** What is known, without any closing. */
const KNOWN = `
  SELECT 'sold' AS measure, CAST(conversion_date AS varchar) AS day, conversion_id AS booking_id, NULL AS model, NULL AS channel, revenue_minor AS amount FROM conversions
  UNION ALL SELECT 'returned_by_return_date', CAST(return_date AS varchar), return_id, NULL, NULL, revenue_minor FROM returns
  UNION ALL SELECT 'returned_by_purchase_date', CAST(c.conversion_date AS varchar), return_id, NULL, NULL, r.revenue_minor FROM returns r JOIN conversions c ON c.conversion_id = r.conversion_id
  UNION ALL SELECT 'orphaned', CAST(return_date AS varchar), return_id, NULL, NULL, excess_minor FROM returns
  UNION ALL SELECT CASE booking_kind WHEN 'sale' THEN 'credited_sold' ELSE 'credited_returned' END, CAST(booking_date AS varchar), NULL, model, channel, revenue_minor FROM credits
  UNION ALL SELECT 'credited_by_purchase_date', CAST(c.conversion_date AS varchar), NULL, r.model, r.channel, r.revenue_minor FROM credits r JOIN conversions c ON c.conversion_id = r.conversion_id`;

const MONEY = new Set([
  'sold',
  'returned_by_return_date',
  'returned_by_purchase_date',
  'orphaned',
  'credited_sold',
  'credited_returned',
  'credited_by_purchase_date',
]);

async function fastShop(): Promise<TemporaryShop> {
  const shop = await temporaryShop();
  seed(shop, 'settings', 'interval_replicates,0,replicates,none');
  seed(
    shop,
    'attribution_models',
    ...['markov', 'markov_campaign', 'shapley', 'shapley_rate', 'additive_hazard'].map(
      (model) =>
        `${model},${model === 'markov_campaign' ? 'markov' : model},,,,${model === 'additive_hazard' ? 7 : ''},false,false,off`,
    ),
  );
  return shop;
}

/** Asserts everything that must hold of a build; returns its closed figures. */
async function check(shop: TemporaryShop, closed: string | null, keptBefore: readonly Row[]): Promise<void> {
  const figures = await shop.ask(FIGURES);
  const known = await shop.ask(KNOWN);
  const money = figures.filter(({ measure }) => MONEY.has(String(measure)));
  const by = ['measure', 'booking_id', 'model', 'channel'];
  expect(totals(money, ...by)).toEqual(totals(known, ...by));
  const isClosed = (row: Row) => closed !== null && String(row.day) <= closed;
  expect(figures.filter(isClosed)).toEqual(keptBefore);
  const open = (rows: readonly Row[]) => rows.filter((row) => !isClosed(row));
  expect(
    totals(
      open(money).filter((row) => row.is_adjustment !== true),
      'day',
      ...by,
    ),
  ).toEqual(totals(open(known), 'day', ...by));
  for (const { day: booked } of open(figures).filter((row) => row.is_adjustment === true))
    expect(booked).toBe(new Date(Date.parse(closed!) + DAY).toISOString().slice(0, 10));
  const log = await shop.ask(
    'SELECT measure, cause, CAST(booked_on AS varchar) AS day, booking_id, model, channel, amount FROM restatements',
  );
  const adjusted = money.filter((row) => row.is_adjustment === true);
  expect(
    totals(
      log.filter(({ measure }) => measure !== 'spend'),
      'day',
      ...by,
    ),
  ).toEqual(totals(adjusted, 'day', ...by));
  const causes = new Set(log.map(({ cause }) => cause));
  expect([...causes].filter((cause) => !CAUSES.includes(String(cause)))).toEqual([]);
  const daily = await shop.ask(
    'SELECT model, CAST(sum(revenue_minor) AS bigint) AS amount, CAST(sum(accrued_minor) AS bigint) AS accrued FROM channel_daily GROUP BY 1',
  );
  for (const { amount, accrued } of daily) expect(accrued).toBe(amount);
}

const CAUSES = [
  'late_sale',
  'late_return',
  'withdrawn',
  'amount_corrected',
  'return_traced',
  'credit_restated',
];

describe('closed periods', () => {
  test('keep their figures, and reported comes to what is known, in any history', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.subarray(CLOSINGS), async (all, closings) => {
        const shop = await fastShop();
        try {
          let closed: string | null = null;
          let kept: Row[] = [];
          for (let now = 0; now < STEPS; now++) {
            await shop.give(arriving(all, now));
            await shop.shop.build();
            await check(shop, closed, kept);
            const next = CLOSINGS[now];
            if (next === undefined || !closings.includes(next)) continue;
            await shop.shop.closePeriod(next);
            closed = next;
            kept = (await shop.ask(FIGURES)).filter((row) => String(row.day) <= next);
          }
        } finally {
          shop.remove();
        }
      }),
      { numRuns: 2, seed: 20250331, endOnFailure: true },
    );
  }, 300_000);
});
