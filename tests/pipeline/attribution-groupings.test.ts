import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import { ATTRIBUTION_KPIS } from '../../lib/domain/attribution-kpis.ts';
import { type KpiAnswer, type Published, reportKpi } from '../../lib/pipeline/report-kpi.ts';
import { readSqlFolder } from '../../lib/pipeline/sql-files.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { type DemoFiles, importDemo, writeDemoFiles } from './demo-shop.ts';
import { seed, withoutSeeds } from './seed-file.ts';

/**
 * What every breakdown of credit must come to: in a shop with returns, two closed periods and figures restated since, by
 * whatever it is grouped and filtered, all groups together are what `all` is, to the cent.
 */
const KPI = ATTRIBUTION_KPIS.find(({ name }) => name === 'attribution')!;
const SUMS = ['revenue', 'revenue_by_purchase_date', 'store_revenue', 'returned', 'conversions', 'margin'];
const KNOWN_SPEND = ['channel', 'source_medium', 'campaign', 'day', 'week', 'month', 'quarter', 'all'];
const QUERY = readSqlFolder('queries').find(({ name }) => name === 'attribution')!.select;
const ADJUSTED = '(adjusted after closing)';

let demo: DemoFiles;
let shop: TemporaryShop;
let reader: Reader;
let published: Published;
let values: Record<string, string[]>;

const ask = (question: Omit<Parameters<typeof reportKpi>[1], 'kpi'>) =>
  reportKpi(published, { kpi: 'attribution', limit: 100_000, ...question } as Parameters<
    typeof reportKpi
  >[1]);

/** Sums of an answer's rows by model and currency, in hundredths; of purchases in billionths. */
function totals({ rows }: KpiAnswer, measures: readonly string[]): Record<string, number[]> {
  const sums: Record<string, number[]> = {};
  for (const row of rows) {
    const key = `${row.model} ${row.currency}`;
    const of = sums[key] ?? measures.map(() => 0);
    sums[key] = of;
    for (const [at, measure] of measures.entries())
      of[at]! += Math.round(Number(row[measure] ?? 0) * (measure === 'conversions' ? 1e9 : 100));
  }
  return sums;
}
/** Models of which nothing is left have a row in some answers and none in others. */
const withoutNothing = (sums: Record<string, number[]>) =>
  Object.fromEntries(Object.entries(sums).filter(([, all]) => all.some((sum) => sum !== 0)));

beforeAll(async () => {
  demo = await writeDemoFiles(150, 5);
  shop = await temporaryShop();
  await importDemo(shop, demo.files);
  // Closed under other settings, so that the next build restates credit.
  seed(
    shop,
    'settings',
    'match_unknown_consent,false,true or false,none',
    'interval_replicates,20,replicates,',
  );
  await shop.shop.build();
  await shop.shop.closePeriod('2025-03-31');
  withoutSeeds(shop);
  seed(shop, 'settings', 'interval_replicates,20,replicates,');
  await shop.shop.build();
  reader = await openReader(shop.shop.directory);
  published = (await reader.published())!;
  const distinct = async (column: string, table: string) =>
    (
      await shop.ask(`SELECT DISTINCT ${column} AS v FROM ${table} WHERE ${column} IS NOT NULL ORDER BY 1`)
    ).map(({ v }) => String(v));
  values = {
    channel: await distinct('channel', 'credit_origins'),
    campaign: await distinct('campaign', 'credit_origins'),
    device: await distinct('device', 'credit_origins'),
    store: await distinct('store_id', 'buyer_groups'),
    region: await distinct('region', 'buyer_groups'),
    persona: await distinct('persona', 'buyer_groups'),
    customer_type: ['new', 'returning'],
    category: await distinct('category', 'credited_products'),
  };
}, 300_000);
afterAll(() => {
  reader?.close();
  shop?.remove();
  demo?.remove();
});

