import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareModels } from '../../bin/commands/compare.ts';
import { retain } from '../../lib/adapters/embedded/privacy/retain.ts';
import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { type KpiAnswer, type Published, reportKpi } from '../../lib/pipeline/report-kpi.ts';
import { comparisonText } from '../../lib/report/show-comparison.ts';
import { seed, seedText } from '../pipeline/seed-file.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

/**
 * A channel with one buyer, one with few, two with many, and one that only cost money. The one of SMS buys alone on its
 * day, so that a day, a period of one day and a channel all would tell what was bought.
 */
const CHANNELS = { email: 60, affiliate: 30, cpc: 6, sms: 1 };
const TOGETHER = '(groups of fewer than 10 people, together)';
const NOTHING = '(fewer than 10 people)';
const LONELY = { from: '2025-04-25', to: '2025-04-25' };

async function lopsidedChannels(): Promise<TemporaryShop> {
  const shop = await temporaryShop();
  seed(
    shop,
    'settings',
    'min_persons,10,people,',
    'min_persons_outside,50,people,',
    'interval_replicates,20,replicates,',
  );
  const buyers = Object.entries(CHANNELS).flatMap(([medium, count]) =>
    Array.from({ length: count }, (_, n) => ({
      medium,
      customer_id: `${medium}-${n}`,
      day: medium === 'sms' ? '2025-04-25' : `2025-0${3 + (n % 2)}-${String(3 + (n % 3)).padStart(2, '0')}`,
      amount: medium === 'sms' ? '8.11' : `${20 + n}.50`,
    })),
  );
  await shop.give({
    web_events: buyers.map(({ medium, customer_id, day }) => ({
      event_id: customer_id,
      event: 'Page Viewed',
      occurred_at: `${day}T10:00:00Z`,
      customer_id,
      url: `https://shop.example/?utm_source=${medium === 'cpc' ? 'google' : 'partner'}&utm_medium=${medium}&utm_campaign=spring`,
    })),
    orders: buyers.map(({ customer_id, day, amount }) => ({
      order_id: customer_id,
      occurred_at: `${day}T12:00:00Z`,
      currency: 'EUR',
      customer_id,
      lines: [{ sku: 'A', amount }],
    })),
    spend: [
      { date: '2025-03-03', channel: 'Posters', cost: '40.00', currency: 'EUR' },
      { date: '2025-03-03', channel: 'Email', cost: '10.00', currency: 'EUR' },
    ],
  });
  await shop.shop.build();
  return shop;
}

