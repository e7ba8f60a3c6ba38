import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreFacts } from '../../domain/accept/index.ts';
import { RAW_TABLES } from '../../domain/raw-tables.ts';
import type { EventLake, Rejection } from '../../ports.ts';
import { openDelivery } from './delivery.ts';
import { type Engine, literal } from './duckdb.ts';
import { readJson } from './flush.ts';
import { scanOf } from './raw-files.ts';
import type { ShopDirectory } from './shop-directory.ts';
import { replaceFiles, tableFiles } from './table-files.ts';

const REJECTIONS = RAW_TABLES.raw_rejections;

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

    async tombstones() {
      const rows = await engine.rows(
        `SELECT DISTINCT identifier_key FROM ${scanOf(folderOf('raw_tombstones'), RAW_TABLES.raw_tombstones)}`,
      );
      return new Set(rows.map(({ identifier_key }) => String(identifier_key)));
    },

    async deliver(options) {
      return openDelivery(engine, directory, newId(), options?.namesRepeated ?? false);
    },

    async rejections(reasons) {
      if (reasons?.length === 0) return [];
      const asked = reasons ? `WHERE reason IN (${reasons.map(literal).join(', ')})` : '';
      const rows = await engine.rows(
        `SELECT * FROM ${scanOf(folderOf('raw_rejections'), REJECTIONS)} ${asked}
         QUALIFY row_number() OVER (PARTITION BY rejection_id ORDER BY received_at) = 1 ORDER BY received_at, file, line`,
      );
      return rows as unknown as Rejection[];
    },

    async forget(rejectionIds) {
      if (rejectionIds.length === 0) return;
      const folder = folderOf('raw_rejections');
      const list = join(directory.spill, `forget-${newId()}.ndjson`);
      try {
        writeFileSync(list, rejectionIds.map((id) => `{"rejection_id":${JSON.stringify(id)}}\n`).join(''));
        const kept = `SELECT r.* FROM ${scanOf(folder, REJECTIONS)} r
          ANTI JOIN ${readJson(list, { rejection_id: 'varchar' })} f USING (rejection_id)`;
        const [left] = await engine.rows(`SELECT count(*) AS n FROM (${kept}) k`);
        await replaceFiles(engine, folder, newId(), Number(left?.n) > 0 ? kept : null, tableFiles(folder));
      } finally {
        rmSync(list, { force: true });
      }
    },
  };
}
