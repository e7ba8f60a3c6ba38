import { join } from 'node:path';
import { type Columns, RAW_TABLE_NAMES, RAW_TABLES } from '../../domain/raw-tables.ts';
import { type Engine, pathLiteral } from './duckdb.ts';
import type { ShopDirectory } from './shop-directory.ts';
import { tableFiles } from './table-files.ts';

/** Columns of a table as DuckDB's `{name: 'type'}`. */
export const columnStruct = (columns: Columns) =>
  `{${Object.entries(columns)
    .map(([name, type]) => `${name}: '${type}'`)
    .join(', ')}}`;

export const emptySelect = (columns: Columns) =>
  `SELECT ${Object.entries(columns)
    .map(([name, type]) => `CAST(NULL AS ${type}) AS ${name}`)
    .join(', ')} WHERE false`;

/** What to read a folder of Parquet files with; a folder without files is an empty table. */
export function scanOf(folder: string, columns: Columns): string {
  const files = tableFiles(folder);
  return files.length > 0
    ? `read_parquet([${files.map((name) => pathLiteral(join(folder, name))).join(', ')}], union_by_name = true)`
    : `(${emptySelect(columns)})`;
}

/** Shows every raw table of the lake under its name, as it is or as it was read. A column that no file has yet is null. */
export async function viewRawTables(
  engine: Engine,
  { lake }: ShopDirectory,
  kind: 'VIEW' | 'TABLE' = 'VIEW',
): Promise<void> {
  for (const table of RAW_TABLE_NAMES) {
    const scan = scanOf(join(lake, table), RAW_TABLES[table]);
    const described = await engine.rows(`DESCRIBE SELECT * FROM ${scan}`);
    const stored = new Set(described.map((column) => String(column.column_name)));
    const columns = Object.entries(RAW_TABLES[table]).map(([name, type]) =>
      stored.has(name) ? name : `CAST(NULL AS ${type}) AS ${name}`,
    );
    await engine.run(`CREATE OR REPLACE ${kind} ${table} AS SELECT ${columns.join(', ')} FROM ${scan}`);
  }
}

/** Rows of all raw tables together, as the ends of their files tell. */
export async function countRawRows(engine: Engine, { lake }: ShopDirectory): Promise<number> {
  const files = RAW_TABLE_NAMES.flatMap((table) =>
    tableFiles(join(lake, table)).map((name) => pathLiteral(join(lake, table, name))),
  );
  if (files.length === 0) return 0;
  const [counted] = await engine.rows(
    `SELECT sum(num_rows) AS n FROM parquet_file_metadata([${files.join(', ')}])`,
  );
  return Number(counted?.n);
}
