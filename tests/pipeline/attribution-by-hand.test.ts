import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { kpiRows } from './kpi-rows.ts';
import { seed } from './seed-file.ts';

/** Breakdowns of the credit of three purchases and a return, worked out by hand. */
describe('attribution by what was bought, where, by whom and on what', () => {
  let shop: TemporaryShop;
  const visit = (event_id: string, occurred_at: string, customer_id: string, more: object) => ({
    event_id,
    event: 'Page Viewed',
    occurred_at,
    customer_id,
    ...more,
  });
  const PHONE =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1';
  const ad = 'https://shop.example/?utm_source=google&utm_medium=cpc&utm_campaign=spring';

  beforeAll(async () => {
    shop = await temporaryShop();
    seed(shop, 'settings', 'interval_replicates,20,replicates,');
    await shop.give({
      stores: [
        { store_id: 's1', name: 'Centre', region: 'South', time_zone: 'Europe/Rome', currency: 'EUR' },
        { store_id: 's2', name: 'Centre', region: 'North', time_zone: 'Europe/Rome', currency: 'EUR' },
      ],
      products: [
        {
          sku: 'A-1',
          product_id: 'PA',
          category: 'garden',
          name: 'Rake, red',
          unit_cost: '10.00',
          currency: 'EUR',
        },
        {
          sku: 'A-2',
          product_id: 'PA',
          category: 'garden',
          name: 'Rake, blue',
          unit_cost: '10.00',
          currency: 'EUR',
        },
        { sku: 'B', product_id: 'PB', category: 'kitchen', name: 'Pan' },
        // Its cost is in another currency: not known here.
        { sku: 'C', product_id: 'PC', category: 'toys', name: 'Kite', unit_cost: '1.00', currency: 'USD' },
      ],
      web_events: [
        visit('e1', '2025-03-01T10:00:00Z', 'c1', { url: ad, user_agent: PHONE }),
        visit('e2', '2025-04-09T10:00:00Z', 'c2', { url: ad }),
      ],
      touches: [
        {
          touch_id: 't1',
          occurred_at: '2025-03-03T10:00:00Z',
          touch_type: 'email_click',
          utm_source: 'news',
          utm_medium: 'email',
          customer_id: 'c1',
        },
      ],
      receipts: [
        // Before every touchpoint: no credit, but the person's first purchase.
        {
          receipt_id: 'r0',
          store_id: 's2',
          occurred_at: '2025-02-01T10:00:00Z',
          customer_id: 'c2',
          lines: [{ sku: 'B', amount: '5.00' }],
        },
        {
          receipt_id: 'r1',
          store_id: 's1',
          occurred_at: '2025-03-05T10:00:00Z',
          customer_id: 'c1',
          lines: [
            { sku: 'A-1', amount: '20.01', quantity: 1 },
            { sku: 'A-2', amount: '30.00', quantity: 2 },
            { sku: 'C', amount: '50.00' },
          ],
        },
        {
          receipt_id: 'b1',
          store_id: 's2',
          occurred_at: '2025-05-02T10:00:00Z',
          lines: [
            { sku: 'A-2', quantity: -1, amount: '-15.00', line_kind: 'return', original_receipt_id: 'r1' },
          ],
        },
      ],
      orders: [
        {
          order_id: 'o1',
          occurred_at: '2025-04-10T10:00:00Z',
          currency: 'EUR',
          customer_id: 'c2',
          lines: [{ sku: 'B', amount: '40.00' }],
        },
      ],
      spend: [
        {
          date: '2025-03-01',
          utm_source: 'google',
          utm_medium: 'cpc',
          utm_campaign: 'spring',
          cost: '20.00',
          currency: 'EUR',
        },
        { date: '2025-04-10', channel: 'Posters', cost: '7.00', currency: 'EUR' },
      ],
    });
    await shop.shop.build();
  });
  afterAll(() => shop?.remove());

  const ask = (by: string, more: { from?: string; to?: string; filters?: Record<string, string> } = {}) =>
    kpiRows(shop, { kpi: 'attribution', by, model: 'linear', ...more });
  /** Some measures of each row, by its label. */
  const figures = async (by: string, measures: string[], more: Parameters<typeof ask>[1] = {}) =>
    Object.fromEntries(
      (await ask(by, more)).map((row) => [String(row.label), measures.map((measure) => row[measure])]),
    );

  test('by store, the return is taken off where it was sold; stores of one name keep apart', async () => {
    expect(await figures('store', ['revenue', 'store_revenue', 'returned', 'conversions'])).toEqual({
      'Centre (s1)': [85.01, 85.01, -15, 1],
      '(online)': [40, 0, 0, 1],
    });
    expect(await figures('region', ['revenue'])).toEqual({ South: [85.01], '(online)': [40] });
  });

  test('by category and product, each line has its part of the credit, and the return its own line', async () => {
    const measures = ['revenue', 'returned', 'margin', 'cost_known'];
    // Three pieces at 10 less the one that came back.
    expect(await figures('category', measures)).toEqual({
      toys: [50, 0, null, 0],
      kitchen: [40, 0, null, 0],
      garden: [35.01, -15, 15.01, 1],
    });
    expect(Object.keys(await figures('product', ['revenue']))).toEqual(['PC Kite', 'PB Pan', 'PA Rake']);
    // A purchase of two categories is one purchase, parted by what they came to.
    const parts = await figures('category', ['conversions']);
    expect(parts.garden![0]).toBeCloseTo(50.01 / 100.01, 8);
    expect(Number(parts.garden![0]) + Number(parts.toys![0])).toBe(1);
    // In a category, the channels of the path share its part.
    expect(await figures('channel', ['revenue'], { filters: { category: 'garden' } })).toEqual({
      'Paid Search': [17.51],
      Email: [17.5],
    });
  });

  test('new is who has bought nothing before, credited or not', async () => {
    expect(await figures('customer_type', ['revenue'])).toEqual({ new: [85.01], returning: [40] });
    expect(await figures('channel', ['revenue'], { filters: { customer_type: 'returning' } })).toEqual({
      'Paid Search': [40],
    });
  });

  test('device is that of the touchpoint; contacts outside the site have none', async () => {
    const by = await figures('device', ['revenue']);
    expect(by).toMatchObject({ mobile: [42.51], '(no device)': [42.5] });
    expect(
      Object.values(by)
        .flat()
        .map(Number)
        .reduce((a, b) => a + b),
    ).toBeCloseTo(125.01, 9);
    expect(await figures('all', ['revenue'], { filters: { device: 'mobile', store: 's1' } })).toEqual({
      all: [42.51],
    });
  });

  test('returns count on their own day, or on that of their purchase', async () => {
    expect(
      await figures('quarter', ['revenue', 'revenue_by_purchase_date'], { filters: { store: 's1' } }),
    ).toEqual({
      '2025-Q1': [100.01, 85.01],
      '2025-Q2': [-15, 0],
    });
    expect(await figures('all', ['revenue', 'revenue_by_purchase_date'], { from: '2025-05-01' })).toEqual({
      all: [-15, 0],
    });
  });

  test('spend stands beside credit where it is known; a channel that only cost has a row', async () => {
    const rows = await ask('channel');
    expect(rows.find(({ label }) => label === 'Posters')).toMatchObject({
      revenue: 0,
      conversions: 0,
      spend: 7,
      roas: 0,
      cpa: null,
      margin: 0,
      margin_after_media: -7,
    });
    const [search] = rows;
    expect(search).toMatchObject({ label: 'Paid Search', spend: 20, roas: 4.1255, cpa: 13.33 });
    for (const row of await ask('store')) {
      expect(row).toMatchObject({ spend: null, roas: null, cpa: null, margin_after_media: null });
      expect(row.withheld).toContain('spend is not known by store');
    }
    for (const row of await ask('channel', {
      filters: { persona: String((await ask('persona'))[0]!.label) },
    }))
      expect(row).toMatchObject({ spend: null, roas: null });
  });

  test('intervals are of whole channels over all time; of anything else another KPI has them', async () => {
    const [search] = await ask('channel');
    expect(Number(search!.revenue_low)).toBeLessThanOrEqual(Number(search!.revenue));
    expect(Number(search!.revenue_high)).toBeGreaterThanOrEqual(Number(search!.revenue));
    for (const more of [{ from: '2025-03-01' }, { filters: { store: 's1' } }])
      for (const row of await ask('channel', more)) {
        expect(row.revenue_low).toBeNull();
        if (row.revenue !== 0)
          expect(row.withheld).toContain('no interval here: attribution-intervals has it');
      }
  });
});

