import { afterEach, describe, expect, test } from 'vitest';
import { type Records, type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { everyAnswer } from './every-answer.ts';
import { checkFittedCredit } from './fitted-credit.ts';
import { latecomer, type Person, recordsOf, settings, withReader } from './model-journeys.ts';

/** Data that leaves a model little to find. Every build must publish, reconcile and answer. */
let shop: TemporaryShop | undefined;
afterEach(() => {
  shop?.remove();
  shop = undefined;
});

const REPLICATES = { interval_replicates: 12 };

async function built(people: readonly Person[], more: Records = {}, prepare?: (shop: TemporaryShop) => void) {
  shop = await temporaryShop();
  settings(shop, REPLICATES);
  prepare?.(shop);
  for (const { rejected } of await shop.give({ ...recordsOf(people), ...more })) expect(rejected).toEqual({});
  await shop.shop.build();
  return shop;
}

/** Share of each touchpoint in `credits`, by model. */
async function shares({ ask }: TemporaryShop, conversion: string) {
  const rows = await ask(
    `SELECT model, position, share FROM credits WHERE booking_kind = 'sale' AND conversion_id = 'order/${conversion}' ORDER BY model, position`,
  );
  const byModel: Record<string, number[]> = {};
  for (const { model, share } of rows)
    byModel[String(model)] = [...(byModel[String(model)] ?? []), Number(share)];
  return byModel;
}

async function expectFittedCredit(of: TemporaryShop) {
  const check = await withReader(of, (ask) => checkFittedCredit(ask, 'unique'));
  expect(check.unequal).toEqual([]);
  expect(check.worst, check.where).toBeLessThan(3e-9);
}

describe('without a purchase', () => {
  test('the models have nothing to say, and every question is answered', async () => {
    const it = await built(
      [
        {
          name: 'a',
          touches: [
            [0, 'A'],
            [1, 'B'],
          ],
        },
        { name: 'b', touches: [[0, 'B']] },
        latecomer('A'),
      ],
      { spend: [{ date: '2025-01-02', channel: 'A', cost: '5.00', currency: 'EUR' }] },
    );
    const { answers, comparison, report } = await everyAnswer(it);
    expect(comparison.currencies).toEqual([]);
    expect(report).toContain('Reconciliation');
    const models = answers.get('attribution-models by level')!.rows;
    expect(models).toHaveLength(13);
    expect(models.filter(({ method }) => method !== 'rule')).toHaveLength(5);
    for (const row of models) expect(row).toMatchObject({ fitted_conversions: 0 });
    for (const kpi of [
      'attribution-intervals by channel',
      'channel-differences by revenue',
      'model-conclusions by conclusion',
    ])
      expect(answers.get(kpi)!.rows, kpi).toEqual([]);
    expect(
      await it.ask(
        'SELECT count(*) AS n, count_if(value <> 0) AS other, count_if(NOT isfinite(coalesce(explained_conversions, 0))) AS endless FROM channel_values',
      ),
    ).toEqual([{ n: 10, other: 0, endless: 0 }]);
  });

  test('and without a touchpoint either', async () => {
    const it = await built([{ name: 'a', touches: [], orders: [[3, '9.00']] }]);
    const { answers, report } = await everyAnswer(it);
    expect(report).toContain('EUR received 9.00 = attributed 0.00 + unattributed 9.00');
    expect(answers.get('attribution-models by level')!.rows).toHaveLength(13);
    expect(await it.ask('SELECT count(*) AS n FROM channel_values')).toEqual([{ n: 0 }]);
  });
});

describe('one purchase', () => {
  test('in the same moment as its only touchpoint is credited whole by every model', async () => {
    const it = await built([{ name: 'a', touches: [[5, 'A']], orders: [[5, '10.00']] }]);
    const found = await shares(it, 'a-0');
    expect(Object.keys(found)).toHaveLength(13);
    for (const [model, parts] of Object.entries(found)) expect(parts, model).toEqual([1]);
    const { comparison, answers } = await everyAnswer(it);
    expect(comparison.currencies.map(({ channels }) => channels.map(({ channel }) => channel))).toEqual([
      ['A'],
    ]);
    expect(comparison.currencies[0]!.conclusions).toEqual([]);
    expect(answers.get('channel-differences by revenue')!.rows).toEqual([]);
  });
});

describe('channels that leave no choice', () => {
  test('one channel, and only Direct: all is its own, and spend elsewhere stays spend', async () => {
    const it = await built(
      [
        {
          name: 'a',
          touches: [
            [0, 'Direct'],
            [1, 'Direct'],
          ],
          orders: [
            [2, '10.00'],
            [3, '20.00'],
          ],
        },
        { name: 'b', touches: [[0, 'Direct']] },
        { name: 'c', touches: [[0, 'Direct']], orders: [[0.5, '7.00', 'CHF']] },
        latecomer('Direct'),
      ],
      { spend: [{ date: '2025-01-02', channel: 'Radio', cost: '50.00', currency: 'EUR' }] },
      (one) => settings(one, { ...REPLICATES, path_transform: 'remove_if_not_all' }),
    );
    const { answers, comparison } = await everyAnswer(it);
    const intervals = answers.get('attribution-intervals by channel')!.rows;
    expect(intervals).toHaveLength(26);
    for (const row of intervals)
      expect(row).toMatchObject({
        label: 'Direct',
        revenue: row.currency === 'EUR' ? 30 : 7,
        revenue_share: 1,
        roas: null,
        roas_low: null,
        roas_high: null,
      });
    expect(comparison.currencies).toHaveLength(2);
    // A channel that nobody met has spend and no credit, in every model.
    const radio = answers.get('attribution by channel')!.rows.filter(({ label }) => label === 'Radio');
    expect(radio).toHaveLength(13);
    for (const row of radio) expect(row).toMatchObject({ revenue: 0, spend: 50, roas: 0 });
  });

  test('a channel on every path: removing it loses everything', async () => {
    const people = ['A', 'B', 'C'].flatMap((other, at): Person[] => [
      {
        name: `won${other}`,
        touches: [
          [0, other],
          [1, 'M'],
        ],
        orders: [[2, `${10 * (at + 1)}.00`]],
      },
      {
        name: `lost${other}`,
        touches: [
          [0, other],
          [2, 'M'],
          [3, other],
        ],
      },
    ]);
    const it = await built([...people, latecomer('M')]);
    expect(
      await it.ask(
        "SELECT model, round(value, 9) AS value FROM channel_values WHERE channel = 'M' AND model LIKE 'markov%' ORDER BY 1",
      ),
    ).toEqual([
      { model: 'markov', value: 1 },
      { model: 'markov_campaign', value: 1 },
    ]);
    await expectFittedCredit(it);
  });
});
