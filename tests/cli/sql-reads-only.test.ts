import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReader, type Reader } from '../../lib/adapters/embedded/reader.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

/** What `ropo sql` lets a person run: one SELECT on the published tables. */
let shop: TemporaryShop;
let reader: Reader;
let stores: string;

beforeAll(async () => {
  shop = await temporaryShop();
  await shop.give({ stores: [{ store_id: 's1', time_zone: 'Europe/Rome', currency: 'EUR' }] });
  await shop.shop.build();
  const { builds, spill } = shop.shop.directory;
  stores = join(builds, readdirSync(builds)[0]!, 'stores.parquet');
  mkdirSync(join(spill, 'delivery-1'));
  writeFileSync(join(spill, 'delivery-1', 'rejections-1.ndjson'), '{"original":"someone@example.com"}\n');
  reader = await openReader(shop.shop.directory);
  await reader.published();
});
afterAll(() => {
  reader?.close();
  shop?.remove();
});

describe('sql that only reads', () => {
  test.each([
    'SELECT * FROM stores',
    'FROM stores;',
    'WITH s AS (SELECT 1 AS n) SELECT n FROM s',
    'DESCRIBE stores',
    'EXPLAIN SELECT 1',
  ])('runs %s', async (select) => {
    expect((await reader.sql(select)).rows.length).toBeGreaterThan(0);
  });

  const refused = (): string[] => [
    'INSERT INTO stores SELECT * FROM stores',
    "COPY stores TO 'stolen.csv'",
    `COPY (SELECT 1) TO '${shop.shop.directory.spill}/stolen.csv'`,
    `EXPLAIN ANALYZE COPY (SELECT 666 AS x) TO '${stores}' (FORMAT parquet)`,
    `EXPLAIN ANALYZE INSERT INTO stores SELECT * FROM stores`,
    "ATTACH 'other.db' AS other",
    "EXPORT DATABASE 'everything'",
    'CREATE TABLE mine AS SELECT 1',
    'DROP VIEW stores',
    'SET memory_limit = 1',
    'SET VARIABLE x = 1',
    'INSTALL httpfs',
    'LOAD httpfs',
    'CALL pragma_version()',
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')",
    `SELECT * FROM read_text('${shop.root}/identity.secret')`,
    `SELECT * FROM read_parquet('${shop.root}/lake/raw_stores/*.parquet')`,
    `SELECT * FROM read_text('${shop.shop.directory.spill}/delivery-1/rejections-1.ndjson')`,
    "SELECT * FROM glob('/*')",
    'SELECT 1; SELECT 2',
    'SELECT 1; DROP VIEW stores',
    '',
    '-- nothing',
    'SELEC 1',
  ];

  test('refuses everything else, in words, and nothing changes', async () => {
    const before = readFileSync(stores);
    for (const select of refused()) {
      const outcome = await reader.sql(select).then(
        ({ rows }) => `${select} gave ${JSON.stringify(rows)}`,
        (error: Error) => error.message,
      );
      expect(outcome, select).toMatch(/^(ropo sql|\w+( \w+)* Error:)/);
    }
    expect(readFileSync(stores).equals(before)).toBe(true);
    expect(existsSync('stolen.csv')).toBe(false);
    expect(await reader.sql('SELECT store_id FROM stores')).toEqual({
      columns: ['store_id'],
      rows: [['s1']],
    });
  });
});