describe('ROAS is withheld with its reason', () => {
  const click = (id: string, day: string) => ({
    touch_id: id,
    occurred_at: `${day}T10:00:00Z`,
    touch_type: 'click',
    utm_source: 'google',
    utm_medium: 'cpc',
    customer_id: id,
  });
  const order = (id: string, day: string, currency: string) => ({
    order_id: id,
    occurred_at: `${day}T12:00:00Z`,
    currency,
    customer_id: id,
    lines: [{ sku: 'A', amount: '30.00' }],
  });
  const cost = (date: string, currency: string) => ({
    date,
    utm_source: 'google',
    utm_medium: 'cpc',
    cost: '10.00',
    currency,
  });
  async function shopOf(orders: [string, string][], spend: [string, string][]): Promise<TemporaryShop> {
    const shop = await temporaryShop();
    seed(shop, 'settings', 'interval_replicates,0,replicates,');
    await shop.give({
      touches: orders.map(([day], n) => click(`c${n}`, day)),
      orders: orders.map(([day, currency], n) => order(`c${n}`, day, currency)),
      spend: spend.map(([day, currency]) => cost(day, currency)),
    });
    await shop.shop.build();
    return shop;
  }
  const linear = { kpi: 'attribution', model: 'linear' };

  test('where spend and revenue are not in the same currencies', async () => {
    const shop = await shopOf(
      [
        ['2025-03-01', 'EUR'],
        ['2025-03-02', 'USD'],
      ],
      [
        ['2025-03-01', 'EUR'],
        ['2025-03-02', 'EUR'],
      ],
    );
    try {
      const rows = await kpiRows(shop, { ...linear, by: 'channel' });
      expect(
        rows.map(({ currency, revenue, spend, roas }) => [currency, revenue, spend, roas]).sort(),
      ).toEqual([
        ['EUR', 30, 20, null],
        ['USD', 30, 0, null],
      ]);
      for (const { withheld } of rows) expect(withheld).toContain('different currencies');
      // On a day of one currency the two are of the same.
      const [first] = await kpiRows(shop, { ...linear, by: 'day', to: '2025-03-01' });
      expect(first).toMatchObject({
        currency: 'EUR',
        roas: 3,
        withheld: expect.not.stringContaining('ROAS'),
      });
    } finally {
      shop.remove();
    }
  });

  test('where spend begins or ends inside the period', async () => {
    const shop = await shopOf(
      [
        ['2025-03-01', 'EUR'],
        ['2025-03-20', 'EUR'],
        ['2025-04-20', 'EUR'],
      ],
      [
        ['2025-03-20', 'EUR'],
        ['2025-04-02', 'EUR'],
      ],
    );
    try {
      const one = async (more: object) => (await kpiRows(shop, { ...linear, by: 'channel', ...more }))[0]!;
      const withheld = await one({});
      expect(withheld).toMatchObject({ revenue: 90, spend: 20, roas: null, cpa: null });
      expect(withheld.withheld).toContain('from 2025-03-20 to 2025-04-02 only');
      expect(await one({ from: '2025-03-15' })).toMatchObject({ roas: null });
      expect(await one({ from: '2025-03-15', to: '2025-04-02' })).toMatchObject({ revenue: 30, roas: 1.5 });
      const months = await kpiRows(shop, { ...linear, by: 'day' });
      expect(months.find(({ label }) => label === '2025-03-20')).toMatchObject({ roas: 3 });
      expect(months.find(({ label }) => label === '2025-04-20')!.withheld).toContain('only');
    } finally {
      shop.remove();
    }
  });
});
