import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STAGE_LEVELS, STAGE_PLACES, STAGES } from '../../lib/domain/stage-figure.ts';
import { STAGE_FIGURES } from '../../lib/domain/stage-figures.ts';
import { figuresShown } from '../../lib/domain/stage-rows.ts';
import { readSqlFolder } from '../../lib/pipeline/sql-files.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { kpiRows } from './kpi-rows.ts';
import { seed } from './seed-file.ts';

const touch = (person: string, at: string, channel: string) => ({
  touch_id: `${person} ${at}`,
  occurred_at: at,
  touch_type: 'email_click',
  channel,
  customer_id: person,
});
const order = (order_id: string, person: string, occurred_at: string, amount: string, more: object = {}) => ({
  order_id,
  customer_id: person,
  occurred_at,
  currency: 'EUR',
  lines: [{ sku: 'A', quantity: 2, amount }],
  ...more,
});
const receipt = (receipt_id: string, occurred_at: string, amount: string, more: object = {}) => ({
  receipt_id,
  store_id: 's1',
  occurred_at,
  lines: [{ sku: 'A', quantity: 3, amount }],
  ...more,
});
const said = (feedback_id: string, kind: string, place: string, day: string, more: object = {}) => ({
  feedback_id,
  kind,
  place,
  occurred_at: `2025-${day}T12:00:00Z`,
  ...(place === 'store' ? { store_id: 's1' } : {}),
  ...more,
});
const events = (person: string, day: string, hour: number, ...names: string[]) =>
  names.map((event, n) => ({
    event_id: `${person} ${day} ${hour} ${n}`,
    event,
    occurred_at: `2025-${day}T${String(hour).padStart(2, '0')}:0${n}:00Z`,
    anonymous_id: person,
    sku: 'A',
  }));

describe('the figures of the omnichannel model', () => {
  test('have names of their own, each stage in every place', () => {
    expect(new Set(STAGE_FIGURES.map(({ figure }) => figure)).size).toBe(STAGE_FIGURES.length);
    for (const stage of STAGES)
      for (const place of STAGE_PLACES)
        expect(
          STAGE_FIGURES.filter((each) => each.stage === stage && each.place === place).length,
          `${stage}, ${place}`,
        ).toBeGreaterThan(0);
    for (const level of STAGE_LEVELS)
      expect(STAGE_FIGURES.filter((each) => each.level === level).length).toBeGreaterThan(5);
  });

  test.each(STAGES)(
    'of %s are those that its table makes, or the one of all visits to the site, and no other',
    (stage) => {
      const selectOf = (table: string) => readSqlFolder('marts').find(({ name }) => name === table)!.select;
      const made = new Set([
        ...Array.from(
          selectOf(`stage_${stage}`).matchAll(/^\s*(?:SELECT\s+)?'([a-z0-9_]+)'(?: AS figure)?,/gm),
          ([, name]) => name,
        ),
        ...Array.from(
          selectOf('stage_sessions').matchAll(/\('([a-z]+)', '([a-z0-9_]+)'\)/g),
          ([, of, name]) => (of === stage ? [name] : []),
        ).flat(),
      ]);
      const listed = STAGE_FIGURES.filter((each) => each.stage === stage && !each.isElsewhere);
      expect([...made].sort()).toEqual(listed.map(({ figure }) => figure).sort());
    },
  );

  test('small cells are looked for in each figure by itself', () => {
    const row = (figure: string, label: string, people: number, currency: string | null = null) => ({
      figure,
      label,
      currency,
      people,
      numerator: people,
      denominator: 100,
    });
    const { rows, suppressed } = figuresShown(
      [
        row('nps_online', 'Email', 30),
        row('nps_online', 'Display', 3),
        row('nps_online', 'Direct', 12),
        row('order_value_online', 'Email', 4, 'EUR'),
        row('footfall', '(all channels)', 0),
      ],
      10,
    );
    expect(suppressed).toBe(3);
    expect(rows).toEqual([
      row('nps_online', 'Email', 30),
      {
        ...row('nps_online', '', 12),
        numerator: 15,
        denominator: 200,
        label: expect.stringContaining('fewer than 10'),
      },
      {
        figure: 'order_value_online',
        label: 'Email',
        currency: 'EUR',
        numerator: null,
        denominator: null,
        people: null,
        note: 'fewer than 10 people',
      },
      row('footfall', '(all channels)', 0),
    ]);
  });
});

