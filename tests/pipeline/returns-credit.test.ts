import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryShop } from '../temporary-shop.ts';
import { seed } from './seed-file.ts';

/**
 * Small purchases with long paths that come back in many small parts: rounding alone must never take more credit from a
 * touchpoint than it was given.
 */
interface Purchase {
  touches: number;
  cents: number;
  parts: number[];
}

const purchase: fc.Arbitrary<Purchase> = fc.record({
  touches: fc.integer({ min: 1, max: 9 }),
  cents: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 21, max: 500 })),
  parts: fc.array(fc.oneof(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 8, max: 300 })), {
    maxLength: 8,
    size: 'max',
  }),
});

const START = Date.UTC(2025, 0, 1);
const iso = (hours: number) => new Date(START + hours * 3_600_000).toISOString();
const major = (minor: number) => (minor / 100).toFixed(2);

describe('credit that returns take back in parts', () => {
  test('never falls below zero, sums to each part, and is nothing once all came back', async () => {
    const [purchases = []] = fc.sample(fc.array(purchase, { minLength: 150, maxLength: 150 }), {
      numRuns: 1,
      seed: 7,
    });
    const shop = await temporaryShop();
    try {
      seed(shop, 'settings', 'interval_replicates,0,replicates,none');
      await shop.give({
        touches: purchases.flatMap(({ touches }, person) =>
          Array.from({ length: touches }, (_, at) => ({
            touch_id: `${person}-${at}`,
            occurred_at: iso(at),
            touch_type: 'click',
            utm_source: 'partner',
            utm_medium: ['email', 'cpc', 'affiliate', 'sms'][(at * at + person) % 4],
            customer_id: `c${person}`,
          })),
        ),
        orders: purchases.map(({ cents }, person) => ({
          order_id: `o${person}`,
          occurred_at: iso(24),
          currency: 'EUR',
          customer_id: `c${person}`,
          lines: [{ amount: major(cents) }],
        })),
        refunds: purchases.flatMap(({ parts }, person) =>
          parts.map((cents, at) => ({
            refund_id: `${person}-${at}`,
            order_id: `o${person}`,
            occurred_at: iso(25 + at),
            currency: 'EUR',
            amount: major(cents),
          })),
        ),
      });
      await shop.shop.build();
      const wrong = await shop.ask(
        `SELECT * FROM (
           SELECT c.conversion_id, c.model, c.touch_id, sum(c.revenue_minor) AS credit_left, any_value(b.purchase_left) AS purchase_left
           FROM credits c
           JOIN (SELECT p.conversion_id, p.revenue_minor + coalesce(sum(r.revenue_minor), 0) AS purchase_left
                 FROM conversions p LEFT JOIN returns r ON r.conversion_id = p.conversion_id
                 GROUP BY p.conversion_id, p.revenue_minor) b ON b.conversion_id = c.conversion_id
           GROUP BY ALL)
         WHERE credit_left < 0 OR (purchase_left = 0 AND credit_left <> 0)`,
      );
      expect(wrong).toEqual([]);
      const [signs] = await shop.ask(
        `SELECT count_if(booking_kind = 'return' AND revenue_minor > 0) AS given, count(DISTINCT booking_id) AS bookings FROM credits`,
      );
      expect(signs!.given).toBe(0);
      expect(Number(signs!.bookings)).toBeGreaterThan(400);
      const far = await shop.ask(
        `SELECT c.booking_id, c.model, c.position, c.revenue_minor, c.share * b.revenue_minor AS exact
         FROM credits c
         JOIN (SELECT return_id AS id, revenue_minor FROM returns UNION ALL SELECT conversion_id, revenue_minor FROM conversions) b
           ON b.id = c.booking_id
         WHERE abs(c.revenue_minor - c.share * b.revenue_minor) > 4`,
      );
      expect(far).toEqual([]);
    } finally {
      shop.remove();
    }
  });
});
