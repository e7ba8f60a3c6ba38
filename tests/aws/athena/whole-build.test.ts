import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareRawDatabase } from '../../../lib/adapters/aws/athena/build-database.ts';
import { createAthenaClosedPeriods } from '../../../lib/adapters/aws/athena/closed-periods.ts';
import { openAthenaPublished } from '../../../lib/adapters/aws/athena/published.ts';
import { LANDED_TABLES } from '../../../lib/adapters/aws/athena/raw-statements.ts';
import { createAthenaWarehouse, databaseOf } from '../../../lib/adapters/aws/athena/warehouse.ts';
import { openEngine } from '../../../lib/adapters/embedded/duckdb.ts';
import { openReader, type Reader } from '../../../lib/adapters/embedded/reader.ts';
import { openBuild } from '../../../lib/adapters/embedded/warehouse.ts';
import { KPIS } from '../../../lib/domain/kpi-catalogue.ts';
import { buildTables } from '../../../lib/pipeline/build-tables.ts';
import { closePeriod } from '../../../lib/pipeline/close-period.ts';
import type { Published } from '../../../lib/pipeline/kpi-question.ts';
import { reportKpi } from '../../../lib/pipeline/report-kpi.ts';
import { readSeeds } from '../../../lib/pipeline/seeds.ts';
import { readSqlFolder, TABLE_FOLDERS } from '../../../lib/pipeline/sql-files.ts';
import type { BuildManifest, Row } from '../../../lib/ports.ts';
import { costRates } from '../../pipeline/cost-rates.ts';
import { type DemoFiles, importDemo, writeDemoFiles } from '../../pipeline/demo-shop.ts';
import { type TemporaryShop, temporaryShop } from '../../temporary-shop.ts';
import { landLake } from './landing-files.ts';
import { BUCKET, type LocalAthena, openLocalAthena } from './local-athena.ts';
import { mergeLanded } from './merge-landed.ts';

/**
 * The whole build through the statements that Athena gets, from files of landing to a published report, against the same
 * build on one machine: every table, row for row.
 */
const RAW = 'ropo_raw';
const DAY = '2026-01-14';
const FIRST = '20260115T000000-first000';
const SECOND = '20260115T000001-second00';
const BUILT_AT = '2026-01-15T00:00:00.000Z';

let demo: DemoFiles;
let shop: TemporaryShop;
let reader: Reader;
let here: Published;
let there: Published;
let local: LocalAthena;
let manifest: BuildManifest;
let figures: [number, number];

/** Builds both sides with the same name and time, so that nothing of a build differs by that. */
async function buildHere(buildId: string): Promise<void> {
  const { directory } = shop.shop;
  const engine = await openEngine({ spillDirectory: directory.spill });
  try {
    const warehouse = await openBuild(directory, engine, buildId);
    await buildTables({ warehouse, seeds: readSeeds(directory.seeds), buildId, builtAt: BUILT_AT });
  } finally {
    engine.close();
  }
}
async function buildThere(buildId: string): Promise<BuildManifest> {
  const { queries, s3 } = local;
  const warehouse = await createAthenaWarehouse({ queries, s3, bucket: BUCKET, buildId, rawDatabase: RAW });
  return buildTables({ warehouse, seeds: readSeeds(shop.shop.directory.seeds), buildId, builtAt: BUILT_AT });
}

