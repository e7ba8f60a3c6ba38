import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { everyAnswer } from './every-answer.ts';
import { checkFittedCredit } from './fitted-credit.ts';
import {
  DATA_DRIVEN,
  latecomer,
  models,
  off,
  type Person,
  RULES,
  recordsOf,
  settings,
  withReader,
} from './model-journeys.ts';
import { refittedHazard, refittedValues } from './refitted-values.ts';
import { seed, withoutSeeds } from './seed-file.ts';

/** Models as rows of the shop's own: added, switched off, wrong. */
let shop: TemporaryShop;

const people = Array.from({ length: 40 }, (_, n): Person => {
  const channel = (place: number) =>
    ['A', 'B', 'C', 'Direct'][(n * 3 + place * place + place * (n % 5)) % 4]!;
  return {
    name: `p${n}`,
    touches: Array.from(
      { length: 1 + (n % 6) },
      (_, place) => [place * 2 + n / 100, channel(place)] as const,
    ),
    ...(n % 3 === 0
      ? { orders: [[13, `${n + 5}.55`, 'EUR', n % 9 === 0 ? '3.33' : undefined] as const] }
      : {}),
  };
});

beforeAll(async () => {
  shop = await temporaryShop();
  await shop.give(recordsOf([...people, latecomer('A')]));
});
afterAll(() => shop?.remove());
afterEach(() => withoutSeeds(shop));

const names = async () =>
  (await shop.ask('SELECT model FROM fitted_models ORDER BY 1')).map(({ model }) => model);

describe('rows of the shop', () => {
  test('add a chain of order 3 and hazards with half-lives of their own, which credit as their values say', async () => {
    settings(shop, { interval_replicates: 5 });
    models(
      shop,
      'markov_3,markov,,,,,false,true,Order 3,channel,3',
      'hazard_day,additive_hazard,,,,1,false,true,Half-life of one day,channel,',
      'hazard_hour,additive_hazard,,,,0.05,false,true,Half-life of an hour,channel,',
      'rate_campaign,shapley_rate,,,,,false,true,By campaign,campaign,',
    );
    await shop.shop.build();
    expect(await names()).toHaveLength(17);
    await withReader(shop, async (ask) => {
      const check = await checkFittedCredit(ask, 'unique');
      expect(check.unequal).toEqual([]);
      expect(check.worst, check.where).toBeLessThan(3e-9);
      const [about] = await ask("SELECT method, markov_order FROM fitted_models WHERE model = 'markov_3'");
      expect(about).toEqual({ method: 'exact removal effects, order 3', markov_order: 3 });
      const expected = await refittedValues(ask, { basis: 'markov', level: 'channel', order: 3 }, 'unique');
      for (const { channel, value } of await ask(
        "SELECT channel, value FROM channel_values WHERE model = 'markov_3'",
      ))
        expect(Number(value)).toBeCloseTo(expected.get(String(channel))!, 9);
      const day = await refittedHazard(ask, 1);
      for (const { channel, value } of await ask(
        "SELECT channel, value FROM channel_values WHERE model = 'hazard_day'",
      ))
        expect(Number(value)).toBeCloseTo(day.values.get(String(channel))!, 5);
    });
  });

  test('in a file without the newest columns mean what they always did', async () => {
    settings(shop, { interval_replicates: 5 });
    seed(
      shop,
      'attribution_models',
      'mine,markov,,,,,false,true,A chain',
      'half,ends,50,0,50,,false,true,Both ends',
      'slow,additive_hazard,,,,30,false,true,A month',
      'linear,even,,,,,false,false,off',
    );
    await shop.shop.build();
    expect(await names()).toHaveLength(15);
    expect(
      await shop.ask(
        "SELECT a.level, b.level AS own, a.markov_order = b.markov_order AS alike FROM fitted_models a JOIN fitted_models b ON a.model = 'markov' AND b.model = 'mine'",
      ),
    ).toEqual([{ level: 'channel', own: 'channel', alike: true }]);
    expect(
      await shop.ask(
        `SELECT count(*) AS n FROM credits a JOIN credits b
           ON a.model = 'markov' AND b.model = 'mine' AND a.booking_id = b.booking_id AND a.touch_id = b.touch_id
         WHERE a.share_billionths <> b.share_billionths`,
      ),
    ).toEqual([{ n: 0 }]);
  });
});

describe('models switched off', () => {
  test('all that are fitted: rules alone build, answer and are compared', async () => {
    settings(shop, { interval_replicates: 40 });
    models(shop, ...off(DATA_DRIVEN));
    await shop.shop.build();
    expect(await names()).toEqual(Object.keys(RULES).sort());
    for (const name of [
      'fitted_weights',
      'channel_values',
      'order_candidates',
      'transition_matrix',
      'shapley_positions',
    ])
      expect(await shop.ask(`SELECT count(*) AS n FROM ${name}`), name).toEqual([{ n: 0 }]);
    const { answers, comparison, report } = await everyAnswer(shop);
    expect(answers.get('attribution-intervals by channel')!.rows).toHaveLength(8 * 4);
    expect(Object.keys(comparison.currencies[0]!.channels[0]!.models)).toHaveLength(8);
    expect(report).toMatch(/Revenue, EUR +Spend, EUR +first_touch/);
  });

  test('all rules: what is fitted alone builds, reconciles and is compared', async () => {
    settings(shop, { interval_replicates: 40 });
    models(shop, ...off(RULES));
    await shop.shop.build();
    expect(await names()).toEqual(Object.keys(DATA_DRIVEN).sort());
    const { answers, comparison, report } = await everyAnswer(shop);
    expect(answers.get('reconciliation by bucket')?.rows.length ?? 1).toBeGreaterThan(0);
    expect(Object.keys(comparison.currencies[0]!.channels[0]!.models)).toHaveLength(5);
    expect(report).toMatch(/Revenue, EUR +Spend, EUR +markov/);
  });

  test('all of them: the build publishes tables without a model', async () => {
    models(shop, ...off(RULES), ...off(DATA_DRIVEN));
    await shop.shop.build();
    expect(await names()).toEqual([]);
    const { comparison } = await everyAnswer(shop);
    expect(comparison.currencies).toEqual([]);
  });
});
