import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { planRetention, retain } from '../../lib/adapters/embedded/privacy/retain.ts';
import { cutoffs, longestLookback, retentionRules } from '../../lib/pipeline/privacy/retention.ts';
import { readSeeds } from '../../lib/pipeline/seeds.ts';
import { kpiRows } from '../pipeline/kpi-rows.ts';
import { seed, seedText } from '../pipeline/seed-file.ts';
import { NOW, type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { REFUSED, TWO_PEOPLE } from './two-people.ts';

const DAY = 86_400_000;

describe('when rows go', () => {
  const rules = retentionRules(readSeeds('/nowhere'));
  const now = Date.UTC(2028, 0, 1);
  const at = (closedThrough: string | null) =>
    Object.fromEntries(
      cutoffs(rules, { now, closedThrough, lookbackDays: 30 }).map(({ rule, before }) => [
        rule.table,
        before?.slice(0, 10) ?? null,
      ]),
    );

  test('is as the settings say, where the days are closed for long', () => {
    expect(at('2027-11-30')).toEqual({
      raw_events: '2025-12-02',
      raw_touches: '2025-12-02',
      raw_visits: '2026-11-27',
      raw_feedback: '2025-12-02',
      raw_sales: '2018-01-03',
      raw_consents: '2018-01-03',
      raw_rejections: '2027-12-02',
    });
  });

  test('is not before the days that an open purchase may look back on', () => {
    expect(at('2025-11-30')).toMatchObject({ raw_events: '2025-11-01', raw_visits: '2026-11-27' });
    expect(at(null)).toMatchObject({
      raw_events: null,
      raw_touches: null,
      raw_sales: null,
      raw_consents: null,
      raw_rejections: '2027-12-02',
    });
  });

  test('looks back as far as the furthest purchase', () => {
    expect(longestLookback(readSeeds('/nowhere'))).toBe(30);
  });
});

describe('taking away what is too old', () => {
  let shop: TemporaryShop;
  const counted = async () => {
    const engine = await openEngine({ spillDirectory: shop.shop.directory.spill });
    try {
      const plan = await planRetention(engine, shop.shop.directory, NOW);
      return Object.fromEntries(plan.map(({ rule, rows }) => [rule.table, rows]));
    } finally {
      engine.close();
    }
  };
  const attribution = (by: string) => kpiRows(shop, { kpi: 'attribution', by, model: 'linear' });

  beforeEach(async () => {
    shop = await temporaryShop();
    seed(shop, 'settings', 'interval_replicates,0,replicates,none');
    seedText(
      shop,
      'retention.csv',
      [
        'raw_table:varchar,days:bigint,meaning:varchar',
        ...[
          'raw_events,100,',
          'raw_touches,100,',
          'raw_visits,100,',
          'raw_feedback,100,',
          'raw_rejections,1,',
          '',
        ],
      ].join('\n'),
    );
    await shop.give(TWO_PEOPLE);
    await shop.give(REFUSED);
    await shop.shop.build();
  });
  afterEach(() => shop.remove());

  test('waits for a closed period, and then closed figures stay while the rows are gone', async () => {
    expect(await counted()).toMatchObject({ raw_events: 0, raw_touches: 0, raw_visits: 2, raw_feedback: 2 });
    await shop.shop.closePeriod('2025-03-31');
    await shop.shop.build();
    expect(await counted()).toMatchObject({ raw_events: 6, raw_touches: 2, raw_visits: 2, raw_sales: 0 });
    const before = [await attribution('channel'), await attribution('day')];
    expect(before[0]!.length).toBeGreaterThan(0);

    await retain(shop.shop);
    expect(await counted()).toMatchObject({
      raw_events: 0,
      raw_touches: 0,
      raw_visits: 0,
      raw_feedback: 0,
      raw_rejections: 0,
    });
    expect([await attribution('channel'), await attribution('day')]).toEqual(before);
    expect(await kpiRows(shop, { kpi: 'restatements' })).toEqual([]);
    const [events] = await shop.ask('SELECT count(*) AS n FROM touchpoints');
    expect(events!.n).toBe(0);

    const builds = await shop.ask('SELECT count(*) AS n FROM ledger');
    await retain(shop.shop);
    expect(await shop.ask('SELECT count(*) AS n FROM ledger')).toEqual(builds);

    await shop.give({
      refunds: [
        {
          refund_id: 'f1',
          order_id: 'o2',
          occurred_at: '2025-02-20T10:00:00Z',
          currency: 'EUR',
          amount: '5.00',
        },
      ],
    });
    await shop.shop.build();
    const late = await kpiRows(shop, { kpi: 'restatements', by: 'booking' });
    expect([...new Set(late.map(({ cause }) => cause))]).toEqual(['late_return']);
  });

  test.each([1, 2, 3])(
    'killed at build %i it goes on, and closed figures stay',
    async (killedAt) => {
      await shop.shop.closePeriod('2025-03-31');
      await shop.shop.build();
      const before = await attribution('channel');
      let builds = 0;
      const failing = {
        ...shop.shop,
        build: async () => {
          builds += 1;
          if (builds === killedAt) throw new Error('killed');
          return shop.shop.build();
        },
      };
      await expect(retain(failing)).rejects.toThrow('killed');
      await retain(shop.shop);
      await shop.shop.build();
      expect(await counted()).toMatchObject({ raw_events: 0, raw_touches: 0 });
      expect(await attribution('channel')).toEqual(before);
      expect(await kpiRows(shop, { kpi: 'restatements' })).toEqual([]);
    },
    180_000,
  );

  test('identifiers of old sales go, their revenue stays', async () => {
    seedText(
      shop,
      'retention.csv',
      'raw_table:varchar,days:bigint,meaning:varchar\nraw_sales,200,\nraw_events,200,\nraw_touches,200,\nraw_visits,200,\n',
    );
    await shop.shop.closePeriod('2025-06-30');
    await shop.shop.build();
    const [before] = await shop.ask('SELECT sum(revenue_minor) AS minor FROM conversions');
    await retain(shop.shop);
    expect(
      (await shop.ask('SELECT sum(revenue_minor) AS minor, count(person_id) AS known FROM conversions'))[0],
    ).toEqual({ ...before, known: 0 });
    expect(NOW - 200 * DAY).toBeGreaterThan(Date.UTC(2025, 5, 1));
  });
});
