import { once } from 'node:events';
import { createWriteStream, mkdirSync, readdirSync, renameSync, rmSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { StoreFacts } from '../../domain/accept/index.ts';
import { type Columns, RAW_TABLES, type RawTable } from '../../domain/raw-tables.ts';
import type { Delivery, DeliveryCounts, EventLake, Rejection, Row } from '../../ports.ts';
import { type Engine, literal, pathLiteral } from './duckdb.ts';
import { columnStruct, scanOf } from './raw-files.ts';
import type { ShopDirectory } from './shop-directory.ts';

/** Rows that a delivery gathers before it writes them: bounds memory and makes files of a good size. */
const ROWS_PER_FILE = 400_000;

const REJECTIONS = RAW_TABLES.raw_rejections;

/** Columns on which a table's files can be skipped when looking for what was seen before. */
const TIME_COLUMN: Partial<Record<RawTable, string>> = {
  raw_events: 'occurred_at',
  raw_touches: 'occurred_at',
  raw_sales: 'occurred_at',
  raw_visits: 'occurred_at',
};

/** The lake as Parquet files, one folder a table: written aside, then renamed, so that a reader sees whole files. */
export function createLake(directory: ShopDirectory, engine: Engine, newId: () => string): EventLake {
  const folderOf = (table: string) => join(directory.lake, table);

  return {
    async stores() {
      const rows = await engine.rows(
        `SELECT store_id, time_zone, currency, country FROM ${scanOf(folderOf('raw_stores'), RAW_TABLES.raw_stores)}
         QUALIFY row_number() OVER (PARTITION BY store_id ORDER BY revision DESC, fingerprint) = 1`,
      );
      return new Map(
        rows.map(({ store_id, ...facts }) => [String(store_id), facts as unknown as StoreFacts]),
      );
    },

    async deliver() {
      return openDelivery(engine, directory, newId());
    },

    async rejections() {
      const rows = await engine.rows(
        `SELECT * FROM ${scanOf(folderOf('raw_rejections'), REJECTIONS)}
         QUALIFY row_number() OVER (PARTITION BY rejection_id ORDER BY received_at) = 1 ORDER BY received_at, file, line`,
      );
      return rows as unknown as Rejection[];
    },

    async forget(rejectionIds) {
      if (rejectionIds.length === 0) return;
      const folder = folderOf('raw_rejections');
      const old = readdirSync(folder).filter((name) => name.endsWith('.parquet'));
      const ids = rejectionIds.map(literal).join(', ');
      const kept = await engine.rows(
        `SELECT count(*) AS n FROM ${scanOf(folder, REJECTIONS)} WHERE rejection_id NOT IN (${ids})`,
      );
      if (Number(kept[0]?.n) > 0) {
        await writeParquet(
          engine,
          folder,
          newId(),
          `SELECT * FROM ${scanOf(folder, REJECTIONS)} WHERE rejection_id NOT IN (${ids})`,
        );
      }
      for (const name of old) rmSync(join(folder, name));
    },
  };
}

/** Writes a SELECT to a file of its own name beside the folder's others, all at once. */
export async function writeParquet(
  engine: Engine,
  folder: string,
  name: string,
  select: string,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const aside = join(folder, `${name}.tmp`);
  await engine.run(`COPY (${select}) TO ${literal(aside)} (FORMAT parquet, COMPRESSION zstd)`);
  renameSync(aside, join(folder, `${name}.parquet`));
}

interface Pending {
  stream: WriteStream;
  file: string;
}

function openDelivery(engine: Engine, directory: ShopDirectory, deliveryId: string): Delivery {
  const incoming = join(directory.spill, `delivery-${deliveryId}`);
  mkdirSync(incoming, { recursive: true });
  const counts: DeliveryCounts = { received: 0, stored: 0, duplicates: 0, rejected: {}, waiting: 0 };
  let pending = new Map<string, Pending>();
  let part = 1;
  let rowsPending = 0;
  let accepted = 0;
  let writing: Promise<void> = Promise.resolve();

  const put = async (table: string, text: Uint8Array) => {
    let entry = pending.get(table);
    if (!entry) {
      const file = join(incoming, `${table}-${part}.ndjson`);
      entry = { stream: createWriteStream(file), file };
      // A failed write is reported by whoever writes or ends next.
      entry.stream.on('error', () => {});
      pending.set(table, entry);
    }
    if (entry.stream.errored) throw entry.stream.errored;
    if (!entry.stream.write(text)) await once(entry.stream, 'drain');
  };

  const write = async (gathered: Map<string, Pending>, name: string) => {
    for (const [table, { stream, file }] of gathered) {
      stream.end();
      await finished(stream);
      if (table === 'raw_rejections') await flushRejections(engine, directory, file, name);
      else counts.stored += await flushTable(engine, directory, table as RawTable, file, name);
      rmSync(file);
    }
  };

  /** Begins to write what has gathered, after the part before; more may gather meanwhile. */
  const beginPart = async () => {
    await writing;
    const gathered = pending;
    const name = `${deliveryId}-${String(part).padStart(4, '0')}`;
    pending = new Map();
    rowsPending = 0;
    part += 1;
    writing = write(gathered, name);
    // A failure is reported where it is awaited: at the next part or at the close.
    writing.catch(() => {});
  };

  return {
    async take({ accepted: records, tables, rejections }) {
      accepted += records;
      counts.received += records + rejections.length;
      for (const { table, rows, text } of tables) {
        rowsPending += rows;
        await put(table, text);
      }
      for (const rejection of rejections) {
        if (rejection.reason === 'unknown_store') counts.waiting += 1;
        else counts.rejected[rejection.reason] = (counts.rejected[rejection.reason] ?? 0) + 1;
      }
      if (rejections.length > 0)
        await put('raw_rejections', Buffer.from(`${rejections.map((r) => JSON.stringify(r)).join('\n')}\n`));
      if (rowsPending >= ROWS_PER_FILE) await beginPart();
    },
    async close() {
      await beginPart();
      await writing;
      rmSync(incoming, { recursive: true, force: true });
      return { ...counts, duplicates: accepted - counts.stored };
    },
    async abort() {
      await writing.catch(() => {});
      for (const { stream } of pending.values()) stream.destroy();
      rmSync(incoming, { recursive: true, force: true });
    },
  };
}

const readJson = (file: string, columns: Columns) =>
  `read_json(${pathLiteral(file)}, format = 'newline_delimited', columns = ${columnStruct(columns)}, maximum_object_size = 33554432)`;

/** Adds the rows that the lake does not hold yet; returns how many records they are of. */
async function flushTable(
  engine: Engine,
  directory: ShopDirectory,
  table: RawTable,
  file: string,
  name: string,
): Promise<number> {
  const columns = RAW_TABLES[table];
  const folder = join(directory.lake, table);
  const staged = `staged_${table}`;
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE ${staged} AS SELECT * FROM ${readJson(file, { ...columns, _record: 'bigint' })}`,
  );
  const time = TIME_COLUMN[table];
  const range = time
    ? `WHERE ${time} BETWEEN (SELECT min(${time}) FROM ${staged}) AND (SELECT max(${time}) FROM ${staged})`
    : '';
  const known = `SELECT record_id, fingerprint FROM ${scanOf(folder, columns)} ${range}`;
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
  const counted: Row[] = await engine.rows(
    `SELECT count(*) AS n, count(DISTINCT CASE WHEN _record > 0 THEN _record END) AS records FROM ${fresh}`,
  );
  if (Number(counted[0]?.n) > 0) {
    await writeParquet(engine, folder, name, `SELECT * EXCLUDE (_record) FROM ${fresh}`);
  }
  await engine.run(`DROP TABLE ${staged}; DROP TABLE IF EXISTS fresh_${table}`);
  return Number(counted[0]?.records);
}

async function flushRejections(
  engine: Engine,
  directory: ShopDirectory,
  file: string,
  name: string,
): Promise<void> {
  const folder = join(directory.lake, 'raw_rejections');
  const known = `SELECT rejection_id FROM ${scanOf(folder, REJECTIONS)}`;
  await writeParquet(
    engine,
    folder,
    name,
    `SELECT * FROM ${readJson(file, REJECTIONS)} WHERE rejection_id NOT IN (${known})
     QUALIFY row_number() OVER (PARTITION BY rejection_id ORDER BY file, line) = 1`,
  );
}
