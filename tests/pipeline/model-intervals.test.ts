import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Row } from '../../lib/ports.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { CHANNELS, hundred, latecomer, recordsOf, withReader } from './model-journeys.ts';

/** How sure the figures are: intervals, pairs and conclusions of builds whose people are known. */
const spend = [
  { date: '2025-01-02', channel: 'Search', cost: '40.00', currency: 'EUR' },
  { date: '2025-01-03', channel: 'Mail', cost: '9000.00', currency: 'EUR' },
  { date: '2025-01-03', channel: 'Radio', cost: '10.00', currency: 'EUR' },
];

let shop: TemporaryShop;
let intervals: Row[];
let differences: Row[];
let conclusions: Row[];
let credited: Row[];
const numbers = (row: Row, ...names: string[]) => names.map((name) => Number(row[name]));

beforeAll(async () => {
  shop = await temporaryShop();
  await shop.give({ ...recordsOf([...hundred('p'), latecomer('Mail')]), spend });
  await shop.shop.build();
  await withReader(shop, async (ask) => {
    intervals = await ask('SELECT * FROM channel_intervals ORDER BY model, currency, channel');
    differences = await ask(
      'SELECT * FROM channel_differences ORDER BY model, currency, measure, channel, other_channel',
    );
    conclusions = await ask('SELECT * FROM model_conclusions');
    credited = await ask(
      'SELECT model, channel, currency, sum(revenue_minor) AS net FROM credits GROUP BY 1, 2, 3',
    );
  });
});
afterAll(() => shop?.remove());

describe('an interval', () => {
  test('is there for each model, channel and currency, around what was credited', () => {
    expect(intervals).toHaveLength(13 * 4 * 2);
    const net = new Map(
      credited.map((row) => [`${row.model} ${row.channel} ${row.currency}`, Number(row.net)]),
    );
    for (const row of intervals) {
      const name = `${row.model} ${row.channel} ${row.currency}`;
      expect(row.net_minor, name).toBe(net.get(name) ?? 0);
      const [point, low, high] = numbers(row, 'net_minor', 'net_low_minor', 'net_high_minor') as [
        number,
        number,
        number,
      ];
      expect(low, name).toBeLessThanOrEqual(high);
      expect(low, name).toBeGreaterThanOrEqual(0);
      // Ninety in a hundred: the figure itself is well within, give or take the skew of a few purchases.
      expect(low - 1, name).toBeLessThanOrEqual(point);
      expect(high + 1, name).toBeGreaterThanOrEqual(point);
      if (row.currency === 'EUR' && point > 20_000) {
        expect(high - low, name).toBeGreaterThan(0.1 * point);
        expect(high - low, name).toBeLessThan(3 * point);
      }
    }
  });

  test('of a share lies between nothing and all; shares of a model sum to one', () => {
    const sums = new Map<string, number>();
    for (const row of intervals) {
      const [share, low, high] = numbers(row, 'revenue_share', 'share_low', 'share_high') as [
        number,
        number,
        number,
      ];
      const name = `${row.model} ${row.channel} ${row.currency}`;
      expect(low, name).toBeGreaterThanOrEqual(0);
      expect(high, name).toBeLessThanOrEqual(1 + 1e-12);
      expect(low - 1e-9, name).toBeLessThanOrEqual(share);
      expect(high + 1e-9, name).toBeGreaterThanOrEqual(share);
      sums.set(`${row.model} ${row.currency}`, (sums.get(`${row.model} ${row.currency}`) ?? 0) + share);
    }
    expect(sums.size).toBe(26);
    for (const [name, sum] of sums) expect(sum, name).toBeCloseTo(1, 9);
  });

  test('of ROAS is revenue by spend, and none where nothing was spent', () => {
    const cost: Record<string, number> = { 'Search EUR': 4_000, 'Mail EUR': 900_000 };
    for (const row of intervals) {
      const spent = cost[`${row.channel} ${row.currency}`];
      if (spent === undefined) {
        expect([row.roas, row.roas_low, row.roas_high], `${row.model} ${row.channel}`).toEqual([
          null,
          null,
          null,
        ]);
        continue;
      }
      expect(Number(row.roas)).toBeCloseTo(Number(row.net_minor) / spent, 9);
      // Bounds of revenue are rounded to the cent.
      expect(Math.abs(Number(row.roas_low) * spent - Number(row.net_low_minor))).toBeLessThan(0.51);
      expect(Math.abs(Number(row.roas_high) * spent - Number(row.net_high_minor))).toBeLessThan(0.51);
    }
  });

  test('gets narrower with more people: twice as many, half the squared width', async () => {
    const twice = await temporaryShop();
    try {
      await twice.give({ ...recordsOf([...hundred('p'), ...hundred('q'), latecomer('Mail')]), spend });
      await twice.shop.build();
      const squared = (rows: readonly Row[], model: string) =>
        rows
          .filter((row) => row.model === model && row.currency === 'EUR')
          .reduce((sum, row) => sum + (Number(row.share_high) - Number(row.share_low)) ** 2, 0);
      const doubled = await twice.ask('SELECT * FROM channel_intervals');
      const models = [...new Set(intervals.map(({ model }) => String(model)))];
      const ratios = models.map((model) => squared(doubled, model) / squared(intervals, model));
      const mean = ratios.reduce((a, b) => a + b, 0) / ratios.length;
      expect(mean).toBeGreaterThan(0.4);
      expect(mean).toBeLessThan(0.6);
      for (const [at, ratio] of ratios.entries()) {
        expect(ratio, models[at]).toBeGreaterThan(0.25);
        expect(ratio, models[at]).toBeLessThan(0.85);
      }
    } finally {
      twice.remove();
    }
  });
});

