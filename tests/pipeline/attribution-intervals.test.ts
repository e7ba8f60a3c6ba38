import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import { poissonOne } from '../../lib/domain/attribution/poisson.ts';
import { sumError, sumInterval } from '../../lib/domain/attribution/sum-interval.ts';
import { ATTRIBUTION_INTERVALS } from '../../lib/domain/interval-kpis.ts';
import {
  type KpiAnswer,
  type KpiQuestion,
  type Published,
  reportKpi,
} from '../../lib/pipeline/report-kpi.ts';
import { readSqlFolder } from '../../lib/pipeline/sql-files.ts';
import type { Row } from '../../lib/ports.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { type Person, recordsOf, settings } from './model-journeys.ts';

/**
 * Intervals of any group, period and filter, against persons summed by hand from the booked credit: a lopsided shop in
 * which some buy in both months, a few spend most, and some give back more in a month than they buy in it.
 */
const LEVEL = 0.9;
const CHANNELS = ['Direct', 'Mail', 'Search', 'Social'];
const people: Person[] = Array.from({ length: 160 }, (_, n): Person => {
  const amount = (12 * 1.022 ** n + (n % 9)).toFixed(2);
  const touch = (day: number, place: number) =>
    [
      day + place,
      CHANNELS[(n * 3 + place * place + (day > 20 ? n % 2 : 0)) % 4]!,
      `campaign ${(n + place) % 3}`,
    ] as const;
  const early = 1 + (n % 20);
  const late = 36 + (n % 17);
  const givenBack = n % 8 === 0 ? (Number(amount) * 0.8).toFixed(2) : undefined;
  return {
    name: `p${n}`,
    touches: [
      ...(n % 3 !== 1 ? [touch(early, 0), touch(early, 1)] : []),
      ...(n % 3 !== 2 ? [touch(late, 0), touch(late, 2)] : []),
    ],
    orders: [
      // What is given back of the last days of January comes in February.
      ...(n % 3 !== 1 ? [[n % 8 === 0 ? 30.5 : early + 2, amount, 'EUR', givenBack] as const] : []),
      ...(n % 3 !== 2 && n % 8 !== 0 ? [[late + 3, (Number(amount) * 0.7).toFixed(2), 'EUR'] as const] : []),
    ],
  };
});

let shop: TemporaryShop;
let reader: Reader;
let published: Published;
let booked: {
  model: string;
  person: string;
  channel: string;
  campaign: string;
  day: string;
  minor: number;
  credit: number;
}[];

const ask = (question: Omit<KpiQuestion, 'kpi'>, kpi = 'attribution-intervals') =>
  reportKpi(published, { kpi, ...question });
const JANUARY = { from: '2025-01-01', to: '2025-01-31' };
const FEBRUARY = { from: '2025-02-01', to: '2025-02-28' };

beforeAll(async () => {
  shop = await temporaryShop();
  settings(shop, { interval_replicates: 2000, interval_level: 90 });
  await shop.give({
    ...recordsOf(people),
    spend: [
      { date: '2025-01-05', channel: 'Search', cost: '400.00', currency: 'EUR' },
      { date: '2025-02-20', channel: 'Search', cost: '300.00', currency: 'EUR' },
    ],
  });
  await shop.shop.build();
  reader = await openReader(shop.shop.directory);
  published = (await reader.published())!;
  const rows = await shop.ask(
    `SELECT c.model, v.person_id, c.channel, c.campaign, CAST(c.booking_date AS varchar) AS day, c.revenue_minor AS minor,
       CASE WHEN c.booking_kind = 'return' THEN 0 ELSE c.share_billionths END AS credit
     FROM credits c JOIN conversions v ON v.conversion_id = c.conversion_id`,
  );
  booked = rows.map((row) => ({
    model: String(row.model),
    person: String(row.person_id),
    channel: String(row.channel),
    campaign: `${row.channel} / ${row.campaign}`,
    day: String(row.day),
    minor: Number(row.minor),
    credit: Number(row.credit),
  }));
}, 240_000);
afterAll(() => {
  reader?.close();
  shop?.remove();
});

type Booked = (typeof booked)[number];
const isIn = ({ from, to }: { from: string; to: string }, { day }: Booked) => day >= from && day <= to;

/** What each person has in some rows, summed. */
function byPerson(rows: readonly Booked[], of: (row: Booked) => number): number[] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row.person, (sums.get(row.person) ?? 0) + of(row));
  return [...sums.values()];
}
function momentsOf(parts: readonly number[]) {
  const moments = { up: 0, upSquares: 0, down: 0, downSquares: 0 };
  for (const part of parts) {
    if (part > 0) Object.assign(moments, { up: moments.up + part, upSquares: moments.upSquares + part ** 2 });
    else Object.assign(moments, { down: moments.down - part, downSquares: moments.downSquares + part ** 2 });
  }
  return moments;
}
const boundsOf = (parts: readonly number[], unit: number) => {
  const found = sumInterval(momentsOf(parts), LEVEL);
  return found ? [Math.round(found.low) / unit, Math.round(found.high) / unit] : [null, null];
};
const rowOf = ({ rows }: KpiAnswer, label: string) => rows.find((row) => row.label === label)!;

