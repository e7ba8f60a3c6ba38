import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepareRawDatabase } from '../../../lib/adapters/aws/athena/build-database.ts';
import { quoted } from '../../../lib/adapters/aws/athena/literals.ts';
import { databaseOf, publishPointer, readPointer } from '../../../lib/adapters/aws/athena/pointer.ts';
import { openAthenaPublished } from '../../../lib/adapters/aws/athena/published.ts';
import { LANDED_TABLES } from '../../../lib/adapters/aws/athena/raw-statements.ts';
import {
  createDatabase,
  createParquetTable,
  dropTable,
  insertInto,
  type StoredType,
} from '../../../lib/adapters/aws/athena/statements.ts';
import { createAthenaWarehouse } from '../../../lib/adapters/aws/athena/warehouse.ts';
import { openEngine } from '../../../lib/adapters/embedded/duckdb.ts';
import { openReader } from '../../../lib/adapters/embedded/reader.ts';
import type { ShopDirectory } from '../../../lib/adapters/embedded/shop-directory.ts';
import { tableFiles } from '../../../lib/adapters/embedded/table-files.ts';
import { currentBuild, openBuild } from '../../../lib/adapters/embedded/warehouse.ts';
import { RAW_TABLES } from '../../../lib/domain/raw-tables.ts';
import { buildTables } from '../../../lib/pipeline/build-tables.ts';
import type { Published } from '../../../lib/pipeline/kpi-question.ts';
import { PREVIOUS_TABLES } from '../../../lib/pipeline/previous-tables.ts';
import { readSeeds } from '../../../lib/pipeline/seeds.ts';
import type { BuildManifest } from '../../../lib/ports.ts';
import { landLake } from '../../aws/athena/landing-files.ts';
import { BUCKET, type LocalAthena, openLocalAthena } from '../../aws/athena/local-athena.ts';
import { mergeLanded } from '../../aws/athena/merge-landed.ts';
import { costRates } from '../../pipeline/cost-rates.ts';
import { importDemo, writeDemoFiles } from '../../pipeline/demo-shop.ts';
import { seed, seedText, withoutSeeds } from '../../pipeline/seed-file.ts';
import { type TemporaryShop, temporaryShop } from '../../temporary-shop.ts';
import { openTrino, type TrinoEngine } from './trino-engine.ts';

export const RAW = 'ropo_raw';
const DAY = '2026-01-14';
const BUILD = '20260115T000001-trino000';
const BUILT_AT = '2026-01-15T00:00:00.000Z';

/** One shop, built by DuckDB on this machine and by Trino through the statements that Athena gets. */
export interface BothEngines {
  shop: TemporaryShop;
  here: Published;
  there: Published;
  manifest: BuildManifest;
  trino: TrinoEngine;
  local: LocalAthena;
  close(): Promise<void>;
}

/** A demo shop in which no table is empty: with a closed period under another setting, cost rates and targets. */
async function demoShop(): Promise<TemporaryShop> {
  const demo = await writeDemoFiles(150, 5);
  const shop = await temporaryShop();
  await importDemo(shop, demo.files);
  demo.remove();
  await shop.give({
    consents: [
      { occurred_at: '2025-02-01T10:00:00Z', consent: 'denied', email: 'nobody.of.the.demo@example.com' },
    ],
  });
  seed(shop, 'settings', 'match_unknown_consent,false,true or false,none');
  await shop.shop.build();
  await shop.shop.closePeriod('2025-03-31');
  withoutSeeds(shop);
  costRates(shop, 'desk,per_month,fixed,,Email,,310,EUR');
  seedText(
    shop,
    'targets.csv',
    'target:varchar,quarter:varchar,kpi:varchar,measure:varchar,value:double,currency:varchar,model:varchar,channel:varchar,store_id:varchar,meaning:varchar\nsold,2025-Q2,purchases,sold,1000,EUR,,,,\n',
  );
  return shop;
}

export async function buildOnBothEngines(): Promise<BothEngines> {
  const shop = await demoShop();
  const { directory } = shop.shop;
  let trino: TrinoEngine | undefined;
  const local = await openLocalAthena(async (folder) => {
    trino = await openTrino({ folder });
    return trino;
  });
  const { queries, s3, folder } = local;
  await landLake(directory, join(folder, BUCKET), DAY);
  await prepareRawDatabase(queries, RAW, BUCKET);
  for (const table of LANDED_TABLES) await mergeLanded(queries, RAW, table, { from: DAY, to: DAY });
  await takeOverClosings(local, directory);
  await takeOverBuild(local, directory);

  const seeds = readSeeds(directory.seeds);
  const engine = await openEngine({ spillDirectory: directory.spill });
  await buildTables({
    warehouse: await openBuild(directory, engine, BUILD),
    seeds,
    buildId: BUILD,
    builtAt: BUILT_AT,
  });
  engine.close();
  const manifest = await buildTables({
    warehouse: await createAthenaWarehouse({ queries, s3, bucket: BUCKET, buildId: BUILD, rawDatabase: RAW }),
    seeds,
    buildId: BUILD,
    builtAt: BUILT_AT,
  });

  const reader = await openReader(directory);
  return {
    shop,
    local,
    manifest,
    trino: trino!,
    here: (await reader.published())!,
    there: (await openAthenaPublished({ queries, s3, bucket: BUCKET })())!,
    async close() {
      reader.close();
      await local.close();
      shop.remove();
    },
  };
}

/** Shows Parquet files as a table, from a folder of the bucket. */
async function showFiles(
  { queries, folder }: LocalAthena,
  name: { database: string; table: string },
  columns: Readonly<Record<string, StoredType>>,
  files: readonly string[],
): Promise<void> {
  const key = `taken-over/${name.database}/${name.table}/`;
  mkdirSync(join(folder, BUCKET, key), { recursive: true });
  for (const [at, file] of files.entries()) cpSync(file, join(folder, BUCKET, key, `${at}.parquet`));
  await queries.run(createParquetTable(name, columns, `s3://${BUCKET}/${key}`), { name: name.table });
}

/** What was closed on this machine is closed there. */
async function takeOverClosings(local: LocalAthena, { lake }: ShopDirectory): Promise<void> {
  const name = { database: RAW, table: 'taken_over_closings' };
  const columns = RAW_TABLES.raw_closings;
  const lying = join(lake, 'raw_closings');
  await showFiles(
    local,
    name,
    columns,
    tableFiles(lying).map((file) => join(lying, file)),
  );
  const select = `SELECT ${Object.keys(columns)
    .map((column) => quoted(column))
    .join(', ')} FROM ${quoted(RAW, name.table)}`;
  const target = { database: RAW, table: 'raw_closings' };
  await local.queries.run(insertInto(target, Object.keys(columns), select), { name: 'closings' });
  await local.queries.run(dropTable(name), { name: 'closings' });
}

/** What a build reads of the one before it, as that was made on this machine. */
async function takeOverBuild(local: LocalAthena, directory: ShopDirectory): Promise<void> {
  const { queries, s3 } = local;
  const before = currentBuild(directory)!;
  const database = databaseOf(RAW, before);
  await queries.run(createDatabase(database), { name: 'build before' });
  for (const { of, columns } of Object.values(PREVIOUS_TABLES)) {
    await showFiles(local, { database, table: of }, columns, [
      join(directory.builds, before, `${of}.parquet`),
    ]);
  }
  await publishPointer(
    s3,
    BUCKET,
    { build_id: before, database },
    { build_id: before, built_at: BUILT_AT, settings_hash: '', tables: [] },
    await readPointer(s3, BUCKET),
  );
}
