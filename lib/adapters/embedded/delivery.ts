import { once } from 'node:events';
import { createWriteStream, mkdirSync, rmSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { RawTable } from '../../domain/raw-tables.ts';
import type { Delivery, DeliveryCounts } from '../../ports.ts';
import type { Engine } from './duckdb.ts';
import { flushRejections, flushTable } from './flush.ts';
import type { ShopDirectory } from './shop-directory.ts';

/** Rows that a delivery gathers before it writes them: bounds memory and makes files of a good size. */
const ROWS_PER_FILE = 400_000;

interface Pending {
  stream: WriteStream;
  file: string;
}

/**
 * Takes gathered records in parts, each beside what gathers meanwhile; what the lake holds already is left out.
 * @param namesRepeated whether to tell which records those were, one by one
 */
export function openDelivery(
  engine: Engine,
  directory: ShopDirectory,
  deliveryId: string,
  namesRepeated: boolean,
): Delivery {
  const incoming = join(directory.spill, `delivery-${deliveryId}`);
  mkdirSync(incoming, { recursive: true });
  const counts: DeliveryCounts = { received: 0, stored: 0, duplicates: 0, rejected: {}, waiting: 0 };
  let pending = new Map<string, Pending>();
  let part = 1;
  let rowsPending = 0;
  let accepted = 0;
  const repeated = new Set<number>();
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
      else {
        const flushed = await flushTable(engine, directory, table as RawTable, file, name, namesRepeated);
        counts.stored += flushed.stored;
        for (const number of flushed.repeated) repeated.add(number);
      }
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
    repeated,
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
