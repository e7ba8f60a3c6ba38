import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../lib/ports.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { seed } from './seed-file.ts';

/**
 * Random lives of forty persons, and one identifier shared by thousands of visits: what the SQL counts off along a
 * timeline is what a search through all of a person's views, visits and purchases finds.
 */
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2025, 0, 1);
const DAYS = 150;
const WINDOW = 14 * DAY;
const SHIFTS = [-35 * DAY, 35 * DAY];
const SKUS = ['A1', 'A2', 'B1', 'C1'] as const;
const STORES = ['s1', 's2', 's3'] as const;
const productOf = (sku: string) => `P${sku[0]}`;
const SHARED = 3000;

interface Life {
  views: { at: number; sku: string }[];
  visits: { at: number; store: string; stay: number | null }[];
  receipts: { at: number; store: string; sku: string }[];
  orders: { at: number; skus: string[]; isCollected: boolean }[];
}
const moment = fc.integer({ min: 0, max: DAYS * 24 }).map((hour) => START + hour * HOUR);
const sku = fc.constantFrom(...SKUS);
const store = fc.constantFrom(...STORES);
const life: fc.Arbitrary<Life> = fc.record({
  views: fc.array(fc.record({ at: moment, sku }), { maxLength: 12, size: 'max' }),
  visits: fc.uniqueArray(fc.record({ at: moment, store, stay: fc.option(fc.integer({ min: 0, max: 30 })) }), {
    maxLength: 8,
    size: 'max',
    selector: ({ at, store: name }) => `${at} ${name}`,
  }),
  receipts: fc.array(fc.record({ at: moment, store, sku }), { maxLength: 8, size: 'max' }),
  orders: fc.array(
    fc.record({
      at: moment,
      skus: fc.uniqueArray(sku, { minLength: 1, maxLength: 3 }),
      isCollected: fc.boolean(),
    }),
    { maxLength: 5, size: 'max' },
  ),
});
const [drawn] = fc.sample(fc.array(life, { minLength: 40, maxLength: 40 }), { numRuns: 1, seed: 11 }) as [
  Life[],
];
/** Purchases and views fall into visits often enough to be found inside them. */
const lives: Life[] = drawn.map((one) => ({
  ...one,
  views: one.views.map((view, at) => {
    const visit = one.visits[at];
    return visit && at % 2 === 1 ? { ...view, at: visit.at + (at % 5) * HOUR } : view;
  }),
  receipts: one.receipts.map((receipt, at) => {
    const visit = one.visits[at];
    return visit && at % 2 === 0
      ? { ...receipt, at: visit.at + (at % 4) * HOUR, store: visit.store }
      : receipt;
  }),
}));

const iso = (at: number) => new Date(at).toISOString();
let shop: TemporaryShop;

