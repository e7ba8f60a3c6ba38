import { join } from 'node:path';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { scanOf } from '../../lib/adapters/embedded/raw-files.ts';
import type { ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { RAW_TABLES, type RawTable } from '../../lib/domain/raw-tables.ts';

/** A column of a raw table as the lake has it, row by row. */
export async function rowsOfLake(
  directory: ShopDirectory,
  table: RawTable,
  column: string,
): Promise<string[]> {
  const engine = await openEngine({ spillDirectory: directory.spill, threads: 1 });
  try {
    const rows = await engine.rows(
      `SELECT ${column} AS found FROM ${scanOf(join(directory.lake, table), RAW_TABLES[table])}`,
    );
    return rows.map(({ found }) => String(found));
  } finally {
    engine.close();
  }
}