describe('a pair of channels', () => {
  test('differs by what the two are credited, and zero lies within the bounds where chance explains it', () => {
    const figure = new Map(
      intervals.map((row) => [
        `${row.model} ${row.currency} ${row.channel}`,
        { revenue: Number(row.net_minor), roas: Number(row.roas) },
      ]),
    );
    expect(differences.filter(({ measure }) => measure === 'revenue')).toHaveLength(13 * 2 * 6);
    expect(differences.filter(({ measure }) => measure === 'roas')).toHaveLength(13);
    for (const row of differences) {
      const measure = row.measure as 'revenue' | 'roas';
      const [a, b] = [row.channel, row.other_channel].map(
        (channel) => figure.get(`${row.model} ${row.currency} ${channel}`)![measure],
      ) as [number, number];
      const name = `${row.model} ${row.currency} ${row.channel} - ${row.other_channel}`;
      expect(String(row.channel) < String(row.other_channel), name).toBe(true);
      expect(Number(row.difference), name).toBeCloseTo(a - b, 6);
      const [low, high, p] = numbers(row, 'difference_low', 'difference_high', 'adjusted_p') as [
        number,
        number,
        number,
      ];
      expect(low).toBeLessThanOrEqual(a - b + 1e-9);
      expect(high).toBeGreaterThanOrEqual(a - b - 1e-9);
      if (row.verdict === 'not distinguishable') {
        expect(p, name).toBeGreaterThan(0.1);
        expect(low <= 1e-9 && high >= -1e-9, name).toBe(true);
      } else {
        expect(row.verdict, name).toBe(`${a > b ? row.channel : row.other_channel} is ahead`);
        expect(p, name).toBeLessThanOrEqual(0.1 + 1e-9);
        expect(low > 0 || high < 0, name).toBe(true);
      }
    }
    const verdicts = new Set(differences.map(({ verdict }) => String(verdict)));
    expect(verdicts.has('not distinguishable')).toBe(true);
    expect([...verdicts].some((verdict) => verdict.endsWith('is ahead'))).toBe(true);
  });
});

describe('a conclusion', () => {
  test('is what the verdicts of all models say', () => {
    for (const currency of ['EUR', 'CHF']) {
      const expected = new Set<string>();
      for (const [at, one] of CHANNELS.entries()) {
        for (const other of CHANNELS.slice(at + 1)) {
          const verdicts = differences
            .filter(
              (row) =>
                row.measure === 'revenue' &&
                row.currency === currency &&
                row.channel === one &&
                row.other_channel === other,
            )
            .map(({ verdict }) => verdict);
          expect(verdicts).toHaveLength(13);
          const [forOne, forOther] = [one, other].map(
            (channel) => verdicts.filter((verdict) => verdict === `${channel} is ahead`).length,
          ) as [number, number];
          if (forOne === 13) expected.add(`${one} is ahead of ${other} in every model, beyond chance`);
          else if (forOther === 13) expected.add(`${other} is ahead of ${one} in every model, beyond chance`);
          else if (forOne > 0 && forOther > 0)
            expected.add(
              `Whether ${forOne >= forOther ? one : other} or ${forOne >= forOther ? other : one} is ahead depends on the model`,
            );
          else if (forOne + forOther === 0)
            expected.add(`${one} and ${other} are not distinguishable in any model`);
        }
      }
      const said = conclusions.filter((row) => row.currency === currency && row.other_channel !== '');
      expect(new Set(said.map(({ statement }) => statement))).toEqual(expected);
    }
  });

  test('names who is credited with the most where every model says the same', () => {
    for (const currency of ['EUR', 'CHF']) {
      const own = intervals.filter((row) => row.currency === currency);
      const leaders = new Set(
        own.map(({ model }) => {
          const rows = own.filter((row) => row.model === model);
          const most = Math.max(...rows.map(({ net_minor }) => Number(net_minor)));
          const leading = rows.filter(({ net_minor }) => Number(net_minor) === most);
          return leading.length === 1 ? leading[0]!.channel : null;
        }),
      );
      const said = conclusions.filter((row) => row.currency === currency && row.kind === 'most_revenue');
      expect(said.map(({ channel }) => channel)).toEqual(
        leaders.size === 1 && !leaders.has(null) ? [...leaders] : [],
      );
    }
  });

  test('about spend follows from the bounds of ROAS', () => {
    const about = conclusions.filter(({ kind }) => String(kind).endsWith('_its_spend'));
    expect(about.map(({ statement }) => statement).sort()).toEqual([
      'Mail is credited with less revenue than it cost in every model, beyond chance',
      'Search is credited with more revenue than it cost in every model, beyond chance',
    ]);
  });
});
