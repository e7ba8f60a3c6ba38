import { afterEach, describe, expect, test } from 'vitest';
import { type Records, type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { everyAnswer } from './every-answer.ts';
import { checkFittedCredit } from './fitted-credit.ts';
import { latecomer, manyCampaigns, type Person, recordsOf, settings, withReader } from './model-journeys.ts';
import { seed } from './seed-file.ts';

/** Data that is too much of something. Every build must publish, reconcile and answer. */
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

async function expectFittedCredit(of: TemporaryShop) {
  const check = await withReader(of, (ask) => checkFittedCredit(ask, 'unique'));
  expect(check.unequal).toEqual([]);
  expect(check.worst, check.where).toBeLessThan(3e-9);
}

describe('a thousand touchpoints of one person', () => {
  test('on one path, and as many that led nowhere', async () => {
    const many = (offset: number): Person['touches'] =>
      Array.from({ length: 1000 }, (_, n) => [
        offset + n / 100,
        ['A', 'B', 'Direct', 'C', 'A'][n % 5]!,
        `k${n % 3}`,
      ]);
    const it = await built(
      [
        {
          name: 'keen',
          touches: many(0),
          orders: [
            [10, '1234.56', 'EUR', '1000.00'],
            [10.5, '0.01'],
          ],
        },
        { name: 'idle', touches: many(2) },
        { name: 'plain', touches: [[0, 'B']], orders: [[1, '5.00']] },
        latecomer('A'),
      ],
      {},
      (one) => seed(one, 'conversion_kinds', 'order,30,2000,true,'),
    );
    expect(await it.ask('SELECT max(path_length) AS n FROM path_steps')).toEqual([{ n: 1000 }]);
    await expectFittedCredit(it);
  });
});

describe('purchases that brought nothing', () => {
  test('given back whole, of no value or below it: credited and taken back, and nobody leads', async () => {
    const it = await built([
      {
        name: 'a',
        touches: [
          [0, 'A'],
          [1, 'B'],
        ],
        orders: [
          [2, '100.00', 'EUR', '100.00'],
          [3, '0.00'],
          [4, '-5.00'],
        ],
      },
      { name: 'b', touches: [[0, 'B']], orders: [[2, '40.00', 'EUR', '40.00']] },
      latecomer('C'),
    ]);
    const { answers, comparison } = await everyAnswer(it);
    const intervals = answers.get('attribution-intervals by channel')!.rows;
    expect(intervals).toHaveLength(39);
    for (const row of intervals)
      expect(row).toMatchObject({
        revenue: 0,
        revenue_low: 0,
        revenue_high: 0,
        revenue_share: null,
        share_low: null,
      });
    for (const row of answers.get('channel-differences by revenue')!.rows)
      expect(row).toMatchObject({ revenue_difference: 0, verdict: 'not distinguishable' });
    const said = comparison.currencies.flatMap(({ conclusions }) => conclusions.map(({ kind }) => kind));
    expect(new Set(said)).toEqual(new Set(['never_distinguishable']));
    expect(await it.ask("SELECT count(*) AS n FROM credits WHERE booking_kind = 'return'")).not.toEqual([
      { n: 0 },
    ]);
  });
});

describe('many channels', () => {
  /** Letters a to y: 25 channels, each met with a few others. */
  const letters = Array.from({ length: 25 }, (_, n) => `Channel ${String.fromCharCode(97 + n)}`);
  const people = Array.from(
    { length: 60 },
    (_, n): Person => ({
      name: `p${n}`,
      touches: [1, 3, 7].map((step, place) => [place + n / 100, letters[(n * step + place) % 25]!] as const),
      ...(n % 3 === 0 ? { orders: [[4, `${10 + n}.99`] as const] } : {}),
    }),
  );

  test('above twenty the Shapley value of the rate is an estimate, called so, with its error', async () => {
    const it = await built([...people, latecomer(letters[0]!)]);
    const methods = await it.ask(
      "SELECT model, method FROM fitted_models WHERE basis LIKE 'shapley%' ORDER BY 1",
    );
    expect(methods).toEqual([
      { model: 'shapley', method: 'exact, game: conversions (Harsanyi dividends)' },
      { model: 'shapley_rate', method: 'estimate from drawn orders, game: conversion rate' },
    ]);
    const [errors] = await it.ask(
      "SELECT count(*) AS n, count_if(standard_error > 0) AS estimated, sum(value) AS total, max(standard_error) AS most FROM channel_values WHERE model = 'shapley_rate'",
    );
    expect(errors).toMatchObject({ n: 25, estimated: 25 });
    // Values of all channels sum to the rate: 20 purchases of 60 closed journeys.
    expect(Number(errors!.total)).toBeCloseTo(20 / 60, 9);
    expect(Number(errors!.most)).toBeLessThan(0.02);
    expect(
      await it.ask(
        "SELECT count(*) AS n FROM channel_values WHERE model <> 'shapley_rate' AND standard_error <> 0",
      ),
    ).toEqual([{ n: 0 }]);
    await expectFittedCredit(it);
    const { answers } = await everyAnswer(it);
    const { rows } = answers.get('attribution-models by level')!;
    expect(rows.find(({ model }) => model === 'shapley_rate')!.method).toContain('estimate');
  });
});

describe('more campaigns than are told apart', () => {
  test('the rest of a channel counts as one, and credit still adds up to every purchase', async () => {
    const it = await built([...manyCampaigns, latecomer('C0')], {}, (one) =>
      settings(one, { interval_replicates: 3 }),
    );
    expect(
      await it.ask(
        `SELECT count(DISTINCT channel_campaign_no) AS groups, count(*) AS campaigns,
           count_if(campaign_group = '(other campaigns)') AS others, max(channel_campaign_no) AS last
         FROM channel_campaigns`,
      ),
    ).toEqual([{ groups: 602, campaigns: 701, others: 101, last: 601 }]);
    expect(
      await it.ask("SELECT groups, markov_order FROM fitted_models WHERE model = 'markov_campaign'"),
    ).toEqual([{ groups: 602, markov_order: 1 }]);
    await expectFittedCredit(it);
    expect(
      await it.ask("SELECT DISTINCT is_refitted FROM channel_intervals WHERE model = 'markov_campaign'"),
    ).toEqual([{ is_refitted: 0 }]);
    const { answers } = await everyAnswer(it);
    const kept = answers
      .get('attribution-intervals by channel')!
      .rows.filter(({ model }) => model === 'markov_campaign');
    for (const row of kept) expect(row.refitted).toBe('no, weights kept');
  });
});

describe('names that try to be something else', () => {
  test('stay apart, stay text, and end no row', async () => {
    const names = [
      'TV > Radio',
      'TV',
      'Radio',
      'a|b',
      '2025|TV',
      'O\'Hara "quoted", GmbH; DROP TABLE x',
      'Außenwerbung Süd',
      '📺🔥',
      '=1+1',
      '(start)',
      '(null)',
      '(conversion)',
      '(other campaigns)',
      '0',
      'null',
      ' padded ',
    ];
    const people = names.flatMap((name, n): Person[] => [
      {
        name: `w${n}`,
        touches: [
          [0, name, name],
          [1, names[(n + 5) % names.length]!, 'x'],
        ],
        orders: [[2, '10.01']],
      },
      { name: `l${n}`, touches: [[0, name, ' ']] },
    ]);
    const it = await built([...people, latecomer('TV')]);
    const channels = await it.ask('SELECT channel FROM channels ORDER BY 1');
    expect(channels).toHaveLength(names.length);
    expect(channels.map(({ channel }) => channel)).toEqual(
      expect.arrayContaining([
        'Außenwerbung Süd',
        '📺🔥',
        'O\'Hara "quoted", GmbH; DROP TABLE x',
        '=1+1',
        'padded',
      ]),
    );
    await expectFittedCredit(it);
    const { answers, comparison } = await everyAnswer(it);
    expect(comparison.currencies[0]!.channels).toHaveLength(names.length);
    for (const kpi of ['attribution-intervals by channel', 'channel-differences by revenue']) {
      const { rows } = answers.get(kpi)!;
      expect(new Set(rows.map(({ model, label }) => `${model}|${label}`)).size, kpi).toBe(rows.length);
    }
    const [steps] = await it.ask(
      'SELECT count(*) AS n, count(DISTINCT (from_state, to_state)) AS keys FROM transition_matrix',
    );
    expect(steps!.keys, 'steps of the transition matrix by their names').toBe(steps!.n);
  });
});
