import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NOW, type Records, type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

/** A record may be as odd as it likes: its neighbours are stored, the build runs, and the money adds up. */
const store = { store_id: 's1', time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' };
const receipt = (receipt_id: string, more: object = {}) => ({
  receipt_id,
  store_id: 's1',
  occurred_at: '2025-03-01T10:00:00Z',
  loyalty_id: 'L1',
  lines: [{ sku: 'A', amount: '10.00' }],
  ...more,
});
const event = (event_id: string, more: object = {}) => ({
  event_id,
  event: 'Product Viewed',
  occurred_at: '2025-03-01T10:00:00Z',
  anonymous_id: 'a1',
  ...more,
});
const spend = (more: object = {}) => ({
  date: '2025-03-01',
  utm_source: 'google',
  utm_medium: 'cpc',
  utm_campaign: 'spring',
  cost: '5.00',
  currency: 'EUR',
  ...more,
});

let shop: TemporaryShop;
beforeEach(async () => {
  shop = await temporaryShop();
});
afterEach(() => shop.remove());

describe('a record that no column can hold', () => {
  const odd: [string, Records][] = [
    [
      'a business day that is none',
      { receipts: [receipt('r0', { business_date: '2025-02-31' }), receipt('r1')] },
    ],
    [
      'a business day in month 13',
      { receipts: [receipt('r0', { business_date: '2025-13-01' }), receipt('r1')] },
    ],
    [
      'a value of an event above all money',
      { web_events: [event('e0', { value: '1e30', currency: 'EUR' }), event('e1')] },
    ],
    [
      'more clicks than a number of 64 bits',
      { spend: [spend({ clicks: 1e20 }), spend({ utm_campaign: 'x' })] },
    ],
    ['a revision beyond all numbers', { receipts: [receipt('r0', { revision: 1e308 }), receipt('r1')] }],
    [
      'a quantity of forty digits',
      {
        receipts: [
          receipt('r0', { lines: [{ sku: 'A', amount: '1', quantity: '9'.repeat(40) }] }),
          receipt('r1'),
        ],
      },
    ],
    [
      'an amount of a million digits',
      { receipts: [receipt('r0', { lines: [{ amount: '1e999' }] }), receipt('r1')] },
    ],
  ];
  test.each(odd)('%s is set aside or stored, and never stops its neighbours', async (_, records) => {
    await shop.give({ stores: [store] });
    for (const result of await shop.give(records)) {
      expect(result.received).toBe(2);
      expect(result.stored).toBeGreaterThanOrEqual(1);
    }
    await shop.shop.build();
  });
});

describe('records that contradict each other', () => {
  const sums = `SELECT currency, sum(CASE WHEN bucket = 'received' THEN revenue_minor ELSE 0 END) AS received
    FROM reconciliation WHERE model = 'linear' GROUP BY 1 ORDER BY 1`;

  test('lines of one basket in two currencies add up in each', async () => {
    await shop.give({
      stores: [store],
      receipts: [
        receipt('r1', { partial: true, currency: 'EUR' }),
        receipt('r1', { partial: true, currency: 'USD', lines: [{ sku: 'B', amount: '5.00' }] }),
      ],
    });
    await shop.shop.build();
    expect(await shop.ask(sums)).toEqual([
      { currency: 'EUR', received: 1000 },
      { currency: 'USD', received: 500 },
    ]);
  });

  test('a refund in another currency than its order gives back none of it', async () => {
    await shop.give({
      orders: [
        { order_id: 'o1', occurred_at: '2025-03-01T10:00:00Z', currency: 'JPY', lines: [{ amount: '1000' }] },
      ],
      refunds: [{ refund_id: 'f1', order_id: 'o1', occurred_at: '2025-03-02T10:00:00Z', currency: 'EUR' }],
    });
    await shop.shop.build();
    expect(await shop.ask('SELECT currency, revenue_minor, excess_minor FROM returns')).toEqual([
      { currency: 'EUR', revenue_minor: 0, excess_minor: 0 },
    ]);
  });

  test('one event with two contents is kept as two, whichever came first', async () => {
    const [one, other] = [event('e1'), event('e1', { occurred_at: '2025-03-01T12:00:00Z' })];
    await shop.give({ web_events: [one, other] });
    await shop.shop.build();
    const first = await shop.ask('SELECT event_key, occurred_at FROM web_events ORDER BY 1');
    expect(first).toHaveLength(2);
    const turned = await temporaryShop();
    await turned.give({ web_events: [other, one] });
    await turned.shop.build();
    expect(await turned.ask('SELECT event_key, occurred_at FROM web_events ORDER BY 1')).toEqual(first);
    turned.remove();
  });

  test('a record whose clock runs ahead is the same record when it is imported again later', async () => {
    const ahead = event('e1', { occurred_at: new Date(NOW + 6 * 3_600_000).toISOString() });
    await shop.give({ web_events: [ahead] });
    shop.shop.importer.now = () => NOW + 60_000;
    expect(await shop.give({ web_events: [ahead] })).toMatchObject([{ stored: 0, duplicates: 1 }]);
  });

  test('lines of a basket that come again in another bundle count once', async () => {
    const lines = [
      { sku: 'A', amount: '10.00' },
      { sku: 'B', amount: '5.00' },
    ];
    await shop.give({ stores: [store], receipts: [receipt('r1', { partial: true, lines: [lines[0]] })] });
    const [result] = await shop.give({ receipts: [receipt('r1', { partial: true, lines })] });
    expect(result).toMatchObject({ stored: 1, duplicates: 0 });
    await shop.shop.build();
    expect(await shop.ask(sums)).toEqual([{ currency: 'EUR', received: 1500 }]);
  });
});

describe('text that looks like something else', () => {
  test('campaigns that are called by a number of the ad platform stay apart, and so does their cost', async () => {
    const campaigns = ['12345678901', '12345678902'];
    const [result] = await shop.give({ spend: campaigns.map((utm_campaign) => spend({ utm_campaign })) });
    expect(result).toMatchObject({ stored: 2 });
    await shop.shop.build();
    expect(
      await shop.ask(
        "SELECT campaign, sum(spend_minor) AS n FROM channel_daily WHERE model = 'linear' GROUP BY 1 ORDER BY 1",
      ),
    ).toEqual(campaigns.map((campaign) => ({ campaign, n: 500 })));
  });

  test('a channel that a shop names itself cannot break the path it stands in', async () => {
    const touch = { touch_type: 'click', customer_id: 'c1' };
    await shop.give({
      touches: [
        { ...touch, touch_id: 't1', occurred_at: '2025-02-01T10:00:00Z', channel: 'TV 2024|Q1' },
        { ...touch, touch_id: 't2', occurred_at: '2025-02-02T10:00:00Z', channel: 'A > B' },
      ],
      orders: [
        {
          order_id: 'o',
          customer_id: 'c1',
          occurred_at: '2025-02-03T10:00:00Z',
          currency: 'EUR',
          lines: [{ amount: '1' }],
        },
      ],
    });
    await shop.shop.build();
    expect(await shop.ask('SELECT channel_path FROM paths_to_conversion')).toEqual([
      { channel_path: 'TV 2024/Q1 > A / B' },
    ]);
  });

  test('a contact outside the site is never a direct visit, even when nobody named its source', async () => {
    const types = ['email_open', 'sms', 'push', 'direct_mail', 'store_leaflet'];
    await shop.give({
      touches: types.map((touch_type, day) => ({
        touch_id: touch_type,
        touch_type,
        occurred_at: `2025-02-0${day + 1}T10:00:00Z`,
        customer_id: 'c1',
      })),
    });
    await shop.shop.build();
    expect(
      (await shop.ask('SELECT channel FROM touchpoints ORDER BY touched_at')).map((row) => row.channel),
    ).toEqual(['Email', 'SMS', 'Mobile Push Notifications', 'Direct Mail', 'Store Leaflet']);
  });
});
