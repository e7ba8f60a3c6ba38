import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GROUP_TRANSFORMS } from '../../lib/domain/attribution/grouped-paths.ts';
import { temporaryShop } from '../temporary-shop.ts';
import { checkFittedCredit } from './fitted-credit.ts';
import { type Person, recordsOf, settings, withReader } from './model-journeys.ts';
import { refittedValues } from './refitted-values.ts';

/**
 * Random timelines of thirty people under each path transform: what the models are fitted on and whom they credit
 * must be what the words say, with returns, in two currencies, to the cent.
 */
const day = fc.integer({ min: 0, max: 96 * 80 }).map((quarter) => quarter / 96);
const touches = fc
  .uniqueArray(
    fc.tuple(day, fc.constantFrom('Direct', 'Direct', 'A', 'B', 'C', 'D'), fc.constantFrom('x', 'y')),
    { selector: ([at]) => at, maxLength: 60, size: 'max' },
  )
  .map((list) => list.sort(([a], [b]) => a - b));
const money = fc.integer({ min: 1, max: 90_000 }).map((cents) => (cents / 100).toFixed(2));
const orders = fc.array(
  fc.tuple(day, money, fc.constantFrom('EUR', 'CHF'), fc.option(money, { nil: undefined })),
  { maxLength: 2 },
);
const people = fc
  .array(fc.record({ touches, orders }), { minLength: 30, maxLength: 30 })
  .map((list) => list.map((one, at): Person => ({ name: `c${at}`, ...one })));

describe.each(GROUP_TRANSFORMS)('under %s', (transform) => {
  test('values and credit are those of the paths that the model sees', async () => {
    const [population] = fc.sample(people, { numRuns: 1, seed: GROUP_TRANSFORMS.indexOf(transform) + 1 });
    const shop = await temporaryShop();
    try {
      settings(shop, { path_transform: transform, interval_replicates: 10 });
      await shop.give(recordsOf(population!));
      await shop.shop.build();
      await withReader(shop, async (ask) => {
        const check = await checkFittedCredit(ask, transform);
        expect(check.compared).toBeGreaterThan(75);
        expect(check.unequal).toEqual([]);
        expect(check.worst, check.where).toBeLessThan(3e-9);
        for (const model of ['markov', 'markov_campaign', 'shapley', 'shapley_rate']) {
          const [about] = await ask(`SELECT * FROM fitted_models WHERE model = '${model}'`);
          const level = about!.level as 'channel' | 'campaign';
          const order = Number(about!.markov_order);
          const expected = await refittedValues(
            ask,
            { basis: String(about!.basis), level, order },
            transform,
          );
          for (const row of await ask(`SELECT * FROM channel_values WHERE model = '${model}'`)) {
            const name = level === 'channel' ? String(row.channel) : `${row.channel} / ${row.campaign}`;
            expect(Math.abs(Number(row.value) - expected.get(name)!), `${model} ${name}`).toBeLessThan(1e-9);
          }
        }
        // Every purchase's net is credited once, in its own currency, and the figures with intervals are the same.
        const sums = await ask(
          `SELECT c.model, c.currency, sum(c.revenue_minor) AS credited, min(i.net) AS shown
           FROM credits c
           JOIN (SELECT model, currency, sum(net_minor) AS net FROM channel_intervals GROUP BY 1, 2) i
             ON i.model = c.model AND i.currency = c.currency
           GROUP BY 1, 2`,
        );
        expect(sums).toHaveLength(26);
        for (const currency of ['EUR', 'CHF'])
          expect(
            new Set(
              sums
                .filter((row) => row.currency === currency)
                .flatMap((row) => [Number(row.credited), Number(row.shown)]),
            ).size,
          ).toBe(1);
      });
    } finally {
      shop.remove();
    }
  });
});
