import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { kpiRows } from './kpi-rows.ts';
import { seed } from './seed-file.ts';

/**
 * Six people, worked out by hand. anna: Display, Display, Email, then an order of 100 (March 10); in May Email and an
 * order of 40. bruno: Email, then 50 in store (March 20). carla: Email, Display and nothing (May). dora: Display, and
 * nothing (April). emil: Display, Email, Display, then 70 (April). fred: an open journey at the end of June.
 */
let shop: TemporaryShop;
const touch = (person: string, day: string, channel: string) => ({
  touch_id: `${person} ${day} ${channel}`,
  occurred_at: `2025-${day}T10:00:00Z`,
  touch_type: channel === 'Email' ? 'email_click' : 'impression',
  channel,
  customer_id: person,
});
const order = (person: string, day: string, amount: string) => ({
  order_id: `${person} ${day}`,
  customer_id: person,
  occurred_at: `2025-${day}T12:00:00Z`,
  currency: 'EUR',
  lines: [{ sku: 'A', amount }],
});
const seen = (person: string, day: string, ...events: string[]) =>
  events.map((event, n) => ({
    event_id: `${person} ${day} ${n}`,
    event,
    occurred_at: `2025-${day}T0${n}:00:00Z`.replace(/T0(\d):00/, 'T01:0$1'),
    anonymous_id: `${person}-browser`,
    sku: 'A',
  }));

beforeAll(async () => {
  shop = await temporaryShop();
  seed(shop, 'settings', 'interval_replicates,0,replicates,none');
  await shop.give({
    stores: [{ store_id: 's1', time_zone: 'Europe/Rome', currency: 'EUR' }],
    products: [{ sku: 'A', unit_cost: '10', currency: 'EUR' }],
    touches: [
      touch('anna', '03-01', 'Display'),
      touch('anna', '03-05', 'Display'),
      touch('anna', '03-09', 'Email'),
      touch('anna', '05-02', 'Email'),
      touch('bruno', '03-18', 'Email'),
      touch('carla', '05-01', 'Email'),
      touch('carla', '05-03', 'Display'),
      touch('dora', '04-02', 'Display'),
      touch('emil', '04-01', 'Display'),
      touch('emil', '04-02', 'Email'),
      touch('emil', '04-03', 'Display'),
      touch('fred', '06-29', 'Display'),
    ],
    orders: [order('anna', '03-10', '100'), order('anna', '05-02', '40'), order('emil', '04-03', '70')],
    receipts: [
      {
        receipt_id: 'r1',
        store_id: 's1',
        customer_id: 'bruno',
        occurred_at: '2025-03-20T12:00:00',
        lines: [{ sku: 'A', amount: '50' }],
      },
    ],
    web_events: [
      ...seen('v1', '02-01', 'Product Viewed'),
      ...seen('v2', '02-02', 'Product Viewed', 'Product Added'),
      ...seen('v2', '02-20', 'Product Viewed', 'Product Added', 'Checkout Started'),
      ...seen('v3', '02-03', 'Product Added', 'Order Completed'),
      ...seen('v4', '02-03', 'Page Viewed'),
    ],
  });
  await shop.shop.build();
});
afterAll(() => shop?.remove());

const march = { from: '2025-03-01', to: '2025-03-31' };
const spring = { from: '2025-03-01', to: '2025-05-31' };

describe('paths', () => {
  test('of all time have purchases and journeys without one, and leave open ones out', async () => {
    const rows = await kpiRows(shop, { kpi: 'paths' });
    const found = rows.map((row) => [row.label, row.purchases, row.sold, row.journeys_without_purchase]);
    const expected = [
      ['Email', 2, 90, 0],
      ['Display > Display > Email', 1, 100, 0],
      ['Display > Email > Display', 1, 70, 0],
      ['Display', 0, 0, 1],
      ['Email > Display', 0, 0, 1],
    ];
    for (const row of expected) expect(found).toContainEqual(row);
    expect(rows.filter(({ label }) => label === 'Display')).toHaveLength(1);
  });

  test('of a period are those that ended in it', async () => {
    const rows = await kpiRows(shop, { kpi: 'paths', ...march });
    expect(rows.map((row) => [row.label, row.purchases, row.sold])).toEqual([
      ['Display > Display > Email', 1, 100],
      ['Email', 1, 50],
    ]);
  });
});

describe('path lengths', () => {
  test('count touchpoints and whole days from the first', async () => {
    const lengths = await kpiRows(shop, { kpi: 'path-lengths', ...spring });
    expect(lengths.map((row) => [row.label, row.purchases, row.sold, row.share])).toEqual([
      ['1', 2, 90, 0.5],
      ['3', 2, 170, 0.5],
    ]);
    const days = await kpiRows(shop, { kpi: 'path-lengths', by: 'days_to_purchase', ...spring });
    expect(days.map((row) => [row.label, row.purchases])).toEqual([
      ['0', 1],
      ['2', 2],
      ['9', 1],
    ]);
    const [all] = await kpiRows(shop, { kpi: 'path-lengths', by: 'all', ...spring });
    expect(all).toMatchObject({ purchases: 4, mean_touchpoints: 2, mean_days: 3.25 });
  });
});