beforeAll(async () => {
  demo = await writeDemoFiles(20, 5);
  shop = await temporaryShop();
  costRates(shop, 'desk,per_month,fixed,,Email,,310,EUR');
  await importDemo(shop, demo.files);
  local = await openLocalAthena();
  const { queries, s3 } = local;
  await landLake(shop.shop.directory, join(local.folder, BUCKET), DAY);
  await prepareRawDatabase(queries, RAW, BUCKET);
  for (const table of LANDED_TABLES) await mergeLanded(queries, RAW, table, { from: DAY, to: DAY });

  await buildHere(FIRST);
  await buildThere(FIRST);
  // Closed at the same moment on both sides, so that the build after it keeps what was reported.
  const closing = { closed_through: '2025-03-31', closed_at: BUILT_AT, build_id: FIRST };
  const periods = createAthenaClosedPeriods({ queries, s3, bucket: BUCKET, rawDatabase: RAW });
  const closed = await shop.shop.closePeriod(closing.closed_through);
  figures = [
    closed.figures,
    (
      await closePeriod({
        periods,
        build: {
          build_id: FIRST,
          built_at: BUILT_AT,
          settings_hash: '',
          tables: [{ name: 'ledger', rows: 1, seconds: 0 }],
        },
        through: closing.closed_through,
        now: Date.parse(closed.closed_at),
      })
    ).figures,
  ];
  await buildHere(SECOND);
  manifest = await buildThere(SECOND);
  reader = await openReader(shop.shop.directory);
  here = (await reader.published())!;
  there = (await openAthenaPublished({ queries, s3, bucket: BUCKET })())!;
}, 240_000);
afterAll(async () => {
  reader?.close();
  await local?.close();
  shop?.remove();
  demo?.remove();
});

const plain = (rows: Row[]) =>
  rows
    .map((row) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)))
    .sort();

describe('the build on Athena', () => {
  test('is published whole, under its own name', () => {
    expect(there.manifest).toEqual(manifest);
    expect(manifest.build_id).toBe(SECOND);
    expect(manifest.settings_hash).toBe(here.manifest.settings_hash);
    expect(manifest.tables.map(({ name, rows }) => ({ name, rows }))).toEqual(
      here.manifest.tables.map(({ name, rows }) => ({ name, rows })),
    );
  });

  test('has rows in nearly all tables, so that they can differ', () => {
    const empty = manifest.tables.filter(({ rows }) => rows === 0).map(({ name }) => name);
    expect(empty.length).toBeLessThan(manifest.tables.length / 10);
  });

  test('closed as much as the other', () => {
    expect(figures[0]).toBeGreaterThan(0);
    expect(figures[1]).toBe(figures[0]);
  });

  const tables = [...TABLE_FOLDERS.flatMap((folder) => readSqlFolder(folder)).map(({ name }) => name)];
  test.each(tables)('has the rows of %s', async (name) => {
    const [mine, its] = await Promise.all([
      here.query(`SELECT * FROM ${name}`),
      there.query(`SELECT * FROM ${name}`),
    ]);
    expect(plain(its)).toEqual(plain(mine));
  });

  test('has the rows of the tables that algorithms made', async () => {
    const made = manifest.tables.map(({ name }) => name).filter((name) => !tables.includes(name));
    expect(made.length).toBeGreaterThan(20);
    for (const name of made) {
      const [mine, its] = await Promise.all([
        here.query(`SELECT * FROM ${name}`),
        there.query(`SELECT * FROM ${name}`),
      ]);
      expect(plain(its), name).toEqual(plain(mine));
    }
  });

  test('answers each question as the other does', async () => {
    for (const { name, groupings, hasPeriod } of KPIS) {
      const question = {
        kpi: name,
        by: groupings[0]!,
        ...(hasPeriod ? { from: '2025-02-01', to: '2025-05-31' } : {}),
      };
      expect(await reportKpi(there, question), name).toEqual(await reportKpi(here, question));
    }
  });

  test('leaves nothing of its statements beyond what Athena takes', () => {
    const longest = Math.max(...local.athena.executions.map(({ sql }) => Buffer.byteLength(sql)));
    expect(longest).toBeGreaterThan(10_000);
    expect(longest).toBeLessThan(262_144 / 4);
    expect(
      local.athena.executions.filter(({ state }) => state !== 'SUCCEEDED').map(({ sql }) => sql),
    ).toEqual([]);
    expect(databaseOf(RAW, SECOND)).toBe('ropo_build_20260115t000001_second00');
  });
});