describe('all groups together', () => {
  test.each(KPI.groupings)('by %s are what all is, in every model', async (by) => {
    const all = await ask({ by: 'all' });
    const answer = await ask({ by });
    expect(Object.keys(totals(all, SUMS)).length).toBeGreaterThanOrEqual(13);
    expect(totals(answer, SUMS)).toEqual(totals(all, SUMS));
    const labels = new Set(answer.rows.map(({ label }) => label));
    expect(labels.size, by).toBeGreaterThan(by === 'all' ? 0 : 1);
    expect(labels.has(ADJUSTED)).toBe(!KNOWN_SPEND.includes(by));
  });

  test('are what all is in any period, for any model, through any filters', async () => {
    const day = fc
      .integer({ min: 0, max: 190 })
      .map((days) => new Date(Date.UTC(2024, 11, 28 + days)).toISOString().slice(0, 10));
    const one = fc
      .constantFrom(...Object.keys(values))
      .chain((name) => fc.constantFrom(...values[name]!).map((value) => [name, value] as const));
    const filters = fc
      .array(one, { maxLength: 2 })
      .map((pairs) => Object.fromEntries(pairs) as Record<string, string>);
    let told = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.option(fc.tuple(day, day), { nil: undefined, freq: 1 }),
        filters,
        fc.constantFrom('first_touch', 'linear', 'time_decay', 'markov'),
        fc.constantFrom(...KPI.groupings),
        async (days, filters, model, by) => {
          const [from, to] = days?.toSorted() ?? [];
          const question = { from, to, filters, model };
          const all = withoutNothing(totals(await ask({ ...question, by: 'all' }), SUMS));
          expect(withoutNothing(totals(await ask({ ...question, by }), SUMS))).toEqual(all);
          if (Object.keys(all).length > 0) told++;
        },
      ),
      { numRuns: 60, seed: 7 },
    );
    expect(told).toBeGreaterThan(20);
  });

  test('without a filter are what the ledger reports and, over all time, what credits say', async () => {
    const [ledger] = await shop.ask(
      `SELECT CAST(sum(revenue_minor) AS bigint) AS revenue, CAST(sum(spend_minor) AS bigint) AS spend FROM channel_daily WHERE model = 'linear'`,
    );
    const [credits] = await shop.ask(
      `SELECT CAST(sum(revenue_minor) AS bigint) AS revenue FROM credits WHERE model = 'linear'`,
    );
    for (const by of ['product', 'persona', 'quarter']) {
      const sums = totals(await ask({ by, model: 'linear' }), ['revenue']);
      expect(Object.values(sums).flat()).toEqual([Number(ledger!.revenue)]);
      expect(Object.values(sums).flat()).toEqual([Number(credits!.revenue)]);
    }
    for (const by of KNOWN_SPEND)
      expect(Object.values(totals(await ask({ by, model: 'linear' }), ['spend'])).flat(), by).toEqual([
        Number(ledger!.spend),
      ]);
  });

  test('closed figures stand by channel, and a breakdown says by how much it is not them', async () => {
    const closed = { model: 'linear', from: '2025-01-01', to: '2025-03-31' };
    const kept = await shop.ask(
      `SELECT CAST(sum(revenue_minor) AS bigint) AS n FROM channel_daily WHERE model = 'linear' AND day <= DATE '2025-03-31'`,
    );
    const known = await shop.ask(
      `SELECT CAST(sum(revenue_minor) AS bigint) AS n FROM credits WHERE model = 'linear' AND booking_date <= DATE '2025-03-31'`,
    );
    const difference = Number(kept[0]!.n) - Number(known[0]!.n);
    expect(difference).not.toBe(0);
    const { rows } = await ask({ ...closed, by: 'store' });
    const adjusted = rows.find(({ label }) => label === ADJUSTED)!;
    expect(Math.round(Number(adjusted.revenue) * 100)).toBe(difference);
    expect(adjusted).toMatchObject({ spend: null, roas: null });
    // One channel alone is reconciled too.
    const email = { ...closed, filters: { channel: 'Email' } };
    const [one] = (await ask({ ...email, by: 'channel' })).rows;
    const sums = totals(await ask({ ...email, by: 'customer_type' }), ['revenue']);
    expect(Object.values(sums).flat()).toEqual([Math.round(Number(one!.revenue) * 100)]);
  });
});

describe('people behind a group', () => {
  test('are counted as the credits say, by every grouping and model', async () => {
    const counted = async (label: string, joins = '') =>
      shop.ask(
        `SELECT c.model, ${label} AS label, count(DISTINCT v.person_id) AS people
         FROM credits c JOIN conversions v ON v.conversion_id = c.conversion_id ${joins}
         WHERE c.share_billionths > 0 GROUP BY 1, 2`,
      );
    const segments = 'JOIN person_segments s ON s.person_id = v.person_id';
    for (const [by, label, joins] of [
      ['channel', 'c.channel', ''],
      ['campaign', "c.channel || ' / ' || c.campaign", ''],
      ['month', "date_format(CAST(c.booking_date AS timestamp), '%Y-%m')", ''],
      ['persona', 's.persona', segments],
    ] as const) {
      const expected = new Map(
        (await counted(label, joins)).map((row) => [`${row.model} ${row.label}`, Number(row.people)]),
      );
      const rows = await published.query(QUERY, [
        null,
        '2026-12-31',
        null,
        by,
        ...KPI.filters!.map(() => null),
      ]);
      for (const [key, people] of expected)
        expect(Number(rows.find((row) => `${row.model} ${row.label}` === key)?.people), key).toBe(people);
    }
  });
});
