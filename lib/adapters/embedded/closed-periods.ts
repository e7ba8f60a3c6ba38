import { join } from 'node:path';
import { RAW_TABLES } from '../../domain/raw-tables.ts';
import { readSqlFolder } from '../../pipeline/sql-files.ts';
import type { ClosedPeriods, Closing } from '../../ports.ts';
import { type Engine, literal } from './duckdb.ts';
import { scanOf, viewRawTables } from './raw-files.ts';
import type { ShopDirectory } from './shop-directory.ts';
import { writeParquet } from './table-files.ts';
import { openPublished } from './warehouse.ts';

/** The closed periods of a shop: a file of the lake each, named like its last day. */
export function createClosedPeriods(directory: ShopDirectory, engine: Engine): ClosedPeriods {
  const folder = join(directory.lake, 'raw_closings');
  return {
    async list() {
      const rows = await engine.rows(
        `SELECT DISTINCT closed_through, closed_at, build_id FROM ${scanOf(folder, RAW_TABLES.raw_closings)}
         ORDER BY closed_through`,
      );
      return rows as unknown as Closing[];
    },
    async keep(closing) {
      const [query] = readSqlFolder('closing');
      await viewRawTables(engine, directory);
      const published = await openPublished(directory, engine);
      if (published?.manifest.build_id !== closing.build_id)
        throw new Error(`Build ${closing.build_id} is not the published one any more; close again`);
      await engine.run(
        `CREATE OR REPLACE TEMP TABLE period AS SELECT
           CAST(${literal(closing.closed_through)} AS date) AS closed_through,
           CAST(${literal(closing.closed_at)} AS timestamp) AS closed_at,
           ${literal(closing.build_id)} AS build_id`,
      );
      await writeParquet(engine, folder, closing.closed_through, query!.select);
      const [kept] = await engine.rows(
        `SELECT count(*) AS figures FROM ${scanOf(folder, RAW_TABLES.raw_closings)}
         WHERE entry = 'figure' AND closed_through = ${literal(closing.closed_through)}`,
      );
      return Number(kept?.figures);
    },
  };
}