describe('the interval of a group', () => {
  test.each([
    { by: 'channel', label: (row: Booked) => row.channel, ...JANUARY },
    { by: 'campaign', label: (row: Booked) => row.campaign, ...FEBRUARY },
    { by: 'month', label: (row: Booked) => row.day.slice(0, 7), from: '2025-01-01', to: '2025-02-28' },
    { by: 'all', label: () => 'all', ...FEBRUARY, channel: 'Mail' },
    { by: 'store', label: () => '(online)', ...JANUARY },
  ] as {
    by: string;
    label: (row: Booked) => string;
    from: string;
    to: string;
    channel?: string;
  }[])('by $by is made of what each person has in it', async ({ by, label, from, to, channel }) => {
    for (const model of ['linear', 'markov']) {
      const filters = channel === undefined ? {} : { channel };
      const answer = await ask({ by, model, from, to, filters });
      const rows = booked.filter(
        (row) =>
          row.model === model &&
          isIn({ from, to }, row) &&
          (channel === undefined || row.channel === channel),
      );
      const labels = [...new Set(rows.map(label))];
      const credited = answer.rows.filter((row) => row.conversions !== 0 || row.revenue !== 0);
      expect(credited.map((row) => String(row.label)).sort()).toEqual(labels.sort());
      let bounded = 0;
      for (const one of labels) {
        const its = rows.filter((row) => label(row) === one);
        const row = rowOf(answer, one);
        expect(row.revenue).toBe(its.reduce((sum, { minor }) => sum + minor, 0) / 100);
        expect([row.revenue_low, row.revenue_high], one).toEqual(
          boundsOf(
            byPerson(its, (r) => r.minor),
            100,
          ),
        );
        expect([row.conversions_low, row.conversions_high], one).toEqual(
          boundsOf(
            byPerson(its, (r) => r.credit),
            1e9,
          ),
        );
        expect(row.refitted).toBe(model === 'linear' ? 'a rule has nothing to fit' : 'no, weights kept');
        expect(row.replicates).toBeNull();
        if (row.revenue_low !== null) bounded++;
        else expect(row.withheld).toContain('too few people');
      }
      expect(bounded).toBeGreaterThan(0);
    }
  });

  test('of ROAS and CPA is that of revenue and purchases over the spend as it was', async () => {
    const search = rowOf(await ask({ by: 'channel', model: 'linear', ...JANUARY }), 'Search');
    expect(search.roas).toBeCloseTo(Number(search.revenue) / 400, 5);
    expect(search.roas_low).toBeCloseTo(Number(search.revenue_low) / 400, 4);
    expect(search.roas_high).toBeCloseTo(Number(search.revenue_high) / 400, 4);
    expect(search.cpa_low).toBeCloseTo(400 / Number(search.conversions_high), 1);
    expect(search.cpa_high).toBeCloseTo(400 / Number(search.conversions_low), 1);
    const mail = rowOf(await ask({ by: 'channel', model: 'linear', ...JANUARY }), 'Mail');
    expect(mail).toMatchObject({ roas: null, roas_low: null, cpa: null, cpa_low: null });
  });

  test('has the spread of a Poisson bootstrap of the booked rows by person', async () => {
    const query = readSqlFolder('queries').find(({ name }) => name === 'attribution-intervals')!.select;
    const parameters = [
      FEBRUARY.from,
      FEBRUARY.to,
      'linear',
      'campaign',
      ...ATTRIBUTION_INTERVALS.filters!.map(() => null),
    ];
    const own = await published.query(query, [...parameters, null, null]);
    const persons = [...new Set(booked.map(({ person }) => person))].sort();
    const numbers = new Map(persons.map((person, at) => [person, at]));
    const replicates = 4000;
    for (const row of own as Row[]) {
      const its = booked.filter(
        (one) => one.model === 'linear' && one.campaign === row.label && isIn(FEBRUARY, one),
      );
      const sums = Array.from({ length: replicates }, (_, replicate) =>
        its.reduce((sum, one) => sum + one.minor * poissonOne(3, numbers.get(one.person)!, replicate), 0),
      );
      const mean = sums.reduce((a, b) => a + b, 0) / replicates;
      const squares = sums.map((sum) => (sum - mean) ** 2);
      const variance = squares.reduce((a, b) => a + b, 0) / (replicates - 1);
      const fourth = squares.reduce((sum, square) => sum + square ** 2, 0) / replicates;
      const error = Math.sqrt((fourth - variance ** 2) / replicates);
      const closed = sumError({
        up: Number(row.minor_up),
        upSquares: Number(row.minor_up_squares),
        down: Number(row.minor_down),
        downSquares: Number(row.minor_down_squares),
      });
      expect(Math.abs(variance - closed ** 2), String(row.label)).toBeLessThan(3.5 * error);
    }
    expect(own.length).toBeGreaterThan(8);
    expect(own.some((row) => Number(row.minor_down) > 0)).toBe(true);
  });

  test('over all time, asked for as a period, is that of the bootstrap of whole channels', async () => {
    for (const model of ['linear', 'last_touch', 'position_based']) {
      const whole = await ask({ by: 'channel', model });
      const period = await ask({ by: 'channel', model, from: '2024-01-01', to: '2026-01-01' });
      for (const row of whole.rows) {
        const other = rowOf(period, String(row.label));
        expect(row.replicates).toBe('2000');
        expect(other.replicates).toBeNull();
        expect(other.revenue).toBe(row.revenue);
        expect(other.conversions_low).toBe(row.conversions_low);
        // The bootstrap's 90% are as wide as 2 x 1.645 of the standard error, as far as 2,000 replicates can tell.
        const own = booked.filter((one) => one.model === model);
        const all = own.reduce((sum, { minor }) => sum + minor, 0);
        const part = (one: Booked) => (one.channel === row.label ? one.minor : 0);
        const share = own.reduce((sum, one) => sum + part(one), 0) / all;
        const error = (of: (one: Booked) => number) => sumError(momentsOf(byPerson(own, of)));
        for (const [name, expected] of [
          ['revenue', error(part) / 100],
          ['share', error((one) => part(one) - share * one.minor) / all],
        ] as const) {
          const ratio = (Number(row[`${name}_high`]) - Number(row[`${name}_low`])) / (2 * 1.645 * expected);
          expect(ratio, `${model} ${row.label} ${name}`).toBeGreaterThan(0.91);
          expect(ratio, `${model} ${row.label} ${name}`).toBeLessThan(1.09);
          expect(Number(other[`${name}_low`])).toBeLessThan(
            Number(row[name === 'share' ? 'revenue_share' : name]),
          );
          expect(Number(other[`${name}_high`]) - Number(other[`${name}_low`])).toBeGreaterThan(
            2 * 1.6 * expected,
          );
        }
      }
    }
  });
});