describe('a shop with everything', () => {
  let shop: TemporaryShop;
  const figure = async (name: string, question: object = {}) =>
    (await kpiRows(shop, { kpi: 'stages', ...question })).filter((row) => row.figure === name);

  beforeAll(async () => {
    shop = await temporaryShop();
    seed(shop, 'settings', 'interval_replicates,0,replicates,none');
    await shop.give({
      stores: [{ store_id: 's1', time_zone: 'Europe/Rome', currency: 'EUR' }],
      touches: [
        touch('anna', '2025-03-01T08:00:00Z', 'Email'),
        touch('bruno', '2025-03-02T08:00:00Z', 'Display'),
        touch('anna', '2025-04-03T08:00:00Z', 'Display'),
      ],
      orders: [
        order('o1', 'anna', '2025-03-01T12:00:00Z', '100'),
        order('o2', 'bruno', '2025-03-02T12:00:00Z', '60', {
          fulfilment: 'click_and_collect',
          store_id: 's1',
        }),
        order('o3', 'anna', '2025-04-03T12:00:00Z', '40'),
      ],
      receipts: [
        receipt('r1', '2025-03-05T12:00:00', '30', { customer_id: 'anna', loyalty_id: 'card-a' }),
        receipt('r2', '2025-03-31T23:30:00', '50'),
        receipt('r3', '2025-04-05T12:00:00', '20', { customer_id: 'carla', loyalty_id: 'card-c' }),
      ],
      refunds: [
        {
          refund_id: 'f1',
          order_id: 'o1',
          occurred_at: '2025-03-20T12:00:00Z',
          currency: 'EUR',
          amount: '25',
        },
      ],
      spend: [
        { date: '2025-03-01', channel: 'Email', cost: '30', currency: 'EUR' },
        { date: '2025-04-01', channel: 'Display', cost: '8', currency: 'EUR' },
      ],
      footfall: [
        { store_id: 's1', interval_start: '2025-03-05T12:00:00', interval_minutes: 60, entries: 40 },
        { store_id: 's1', interval_start: '2025-03-31T23:00:00', interval_minutes: 60, entries: 10 },
      ],
      store_visits: [
        {
          visit_id: 'w1',
          store_id: 's1',
          customer_id: 'anna',
          entered_at: '2025-03-05T11:50:00',
          left_at: '2025-03-05T12:10:00',
        },
        { visit_id: 'w2', store_id: 's1', customer_id: 'dora', entered_at: '2025-03-06T10:00:00' },
      ],
      web_events: [
        ...events('x', '03-01', 9, 'Product Viewed', 'Product Added'),
        ...events('x', '03-02', 9, 'Product Viewed', 'Product Viewed', 'Product Added', 'Order Completed'),
        ...events('y', '03-02', 9, 'Page Viewed'),
        ...events('y', '04-02', 9, 'Product Viewed', 'Stock Checked'),
      ],
      feedback: [
        said('1', 'nps', 'online', '03-02', { score: 10, order_id: 'o1' }),
        said('2', 'nps', 'online', '03-03', { score: 9, order_id: 'o2' }),
        said('3', 'nps', 'online', '03-04', { score: 6, customer_id: 'carla' }),
        said('4', 'nps', 'online', '03-05', { score: 8, customer_id: 'dora' }),
        said('5', 'nps', 'store', '03-06', { score: 0, customer_id: 'dora' }),
        said('6', 'rating', 'store', '03-06', { score: 4, score_max: 5 }),
        said('7', 'rating', 'store', '03-06', { score: 5, score_max: 10 }),
        said('8', 'contact', 'online', '03-07', {
          reason: 'late',
          resolved_first_time: true,
          contact_by: 'phone',
          order_id: 'o1',
        }),
        said('9', 'contact', 'online', '03-08', {
          reason: 'late',
          resolved_first_time: false,
          contact_by: 'chat',
        }),
        said('10', 'contact', 'online', '03-08', { reason: 'late', contact_by: 'email' }),
        said('11', 'return_reason', 'online', '03-20', { reason: 'too small', order_id: 'o1' }),
      ],
    });
    await shop.shop.build();
  });
  afterAll(() => shop?.remove());

  test.each([
    ['nps_online', 25, 100, 4],
    ['nps_store', -100, -100, 1],
    ['nps_across', 0, 0, 5],
    ['rating_store', 0.65, 1.3, 2],
    ['contact_rate_online', 1, 3, 3],
    ['first_contact_resolution_online', 0.5, 1, 2],
    ['written_contact_share', 2 / 3, 2, 3],
    ['return_reason_share', 1, 1, 1],
    ['return_rate_online', 0.125, 25, 200],
    ['order_value_online', 66.67, 200, 3],
    ['basket_store', 33.33, 100, 3],
    ['pieces_per_receipt', 3, 9, 3],
    ['repeat_share_online', 1 / 3, 1, 3],
    ['repeat_share_store', 0.5, 1, 2],
    ['cross_channel_repeat_share', 1, 2, 2],
    ['single_to_omni_share', 0.25, 1, 4],
    ['identified_revenue_share', 0.5, 50, 100],
    ['active_members', 1, 2, 2],
    ['collected_order_share', 1 / 3, 1, 3],
    ['new_customer_share_online', 0.8, 160, 200],
    ['footfall', 50, 50, null],
    ['receipts_per_entry', 0.04, 2, 50],
    ['seen_visitor_share', 0.02, 1, 50],
    ['visit_minutes', 20, 20, 1],
    ['purchase_visit_share', 0.5, 1, 2],
    ['conversion_rate_online', 0.25, 1, 4],
    ['cart_abandonment', 0.5, 1, 2],
    ['stock_check_rate', 0.25, 1, 4],
    ['product_views_per_visit', 1, 4, 4],
    ['new_visitor_share', 0.5, 2, 4],
    ['one_page_share', 0.25, 1, 4],
    ['reach_online', 1.5, 3, 2],
    ['cost_per_order', 19, 38, 2],
    ['media_cost_share', 38 / 300, 38, 300],
  ])('%s is %f = %f / %f', async (name, value, numerator, denominator) => {
    const rows = await figure(name);
    expect(rows).toHaveLength(1);
    const [row] = rows;
    expect(row).toMatchObject({ label: '(all channels)', denominator, note: null });
    expect(Number(row!.numerator)).toBeCloseTo(numerator, 6);
    expect(Number(row!.value)).toBeCloseTo(value, row!.unit === 'money' ? 2 : 5);
  });

  test('periods are whole months, by the clock of the store', async () => {
    expect((await figure('basket_store', { from: '2025-03-01', to: '2025-03-31' }))[0]).toMatchObject({
      numerator: 80,
      denominator: 2,
    });
    expect((await figure('basket_store', { from: '2025-03-02', to: '2025-04-30' }))[0]).toMatchObject({
      numerator: 20,
      denominator: 1,
    });
    expect((await figure('active_members', { from: '2025-03-01', to: '2025-04-30' }))[0]).toMatchObject({
      value: 1,
    });
  });

  test('channels of a figure add up to all of them', async () => {
    const all = await kpiRows(shop, { kpi: 'stages' });
    const byChannel = await kpiRows(shop, { kpi: 'stages', by: 'channel' });
    const sums = new Map<unknown, number>();
    for (const { figure: name, numerator } of byChannel)
      sums.set(name, (sums.get(name) ?? 0) + Number(numerator ?? 0));
    expect(sums.size).toBeGreaterThan(15);
    for (const [name, sum] of sums) {
      const whole = all
        .filter((row) => row.figure === name)
        .reduce((total, row) => total + Number(row.numerator ?? 0), 0);
      expect(sum, String(name)).toBeCloseTo(whole, 6);
    }
    const email = byChannel.find((row) => row.figure === 'order_value_online' && row.label === 'Email');
    expect(email).toMatchObject({ value: 100, people: 1 });
  });

  test('people of several months are counted once', async () => {
    // anna in both months, bruno in the first.
    expect((await figure('order_value_online'))[0]).toMatchObject({ people: 2 });
    expect((await figure('order_value_online', { from: '2025-04-01', to: '2025-04-30' }))[0]).toMatchObject({
      people: 1,
    });
  });

  test('what nothing was supplied for says what it needs', async () => {
    for (const [name, needs] of [
      ['wishlist_rate', 'Product Added to Wishlist'],
      ['contact_rate_store', 'import feedback'],
      ['branded_search_lift', 'experiment'],
      ['customer_value', 'clv_12m'],
    ])
      expect((await figure(name!))[0]).toMatchObject({ value: null, note: expect.stringContaining(needs!) });
  });
});

describe('an empty shop', () => {
  test('has every figure, each without a value and with the reason', async () => {
    const shop = await temporaryShop();
    try {
      await shop.shop.build();
      const rows = await kpiRows(shop, { kpi: 'stages' });
      expect(rows.map((row) => row.figure)).toEqual(STAGE_FIGURES.map(({ figure }) => figure));
      for (const row of rows) {
        expect(row.value, String(row.figure)).toBeNull();
        expect(String(row.note)).toMatch(/it needs .{5}/);
      }
      expect(await kpiRows(shop, { kpi: 'stages', by: 'channel' })).toHaveLength(STAGE_FIGURES.length);
    } finally {
      shop.remove();
    }
  });
});