beforeAll(async () => {
  shop = await temporaryShop();
  // Credit is not what is tried here, and paths of fifty steps would take most of the time.
  seed(shop, 'conversion_kinds', 'order,1,1,true,', 'click_and_collect,1,1,true,', 'receipt,1,1,true,');
  const each = <T>(of: (one: Life, number: number) => T[]) => lives.flatMap(of);
  await shop.give({
    stores: STORES.map((store_id) => ({ store_id, time_zone: 'UTC', currency: 'EUR' })),
    products: SKUS.map((one) => ({ sku: one, product_id: productOf(one), category: 'all' })),
    web_events: [
      ...Array.from({ length: DAYS + 1 }, (_, day) => ({
        event_id: `day-${day}`,
        event: 'Page Viewed',
        occurred_at: iso(START + day * DAY),
        anonymous_id: 'd',
      })),
      ...each(({ views }, number) =>
        views.map(({ at, sku: one }, index) => ({
          event_id: `${number}-${index}`,
          event: 'Product Viewed',
          occurred_at: iso(at),
          customer_id: `c${number}`,
          sku: one,
        })),
      ),
      ...Array.from({ length: SHARED }, (_, index) => ({
        event_id: `shared-${index}`,
        event: 'Product Viewed',
        occurred_at: iso(START + index * HOUR),
        customer_id: 'shared',
        sku: SKUS[index % 4],
      })),
    ],
    orders: [
      ...each(({ orders }, number) =>
        orders.map(({ at, skus, isCollected }, index) => ({
          order_id: `${number}-${index}`,
          customer_id: `c${number}`,
          occurred_at: iso(at),
          currency: 'EUR',
          ...(isCollected ? { fulfilment: 'click_and_collect', store_id: 's1' } : {}),
          lines: skus.map((one) => ({ sku: one, amount: '10.00' })),
        })),
      ),
      ...Array.from({ length: SHARED }, (_, index) => ({
        order_id: `shared-${index}`,
        customer_id: 'shared',
        occurred_at: iso(START + index * HOUR + 1000),
        currency: 'EUR',
        lines: [{ sku: SKUS[index % 4], amount: '1.00' }],
      })),
    ],
    receipts: [
      ...each(({ receipts }, number) =>
        receipts.map(({ at, store: store_id, sku: one }, index) => ({
          receipt_id: `${number}-${index}`,
          store_id,
          customer_id: `c${number}`,
          occurred_at: iso(at),
          lines: [{ sku: one, amount: '10.00' }],
        })),
      ),
      ...Array.from({ length: SHARED }, (_, index) => ({
        receipt_id: `shared-${index}`,
        store_id: 's1',
        customer_id: 'shared',
        occurred_at: iso(START + index * HOUR + 60_000),
        lines: [{ sku: 'C1', amount: '1.00' }],
      })),
    ],
    store_visits: [
      ...each(({ visits }, number) =>
        visits.map(({ at, store: store_id, stay }, index) => ({
          visit_id: `${number}-${index}`,
          store_id,
          customer_id: `c${number}`,
          entered_at: iso(at),
          ...(stay === null ? {} : { left_at: iso(at + stay * HOUR) }),
        })),
      ),
      ...Array.from({ length: SHARED }, (_, index) => ({
        visit_id: `shared-${index}`,
        store_id: 's1',
        customer_id: 'shared',
        entered_at: iso(START + index * HOUR),
        left_at: iso(START + index * HOUR + 120_000),
      })),
    ],
  });
  await shop.shop.build();
});
afterAll(() => shop?.remove());

const endOf = ({ at, stay }: Life['visits'][number]) => at + (stay ?? 3) * HOUR;
const last = (moments: readonly number[]) => (moments.length > 0 ? Math.max(...moments) : null);

/** Last view before a moment inside the window. */
const researchOf = ({ views }: Life, at: number) =>
  last(views.map((view) => view.at).filter((view) => view < at && at - view <= WINDOW));

function visitFigures(one: Life, visit: Life['visits'][number]) {
  const covers = (at: number) => at - WINDOW >= START;
  const shifted = SHIFTS.map((shift) => visit.at + shift).filter(
    (at) => covers(at) && at <= START + (DAYS + 1) * DAY,
  );
  const isInside = ({ at }: { at: number }) => at >= visit.at && at <= endOf(visit);
  const researched = researchOf(one, visit.at);
  return {
    is_covered: covers(visit.at),
    lag_seconds: researched === null ? null : (visit.at - researched) / 1000,
    shift_draws: shifted.length,
    shift_found: shifted.filter((at) => researchOf(one, at) !== null).length,
    in_aisle_views: one.views.filter(isInside).length,
    purchases: one.receipts.filter((receipt) => receipt.store === visit.store && isInside(receipt)).length,
  };
}

const firstVisit = () => Math.min(START, ...lives.flatMap(({ visits }) => visits.map(({ at }) => at)));
const lastVisit = () =>
  Math.max(START + (SHARED - 1) * HOUR, ...lives.flatMap(({ visits }) => visits.map(({ at }) => at)));

/** Last visit before a moment inside the window, if some product of the order was not bought in a store meanwhile. */
function showroomOf({ visits, receipts }: Life, skus: readonly string[], at: number) {
  const isMeanwhile = (moment: number) => moment < at && at - moment <= WINDOW;
  const bought = receipts
    .filter((receipt) => isMeanwhile(receipt.at))
    .map((receipt) => productOf(receipt.sku));
  if (skus.every((one) => bought.includes(productOf(one)))) return null;
  return last(visits.map((visit) => visit.at).filter(isMeanwhile));
}

