import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Row } from '../../lib/ports.ts';
import { temporaryShop } from '../temporary-shop.ts';

/**
 * Random timelines of sixty people in one shop: what the SQL credits must be what the models say in plain words,
 * and add up to the cent.
 */
const DAY = 86_400_000;
const START = Date.UTC(2025, 0, 1);
const LOOKBACK = 30 * DAY;
const STEPS = 50;

interface Touch {
  at: number;
  isDirect: boolean;
}
interface Purchase {
  at: number;
  cents: number;
  givenBack: number;
}
interface Timeline {
  touches: Touch[];
  purchases: Purchase[];
}

const moment = fc.integer({ min: 0, max: 60 * 24 * 4 }).map((quarter) => START + (quarter * DAY) / 96);
const timeline: fc.Arbitrary<Timeline> = fc.record({
  touches: fc
    .uniqueArray(fc.record({ at: moment, isDirect: fc.boolean() }), {
      selector: ({ at }) => at,
      maxLength: 70,
      size: 'max',
    })
    .map((touches) => touches.sort((a, b) => a.at - b.at)),
  purchases: fc.array(
    fc.record({
      at: moment,
      cents: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 1_000_000 })),
      givenBack: fc.integer({ min: 0, max: 60_000 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});
const people = fc.array(timeline, { minLength: 60, maxLength: 60 });

const iso = (at: number) => new Date(at).toISOString();
const major = (cents: number) => (cents / 100).toFixed(2);

function recordsOf(timelines: readonly Timeline[]) {
  const orders = timelines.flatMap(({ purchases }, person) =>
    purchases.map((purchase, index) => ({ ...purchase, person, id: `${person}-${index}` })),
  );
  return {
    touches: timelines.flatMap(({ touches }, person) =>
      touches.map(({ at, isDirect }) => ({
        touch_id: `${person}-${at}`,
        occurred_at: iso(at),
        touch_type: 'click',
        utm_source: isDirect ? '(direct)' : 'newsletter',
        utm_medium: isDirect ? '(none)' : 'email',
        customer_id: `c${person}`,
      })),
    ),
    orders: orders.map(({ at, cents, person, id }) => ({
      order_id: id,
      occurred_at: iso(at),
      currency: 'EUR',
      customer_id: `c${person}`,
      lines: [{ amount: major(cents) }],
    })),
    refunds: orders
      .filter(({ givenBack }) => givenBack > 0)
      .map(({ at, givenBack, id }) => ({
        refund_id: id,
        order_id: id,
        occurred_at: iso(at + DAY),
        currency: 'EUR',
        amount: major(givenBack),
      })),
  };
}

/** The touches that a purchase looks back on, oldest first. */
const pathOf = ({ touches }: Timeline, { at }: Purchase): Touch[] =>
  touches
    .filter((touch) => touch.at <= at)
    .slice(-STEPS)
    .filter((touch) => at - touch.at <= LOOKBACK);

type Shares = (path: readonly Touch[], at: number) => number[];

const onlyAt = (path: readonly Touch[], place: number) => path.map((_, index) => (index === place ? 1 : 0));

/** The models in words: each gives the shares of a path, oldest touch first. */
const MODELS: Record<string, Shares> = {
  first_touch: (path) => onlyAt(path, 0),
  last_touch: (path) => onlyAt(path, path.length - 1),
  last_non_direct: (path) => {
    const last = path.findLastIndex(({ isDirect }) => !isDirect);
    return onlyAt(path, last >= 0 ? last : path.length - 1);
  },
  linear: (path) => path.map(() => 1 / path.length),
  position_based: (path) => {
    if (path.length === 1) return [1];
    if (path.length === 2) return [0.5, 0.5];
    return path.map((_, index) => (index === 0 || index === path.length - 1 ? 0.4 : 0.2 / (path.length - 2)));
  },
  time_decay: (path, at) => {
    const weights = path.map((touch) => 0.5 ** ((at - touch.at) / (7 * DAY)));
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / total);
  },
};

function checkPurchase(
  path: readonly Touch[],
  purchase: Purchase,
  model: string,
  rows: readonly Row[],
): void {
  const expected = MODELS[model]!(path, purchase.at);
  const byPosition = new Map(rows.map((row) => [Number(row.position), row]));
  for (const [index, share] of expected.entries()) {
    const got = byPosition.get(index + 1);
    expect(Math.abs(Number(got?.share ?? 0) - share), `${model}, position ${index + 1}`).toBeLessThan(3e-9);
    expect(Math.abs(Number(got?.revenue_minor ?? 0) - share * purchase.cents)).toBeLessThan(1.01);
    if (got) expect(got.touched_at).toBe(iso(path[index]!.at));
  }
  expect(rows.reduce((sum, row) => sum + Number(row.revenue_minor), 0)).toBe(purchase.cents);
  expect(rows.reduce((sum, row) => sum + Number(row.share_billionths), 0)).toBe(1e9);
}

/** Midnight is written as a day alone. */

const grouped = (rows: readonly Row[], ...names: string[]) => {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = names.map((name) => String(row[name])).join(' ');
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
};

describe('credit on random timelines', () => {
  test('is what each model says, sums to each purchase, and is taken back by returns', async () => {
    await fc.assert(
      fc.asyncProperty(people, async (timelines) => {
        const shop = await temporaryShop();
        try {
          await shop.give(recordsOf(timelines));
          await shop.shop.build();
          const steps = grouped(
            await shop.ask('SELECT conversion_id, position, path_length, touched_at FROM path_steps'),
            'conversion_id',
          );
          const credits = grouped(
            await shop.ask(
              `SELECT conversion_id, booking_kind, model, position, share, share_billionths, revenue_minor, touched_at
               FROM credits ORDER BY position`,
            ),
            'booking_kind',
            'model',
            'conversion_id',
          );
          for (const [person, timeline] of timelines.entries()) {
            for (const [index, purchase] of timeline.purchases.entries()) {
              const id = `order/${person}-${index}`;
              const path = pathOf(timeline, purchase);
              const found = (steps.get(id) ?? []).sort((a, b) => Number(a.position) - Number(b.position));
              expect(found.map(({ touched_at }) => touched_at)).toEqual(path.map(({ at }) => iso(at)));
              expect(found.map(({ position }) => position)).toEqual(path.map((_, at) => at + 1));
              expect(new Set(found.map(({ path_length }) => path_length)).size).toBeLessThanOrEqual(1);
              if (path.length === 0) continue;
              for (const model of Object.keys(MODELS)) {
                checkPurchase(path, purchase, model, credits.get(`sale ${model} ${id}`) ?? []);
                const taken = (credits.get(`return ${model} ${id}`) ?? []).reduce(
                  (sum, row) => sum + Number(row.revenue_minor),
                  0,
                );
                expect(taken + 0).toBe(0 - Math.min(purchase.cents, purchase.givenBack));
              }
            }
          }
          for (const rows of credits.values())
            for (const { revenue_minor, booking_kind } of rows)
              expect(Number(revenue_minor) * (booking_kind === 'sale' ? 1 : -1)).toBeGreaterThanOrEqual(0);
        } finally {
          shop.remove();
        }
      }),
      { numRuns: 3, seed: 20250101, endOnFailure: true },
    );
  });
});
