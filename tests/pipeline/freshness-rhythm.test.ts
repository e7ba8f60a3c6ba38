import { describe, expect, test } from 'vitest';
import { dayNumber, dayText } from '../../lib/domain/freshness/days.ts';
import { type Source, type SourceDay, shopFreshness } from '../../lib/domain/freshness/source-rhythm.ts';
import { temporaryShop } from '../temporary-shop.ts';
import { kpiRows } from './kpi-rows.ts';

const TODAY = 20_000;
/** Days before today, each ending late. */
const daysAgo = (...ago: number[]): SourceDay[] =>
  ago.sort((a, b) => b - a).map((back) => ({ day: TODAY - back, lastMinute: 1380 }));
const upTo = (last: number, every = 1) =>
  daysAgo(...Array.from({ length: 60 }, (_, at) => last + at * every));

const freshness = (sources: Partial<Record<Source, SourceDay[]>>) =>
  shopFreshness(new Map(Object.entries(sources) as [Source, SourceDay[]][]));

describe('whether a source still delivers', () => {
  test.each([
    ['to the end', upTo(0), 'fresh', 0],
    ['not yesterday, as it always does', upTo(1), 'late', 1],
    ['for two days beyond its longest gap', upTo(2), 'late', 2],
    ['for longer', upTo(3), 'stopped', 3],
    // Once a week: six days of silence are nothing.
    ['weekly, in the midst of its week', upTo(6, 7), 'fresh', 0],
    ['weekly, a day over', upTo(7, 7), 'late', 7],
    ['weekly, for three days over', upTo(9, 7), 'stopped', 9],
    ['four times in all, lately', daysAgo(20, 14, 12, 3), 'fresh', 0],
    ['four times in all, long ago', daysAgo(90, 70, 60, 55), 'late', 55],
  ] as const)('%s', (_, days, status, behind) => {
    const shop = freshness({ web_events: upTo(0), touches: [...days] });
    const state = shop.sources.get('touches')!;
    expect(state.status).toBe(status);
    expect(TODAY - state.completeThrough!).toBe(behind);
    // What has stopped, or came a few times long ago, does not hold the shop back for ever.
    const isAwaited = status !== 'stopped' && days.length > 5;
    expect(TODAY - shop.completeThrough!).toBe(isAwaited ? behind : 0);
    expect(shop.sources.get('receipts')).toMatchObject({ status: 'never', completeThrough: null });
  });

  test('a day that breaks off earlier than any before is not whole', () => {
    const days = upTo(0);
    const cut = [...days.slice(0, -1), { day: TODAY, lastMinute: 700 }];
    expect(freshness({ web_events: days }).now).toBe(TODAY);
    const shop = freshness({ web_events: cut });
    expect([shop.now, shop.completeThrough]).toEqual([TODAY - 1, TODAY - 1]);
    expect(shop.sources.get('web_events')!.status).toBe('fresh');
  });

  test('spend booked ahead does not move the clock, and one long holiday is not the usual gap', () => {
    expect(freshness({ web_events: upTo(0), spend: upTo(-20) }).now).toBe(TODAY);
    const holiday = daysAgo(...Array.from({ length: 150 }, (_, at) => (at < 60 ? at + 3 : at + 18)));
    expect(freshness({ web_events: upTo(0), touches: holiday }).sources.get('touches')).toMatchObject({
      status: 'stopped',
      longestGap: 1,
    });
  });

  test('of nothing nothing is said', () => {
    expect(freshness({})).toMatchObject({ now: null, completeThrough: null, status: 'never' });
  });
});

test('days and their numbers', () => {
  expect(dayNumber('1970-01-02')).toBe(1);
  expect(dayText(dayNumber('2024-02-29'))).toBe('2024-02-29');
});

test('the KPI counts documents, by days of the reporting zone', async () => {
  const shop = await temporaryShop();
  try {
    const at = (day: number, hour: number) => new Date(Date.UTC(2025, 4, 1 + day, hour)).toISOString();
    await shop.give({
      stores: [{ store_id: 's1', time_zone: 'UTC', currency: 'EUR' }],
      receipts: Array.from({ length: 20 }, (_, day) => ({
        receipt_id: `r${day}`,
        store_id: 's1',
        occurred_at: at(day, 17),
        lines: [{ amount: '1' }, { amount: '2' }],
      })),
      orders: Array.from({ length: 10 }, (_, day) => ({
        order_id: `o${day}`,
        occurred_at: at(day, 20),
        currency: 'EUR',
        lines: [{ amount: '3' }],
      })),
    });
    await shop.shop.build();
    const rows = new Map((await kpiRows(shop, { kpi: 'data-freshness' })).map((row) => [row.label, row]));
    expect(rows.get('receipts')).toMatchObject({
      records: 20,
      last_at: '2025-05-20T17:00:00Z',
      complete_through: '2025-05-20',
      status: 'fresh',
    });
    expect(rows.get('orders')).toMatchObject({
      records: 10,
      complete_through: '2025-05-10',
      status: 'stopped',
      silent_days: 10,
    });
    expect(rows.get('web_events')).toMatchObject({ records: 0, last_at: null, status: 'never' });
    expect(rows.get('shop')).toMatchObject({ records: 30, complete_through: '2025-05-20', status: 'late' });
    const alerts = await kpiRows(shop, { kpi: 'alerts' });
    expect(alerts).toMatchObject([
      { severity: 'critical', subject: 'orders', since: '2025-05-11', value: 10, high: 1, unit: 'days' },
    ]);
  } finally {
    shop.remove();
  }
});
