import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { replayRejections } from '../../lib/pipeline/import-files.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

const rome = { store_id: 's1', time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' };
const receipt = (receipt_id: string, more: object = {}) => ({
  receipt_id,
  store_id: 's1',
  occurred_at: '2025-03-01T10:00:00',
  loyalty_id: 'L1',
  lines: [{ sku: 'A', amount: '10.00' }],
  ...more,
});

describe('records of a store that is not known yet', () => {
  let shop: TemporaryShop;
  beforeEach(async () => {
    shop = await temporaryShop();
  });
  afterEach(() => shop.remove());

  const reasons = async () =>
    (await shop.shop.importer.lake.rejections()).map(({ reason, original }) => [
      reason,
      (JSON.parse(original) as { receipt_id?: string }).receipt_id,
    ]);

  test('wait, are stored once their store arrives, and are duplicates afterwards', async () => {
    const receipts = [receipt('r1'), receipt('r2'), receipt('r3', { store_id: 's2' })];
    const visits = [{ visit_id: 'v1', store_id: 's1', entered_at: '2025-03-01T09:00:00', loyalty_id: 'L1' }];
    const orders = [{ ...receipt('x'), order_id: 'o1' }];
    for (const result of await shop.give({ receipts, store_visits: visits, orders }))
      expect(result).toMatchObject({ stored: 0, rejected: {}, waiting: result.received });
    expect(await shop.give({ stores: [rome] })).toMatchObject([{ stored: 1, released: 4 }]);
    expect(await reasons()).toEqual([['unknown_store', 'r3']]);
    expect(await shop.give({ receipts })).toMatchObject([{ stored: 0, duplicates: 2, waiting: 1 }]);
    await shop.shop.build();
    expect(
      await shop.ask('SELECT conversion_kind, converted_at, currency FROM conversions ORDER BY 1'),
    ).toEqual([
      { conversion_kind: 'order', converted_at: '2025-03-01T09:00:00.000Z', currency: 'EUR' },
      { conversion_kind: 'receipt', converted_at: '2025-03-01T09:00:00.000Z', currency: 'EUR' },
      { conversion_kind: 'receipt', converted_at: '2025-03-01T09:00:00.000Z', currency: 'EUR' },
    ]);
  });

  test('given twice before the store, are stored once', async () => {
    await shop.give({ receipts: [receipt('r1'), receipt('r1')] });
    await shop.give({ receipts: [receipt('r1')] });
    expect(await shop.give({ stores: [rome] })).toMatchObject([{ released: 1 }]);
    expect(await reasons()).toEqual([]);
  });

  test('with another fault besides keep waiting for that, under its own reason', async () => {
    await shop.give({ receipts: [receipt('r1', { total: '11.00' })] });
    expect(await reasons()).toEqual([['unknown_store', 'r1']]);
    expect(await shop.give({ stores: [rome] })).toMatchObject([{ released: 0 }]);
    expect(await reasons()).toEqual([['total_mismatch', 'r1']]);
  });

  test('are events and touches too, where only the store tells their time or the country of their phone', async () => {
    const touch = { touch_type: 'store_leaflet', customer_id: 'c1', store_id: 's1' };
    const event = { event: 'Page Viewed', store_id: 's1', anonymous_id: 'a1' };
    const given = {
      touches: [{ ...touch, touch_id: 't1', occurred_at: '2025-03-01T10:00:00' }],
      web_events: [
        { ...event, event_id: 'e1', occurred_at: '2025-03-01T10:00:00' },
        { ...event, event_id: 'e2', occurred_at: '2025-03-01T10:00:00Z', phone: '333 1234567' },
      ],
    };
    await shop.give(given);
    await shop.give({ stores: [rome] });
    const again = await shop.give(given);
    expect(again).toMatchObject([
      { stored: 0, duplicates: 1 },
      { stored: 0, duplicates: 2 },
    ]);
    await shop.shop.build();
    expect(await shop.ask('SELECT count(*) AS n FROM web_events')).toEqual([{ n: 2 }]);
  });

  test('mended in another way are stored by a replay, which says what is left', async () => {
    await shop.give({
      stores: [rome],
      receipts: [receipt('r1', { lines: [] }), receipt('r2', { occurred_at: '2026-03-01T10:00:00+01:00' })],
    });
    expect((await reasons()).sort()).toEqual([
      ['in_future', 'r2'],
      ['schema', 'r1'],
    ]);
    const later = { ...shop.shop.importer, now: () => Date.UTC(2026, 5, 1) };
    expect(await replayRejections(later)).toEqual({ tried: 2, stored: 1, duplicates: 0, left: 1 });
    expect(await reasons()).toEqual([['schema', 'r1']]);
    expect(await replayRejections(later)).toEqual({ tried: 1, stored: 0, duplicates: 0, left: 1 });
  });
});