describe('roles of channels', () => {
  test('are first, between, last and only, each with what it sold', async () => {
    const rows = await kpiRows(shop, { kpi: 'channel-roles', ...spring });
    expect(rows.find(({ label }) => label === 'Display')).toMatchObject({
      first: 2,
      first_revenue: 170,
      last: 1,
      last_revenue: 70,
      assist: 0,
      only: 0,
      purchases: 2,
      revenue: 170,
      assist_ratio: 1,
    });
    expect(rows.find(({ label }) => label === 'Email')).toMatchObject({
      first: 0,
      last: 1,
      last_revenue: 100,
      assist: 1,
      assist_revenue: 70,
      only: 2,
      only_revenue: 90,
      purchases: 4,
      revenue: 260,
    });
  });
});

describe('flow', () => {
  test('joins touchpoints of one channel in a row, and what goes into a step comes out of it', async () => {
    const rows = await kpiRows(shop, { kpi: 'journey-flow', ...spring });
    const cell = (step: string, from: string, to: string) =>
      rows.find((row) => row.step === step && row.from_channel === from && row.label === to);
    expect(cell('1', 'Display', 'Email')).toMatchObject({ journeys: 2, purchases: 2 });
    expect(cell('1', 'Email', '(purchase)')).toMatchObject({ journeys: 2, purchases: 2 });
    expect(cell('1', 'Email', 'Display')).toMatchObject({ journeys: 1, purchases: 0 });
    expect(cell('1', 'Display', '(no purchase)')).toMatchObject({ journeys: 1, purchases: 0 });
    expect(cell('2', 'Email', 'Display')).toMatchObject({ journeys: 1, purchases: 1 });
    expect(cell('3', 'Display', '(purchase)')).toMatchObject({ journeys: 1, purchases: 1 });
    const total = (keep: (row: (typeof rows)[number]) => boolean) =>
      rows.filter(keep).reduce((sum, row) => sum + Number(row.journeys), 0);
    for (const channel of ['Display', 'Email'])
      for (const step of [2, 3])
        expect(total((row) => row.step === String(step) && row.from_channel === channel)).toBe(
          total((row) => row.step === String(step - 1) && row.label === channel),
        );
  });
});

describe('drop-off', () => {
  test('is where journeys that are over ended without a purchase', async () => {
    const rows = await kpiRows(shop, { kpi: 'drop-off', ...spring });
    expect(rows.find(({ label }) => label === 'Display')).toMatchObject({
      journeys: 4,
      ended_here: 2,
      ended_here_share: 0.5,
      purchases: 2,
    });
    expect(rows.find(({ label }) => label === 'Email')).toMatchObject({ journeys: 5, ended_here: 0 });
  });

  test('by funnel counts visits at each stage up to the furthest', async () => {
    const rows = await kpiRows(shop, { kpi: 'drop-off', by: 'funnel' });
    expect(rows.map((row) => [row.label, row.journeys, row.ended_here])).toEqual([
      ['product_viewed', 4, 1],
      ['product_added', 3, 1],
      ['checkout_started', 2, 1],
      ['purchase', 1, 0],
    ]);
  });
});

describe('channels and people', () => {
  test('overlap counts people of both channels', async () => {
    const rows = await kpiRows(shop, { kpi: 'channel-overlap' });
    const both = rows.find((row) => row.label === 'Email' && row.other_channel === 'Display');
    expect(both).toMatchObject({ people_both: 3, share: 0.75 });
    expect(rows.find((row) => row.label === 'Display' && row.other_channel === 'Email')).toMatchObject({
      people_both: 3,
      share: 0.6,
    });
  });

  test('what customers spend adds up to all that known people bought', async () => {
    const rows = await kpiRows(shop, { kpi: 'channels-per-customer' });
    expect(rows.reduce((sum, row) => sum + Number(row.sold), 0)).toBe(260);
    expect(rows.reduce((sum, row) => sum + Number(row.customers), 0)).toBe(3);
    const margins = rows.map((row) => Number(row.margin_per_customer) * Number(row.customers));
    expect(margins.reduce((sum, margin) => sum + margin, 0)).toBe(260 - 4 * 10);
  });
});

describe('people behind rows', () => {
  test.each([
    [null, null],
    ['2025-03-01', '2025-03-31'],
    ['2025-03-01', '2025-05-31'],
    ['2025-04-01', null],
    [null, '2025-04-30'],
    ['2025-03-15', '2025-05-31'],
  ])('of the whole months in %s to %s are counted once each', async (from, to) => {
    const day = (value: string | null) => (value === null ? 'CAST(NULL AS date)' : `DATE '${value}'`);
    const months = `m.month >= coalesce(${day(from)}, DATE '2000-01-01') AND m.next_month <= coalesce(${day(to)}, DATE '2100-01-01') + 1`;
    const counted = await shop.ask(
      `SELECT cell, CAST(sum(known_people) AS bigint) AS people FROM journey_people m
       WHERE kpi = 'channel-roles' AND ${months} AND (month_before IS NULL OR month_before < ${day(from)})
       GROUP BY 1 ORDER BY 1`,
    );
    const expected = await shop.ask(
      `SELECT channel AS cell, count(DISTINCT person_id) AS people
       FROM journey_channels c
       JOIN (SELECT DISTINCT month, next_month FROM journey_people) m ON CAST(date_trunc('month', c.ended_on) AS date) = m.month
       WHERE purchases = 1 AND ${months} GROUP BY 1 ORDER BY 1`,
    );
    expect(counted).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
  });
});
