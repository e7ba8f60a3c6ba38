import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inputFile } from '../../lib/formats/files.ts';
import { FORMATS } from '../../lib/formats/index.ts';
import { importFiles } from '../../lib/pipeline/import-files.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { realPaths, SKIPPED } from './real-folder.ts';

/** An ARTS POSLog of a real till system: 51 transactions, 42 of them receipts, to their grand totals. */
const paths = realPaths('poslog', /POSLog\.xml\.gz$/);
const store = { store_id: '9', time_zone: 'America/Los_Angeles', currency: 'USD', country: 'US' };

describe.skipIf(paths === null)(`POSLog${paths === null ? ` (${SKIPPED})` : ''}`, () => {
  let shop: TemporaryShop;
  beforeEach(async () => {
    shop = await temporaryShop();
  });
  afterEach(() => shop.remove());

  const importLog = () =>
    importFiles(
      shop.shop.importer,
      FORMATS.poslog!,
      paths!.map((path) => inputFile(path)),
    );
  const received = () =>
    shop.ask(
      `SELECT CAST(sum(CASE WHEN bucket = 'received' THEN revenue_minor ELSE 0 END) AS bigint) AS received,
         CAST(sum(CASE WHEN bucket = 'received' THEN 0 ELSE revenue_minor END) AS bigint) AS accounted
       FROM reconciliation WHERE model = 'linear'`,
    );

  test('after its store: 42 receipts, 2,643.72, four people', async () => {
    await shop.give({ stores: [store] });
    expect(await importLog()).toMatchObject({ received: 42, stored: 42, rejected: {}, waiting: 0 });
    await shop.shop.build();
    expect(await received()).toEqual([{ received: 264_372, accounted: 264_372 }]);
    expect(
      await shop.ask(
        'SELECT count(*) AS n, count(person_id) AS known, count(DISTINCT store_id) AS stores FROM sale_persons',
      ),
    ).toEqual([{ n: 42, known: 4, stores: 1 }]);
    expect(
      await shop.ask(
        "SELECT count(*) AS n FROM sale_persons WHERE person_id IS NOT NULL AND identified_by <> 'loyalty_id'",
      ),
    ).toEqual([{ n: 0 }]);
    expect(await importLog()).toMatchObject({ stored: 0, duplicates: 42 });
  });

  test('before its store: all wait, none is lost, and the store brings them all', async () => {
    expect(await importLog()).toMatchObject({ received: 42, stored: 0, rejected: {}, waiting: 42 });
    await shop.shop.build();
    expect(await shop.ask('SELECT count(*) AS n FROM sale_lines')).toEqual([{ n: 0 }]);
    expect(await shop.shop.importer.lake.rejections()).toHaveLength(42);
    expect(await shop.give({ stores: [store] })).toMatchObject([{ stored: 1, released: 42 }]);
    expect(await shop.shop.importer.lake.rejections()).toEqual([]);
    await shop.shop.build();
    expect(await received()).toEqual([{ received: 264_372, accounted: 264_372 }]);
  });
});
