import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import { readSqlFolder, TABLE_FOLDERS } from '../../lib/pipeline/sql-files.ts';
import type { Row } from '../../lib/ports.ts';
import { goodLines } from '../demo/read-shop.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { costRates } from './cost-rates.ts';
import { type DemoFiles, importDemo, writeDemoFiles } from './demo-shop.ts';
import { seed, withoutSeeds } from './seed-file.ts';

/** What every table promises, tried on a demo shop; and its money, added up from the input files by this test. */
let demo: DemoFiles;
let shop: TemporaryShop;
let reader: Reader;
const ask = async (select: string): Promise<Row[]> => {
  const { columns, rows } = await reader.sql(select);
  return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null])));
};

beforeAll(async () => {
  demo = await writeDemoFiles(150, 5);
  shop = await temporaryShop();
  await importDemo(shop, demo.files);
  const occurred_at = '2025-02-01T10:00:00Z';
  await shop.give({
    consents: [{ occurred_at, consent: 'denied', email: 'nobody.of.the.demo@example.com' }],
  });
  // A period closed under another setting is restated by the next build.
  seed(shop, 'settings', 'match_unknown_consent,false,true or false,none');
  await shop.shop.build();
  await shop.shop.closePeriod('2025-03-31');
  withoutSeeds(shop);
  costRates(shop, 'desk,per_month,fixed,,Email,,310,EUR');
  await shop.shop.build();
  reader = await openReader(shop.shop.directory);
  await reader.published();
});
afterAll(() => {
  reader?.close();
  shop?.remove();
  demo?.remove();
});

const tables = TABLE_FOLDERS.flatMap((folder) => readSqlFolder(folder));

describe('every table', () => {
  test.each(tables)('$folder/$name holds one row per $key', async ({ name, key }) => {
    const columns = key.join(', ');
    const [counts] = await ask(
      `SELECT count(*) AS n, count(DISTINCT (${columns})) AS keys, count_if(coalesce(${key
        .map((column) => `CAST(${column} AS varchar)`)
        .join(', ')}) IS NULL) AS blank FROM ${name}`,
    );
    expect(counts!.n, `${name} is empty`).toBeGreaterThan(0);
    expect({ name, keys: counts!.keys, blank: counts!.blank }).toEqual({ name, keys: counts!.n, blank: 0 });
  });

  test('has only columns that both engines store alike', async () => {
    const odd = await ask(
      `SELECT table_name, column_name, data_type FROM information_schema.columns
       WHERE table_schema = 'main'
         AND data_type NOT IN ('BIGINT', 'INTEGER', 'DOUBLE', 'VARCHAR', 'BOOLEAN', 'DATE', 'TIMESTAMP')`,
    );
    expect(odd).toEqual([]);
    const [{ n } = { n: 0 }] = await ask(
      'SELECT count(DISTINCT table_name) AS n FROM information_schema.columns',
    );
    expect(n).toBeGreaterThanOrEqual(tables.length);
  });

  test('is free of clear identifiers', async () => {
    const columns = await ask(
      "SELECT table_name, column_name FROM information_schema.columns WHERE data_type = 'VARCHAR'",
    );
    const found: string[] = [];
    for (const { table_name, column_name } of columns) {
      const [hit] = await ask(
        `SELECT ${column_name} AS cell FROM ${table_name}
         WHERE regexp_matches(${column_name}, '@|^C2[0-9]{7}$|^29[0-9]{10}$|^app-[0-9a-f]{16}$') LIMIT 1`,
      );
      if (hit) found.push(`${table_name}.${column_name}: ${hit.cell}`);
    }
    expect(found).toEqual([]);
  });
});

interface Line {
  amount: string;
  tax?: string;
  line_kind?: string;
}
interface Sale {
  total?: string;
  value?: string;
  amount?: string;
  fulfilment?: string;
  order_id?: string;
  refund_id?: string;
  event?: string;
  properties?: { total?: number; order_id?: string };
  lines?: Line[];
}

const cents = (text: string | number | undefined) => Math.round(Number(text ?? 0) * 100);
const sum = <T>(all: readonly T[], of: (one: T) => number) => all.reduce((total, one) => total + of(one), 0);

