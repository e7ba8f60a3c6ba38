import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { reportKpi } from '../../lib/pipeline/report-kpi.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { seed, withoutSeeds } from './seed-file.ts';

/** Returns of every sort in one shop: which purchase each is of, what it takes back, and why the rest is an orphan. */
let shop: TemporaryShop;

const sold = (amount: string, sku: string, quantity = 1) => ({
  sku,
  category: `cat ${sku}`,
  quantity,
  amount,
});
const back = (amount: string, sku: string | null, quantity = -1) => ({ sku, quantity, amount: `-${amount}` });
const receipt = (
  receipt_id: string,
  day: string,
  customer_id: string | null,
  lines: unknown[],
  more = {},
) => ({
  receipt_id,
  store_id: 's1',
  occurred_at: `${day}T12:00:00Z`,
  customer_id,
  lines,
  ...more,
});
const build = async () => {
  await shop.shop.build();
};
const returns = (ids: string) =>
  shop.ask(
    `SELECT return_id, conversion_id, traced_by, revenue_minor, excess_minor, orphan_reason FROM returns
     WHERE return_id LIKE '${ids}' ORDER BY returned_at, return_id`,
  );
const traced = (return_id: string, conversion_id: string, traced_by: string, revenue_minor: number) => ({
  return_id,
  conversion_id,
  traced_by,
  revenue_minor,
  excess_minor: 0,
  orphan_reason: null,
});
const orphan = (return_id: string, excess_minor: number, orphan_reason: string) => ({
  return_id,
  conversion_id: null,
  traced_by: null,
  revenue_minor: 0,
  excess_minor,
  orphan_reason,
});

beforeAll(async () => {
  shop = await temporaryShop();
  seed(shop, 'settings', 'interval_replicates,0,replicates,none');
  await shop.give({
    stores: [
      { store_id: 's1', name: 'Rome', region: 'South', time_zone: 'Europe/Rome', currency: 'EUR' },
      { store_id: 's2', name: 'Milan', region: 'North', time_zone: 'Europe/Rome', currency: 'EUR' },
    ],
    receipts: [
      receipt('a1', '2025-01-10', 'ann', [sold('10', 'A'), sold('90', 'B')]),
      receipt('a2', '2025-02-10', 'ann', [sold('11', 'A')]),
      receipt('a3', '2025-03-10', 'ann', [sold('12', 'A')]),
      // Without a receipt: the latest first, then the one before; the one of the same receipt never.
      receipt('x1', '2025-03-15', 'ann', [back('12', 'A'), sold('12', 'A')]),
      receipt('x2', '2025-03-16', 'ann', [back('12', 'A')]),
      receipt('x3', '2025-03-17', 'ann', [back('11', 'A'), back('5', 'C')]),
      // Of two pieces one comes back twice, and then the older purchase.
      receipt('b1', '2025-01-10', 'bob', [sold('8', 'A')]),
      receipt('b2', '2025-02-10', 'bob', [sold('20', 'A', 2)]),
      receipt('y1', '2025-02-11', 'bob', [back('10', 'A')]),
      receipt('y2', '2025-02-12', 'bob', [back('10', 'A')]),
      receipt('y3', '2025-02-13', 'bob', [back('8', 'A')]),
      // Named returns are counted: of c2 nothing is left.
      receipt('c1', '2025-01-10', 'cat', [sold('7', 'A')]),
      receipt('c2', '2025-02-10', 'cat', [sold('9', 'A')]),
      receipt('z1', '2025-02-11', null, [back('9', 'A')], { original_receipt_id: 'c2' }),
      receipt('z2', '2025-02-12', 'cat', [back('7', 'A')]),
      // Too old, nobody known, no SKU, no consent, more than was bought, bought later, not there yet.
      receipt('d1', '2023-12-01', 'dan', [sold('7', 'A')]),
      receipt('o1', '2025-02-12', 'dan', [back('7', 'A')]),
      receipt('o2', '2025-02-13', null, [back('1', 'A')]),
      receipt('o3', '2025-02-14', 'ann', [back('2', null)]),
      receipt('o4', '2025-02-15', 'ann', [back('3', 'A')], { consent: 'denied' }),
      receipt('o5', '2025-02-16', null, [back('8', 'A')], { original_receipt_id: 'b1' }),
      receipt('o6', '2025-02-17', null, [back('4', 'A')], { original_receipt_id: 'a3' }),
      receipt('o7', '2025-02-18', 'ann', [back('5', 'A')], { original_receipt_id: 'late' }),
      // An order that comes back in another store, in part.
      receipt('w1', '2025-02-20', null, [back('6', 'A')], { order_id: 'web', store_id: 's2' }),
    ],
    orders: [
      {
        order_id: 'web',
        occurred_at: '2025-02-19T10:00:00Z',
        currency: 'EUR',
        customer_id: 'eve',
        lines: [sold('6', 'B'), sold('4', 'A'), { line_kind: 'discount', amount: '-1' }],
      },
    ],
  });
  await build();
});
afterAll(() => shop.remove());

