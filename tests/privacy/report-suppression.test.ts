import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import { createApi } from '../../lib/api/app.ts';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { type KpiAnswer, type Published, reportKpi } from '../../lib/pipeline/report-kpi.ts';
import { chart, DRAWN_KPIS } from '../../lib/report/charts/chart.ts';
import { showKpi } from '../../lib/report/show-kpi.ts';
import { seed } from '../pipeline/seed-file.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

const STORES = { rome: 30, milan: 12, turin: 7, bari: 1 };
const START = Date.UTC(2025, 2, 1);
const DAY = 86_400_000;
const at = (day: number) => new Date(START + day * DAY).toISOString();

/** Four stores, of which two have fewer than ten known buyers; each buyer views, visits and buys three times. */
async function fourStores(): Promise<TemporaryShop> {
  const shop = await temporaryShop();
  seed(
    shop,
    'settings',
    'min_persons,10,people,',
    'min_persons_outside,25,people,',
    'interval_replicates,0,replicates,',
    'ropo_min_persons,2,persons,',
  );
  const buyers = Object.entries(STORES).flatMap(([store_id, count]) =>
    Array.from({ length: count }, (_, n) => ({ store_id, customer_id: `${store_id}-${n}`, n })),
  );
  const times = [0, 1, 2];
  await shop.give({
    stores: Object.keys(STORES).map((store_id) => ({
      store_id,
      name: store_id,
      time_zone: 'UTC',
      currency: 'EUR',
      region: store_id,
    })),
    products: ['A', 'B', 'C'].map((sku) => ({ sku, product_id: sku, category: `category ${sku}` })),
    web_events: buyers.flatMap(({ customer_id, n }) =>
      times.map((time) => ({
        event_id: `${customer_id}-${time}`,
        event: 'Product Viewed',
        occurred_at: at(time * 9 + (n % 3)),
        customer_id,
        sku: 'ABC'[(n + time) % 3],
        url: `https://shop.example/?utm_source=news&utm_medium=email&utm_campaign=${customer_id.split('-')[0]}`,
      })),
    ),
    store_visits: buyers.map(({ customer_id, store_id, n }) => ({
      visit_id: customer_id,
      store_id,
      entered_at: at(4 + (n % 3)),
      method: 'app',
      customer_id,
    })),
    orders: buyers.map(({ customer_id, store_id, n }) => ({
      order_id: customer_id,
      occurred_at: at(30 + (n % 3)),
      currency: 'EUR',
      customer_id,
      fulfilment: 'click_and_collect',
      store_id,
      lines: [{ sku: 'A', amount: '3.00' }],
    })),
    receipts: [
      ...buyers.flatMap(({ customer_id, store_id, n }) =>
        times.map((time) => ({
          receipt_id: `${customer_id}-${time}`,
          store_id,
          occurred_at: at(time * 9 + 2 + (n % 3)),
          customer_id,
          lines: [{ sku: 'ABC'[(n + time + (n % 2)) % 3], amount: `${10 + n}.01` }],
        })),
      ),
      { receipt_id: 'nobody', store_id: 'bari', occurred_at: at(3), lines: [{ sku: 'A', amount: '5.00' }] },
    ],
  });
  await shop.shop.build();
  return shop;
}

