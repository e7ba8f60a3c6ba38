import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputFile } from '../../lib/formats/files.ts';
import { FORMATS } from '../../lib/formats/index.ts';
import { type ImportResult, importFiles } from '../../lib/pipeline/import-files.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { realPaths, SKIPPED } from './real-folder.ts';

/** UCI "Online Retail", four months: cancellations, customers that nobody knows, and lines that repeat. */
const paths = realPaths('online-retail', /\.gz$/);
let shop: TemporaryShop;
let results: ImportResult[];
let rows: Record<string, string>[];
let distinct: Record<string, string>[];

beforeAll(async () => {
  if (paths === null) return;
  shop = await temporaryShop();
  results = [];
  // Backwards: a cancellation may come long before its invoice.
  for (const path of [...paths].reverse())
    results.push(await importFiles(shop.shop.importer, FORMATS['online-retail']!, [inputFile(path)]));
  await shop.shop.build();
  rows = paths.flatMap(
    (path) => parse(gunzipSync(readFileSync(path)), { columns: true, bom: true }) as Record<string, string>[],
  );
  distinct = [...new Map(rows.map((row) => [keyOf(row), row])).values()];
});
afterAll(() => shop?.remove());

/** What two lines must agree in to be the same line; the description is no part of it. */
const keyOf = ({
  InvoiceNo,
  StockCode,
  Quantity,
  InvoiceDate,
  UnitPrice,
  CustomerID,
}: Record<string, string>) => [InvoiceNo, StockCode, Quantity, InvoiceDate, UnitPrice, CustomerID].join('|');
/** Pence of a line, a half rounded away from zero, from whole numbers: prices have up to three decimals. */
const pence = ({ Quantity, UnitPrice }: Record<string, string>) => {
  const thousandths = Math.round(Number(UnitPrice) * 1000) * Number(Quantity);
  return Math.sign(thousandths) * Math.round(Math.abs(thousandths) / 10);
};
const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

describe.skipIf(paths === null)(`Online Retail${paths === null ? ` (${SKIPPED})` : ''}`, () => {
  test('is received whole: 142,083 lines, of which 1,284 repeat another', () => {
    expect(sum(results.map(({ received }) => received))).toBe(142_083);
    expect(sum(results.map(({ duplicates }) => duplicates))).toBe(1_284);
    expect(rows.length - distinct.length).toBe(1_284);
    for (const { rejected, waiting } of results)
      expect({ rejected, waiting }).toEqual({ rejected: {}, waiting: 0 });
  });

  test('comes to the sum of its lines, to the penny, for every model', async () => {
    const expected = sum(distinct.map(pence));
    const sums = await shop.ask(
      `SELECT model, currency,
         sum(CASE WHEN bucket = 'received' THEN revenue_minor END) AS received,
         sum(CASE WHEN bucket <> 'received' THEN revenue_minor END) AS accounted
       FROM reconciliation GROUP BY 1, 2`,
    );
    expect(sums).toHaveLength(13);
    for (const row of sums)
      expect(row).toMatchObject({ currency: 'GBP', received: expected, accounted: expected });
  });

  test('takes cancellations as refunds, which give back at most what was bought', async () => {
    const cancelled = distinct.filter(({ InvoiceNo }) => InvoiceNo!.startsWith('C'));
    const [refunds] = await shop.ask(
      "SELECT count(DISTINCT document_id) AS n, count(*) AS lines FROM sale_lines WHERE document_kind = 'refund'",
    );
    expect(refunds).toEqual({
      n: new Set(cancelled.map(({ InvoiceNo }) => InvoiceNo)).size,
      lines: cancelled.length,
    });
    const [returns] = await shop.ask(
      `SELECT CAST(sum(revenue_minor + excess_minor) AS bigint) AS given_back, CAST(-sum(revenue_minor) AS bigint) AS traced,
         count_if(traced_by <> 'person_and_sku') AS otherwise FROM returns`,
    );
    const merchandise = cancelled.filter(
      ({ StockCode }) => !/^(POST|DOT|C2|AMAZONFEE|BANK CHARGES|CRUK|B|M|S|D|gift_.*)$/i.test(StockCode!),
    );
    const all = sum(merchandise.map(pence));
    expect(returns).toMatchObject({ given_back: all, otherwise: 0 });
    expect(Number(returns!.traced)).toBeGreaterThan(0);
  });

  test('finds the purchase of a cancellation, which names none, by customer and stock code', async () => {
    const strays = await shop.ask(
      `SELECT count(*) AS n FROM returns r
       JOIN returned_goods g ON g.return_id = r.return_id
       JOIN conversions c ON c.conversion_id = r.conversion_id
       WHERE c.person_id <> g.person_id OR c.converted_at >= r.returned_at
         OR NOT EXISTS (SELECT 1 FROM sold_lines l WHERE l.conversion_id = c.conversion_id AND l.sku = g.sku)`,
    );
    expect(strays).toEqual([{ n: 0 }]);
  });

  test('knows the customers that are known, and no others', async () => {
    const orders = distinct.filter(({ InvoiceNo }) => !InvoiceNo!.startsWith('C'));
    const [found] = await shop.ask(
      "SELECT count(DISTINCT person_id) AS n, count_if(person_id IS NULL) AS unknown FROM sale_persons WHERE document_id LIKE 'order/%'",
    );
    const known = new Map<string, boolean>();
    for (const { InvoiceNo, CustomerID } of orders)
      known.set(InvoiceNo!, known.get(InvoiceNo!) || CustomerID !== '');
    expect(found).toEqual({
      n: new Set(orders.map(({ CustomerID }) => CustomerID).filter((id) => id !== '')).size,
      unknown: [...known.values()].filter((isKnown) => !isKnown).length,
    });
  });
});
