import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOUR, rangesOver } from '../../lib/adapters/embedded/time-ranges.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

describe('the stretches of time that are looked at for repeats', () => {
  test('leave out what lies between now and a record that was long on its way', () => {
    expect(rangesOver([0, 500 * HOUR, 501 * HOUR, 502 * HOUR])).toEqual([
      { from: 0, to: HOUR },
      { from: 500 * HOUR, to: 503 * HOUR },
    ]);
    expect(rangesOver([])).toEqual([]);
  });

  test('hold every hour, are few, and leave out the widest gaps', () => {
    const hours = fc
      .uniqueArray(fc.integer({ min: -5000, max: 5000 }), { minLength: 1, maxLength: 60 })
      .map((all) => all.sort((a, b) => a - b).map((hour) => hour * HOUR));
    fc.assert(
      fc.property(hours, (all) => {
        const ranges = rangesOver(all);
        expect(ranges.length).toBeLessThanOrEqual(12);
        for (const hour of all)
          expect(ranges.some(({ from, to }) => from <= hour && hour + HOUR <= to)).toBe(true);
        const leftOut = ranges.slice(1).map(({ from }, at) => from - ranges[at]!.to);
        const kept = all
          .slice(1)
          .map((hour, at) => hour - all[at]! - HOUR)
          .filter((gap) => gap > 0)
          .sort((a, b) => b - a);
        expect(leftOut.sort((a, b) => b - a)).toEqual(kept.slice(0, 11));
      }),
    );
  });
});

describe('a record that comes again', () => {
  let shop: TemporaryShop;
  beforeAll(async () => {
    shop = await temporaryShop();
  });
  afterAll(() => shop.remove());

  test('is known, however far its time lies from that of the others of its delivery', async () => {
    // Ends of hours, days and years, and more stretches than are looked at one by one.
    const times = [
      '2001-01-01T00:00:00Z',
      '2024-02-29T23:59:59.999Z',
      '2024-03-01T00:00:00.000Z',
      ...Array.from({ length: 40 }, (_, n) =>
        new Date(Date.UTC(2022, n, 1, n % 24, 59, 59, 999)).toISOString(),
      ),
      '2026-01-14T22:00:00Z',
    ];
    const events = (from: number, step: number) =>
      times.flatMap((occurred_at, n) =>
        n % step === from
          ? [{ event_id: `e${n}`, event: 'Product Viewed', occurred_at, anonymous_id: 'a' }]
          : [],
      );
    const [first] = await shop.give({ web_events: events(0, 2) });
    expect(first).toMatchObject({ stored: 22, duplicates: 0 });
    const [second] = await shop.give({ web_events: events(0, 1) });
    expect(second).toMatchObject({ received: 44, stored: 22, duplicates: 22 });
    const [third] = await shop.give({ web_events: [...events(0, 11), ...events(3, 11)] });
    expect(third).toMatchObject({ received: 8, stored: 0, duplicates: 8 });
  });
});