describe('answers of a shop with small stores', () => {
  let shop: TemporaryShop;
  let reader: Reader;
  let published: Published;

  beforeAll(async () => {
    shop = await fourStores();
    reader = await openReader(shop.shop.directory);
    published = (await reader.published())!;
  });
  afterAll(() => {
    reader?.close();
    shop?.remove();
  });

  const labels = (answer: KpiAnswer) => [...new Set(answer.rows.map(({ label }) => label))];
  const TOGETHER = '(groups of fewer than 10 people, together)';

  test.each([
    ['purchases', 'store'],
    ['returns', 'store'],
    ['ropo', 'store'],
    ['ropo-waterfall', 'store'],
    ['store-visits', 'region'],
    ['collected-orders', 'store'],
    ['store-attribution', 'store'],
  ])('%s by %s shows the large stores and puts the small with the smallest of them', async (kpi, by) => {
    const answer = await reportKpi(published, { kpi, by });
    expect(labels(answer)).toEqual(expect.arrayContaining(['rome', TOGETHER]));
    for (const small of ['milan', 'turin', 'bari']) expect(labels(answer)).not.toContain(small);
    expect(answer.suppressed_rows).toBeGreaterThanOrEqual(3);
    expect(answer).toMatchObject({ audience: 'inside', min_persons: 10 });
    expect(showKpi(answer, 'table')).toContain('behind every row stand at least 10 people');
    expect(showKpi(answer, 'csv')).not.toMatch(/milan|turin|bari/);
  });

  test('attribution by campaign and by channel is of people', async () => {
    const model = 'last_touch';
    expect(labels(await reportKpi(published, { kpi: 'attribution', by: 'campaign', model }))).toEqual(
      expect.arrayContaining(['Email / rome', TOGETHER]),
    );
    // All fifty have bought by one channel: nothing is small.
    const byChannel = await reportKpi(published, { kpi: 'attribution', by: 'channel', model });
    expect(byChannel.suppressed_rows).toBe(0);
    expect(labels(byChannel)).toEqual(['Email']);
  });

  test('sums over the rows are what they were', async () => {
    const total = async (kpi: string, by: string, measure: string) => {
      const { rows } = await reportKpi(published, { kpi, by });
      return rows.reduce((sum, row) => sum + Math.round(Number(row[measure] ?? 0) * 100), 0);
    };
    expect(await total('purchases', 'store', 'sold')).toBe(await total('purchases', 'all', 'sold'));
    expect(await total('returns', 'store', 'sold')).toBe(await total('returns', 'all', 'sold'));
    expect(await total('ropo', 'store', 'store_revenue')).toBe(await total('ropo', 'all', 'store_revenue'));
    expect(await total('collected-orders', 'region', 'orders')).toBe(
      await total('collected-orders', 'all', 'orders'),
    );
  });

  test('outside the company a row needs more people, and periods are whole months', async () => {
    const audience = 'outside';
    const answer = await reportKpi(published, { kpi: 'purchases', by: 'store', audience });
    expect(labels(answer)).toEqual(['(groups of fewer than 25 people, together)']);
    expect(answer.min_persons).toBe(25);
    await expect(reportKpi(published, { kpi: 'purchases', from: '2025-03-02', audience })).rejects.toThrow(
      /first day of a month/,
    );
    await expect(reportKpi(published, { kpi: 'purchases', to: '2025-03-30', audience })).rejects.toThrow(
      /last day of a month/,
    );
    await expect(reportKpi(published, { kpi: 'restatements', by: 'booking', audience })).rejects.toThrow(
      /do not leave the company/,
    );
    const march = await reportKpi(published, {
      kpi: 'purchases',
      from: '2025-03-01',
      to: '2025-03-31',
      audience,
    });
    expect(march.rows.length).toBeGreaterThan(0);
  });

  test('where nothing has enough people the answer says so, and holds no figure', async () => {
    const few = await reportKpi(published, { kpi: 'collected-orders', by: 'day', audience: 'outside' });
    expect(few.rows.map(({ label }) => label)).toEqual(['(fewer than 25 people)']);
    const figures = Object.entries(few.rows[0]!).filter(([name]) => !['label', 'currency'].includes(name));
    expect(figures.filter(([, value]) => value !== null)).toEqual([]);
    expect(few.suppressed_rows).toBeGreaterThan(1);
  });

  test('inside a waterfall no step and no reason is of a few people', async () => {
    const { rows } = await reportKpi(published, { kpi: 'ropo-waterfall', by: 'all' });
    const whole = rows.find((row) => row.step === 'all store purchases' && row.remainder === null)!;
    expect(whole.lines).toBe(151);
    const steps = [...new Set(rows.map(({ step }) => step))];
    for (const [at_, step] of steps.entries()) {
      if (step === 'of these credited') continue;
      const of = rows.filter((row) => row.step === step);
      const next = steps.slice(at_ + 1).find((name) => name !== 'of these credited');
      const parts = [
        ...of.filter((row) => row.remainder !== null),
        ...rows.filter((row) => row.step === next && row.remainder === null),
      ];
      if (parts.length === 0) continue;
      const sum = parts.reduce((before, row) => before + Number(row.lines), 0);
      expect(sum).toBe(Number(of.find((row) => row.remainder === null)!.lines));
    }
  });

  test('the API takes the audience, and its errors hold nothing of the data', async () => {
    const api = createApi({ published: async () => published });
    const response = await api.request('/v1/kpis/purchases?by=store&audience=outside&format=csv');
    expect(await response.text()).not.toMatch(/rome|milan|turin|bari/);
    const wrong = await api.request('/v1/kpis/purchases?audience=everyone');
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ field: 'audience', allowed: ['inside', 'outside'] });
  });

  test('every KPI by every grouping can be asked for either audience, and drawn', async () => {
    for (const { name, groupings, privacy } of KPIS) {
      for (const by of groupings) {
        for (const audience of ['inside', 'outside']) {
          if (audience === 'outside' && privacy.describes === 'records' && privacy.insideOnly?.includes(by))
            continue;
          if (audience === 'outside' && privacy.describes === 'people' && by === 'week') continue;
          const answer = await reportKpi(published, { kpi: name, by, audience });
          if (DRAWN_KPIS.includes(name)) chart(answer);
          expect(answer.identity?.graph_version ?? 'none').toMatch(/^[0-9a-f]{6,}$|none/);
        }
      }
    }
  });
});
