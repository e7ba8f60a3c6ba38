import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { IdentifierKind } from '../../../domain/identifier.ts';
import { RAW_TABLES, type RawTable } from '../../../domain/raw-tables.ts';
import { type Engine, literal, pathLiteral } from '../duckdb.ts';
import { scanOf } from '../raw-files.ts';
import type { ShopDirectory } from '../shop-directory.ts';
import { tableFiles, writeParquet } from '../table-files.ts';
import { keyColumnsOf, PERSONAL_TABLES } from './person-records.ts';

/** Rows of a raw table that an erasure takes away, or (of raw_sales) leaves without identifiers. */
export type RowsTaken = Partial<Record<RawTable, number>>;

/** Shows the keys of a person to the engine as `erased_keys`. */
export async function nameErasedKeys(
  engine: Engine,
  keys: ReadonlyMap<string, IdentifierKind>,
): Promise<void> {
  const rows = Array.from(keys, ([key, kind]) => `(${literal(key)}, ${literal(kind)})`).join(', ');
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE erased_keys AS SELECT * FROM (VALUES ${rows}) t(identifier_key, identifier_kind)`,
  );
}

const holdsKey = (columns: readonly string[]) =>
  columns.length === 0
    ? 'false'
    : columns
        .map((column) => `coalesce(${column} IN (SELECT identifier_key FROM erased_keys), false)`)
        .join(' OR ');

/**
 * Shows as `erased_documents` the documents of sale of the person: one version that names them is enough. Documents that
 * an interrupted run of the same erasure had begun with are named too, since the version that told may be empty now.
 * @param begun their hashes, as this returns them
 * @returns the SHA-256 of each id, as hex
 */
export async function nameErasedDocuments(
  engine: Engine,
  { lake }: ShopDirectory,
  begun: readonly string[],
): Promise<string[]> {
  const scan = scanOf(join(lake, 'raw_sales'), RAW_TABLES.raw_sales);
  const before =
    begun.length > 0 ? `OR system.main.sha256(document_id) IN (${begun.map(literal).join(', ')})` : '';
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE erased_documents AS
     SELECT DISTINCT document_id FROM ${scan} WHERE ${holdsKey(keyColumnsOf('raw_sales'))} ${before}`,
  );
  const rows = await engine.rows(
    'SELECT system.main.sha256(document_id) AS hash FROM erased_documents ORDER BY 1',
  );
  return rows.map(({ hash }) => String(hash));
}

const isEmptied = (columns: readonly string[]) =>
  `document_id IN (SELECT document_id FROM erased_documents)
   AND (coalesce(consent, '') <> 'erased' OR ${columns.map((column) => `${column} IS NOT NULL`).join(' OR ')})`;

/** Which rows of a raw table are concerned; `nameErasedKeys` and `nameErasedDocuments` come before. */
const conditionOf = (table: RawTable, columns: readonly string[]) =>
  table === 'raw_sales' ? isEmptied(columns) : holdsKey(columns);

/** How many rows of each raw table are of the person. */
export async function countRows(engine: Engine, directory: ShopDirectory): Promise<RowsTaken> {
  const taken: RowsTaken = {};
  for (const table of PERSONAL_TABLES) {
    const [row] = await engine.rows(
      `SELECT count(*) AS n FROM ${scanOf(join(directory.lake, table), RAW_TABLES[table])}
       WHERE ${conditionOf(table, keyColumnsOf(table))}`,
    );
    taken[table] = Number(row?.n);
  }
  return taken;
}

/**
 * Takes the person out of the raw tables: rows of raw_sales stay without identifiers, under their fingerprints; other
 * rows go. Each file is written anew beside itself and then renamed, so that a crash leaves every file as it was or as
 * it shall be, and doing it again does the rest.
 */
export async function takeOutRows(engine: Engine, directory: ShopDirectory): Promise<void> {
  for (const table of PERSONAL_TABLES) {
    await rewriteTable(engine, join(directory.lake, table), (columns) => {
      const keys = keyColumnsOf(table).filter((column) => columns.includes(column));
      const condition = conditionOf(table, keys);
      return table === 'raw_sales' ? { condition, instead: emptied(keys) } : { condition };
    });
  }
}

/** What stands in a row of raw_sales that is of nobody any more. */
export const emptied = (keys: readonly string[]): Record<string, string> => ({
  ...Object.fromEntries(keys.map((column) => [column, 'NULL'])),
  consent: "'erased'",
});

/** Which rows of a file go; or stay, with other values in these columns. */
export interface Rewriting {
  /** True for the rows that are concerned; never null. */
  condition: string;
  instead?: Record<string, string>;
}

/**
 * Rewrites those files of a folder that hold rows of a condition, each aside and then renamed; one that would be empty
 * goes.
 * @param rewritingOf takes the columns that a file has
 * @returns how many rows met the condition
 */
export async function rewriteTable(
  engine: Engine,
  folder: string,
  rewritingOf: (columns: readonly string[]) => Rewriting,
): Promise<number> {
  let changed = 0;
  for (const file of tableFiles(folder)) {
    const path = join(folder, file);
    const scan = `read_parquet(${pathLiteral(path)})`;
    const described = await engine.rows(`DESCRIBE SELECT * FROM ${scan}`);
    const { condition, instead } = rewritingOf(described.map((row) => String(row.column_name)));
    const [found] = await engine.rows(
      `SELECT count(*) AS n, count(CASE WHEN ${condition} THEN 1 END) AS hits FROM ${scan}`,
    );
    const [rows, hits] = [Number(found?.n), Number(found?.hits)];
    if (hits === 0) continue;
    changed += hits;
    if (!instead && hits === rows) {
      rmSync(path);
      continue;
    }
    const replaced = Object.entries(instead ?? {}).map(
      ([column, value]) => `CASE WHEN ${condition} THEN ${value} ELSE ${column} END AS ${column}`,
    );
    await writeParquet(
      engine,
      folder,
      basename(file, '.parquet'),
      instead
        ? `SELECT * REPLACE (${replaced.join(', ')}) FROM ${scan}`
        : `SELECT * FROM ${scan} WHERE NOT (${condition})`,
    );
  }
  return changed;
}
