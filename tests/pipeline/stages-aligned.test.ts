import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { kpiRows } from './kpi-rows.ts';
import { seed } from './seed-file.ts';

const receipt = (receipt_id: string, occurred_at: string, amount: string) => ({
  receipt_id,
  store_id: 's1',
  occurred_at,
  customer_id: 'anna',
  lines: [{ sku: 'A', amount }],
});
const seen = (visit_id: string, store_id: string, entered_at: string, left_at: string) => ({
  visit_id,
  store_id,
  customer_id: 'anna',
  entered_at,
  left_at,
});
const reason = (feedback_id: string, day: string, sku: string) => ({
  feedback_id,
  kind: 'return_reason',
  place: 'online',
  occurred_at: `2025-${day}T12:00:00Z`,
  reason: 'too small',
  order_id: 'o1',
  sku,
});

describe('the two sums of a figure are of the same stores, days and months', () => {
  let shop: TemporaryShop;
  const figure = async (name: string, question: object = {}) =>
    (await kpiRows(shop, { kpi: 'stages', ...question })).find((row) => row.figure === name);

  beforeAll(async () => {
    shop = await temporaryShop();
    seed(
      shop,
      'settings',
      'interval_replicates,0,replicates,none',
      'reporting_zone,Europe/Rome,IANA time zone,none',
    );
    await shop.give({
      stores: ['s1', 's2'].map((store_id) => ({ store_id, time_zone: 'Europe/Rome', currency: 'EUR' })),
      touches: [
        // Half past midnight of the first of April in Rome, and an hour before.
        ['anna', '2025-03-31T22:30:00Z'],
        ['bruno', '2025-03-31T21:30:00Z'],
      ].map(([customer_id, occurred_at]) => ({
        touch_id: `${customer_id}`,
        occurred_at,
        touch_type: 'email_click',
        channel: 'Email',
        customer_id,
      })),
      receipts: [receipt('r1', '2025-03-05T12:00:00', '30'), receipt('r2', '2025-04-05T12:00:00', '50')],
      orders: [
        {
          order_id: 'o1',
          customer_id: 'anna',
          occurred_at: '2025-04-02T12:00:00Z',
          currency: 'EUR',
          lines: [
            { sku: 'A', amount: '10' },
            { sku: 'B', amount: '10' },
          ],
        },
      ],
      refunds: [
        {
          refund_id: 'f1',
          order_id: 'o1',
          occurred_at: '2025-04-20T12:00:00Z',
          currency: 'EUR',
          lines: [
            { sku: 'A', amount: '10' },
            { sku: 'B', amount: '10' },
          ],
        },
      ],
      spend: [{ date: '2025-04-01', channel: 'Email', cost: '14', currency: 'EUR' }],
      footfall: [
        { store_id: 's1', interval_start: '2025-03-05T12:00:00', interval_minutes: 60, entries: 40 },
      ],
      store_visits: [
        seen('1', 's1', '2025-03-05T12:00:00', '2025-03-05T12:09:50'),
        seen('2', 's1', '2025-03-06T12:00:00', '2025-03-06T12:10:50'),
        seen('3', 's2', '2025-03-05T12:00:00', '2025-03-05T12:11:50'),
      ],
      feedback: [reason('1', '04-20', 'A'), reason('2', '04-20', 'B')],
    });
    await shop.shop.build();
  });
  afterAll(() => shop?.remove());

  test('known visits count where and when heads were counted', async () => {
    expect(await figure('seen_visitor_share')).toMatchObject({ numerator: 1, denominator: 40, value: 0.025 });
  });

  test('media cost is set against revenue of months with any', async () => {
    expect(await figure('media_cost_share')).toMatchObject({ numerator: 14, denominator: 70, value: 0.2 });
  });

  test('a return with a reason for each of its goods is one', async () => {
    expect(await figure('return_reason_share')).toMatchObject({ numerator: 1, denominator: 1, value: 1 });
  });

  test('months begin at midnight of the reports', async () => {
    for (const month of ['03-31', '04-30'])
      expect(
        await figure('reached_both_share', { from: `2025-${month.slice(0, 2)}-01`, to: `2025-${month}` }),
      ).toMatchObject({ denominator: 1 });
  });

  test('minutes are rounded, not cut', async () => {
    expect(await figure('visit_minutes')).toMatchObject({
      numerator: 10 + 11 + 12,
      denominator: 3,
      value: 11,
    });
  });
});
