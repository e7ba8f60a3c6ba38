import { join } from 'node:path';
import { type Columns, RAW_TABLES, type RawTable, STAGED_ONLY } from '../../domain/raw-tables.ts';
import { TIME_COLUMN } from './compaction.ts';
import { type Engine, pathLiteral } from './duckdb.ts';
import { columnStruct, scanOf } from './raw-files.ts';
import type { ShopDirectory } from './shop-directory.ts';
import { writeParquet } from './table-files.ts';
import { rangesOver } from './time-ranges.ts';

/** A file of JSON lines as a table. */
export const readJson = (file: string, columns: Columns) =>
  `read_json(${pathLiteral(file)}, format = 'newline_delimited', columns = ${columnStruct(columns)}, maximum_object_size = 33554432)`;

const STAGED_NAMES = Object.keys(STAGED_ONLY).join(', ');

/** Of what records the rows were that came of a flush. */
export interface Flushed {
  stored: number;
  /** Numbers of the records that the lake held already; none where nobody asks. */
  repeated: number[];
}

/** Adds the rows that the lake does not hold yet. */
export async function flushTable(
  engine: Engine,
  directory: ShopDirectory,
  table: RawTable,
  file: string,
  name: string,
  namesRepeated: boolean,
): Promise<Flushed> {
  const columns = RAW_TABLES[table];
  const folder = join(directory.lake, table);
  const staged = `staged_${table}`;
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE ${staged} AS SELECT * FROM ${readJson(file, { ...columns, ...STAGED_ONLY })}`,
  );
  const known = await knownRows(engine, folder, table, staged);
  // Nearly every delivery is all new: then what is staged is written as it is, without sorting it first.
  const [seen] = await engine.rows(
    `SELECT
       EXISTS (SELECT 1 FROM ${staged} GROUP BY record_id, fingerprint HAVING count(*) > 1)
       OR EXISTS (SELECT 1 FROM ${staged} SEMI JOIN (${known}) known USING (record_id, fingerprint)) AS any_seen`,
  );
  const fresh = seen?.any_seen ? `fresh_${table}` : staged;
  if (seen?.any_seen) {
    await engine.run(`CREATE OR REPLACE TEMP TABLE ${fresh} AS
      SELECT s.* FROM ${staged} s
      ANTI JOIN (${known}) known USING (record_id, fingerprint)
      QUALIFY row_number() OVER (PARTITION BY record_id, fingerprint ORDER BY abs(_record)) = 1`);
  }
  const [counted] = await engine.rows(
    `SELECT count(*) AS n, count(DISTINCT CASE WHEN _record > 0 THEN _record END) AS records FROM ${fresh}`,
  );
  const repeated =
    namesRepeated && seen?.any_seen
      ? await engine.rows(
          `SELECT DISTINCT _record FROM ${staged} s
           ANTI JOIN ${fresh} f USING (_record) WHERE _record > 0`,
        )
      : [];
  if (Number(counted?.n) > 0)
    await writeParquet(engine, folder, name, `SELECT * EXCLUDE (${STAGED_NAMES}) FROM ${fresh}`);
  await engine.run(`DROP TABLE ${staged}; DROP TABLE IF EXISTS fresh_${table}`);
  return {
    stored: Number(counted?.records),
    repeated: repeated.map(({ _record }) => Number(_record)),
  };
}

/**
 * Record ids and fingerprints that the lake holds, of the times that the staged rows are of. Rows whose sender said no
 * time can be anywhere, having the time of their first arrival: where there are such, the ids of the whole table are
 * read, which takes longer the more it holds.
 */
async function knownRows(engine: Engine, folder: string, table: RawTable, staged: string): Promise<string> {
  const ids = `SELECT record_id, fingerprint FROM ${scanOf(folder, RAW_TABLES[table])}`;
  const time = TIME_COLUMN[table];
  if (!time) return ids;
  const saysTime = 'said_at' in RAW_TABLES[table];
  const times = saysTime
    ? `(SELECT ${time} AS told FROM ${staged} UNION ALL SELECT said_at FROM ${staged} WHERE said_at IS NOT NULL)`
    : `(SELECT ${time} AS told FROM ${staged})`;
  const hours = await engine.rows(
    `SELECT DISTINCT epoch_ms(date_trunc('hour', told)) AS hour FROM ${times} WHERE told IS NOT NULL ORDER BY 1`,
  );
  if (hours.length === 0) return `${ids} WHERE false`;
  const ranges = rangesOver(hours.map(({ hour }) => Number(hour)));
  // Files tell by their statistics whether they hold anything of a range, which a list of conditions would prevent.
  const parts = ranges.map(
    ({ from, to }) => `${ids} WHERE ${time} BETWEEN ${instant(from)} AND ${instant(to)}`,
  );
  // Of a sender whose clock is wrong, the time that was concluded depends on when a record came; only what the sender
  // said is the same when it comes again.
  if (saysTime && (await isStored(engine, folder, table, 'said_at'))) {
    const [from, to] = [ranges[0]!.from, ranges.at(-1)!.to];
    parts.push(`${ids} WHERE said_at BETWEEN ${instant(from)} AND ${instant(to)}`);
  }
  if (saysTime) {
    const timeless = `SELECT record_id FROM ${staged} WHERE _says_no_time`;
    const [any] = await engine.rows(`SELECT EXISTS (${timeless}) AS found`);
    if (any?.found) parts.push(`${ids} WHERE record_id IN (${timeless})`);
  }
  return parts.join(' UNION ALL ');
}

/** Whether any file of a table has a column: those written before it was thought of have not. */
async function isStored(engine: Engine, folder: string, table: RawTable, column: string): Promise<boolean> {
  const columns = await engine.rows(`DESCRIBE SELECT * FROM ${scanOf(folder, RAW_TABLES[table])}`);
  return columns.some(({ column_name }) => column_name === column);
}

const instant = (ms: number) => `make_timestamp(${ms} * 1000)`;

/** Adds the rejections that are not on the list yet. */
export async function flushRejections(
  engine: Engine,
  directory: ShopDirectory,
  file: string,
  name: string,
): Promise<void> {
  const columns = RAW_TABLES.raw_rejections;
  const folder = join(directory.lake, 'raw_rejections');
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE staged_rejections AS
     SELECT s.* FROM ${readJson(file, columns)} s
     ANTI JOIN (SELECT rejection_id FROM ${scanOf(folder, columns)}) known USING (rejection_id)
     QUALIFY row_number() OVER (PARTITION BY rejection_id ORDER BY file, line) = 1`,
  );
  const [counted] = await engine.rows('SELECT count(*) AS n FROM staged_rejections');
  if (Number(counted?.n) > 0) await writeParquet(engine, folder, name, 'SELECT * FROM staged_rejections');
  await engine.run('DROP TABLE staged_rejections');
}
