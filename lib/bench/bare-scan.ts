import { join } from 'node:path';
import { type Engine, literal } from '../adapters/embedded/duckdb.ts';
import { columnStruct } from '../adapters/embedded/raw-files.ts';
import type { ShopDirectory } from '../adapters/embedded/shop-directory.ts';
import { currentBuild } from '../adapters/embedded/warehouse.ts';
import { CONTRACTS } from '../domain/contract/index.ts';
import { type Columns, RAW_TABLE_NAMES, RAW_TABLES } from '../domain/raw-tables.ts';
import type { BenchFile } from './write-input.ts';

/**
 * What the engine alone needs for the same files: every row, every column read and looked at, nothing done with
 * them. No pipeline on this engine can be faster.
 */

/** Looks at every value of a column: the length of a text, the greatest of the others. */
const looksAt = (name: string, type: string) =>
  type === 'varchar' ? `sum(strlen(${name}))` : `max(${name})`;

const scan = (columns: Columns, source: string) =>
  `SELECT count(*) AS n, ${Object.entries(columns)
    .map(([name, type]) => looksAt(`"${name}"`, type))
    .join(', ')} FROM ${source}`;

/** Columns of a kind of record as JSON Lines hold them: all text; what is nested stays JSON text. */
function textColumns(kind: BenchFile['kind']): Columns {
  const names = Object.keys(CONTRACTS[kind].properties);
  return Object.fromEntries(names.map((name) => [name, 'varchar' as const]));
}

/** Rows of all input files, each parsed by the engine's own JSON reader. */
export async function scanInput(engine: Engine, files: readonly BenchFile[]): Promise<number> {
  let rows = 0;
  for (const { kind, path } of files) {
    const columns = textColumns(kind);
    const source = `read_json(${literal(path)}, format = 'newline_delimited', columns = ${columnStruct(columns)})`;
    rows += await rowsOf(engine, scan(columns, source));
  }
  return rows;
}

/** Rows of all raw tables of the lake; `viewRawTables` has shown them. */
export async function scanRawTables(engine: Engine): Promise<number> {
  let rows = 0;
  for (const table of RAW_TABLE_NAMES) rows += await rowsOf(engine, scan(RAW_TABLES[table], table));
  return rows;
}

/** Rows of published tables, all their columns. */
export async function scanPublished(
  engine: Engine,
  directory: ShopDirectory,
  tables: readonly string[],
): Promise<number> {
  const folder = join(directory.builds, currentBuild(directory)!);
  let rows = 0;
  for (const table of tables) {
    const source = `read_parquet(${literal(join(folder, `${table}.parquet`))})`;
    const described = await engine.rows(`DESCRIBE SELECT * FROM ${source}`);
    const columns = Object.fromEntries(
      described.map(({ column_name, column_type }) => [
        String(column_name),
        String(column_type).toLowerCase() as Columns[string],
      ]),
    );
    rows += await rowsOf(engine, scan(columns, source));
  }
  return rows;
}

async function rowsOf(engine: Engine, select: string): Promise<number> {
  const [row] = await engine.rows(select);
  return Number(row?.n);
}