function orderFigures(one: Life, { at, skus }: Life['orders'][number]) {
  const isObservable = one.visits.length > 0;
  const covers = (moment: number) => moment - WINDOW >= firstVisit();
  const shifted = SHIFTS.map((shift) => at + shift).filter(
    (moment) => covers(moment) && moment <= lastVisit(),
  );
  const visited = showroomOf(one, skus, at);
  const aisle = one.views.filter(
    (view) =>
      view.at < at &&
      at - view.at <= WINDOW &&
      one.visits.some((visit) => view.at >= visit.at && view.at <= endOf(visit)),
  );
  return {
    is_observable: isObservable,
    is_covered: isObservable && covers(at),
    lag_seconds: visited === null ? null : (at - visited) / 1000,
    shift_draws: isObservable ? shifted.length : 0,
    shift_found: isObservable ? shifted.filter((moment) => showroomOf(one, skus, moment) !== null).length : 0,
    in_aisle_lines:
      visited === null
        ? 0
        : skus.filter((sku) => aisle.some((view) => productOf(view.sku) === productOf(sku))).length,
  };
}

const byId = (rows: readonly Row[]) => new Map(rows.map(({ id, ...row }) => [String(id), row]));

describe('timelines of visitors', () => {
  test('visits have the research, purchases and chance that a search finds', async () => {
    const rows = byId(
      await shop.ask(
        `SELECT v.visit_id AS id, o.is_covered, o.lag_seconds, o.shift_draws, o.shift_found, o.in_aisle_views, o.purchases
         FROM visit_outcomes o JOIN store_visits v ON v.visit_key = o.visit_key`,
      ),
    );
    const expected = lives.flatMap((one, number) =>
      one.visits.map((visit, index) => [`${number}-${index}`, visitFigures(one, visit)] as const),
    );
    expect(expected.length).toBeGreaterThan(100);
    for (const [id, figures] of expected) expect({ id, ...rows.get(id) }).toEqual({ id, ...figures });
    for (const name of ['purchases', 'shift_found', 'in_aisle_views', 'lag_seconds'] as const)
      expect(expected.filter(([, figures]) => Number(figures[name]) > 0).length).toBeGreaterThan(5);
    expect(rows.size).toBe(expected.length + SHARED);
  });

  test('orders are showroomed as a search finds', async () => {
    const rows = byId(
      await shop.ask(
        `SELECT substr(conversion_id, 7) AS id, is_observable, is_covered, lag_seconds, shift_draws, shift_found, in_aisle_lines
         FROM showrooming_orders`,
      ),
    );
    const expected = lives.flatMap((one, number) =>
      one.orders.map((order, index) => [`${number}-${index}`, orderFigures(one, order)] as const),
    );
    expect(expected.length).toBeGreaterThan(50);
    for (const [id, figures] of expected) expect({ id, ...rows.get(id) }).toEqual({ id, ...figures });
    for (const name of ['shift_found', 'in_aisle_lines', 'lag_seconds'] as const)
      expect(expected.filter(([, figures]) => Number(figures[name]) > 0).length).toBeGreaterThan(2);
    expect(rows.size).toBe(expected.length + SHARED);
  });

  test('an identifier shared by thousands of visits, views, orders and receipts keeps one row each', async () => {
    const [row] = await shop.ask(
      `SELECT count(*) AS visits, sum(in_aisle_views) AS in_aisle, sum(purchases) AS purchases,
         sum(CASE WHEN lag_seconds = 3600 THEN 1 ELSE 0 END) AS an_hour_before
       FROM visit_outcomes o JOIN store_visits v ON v.visit_key = o.visit_key WHERE v.visit_id LIKE 'shared-%'`,
    );
    expect(row).toEqual({ visits: SHARED, in_aisle: SHARED, purchases: SHARED, an_hour_before: SHARED - 1 });
  });
});
