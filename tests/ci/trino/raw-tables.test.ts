import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareRawDatabase } from '../../../lib/adapters/aws/athena/build-database.ts';
import { quoted } from '../../../lib/adapters/aws/athena/literals.ts';
import { rawLocation } from '../../../lib/adapters/aws/athena/raw-statements.ts';
import {
  createDatabase,
  createIcebergTable,
  deleteFrom,
  insertInto,
  optimizeTable,
  vacuumTable,
} from '../../../lib/adapters/aws/athena/statements.ts';
import { RAW_TABLES } from '../../../lib/domain/raw-tables.ts';
import { BUCKET, type LocalAthena, openLocalAthena } from '../../aws/athena/local-athena.ts';
import { filesAsRows, parquetFiles, withDuckDb } from './parquet-files.ts';
import { openTrino, type TrinoEngine } from './trino-engine.ts';

/** What is done to raw tables besides merging, as Trino does it. */
const RAW = 'ropo_raw';
const NAME = { database: RAW, table: 'raw_products' };
const NAMES = Object.keys(RAW_TABLES.raw_products);

let local: LocalAthena;
let trino: TrinoEngine;
beforeAll(async () => {
  local = await openLocalAthena(async (folder) => {
    trino = await openTrino({ folder });
    return trino;
  });
});
afterAll(() => local?.close());

/** Adds a row of nulls but for its id. */
const addRow = (columns: readonly string[], id: string) =>
  local.queries.run(
    insertInto(NAME, columns, `SELECT ${columns.map((name) => columnOf(name, id)).join(', ')}`),
    { name: 'a row' },
  );
const columnOf = (name: string, id: string) =>
  name === 'record_id' ? `'${id}'` : `CAST(NULL AS ${RAW_TABLES.raw_products[name as 'sku']})`;

const ids = async () => {
  const rows = await local.queries.rows(`SELECT * FROM ${quoted(RAW, NAME.table)} ORDER BY record_id`);
  return { columns: Object.keys(rows[0] ?? {}), ids: rows.map(({ record_id }) => record_id) };
};

/** Ids in the files of the table, whatever of them the table shows. */
const idsInFiles = () =>
  withDuckDb(async (engine) => {
    const files = parquetFiles(join(local.folder, rawLocation(BUCKET, 'raw_products').replace('s3://', '')));
    const found = new Set<unknown>();
    for (const file of files)
      for (const row of await engine.rows(filesAsRows([file]))) found.add(row.record_id);
    return found;
  });

test('a table of an earlier version gets the columns that it lacks, and keeps its rows', async () => {
  const { queries } = local;
  const before = NAMES.slice(0, -2);
  const columns = Object.fromEntries(Object.entries(RAW_TABLES.raw_products).slice(0, -2));
  await queries.run(createDatabase(RAW), { name: 'raw database' });
  await queries.run(createIcebergTable(NAME, columns, rawLocation(BUCKET, 'raw_products')), {
    name: 'products',
  });
  await addRow(before, 'stays');
  await prepareRawDatabase(queries, RAW, BUCKET);
  // Once more: nothing is to be done, and nothing is.
  await prepareRawDatabase(queries, RAW, BUCKET);
  expect(await ids()).toEqual({ columns: NAMES, ids: ['stays'] });
});

test('a deleted row is hidden, OPTIMIZE and VACUUM keep the others, and in time it is in no file', async () => {
  const { queries } = local;
  await addRow(NAMES, 'goes');
  await queries.run(deleteFrom(NAME, `record_id = 'goes'`), { name: 'erasing' });
  expect((await ids()).ids).toEqual(['stays']);
  expect(await idsInFiles()).toContain('goes');
  await queries.run(optimizeTable(NAME), { name: 'optimize' });
  await queries.run(vacuumTable(NAME), { name: 'vacuum' });
  // Snapshots as young as these stay.
  expect(await idsInFiles()).toContain('goes');
  for (const what of ['expire_snapshots', 'remove_orphan_files'])
    await trino.run(`ALTER TABLE iceberg.${RAW}.${NAME.table} EXECUTE ${what}(retention_threshold => '0s')`, {
      database: null,
      parameters: [],
    });
  expect([...(await idsInFiles())]).toEqual(['stays']);
  expect((await ids()).ids).toEqual(['stays']);
});
