import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { importDemo, writeDemoFiles } from './demo-shop.ts';
import { kpiRows } from './kpi-rows.ts';
import { seed } from './seed-file.ts';

describe('store credit of one receipt, by hand', () => {
  let shop: TemporaryShop;
  const touch = (touch_id: string, day: string, utm_source: string, utm_medium: string) => ({
    touch_id,
    occurred_at: `2025-03-${day}T10:00:00Z`,
    touch_type: 'click',
    utm_source,
    utm_medium,
    customer_id: 'c1',
  });
  const page = (occurred_at: string) => ({
    event_id: occurred_at,
    event: 'Page Viewed',
    occurred_at,
    anonymous_id: 'd',
  });
  const view = (sku: string) => ({
    event_id: sku,
    event: 'Product Viewed',
    occurred_at: '2025-03-03T10:00:00Z',
    customer_id: 'c1',
    sku,
  });

  beforeAll(async () => {
    shop = await temporaryShop();
    seed(shop, 'settings', 'ropo_min_persons,2,persons,');
    await shop.give({
      stores: [{ store_id: 's1', name: 'Rome', region: 'South', time_zone: 'Europe/Rome', currency: 'EUR' }],
      products: [
        { sku: 'A', product_id: 'PA', category: 'garden' },
        { sku: 'B', product_id: 'PB', category: 'kitchen' },
        { sku: 'C', product_id: 'PC', category: 'toys' },
        { sku: 'G', product_id: 'PG', category: 'garden' },
      ],
      web_events: [page('2025-02-01T00:00:00Z'), page('2025-06-30T00:00:00Z'), view('G'), view('C')],
      touches: [
        touch('t1', '01', 'google', 'cpc'),
        touch('t2', '02', 'newsletter', 'email'),
        touch('t3', '04', 'facebook', 'paid_social'),
        { ...touch('t4', '30', 'newsletter', 'email'), customer_id: 'c2' },
      ],
      receipts: [
        {
          receipt_id: 'r1',
          store_id: 's1',
          occurred_at: '2025-03-05T10:00:00Z',
          customer_id: 'c1',
          lines: [
            { sku: 'A', amount: '60.01' },
            { sku: 'B', amount: '40.00' },
          ],
        },
        // Another repeat buyer, without research.
        ...['10', '12'].map((day) => ({
          receipt_id: `r${day}`,
          store_id: 's1',
          occurred_at: `2025-04-${day}T10:00:00Z`,
          customer_id: 'c2',
          lines: [{ sku: 'B', amount: '20.00' }],
        })),
        // Beyond every lookback: no credit, but a repeat buyer, and an item for the placebo.
        {
          receipt_id: 'r2',
          store_id: 's1',
          occurred_at: '2025-05-20T10:00:00Z',
          customer_id: 'c1',
          lines: [{ sku: 'C', amount: '10.00' }],
        },
        {
          receipt_id: 'b1',
          store_id: 's1',
          occurred_at: '2025-03-20T10:00:00Z',
          lines: [
            { sku: 'A', quantity: -1, amount: '-10.00', line_kind: 'return', original_receipt_id: 'r1' },
          ],
        },
      ],
      orders: [
        {
          order_id: 'o1',
          occurred_at: '2025-03-06T10:00:00Z',
          currency: 'EUR',
          customer_id: 'c1',
          lines: [{ sku: 'A', amount: '50.00' }],
        },
      ],
      spend: [
        { date: '2025-03-01', utm_source: 'google', utm_medium: 'cpc', cost: '20.00', currency: 'EUR' },
      ],
    });
    await shop.shop.build();
  });
  afterAll(() => shop?.remove());

  test('splits researched and chance along the path to the cent, and takes returns off their lines', async () => {
    const rows = await shop.ask(
      `SELECT date_format(CAST(day AS timestamp), '%m-%d') AS day, store_revenue_minor, compared_minor,
         researched_category_minor, chance_category_minor, researched_product_minor, chance_product_minor,
         researched_sku_minor, chance_sku_minor
       FROM store_credit_daily WHERE model = 'linear' AND day < DATE '2025-04-01' ORDER BY day, 2 DESC, channel`,
    );
    // Of the product and SKU nothing was viewed, while the item of the other receipt was.
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['03-05', 2501, 2501, 1501, 500, 0, 500, 0, 500],
      ...Array(3).fill(['03-05', 2500, 2500, 1500, 500, 0, 500, 0, 500]),
      ...Array(4).fill(['03-20', -250, -250, -250, 0, 0, 0, 0, 0]),
    ]);
  });

  test('makes ROAS online, in store and together, with chance taken out of what was researched', async () => {
    const ask = (by: string, level = 'category') =>
      kpiRows(shop, { kpi: 'store-attribution', by, model: 'linear', filters: { level } });
    const [all] = await ask('all');
    expect(all).toMatchObject({
      online_revenue: 50,
      store_revenue: 130.01,
      compared_revenue: 130.01,
      researched_naive: 50.01,
      researched_chance: 20,
      // (5001 - 2000) / (13001 - 2000) of 130.01
      researched_revenue: 35.47,
      spend: 20,
      roas_online: 2.5,
      roas_store: 6.5005,
      roas_together: 9.0005,
      roas_researched: 4.2735,
      remark: null,
    });
    const [fine] = await ask('all', 'sku');
    expect(fine).toMatchObject({
      researched_naive: 0,
      researched_chance: 20,
      remark: 'not told from chance',
    });
    expect(Number(fine!.researched_revenue)).toBeLessThan(0);
    const [store] = await ask('store');
    expect(store).toMatchObject({
      label: 'Rome',
      store_revenue: 130.01,
      online_revenue: null,
      spend: null,
      roas_online: null,
      roas_store: null,
      roas_together: null,
      roas_researched: null,
    });
    // Two purchases and a quarter are credited to email, a quarter to each of the others.
    for (const row of await ask('channel'))
      if (row.label === 'Email') expect(row).toMatchObject({ researched_chance: 5, remark: null });
      else
        expect(row).toMatchObject({
          researched_naive: null,
          researched_chance: null,
          researched_revenue: null,
          remark: 'fewer than 2 purchases',
        });
  });
});