/** The records of a format as JSON, without the known faults and without repeats of a line. */
function records(format: string): Sale[] {
  const faults = new Set(demo.faults.map(({ line }) => line));
  const lines = demo.files
    .filter((file) => file.format === format)
    .flatMap(({ file }) => goodLines(file, faults).map((line) => line.replace(/"sentAt":"[^"]*",/, '')));
  return [...new Set(lines)].map((line) => JSON.parse(line) as Sale);
}

describe('the money of the demo shop', () => {
  let bucket: (name: string, reason?: string) => number;
  let receipts: Sale[];
  let orders: Sale[];
  let orderEvents: number;
  let stated: Sale[];
  const linesOf = (sales: readonly Sale[], kind: string) =>
    sales.flatMap(({ lines }) => (lines ?? []).filter((line) => (line.line_kind ?? 'sale') === kind));

  beforeAll(async () => {
    const rows = await ask("SELECT bucket, reason, revenue_minor FROM reconciliation WHERE model = 'linear'");
    bucket = (name, reason) =>
      sum(
        rows.filter((row) => row.bucket === name && (reason === undefined || row.reason === reason)),
        (row) => Number(row.revenue_minor),
      );
    receipts = records('receipts');
    orders = records('orders');
    stated = records('refunds');
    orderEvents =
      sum(
        records('segment').filter(({ event }) => event === 'Order Completed'),
        ({ properties }) => cents(properties?.total),
      ) +
      sum(
        records('web_events').filter(({ event }) => event === 'purchase'),
        ({ value }) => cents(value),
      );
  });

  test('adds up for every model and currency: received = attributed + unattributed + excluded', async () => {
    const rows = await ask(
      `SELECT model, currency,
         sum(CASE WHEN bucket = 'received' THEN revenue_minor ELSE 0 END) AS received,
         sum(CASE WHEN bucket = 'received' THEN 0 ELSE revenue_minor END) AS accounted
       FROM reconciliation GROUP BY 1, 2`,
    );
    expect(rows).toHaveLength(13);
    for (const row of rows) expect(row.accounted, String(row.model)).toBe(row.received);
  });

  test('is received as the files state it', () => {
    const given = sum(stated, ({ amount, lines }) =>
      sum(lines ?? [{ amount: amount ?? '0' }], (l) => cents(l.amount)),
    );
    expect(given).toBeGreaterThan(0);
    expect(bucket('received', 'stated')).toBe(
      sum(receipts, ({ total }) => cents(total)) +
        sum(orders, ({ total }) => cents(total)) +
        orderEvents -
        given,
    );
  });

  test('leaves out what is no merchandise, line by line', () => {
    const documents = [...receipts, ...orders];
    for (const kind of ['gift_card', 'deposit', 'shipping']) {
      const expected = sum(linesOf(documents, kind), ({ amount }) => cents(amount));
      expect(expected, kind).not.toBe(0);
      expect(bucket('excluded', kind), kind).toBe(expected);
    }
  });

  test('counts an order once: its event, its hand-over and its reservation are left out', () => {
    const fulfilment = new Map(orders.map((order) => [order.order_id, order.fulfilment]));
    const total = (sales: readonly Sale[]) => sum(sales, (sale) => cents(sale.total));
    const handedOver = receipts.filter(
      (r) => r.order_id && fulfilment.get(r.order_id) === 'click_and_collect',
    );
    const paid = new Set(receipts.map((receipt) => receipt.order_id));
    const reserved = orders.filter((order) => order.fulfilment === 'reserve_and_collect');
    expect(handedOver.length).toBeGreaterThan(0);
    expect(bucket('excluded', 'order_handed_over')).toBe(total(handedOver));
    expect(bucket('excluded', 'reservation_paid_in_store')).toBe(
      total(reserved.filter((order) => paid.has(order.order_id))),
    );
    expect(bucket('excluded', 'reported_by_event_too')).toBe(orderEvents);
  });

  test('comes to what the people of the shop really bought', async () => {
    const truth = goodLines(`${demo.directory}/truth/purchases.jsonl`)
      .map((line) => JSON.parse(line) as { is_counted: boolean; revenue: string })
      .filter(({ is_counted }) => is_counted);
    const [sold] = await ask(
      "SELECT sum(amount_minor + tax_minor) AS minor FROM sale_lines WHERE treatment = 'sale'",
    );
    expect(sold!.minor).toBe(sum(truth, ({ revenue }) => cents(revenue)));
    const [made] = await ask('SELECT sum(revenue_minor) AS minor FROM conversions');
    expect(bucket('attributed', 'sale')).toBeLessThan(Number(made!.minor));
  });

  test('is credited as the purchases with a path say, sales and returns apart', async () => {
    const rows = await ask(
      `SELECT c.model, c.booking_kind, sum(c.revenue_minor) AS credited, b.booked
       FROM credits c
       JOIN (
         SELECT 'sale' AS booking_kind, sum(revenue_minor) AS booked FROM conversions
         WHERE conversion_id IN (SELECT conversion_id FROM path_steps)
         UNION ALL
         SELECT 'return', sum(revenue_minor) FROM returns
         WHERE conversion_id IN (SELECT conversion_id FROM path_steps)
       ) b ON b.booking_kind = c.booking_kind
       GROUP BY 1, 2, 4`,
    );
    expect(rows).toHaveLength(26);
    for (const row of rows) expect(row.credited, `${row.model} ${row.booking_kind}`).toBe(row.booked);
  });
});