describe('a return', () => {
  test("without a receipt is of the person's latest earlier purchase of the SKU that is not wholly returned", async () => {
    expect(await returns('receipt/s1///x%')).toEqual([
      traced('receipt/s1///x1###A', 'receipt/s1///a3', 'person_and_sku', -1200),
      traced('receipt/s1///x2###A', 'receipt/s1///x1', 'person_and_sku', -1200),
      traced('receipt/s1///x3###A', 'receipt/s1///a2', 'person_and_sku', -1100),
      orphan('receipt/s1///x3###C', -500, 'no_earlier_purchase'),
    ]);
  });

  test('of some of the pieces leaves the rest to the next', async () => {
    expect(await returns('receipt/s1///y%')).toEqual([
      traced('receipt/s1///y1###A', 'receipt/s1///b2', 'person_and_sku', -1000),
      traced('receipt/s1///y2###A', 'receipt/s1///b2', 'person_and_sku', -1000),
      traced('receipt/s1///y3###A', 'receipt/s1///b1', 'person_and_sku', -800),
    ]);
  });

  test('that names its receipt is counted before one that names none', async () => {
    expect(await returns('receipt/s1///z%')).toEqual([
      traced('receipt/s1///z1#c2#', 'receipt/s1///c2', 'receipt_id', -900),
      traced('receipt/s1///z2###A', 'receipt/s1///c1', 'person_and_sku', -700),
    ]);
  });

  test('that finds no purchase, or goes beyond it, is an orphan with its reason', async () => {
    expect(await returns('receipt/s1///o%')).toEqual([
      orphan('receipt/s1///o1###A', -700, 'no_earlier_purchase'),
      orphan('receipt/s1///o2###A', -100, 'person_unknown'),
      orphan('receipt/s1///o3##', -200, 'sku_unknown'),
      orphan('receipt/s1///o4###A', -300, 'no_consent'),
      {
        ...traced('receipt/s1///o5#b1#', 'receipt/s1///b1', 'receipt_id', 0),
        excess_minor: -800,
        orphan_reason: 'beyond_purchase',
      },
      orphan('receipt/s1///o6#a3#', -400, 'before_purchase'),
      orphan('receipt/s1///o7#late#', -500, 'purchase_not_found'),
    ]);
  });

  test('takes from the lines of its SKU, then from all in proportion, net of discounts', async () => {
    expect(
      await shop.ask(
        `SELECT l.sku, l.sold_minor, t.revenue_minor FROM line_returns t JOIN sold_lines l ON l.line_id = t.line_id
         WHERE t.return_id LIKE 'receipt/s2%' ORDER BY 1`,
      ),
    ).toEqual([
      { sku: 'A', sold_minor: 360, revenue_minor: -360 },
      { sku: 'B', sold_minor: 540, revenue_minor: -240 },
    ]);
  });

  test('is counted by its own day and store, and by those of its purchase', async () => {
    const reader = await openReader(shop.shop.directory);
    try {
      const published = (await reader.published())!;
      const rowsBy = async (by: string, ...measures: string[]) =>
        (await reportKpi(published, { kpi: 'returns', by })).rows.map((row) =>
          [row.label, ...measures.map((name) => row[name])].join(' '),
        );
      expect(
        await rowsBy('store', 'sold', 'returned_by_purchase_date', 'returned_by_return_date', 'return_rate'),
      ).toEqual(['Rome 186 -79 -79 0.424731', '(online) 9 -6 0 0.666667', 'Milan 0 0 -6 ']);
      expect(await rowsBy('channel_of_purchase', 'sold', 'returned_by_return_date', 'orphaned')).toEqual([
        'receipt 186 -79 -8',
        'order 9 -6 0',
        '(no purchase) 0 0 -27',
      ]);
      expect(await rowsBy('category', 'sold', 'net_by_return_date')).toEqual([
        'cat A 99.6 17',
        'cat B 95.4 93',
        '(unknown) 0 0',
      ]);
      expect(await rowsBy('reason', 'orphaned')).toContain('before_purchase -4');
      expect(await rowsBy('traced_by', 'returned_by_return_date')).toEqual([
        '(purchases) 0',
        '(not traced) 0',
        'order_id -6',
        'person_and_sku -70',
        'receipt_id -9',
      ]);
    } finally {
      reader.close();
    }
  });

  test('is healed by the sale that comes after it', async () => {
    await shop.give({ receipts: [receipt('late', '2025-02-01', null, [sold('5', 'A')])] });
    await build();
    expect(await returns('receipt/s1///o7%')).toEqual([
      traced('receipt/s1///o7#late#', 'receipt/s1///late', 'receipt_id', -500),
    ]);
  });

  test('without a receipt stays without a purchase where the setting says so', async () => {
    seed(shop, 'settings', 'return_match_days,0,days,none', 'interval_replicates,0,replicates,none');
    await build();
    withoutSeeds(shop);
    const [counted] = await shop.ask("SELECT count_if(traced_by = 'person_and_sku') AS n FROM returns");
    expect(counted).toEqual({ n: 0 });
  });
});

describe('an identifier that thousands share', () => {
  test('does not multiply rows', async () => {
    const crowded = await temporaryShop();
    try {
      seed(crowded, 'settings', 'interval_replicates,0,replicates,none');
      const at = (second: number) => new Date(Date.UTC(2025, 0, 1) + second * 1000).toISOString();
      await crowded.give({
        orders: Array.from({ length: 8_000 }, (_, n) => ({
          order_id: `o${n}`,
          occurred_at: at(n),
          currency: 'EUR',
          customer_id: 'all',
          lines: [sold('2', `S${n % 3}`)],
        })),
        refunds: Array.from({ length: 8_000 }, (_, n) => ({
          refund_id: `f${n}`,
          occurred_at: at(10_000 + n),
          currency: 'EUR',
          customer_id: 'all',
          lines: [{ sku: `S${n % 3}`, amount: '1' }],
        })),
      });
      const { tables } = await crowded.shop.build();
      const most = Math.max(...tables.map(({ rows }) => rows));
      expect(tables.filter(({ rows }) => rows === most)).toMatchObject([{ name: 'ledger', rows: 24_000 }]);
      const [counted] = await crowded.ask(
        "SELECT count(*) AS n, count(DISTINCT conversion_id) AS purchases FROM returns WHERE traced_by = 'person_and_sku'",
      );
      expect(counted).toEqual({ n: 8_000, purchases: 8_000 });
    } finally {
      crowded.remove();
    }
  });
});
