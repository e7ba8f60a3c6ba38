import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Engine, literal, openEngine } from '../../../lib/adapters/embedded/duckdb.ts';
import { viewRawTables } from '../../../lib/adapters/embedded/raw-files.ts';
import type { ShopDirectory } from '../../../lib/adapters/embedded/shop-directory.ts';
import { RAW_TABLE_NAMES, RAW_TABLES, type RawTable } from '../../../lib/domain/raw-tables.ts';

const NOT_LANDED: readonly RawTable[] = ['raw_rejections', 'raw_closings', 'raw_tombstones'];

/** A time as a record of ingest writes it. */
const textOf = (column: string, type: string) =>
  type === 'timestamp'
    ? `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ') AS ${column}`
    : type === 'date'
      ? `CAST(${column} AS varchar) AS ${column}`
      : column;

export interface Landed {
  /** Day of arrival that the rows land on. */
  day: string;
  /** Which rows, by a condition on the columns; all unless told. */
  where?: string;
  tables?: readonly RawTable[];
  /** Name of the files; a second delivery of a day has another. */
  file?: string;
}

/**
 * Lets the raw rows of a shop of this machine land in a lake, as Firehose leaves them: Parquet files by day of arrival,
 * times as text.
 * @returns how many rows landed
 */
export async function landRows(
  directory: ShopDirectory,
  lake: string,
  deliveries: readonly Landed[],
): Promise<number> {
  let rows = 0;
  await withEngine(directory, async (engine) => {
    for (const { day, where = 'true', tables = RAW_TABLE_NAMES, file = 'a' } of deliveries) {
      for (const table of tables.filter((each) => !NOT_LANDED.includes(each))) {
        const columns = Object.entries(RAW_TABLES[table]).map(([name, type]) => textOf(name, type));
        const rowsOf = `FROM ${table} WHERE ${where}`;
        const [count] = await engine.rows(`SELECT count(*) AS n ${rowsOf}`);
        if (Number(count?.n) === 0) continue;
        rows += Number(count?.n);
        const path = join(lake, 'landing', table, `arrived=${day}`, `${file}.parquet`);
        mkdirSync(dirname(path), { recursive: true });
        await engine.run(
          `COPY (SELECT ${columns.join(', ')} ${rowsOf}) TO ${literal(path)} (FORMAT parquet)`,
        );
      }
    }
  });
  return rows;
}

/** Lets the rejections of a shop of this machine lie in a lake. */
export async function putRejections(directory: ShopDirectory, lake: string): Promise<void> {
  await withEngine(directory, async (engine) => {
    const columns = Object.entries(RAW_TABLES.raw_rejections).map(([name, type]) => textOf(name, type));
    const rows = await engine.rows(`SELECT ${columns.join(', ')} FROM raw_rejections`);
    for (const reason of new Set(rows.map((row) => String(row.reason)))) {
      const its = rows.filter((row) => row.reason === reason);
      const path = join(lake, `rejections/reason=${reason}/arrived=2026-01-15/all.jsonl`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, its.map((row) => `${JSON.stringify(row)}\n`).join(''));
    }
  });
}

async function withEngine(directory: ShopDirectory, work: (engine: Engine) => Promise<void>): Promise<void> {
  const engine = await openEngine({ spillDirectory: directory.spill, threads: 1 });
  try {
    await viewRawTables(engine, directory);
    await work(engine);
  } finally {
    engine.close();
    rmSync(directory.spill, { recursive: true, force: true });
  }
}

export interface Difference {
  table: string;
  onlyHere: number;
  onlyThere: number;
}

/**
 * Tables whose rows are not the same in two sets of Parquet files; doubles to nine digits, since sums of them depend on
 * the order of their parts.
 */
export async function differences(
  directory: ShopDirectory,
  tables: readonly { table: string; here: string; there: string }[],
): Promise<Difference[]> {
  const found: Difference[] = [];
  await withEngine(directory, async (engine) => {
    for (const { table, here, there } of tables) {
      const columns = await engine.rows(`DESCRIBE SELECT * FROM read_parquet(${literal(here)})`);
      const list = columns
        .map(({ column_name, column_type }) =>
          column_type === 'DOUBLE' ? `printf('%.9g', ${column_name} + 0.0)` : String(column_name),
        )
        .join(', ');
      const rows = (file: string) => `SELECT ${list} FROM read_parquet(${literal(file)})`;
      const [count] = await engine.rows(
        `SELECT (SELECT count(*) FROM (${rows(here)} EXCEPT ALL ${rows(there)})) AS here,
           (SELECT count(*) FROM (${rows(there)} EXCEPT ALL ${rows(here)})) AS there`,
      );
      if (Number(count?.here) + Number(count?.there) > 0)
        found.push({ table, onlyHere: Number(count?.here), onlyThere: Number(count?.there) });
    }
  });
  return found;
}