describe('attribution does not tell what few people bought', () => {
  let shop: TemporaryShop;
  let reader: Reader;
  let published: Published;

  beforeAll(async () => {
    shop = await lopsidedChannels();
    reader = await openReader(shop.shop.directory);
    published = (await reader.published())!;
  }, 240_000);
  afterAll(() => {
    reader?.close();
    shop?.remove();
  });

  const model = 'last_touch';
  const labels = ({ rows }: KpiAnswer) => [...new Set(rows.map(({ label }) => String(label)))].sort();
  const cents = ({ rows }: KpiAnswer, measure: string) =>
    rows.reduce((sum, row) => sum + Math.round(Number(row[measure] ?? 0) * 100), 0);

  test('people behind a channel are those whose purchases it has credit of', async () => {
    const rows = await shop.ask(
      "SELECT channel, known_buyers FROM channel_people WHERE model = 'last_touch' ORDER BY 2",
    );
    expect(rows.map(({ known_buyers }) => Number(known_buyers))).toEqual([1, 6, 30, 60]);
  });

  test('by channel the small and the smallest of the large are one row, and all comes to what there was', async () => {
    const answer = await reportKpi(published, { kpi: 'attribution', by: 'channel', model });
    expect(labels(answer)).toEqual([TOGETHER, 'Email', 'Posters']);
    const all = await reportKpi(published, { kpi: 'attribution', by: 'all', model });
    const ledger = await shop.ask(
      `SELECT CAST(sum(revenue_minor) AS bigint) AS revenue, CAST(sum(spend_minor) AS bigint) AS spend
       FROM channel_daily WHERE model = '${model}'`,
    );
    for (const one of [answer, all]) {
      expect(cents(one, 'revenue')).toBe(Number(ledger[0]!.revenue));
      expect(cents(one, 'spend')).toBe(Number(ledger[0]!.spend));
      expect(cents(one, 'conversions')).toBe(97 * 100);
    }
    const outside = await reportKpi(published, {
      kpi: 'attribution',
      by: 'channel',
      model,
      audience: 'outside',
    });
    expect(outside.rows.map(({ conversions }) => conversions)).toEqual(expect.arrayContaining([97, 0]));
    expect(JSON.stringify(outside.rows)).not.toMatch(/SMS|8\.11/);
  });

  test.each(KPIS.find(({ name }) => name === 'attribution')!.groupings)(
    'of a day with one buyer, by %s nothing is told, inside or outside',
    async (by) => {
      const answer = await reportKpi(published, { kpi: 'attribution', by, ...LONELY });
      expect(labels(answer)).toEqual([NOTHING]);
      expect(JSON.stringify(answer.rows)).not.toContain('8.11');
      if (by === 'week') return;
      const april = { from: '2025-04-01', to: '2025-04-30', audience: 'outside' };
      const outside = await reportKpi(published, { kpi: 'attribution', by, model, ...april });
      for (const row of outside.rows)
        expect(Number(row.conversions ?? 0) === 0 || Number(row.conversions) >= 48).toBe(true);
    },
  );

  test('outside the company no KPI about people gives weeks, which months cut', async () => {
    const weekly = KPIS.filter(
      ({ privacy, groupings }) => privacy.describes === 'people' && groupings.includes('week'),
    );
    expect(weekly.length).toBeGreaterThan(3);
    for (const { name: kpi } of weekly) {
      await expect(reportKpi(published, { kpi, by: 'week', audience: 'outside' })).rejects.toThrow(
        /cut weeks/,
      );
      await reportKpi(published, { kpi, by: 'week' });
    }
  });

  test('intervals by channel are of the same channels, with no bound or ratio of those together', async () => {
    const answer = await reportKpi(published, { kpi: 'attribution-intervals', model });
    expect(labels(answer)).toEqual(expect.arrayContaining([TOGETHER, 'Email']));
    expect(JSON.stringify(answer.rows)).not.toMatch(/SMS|Paid|Affiliate|8\.11/);
    const together = answer.rows.find(({ label }) => label === TOGETHER)!;
    for (const name of [
      'revenue_low',
      'revenue_high',
      'share_low',
      'share_high',
      'roas',
      'roas_low',
      'roas_high',
    ])
      expect(together[name], name).toBeNull();
    expect(together).toMatchObject({ random_seed: '1', config_hash: expect.any(String) });
    expect(answer.rows.reduce((sum, row) => sum + Number(row.revenue_share), 0)).toBeCloseTo(1, 5);
    expect(cents(answer, 'revenue')).toBe(
      cents(await reportKpi(published, { kpi: 'attribution', by: 'all', model }), 'revenue'),
    );
  });

  test('comparisons name none of them, nor the one that stands with them', async () => {
    for (const [kpi, by] of [
      ['model-comparison', 'channel'],
      ['channel-differences', 'revenue'],
      ['channel-differences', 'roas'],
      ['model-conclusions', 'conclusion'],
    ] as const) {
      const answer = await reportKpi(published, { kpi, by });
      expect(JSON.stringify(answer.rows), kpi).not.toMatch(/SMS|Paid|Affiliate/);
      if (by !== 'roas') expect(answer.suppressed_rows, kpi).toBeGreaterThan(1);
    }
    const spread = await reportKpi(published, { kpi: 'model-comparison' });
    expect(spread.rows.find(({ label }) => label === TOGETHER)).toMatchObject({
      spread: null,
      best_rank: null,
    });
    const text = comparisonText(await compareModels(published));
    expect(text).toContain(TOGETHER);
    expect(text).not.toMatch(/SMS|Paid|Affiliate|NaN|null/);
  });

  test('where no channel has enough people, comparisons say that alone', async () => {
    const strict: Published = {
      // Facts of a build are read once per manifest.
      manifest: { ...published.manifest },
      query: async (select, parameters) =>
        (await published.query(select, parameters)).map((row) =>
          'reporting_zone' in row ? { ...row, inside: '1000' } : row,
        ),
    };
    for (const kpi of [
      'attribution-intervals',
      'model-comparison',
      'channel-differences',
      'model-conclusions',
    ]) {
      const { rows } = await reportKpi(strict, { kpi });
      expect(
        rows.filter(({ label }) => label === '(fewer than 1000 people)'),
        kpi,
      ).toHaveLength(1);
      expect(JSON.stringify(rows), kpi).not.toMatch(/Email|SMS|Paid|Affiliate/);
    }
    expect(comparisonText(await compareModels(strict))).not.toMatch(/Email|SMS|NaN|null/);
  });
});

describe('figures of closed days whose persons are gone', () => {
  test('are of as many people as purchases at most: one purchase is not shown', async () => {
    const shop = await temporaryShop();
    try {
      seed(shop, 'settings', 'min_persons,3,people,', 'interval_replicates,0,replicates,');
      seedText(shop, 'retention.csv', 'raw_table:varchar,days:bigint,meaning:varchar\nraw_events,30,\n');
      const people = ['a', 'b', 'c', 'd', 'e'];
      const dayOf = (name: string) => (name === 'a' ? '2025-03-20' : '2025-03-10');
      await shop.give({
        web_events: people.map((name) => ({
          event_id: name,
          event: 'Page Viewed',
          occurred_at: `${dayOf(name)}T10:00:00Z`,
          customer_id: name,
          url: 'https://shop.example/?utm_source=news&utm_medium=email',
        })),
        orders: people.map((name) => ({
          order_id: name,
          occurred_at: `${dayOf(name)}T12:00:00Z`,
          currency: 'EUR',
          customer_id: name,
          lines: [{ sku: 'A', amount: '10.00' }],
        })),
      });
      await shop.shop.build();
      await shop.shop.closePeriod('2025-06-30');
      await shop.shop.build();
      await retain(shop.shop);
      expect((await shop.ask('SELECT count(*) AS n FROM credits'))[0]!.n).toBe(0);
      const reader = await openReader(shop.shop.directory);
      try {
        const published = (await reader.published())!;
        const of = async (day: string) =>
          (await reportKpi(published, { kpi: 'attribution', by: 'all', model: 'linear', from: day, to: day }))
            .rows;
        expect(await of('2025-03-10')).toMatchObject([{ label: 'all', conversions: 4, revenue: 40 }]);
        expect(await of('2025-03-20')).toMatchObject([{ label: '(fewer than 3 people)', revenue: null }]);
      } finally {
        reader.close();
      }
    } finally {
      shop.remove();
    }
  }, 240_000);
});