describe('store credit of a demo shop', () => {
  let shop: TemporaryShop;
  beforeAll(async () => {
    const demo = await writeDemoFiles(400, 5);
    shop = await temporaryShop();
    seed(shop, 'settings', 'ropo_min_persons,2,persons,', 'interval_replicates,0,replicates,');
    await importDemo(shop, demo.files);
    demo.remove();
    await shop.shop.build();
  });
  afterAll(() => shop?.remove());

  test.each(['channel', 'campaign', 'month', 'week', 'day', 'all'])(
    'online and store credit by %s are the revenue of the attribution KPI',
    async (by) => {
      const key = (row: Record<string, unknown>) => `${row.model} ${row.label} ${row.currency}`;
      const revenue = new Map(
        (await kpiRows(shop, { kpi: 'attribution', by })).map((row) => [key(row), row] as const),
      );
      const rows = await kpiRows(shop, { kpi: 'store-attribution', by });
      expect(rows.map(key).sort()).toEqual([...revenue.keys()].sort());
      const cents = (value: unknown) => Math.round(Number(value) * 100);
      for (const row of rows) {
        const whole = revenue.get(key(row))!;
        expect(cents(row.online_revenue) + cents(row.store_revenue)).toBe(cents(whole.revenue));
        expect(row).toMatchObject({ store_revenue: whole.store_revenue, spend: whole.spend });
        expect(row.researched_naive === null).toBe(row.researched_chance === null);
      }
    },
  );

  test('every model gives researched lines the same revenue in each store, to the cent', async () => {
    const expected = await shop.ask(
      `WITH lines AS (
         SELECT l.*, m.level FROM ropo_lines l JOIN ropo_matches m ON m.line_no = l.line_no
         WHERE m.comparison = 'research' AND m.level <> 'any' AND m.lag_seconds <= 14 * 86400 AND l.is_credited
           AND l.purchase_class = 'store' AND l.basket_draws > 0 AND l.observed_days >= 14
       )
       SELECT store_id, level, currency, CAST(sum(revenue_minor) AS bigint) AS n FROM lines GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    );
    expect(expected.length).toBeGreaterThan(3);
    const models = (await shop.ask('SELECT DISTINCT model FROM credits ORDER BY 1')).map(
      ({ model }) => model,
    );
    expect(models.length).toBeGreaterThan(5);
    for (const model of models)
      expect(
        await shop.ask(
          `SELECT store_id, level, currency, n FROM (${['category', 'product', 'sku']
            .map(
              (level) =>
                `SELECT store_id, '${level}' AS level, currency, CAST(sum(researched_${level}_minor) AS bigint) AS n
                 FROM store_credit_daily WHERE model = '${model}' GROUP BY 1, 2, 3`,
            )
            .join(' UNION ALL ')}) s WHERE n <> 0 ORDER BY 1, 2, 3`,
        ),
      ).toEqual(expected.filter(({ n }) => n !== 0));
  });

  test('no part is more than what it is part of, and all models share one sum of chance', async () => {
    const sums = await shop.ask(
      `SELECT sum(researched_sku_minor) AS sku, sum(researched_product_minor) AS product,
         sum(researched_category_minor) AS category, sum(compared_minor) AS compared,
         sum(repeat_revenue_minor) AS of_repeat_buyers, sum(store_revenue_minor) AS store,
         sum(chance_category_minor) AS chance, sum(chance_sku_minor) AS sku_chance
       FROM store_credit_daily GROUP BY model`,
    );
    for (const { chance, sku_chance, ...inside } of sums) {
      const sizes = Object.values(inside).map(Number);
      expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
      expect(chance).toBe(sums[0]!.chance);
      expect(sku_chance).toBe(sums[0]!.sku_chance);
      expect(Number(chance)).toBeGreaterThan(Number(sku_chance));
      expect(Number(sku_chance)).toBeGreaterThan(0);
    }
  });

  test.each(['category', 'product', 'sku'])(
    'the O2S factor by %s rests on the ROPO revenue of the KPI ropo',
    async (level) => {
      const filters = { level };
      for (const by of ['all', 'month']) {
        const factors = await kpiRows(shop, { kpi: 'online-to-store', by, filters });
        const shares = await kpiRows(shop, { kpi: 'ropo', by, filters: { ...filters, weight: 'revenue' } });
        for (const row of factors) {
          const share = shares.find((one) => one.label === row.label && one.currency === row.currency);
          expect(row.ropo_revenue ?? null).toBe(share?.ropo_revenue ?? null);
          expect(row.naive_revenue === null).toBe(row.chance_revenue === null);
          if (by === 'all') expect(row.o2s_factor).toBeGreaterThan(0);
          if (row.o2s_factor !== null)
            expect(row.o2s_factor).toBeCloseTo(Number(row.ropo_revenue) / Number(row.online_revenue), 4);
        }
      }
    },
  );
});
