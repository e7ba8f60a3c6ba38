import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../adapters/embedded/duckdb.ts';
import { openShopDirectory } from '../../adapters/embedded/shop-directory.ts';
import { openBuild } from '../../adapters/embedded/warehouse.ts';
import type { RopoStore, RopoTrails } from '../../demo/ropo-worlds/simulate-ropo.ts';
import { RAW_TABLE_NAMES } from '../../domain/raw-tables.ts';
import { inDependencyOrder } from '../../pipeline/build-step.ts';
import { type KpiAnswer, type KpiQuestion, reportKpi } from '../../pipeline/report-kpi.ts';
import { readSeeds, type Seed, seedSelect } from '../../pipeline/seeds.ts';
import { readSqlFolder, type SqlFile, TABLE_FOLDERS } from '../../pipeline/sql-files.ts';
import type { BuildManifest, Row } from '../../ports.ts';
import { createTrailTables, TRAIL_TABLES } from './shop-tables.ts';

/** A shop whose stores are samples of ROPO worlds, built as far as the questions about it need. */
export interface RopoShop {
  /** Answers by the product's own query and statistics. */
  ask(question: KpiQuestion): Promise<KpiAnswer>;
  rows(select: string): Promise<Row[]>;
  close(): void;
}

export interface RopoShopOptions {
  stores: readonly RopoStore[];
  trails: RopoTrails;
  /** KPIs that will be asked for, and tables to be looked at beside what they need. */
  kpis: readonly string[];
  tables?: readonly string[];
  /** Settings other than the standard ones, by name. */
  settings?: Readonly<Record<string, string>>;
  onTable?: (name: string, seconds: number) => void;
}

/**
 * Makes every table that the KPIs read with the SQL of the product, in its order, in a
 * temporary folder that `close` takes away. What only import and identity would make is made of the trails.
 */
export async function openRopoShop({
  stores,
  trails,
  kpis,
  tables = [],
  settings = {},
  onTable = () => {},
}: RopoShopOptions): Promise<RopoShop> {
  const root = mkdtempSync(join(tmpdir(), 'ropo-worlds-'));
  const directory = openShopDirectory(root);
  const engine = await openEngine({ spillDirectory: directory.spill });
  const close = () => {
    engine.close();
    rmSync(root, { recursive: true, force: true });
  };
  try {
    const warehouse = await openBuild(directory, engine, 'worlds');
    let begun = performance.now();
    const made: BuildManifest['tables'] = [];
    const done = (name: string, rows = 0) => {
      const seconds = (performance.now() - begun) / 1000;
      made.push({ name, rows, seconds });
      onTable(name, seconds);
      begun = performance.now();
    };
    await createTrailTables(warehouse, stores, trails);
    done('(trails as tables)');
    const seeds = readSeeds(directory.seeds).map((seed) => withSettings(seed, settings));
    for (const seed of seeds) await warehouse.createTable(seed.name, seedSelect(seed));
    for (const { name, select } of makersOf(kpis, tables, seeds)) {
      done(name, await warehouse.createTable(name, select));
    }
    for (const name of [...TRAIL_TABLES, ...seeds.map((seed) => seed.name)])
      made.push({ name, rows: 0, seconds: 0 });
    const manifest = { build_id: 'worlds', built_at: '', settings_hash: '', tables: made };
    const published = { manifest, query: warehouse.query };
    return {
      ask: (question) => reportKpi(published, question),
      rows: (select) => engine.rows(select),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function withSettings(seed: Seed, settings: Readonly<Record<string, string>>): Seed {
  if (seed.name !== 'seed_settings') return seed;
  const known = new Set(seed.rows.map(([name]) => name));
  const unknown = Object.keys(settings).find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new RangeError(`There is no setting ${unknown}; there are: ${[...known].join(', ')}`);
  return {
    ...seed,
    rows: seed.rows.map(([name = '', value = '', ...rest]) => [name, settings[name] ?? value, ...rest]),
  };
}

/** The SQL files behind some KPIs, as far back as the tables made of trails, in the order of building. */
function makersOf(kpis: readonly string[], tables: readonly string[], seeds: readonly Seed[]): SqlFile[] {
  const files = TABLE_FOLDERS.flatMap((folder) => readSqlFolder(folder));
  const given = new Set([...TRAIL_TABLES, ...RAW_TABLE_NAMES, ...seeds.map(({ name }) => name)]);
  const byName = new Map(files.map((file) => [file.name, file]));
  const needed = new Map<string, SqlFile>();
  const need = (table: string) => {
    const file = byName.get(table);
    if (!file || given.has(table) || needed.has(table)) return;
    needed.set(table, file);
    for (const read of file.reads) need(read);
  };
  // Every report reads the settings.
  for (const table of ['settings', ...tables]) need(table);
  for (const { name, reads } of readSqlFolder('queries'))
    if (kpis.includes(name)) for (const read of reads) need(read);
  return inDependencyOrder([...needed.values()], given);
}