describe('the change against another period', () => {
  test.each(['channel', 'campaign', 'all'])('by %s takes a person of both as one', async (by) => {
    const answer = await ask({ by, model: 'linear', ...FEBRUARY, compare: 'previous_period' });
    const label = (row: Booked) => (by === 'all' ? 'all' : row[by as 'channel']);
    let bounded = 0;
    for (const row of answer.rows) {
      if (row.revenue === null || row.revenue_before === null) {
        expect([row.revenue_change, row.revenue_change_low]).toEqual([null, null]);
        continue;
      }
      const its = booked.filter((one) => one.model === 'linear' && label(one) === row.label);
      const sign = (one: Booked) => (isIn(FEBRUARY, one) ? 1 : isIn(JANUARY, one) ? -1 : 0);
      expect(row.revenue_change).toBeCloseTo(Number(row.revenue) - Number(row.revenue_before), 9);
      expect([row.revenue_change_low, row.revenue_change_high]).toEqual(
        boundsOf(
          byPerson(its, (one) => sign(one) * one.minor),
          100,
        ),
      );
      expect([row.conversions_change_low, row.conversions_change_high]).toEqual(
        boundsOf(
          byPerson(its, (one) => sign(one) * one.credit),
          1e9,
        ),
      );
      if (row.revenue_change_low !== null) bounded++;
    }
    expect(bounded).toBeGreaterThan(0);
    expect(answer.columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['revenue_change', 'revenue_change_low', 'revenue_low_before']),
    );
    expect(answer.columns.map(({ name }) => name)).not.toContain('revenue_change_before');
  });

  test('parts of the calendar meet by their place', async () => {
    const answer = await ask({
      by: 'week',
      model: 'linear',
      from: '2025-02-03',
      to: '2025-02-16',
      compare: 'previous_period',
    });
    expect(answer.comparison).toMatchObject({ from: '2025-01-20', to: '2025-02-02' });
    for (const [now, before] of [
      [
        { from: '2025-02-03', to: '2025-02-09' },
        { from: '2025-01-20', to: '2025-01-26' },
      ],
      [
        { from: '2025-02-10', to: '2025-02-16' },
        { from: '2025-01-27', to: '2025-02-02' },
      ],
    ] as const) {
      const row = rowOf(answer, now.from);
      const sign = (one: Booked) => (isIn(now, one) ? 1 : isIn(before, one) ? -1 : 0);
      const its = booked.filter((one) => one.model === 'linear');
      expect(row.revenue_change).not.toBeNull();
      expect([row.revenue_change_low, row.revenue_change_high]).toEqual(
        boundsOf(
          byPerson(its, (one) => sign(one) * one.minor).filter((part) => part !== 0),
          100,
        ),
      );
    }
  });

  test('is in no answer that is set beside nothing', async () => {
    const answer = await ask({ by: 'channel', model: 'linear', ...JANUARY });
    expect(answer.columns.map(({ name }) => name)).not.toContain('revenue_change');
    expect(answer.rows[0]).not.toHaveProperty('revenue_change');
  });
});
