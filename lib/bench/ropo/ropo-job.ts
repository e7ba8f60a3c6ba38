import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Engine, openEngine, pathLiteral } from '../../adapters/embedded/duckdb.ts';
import { openShopDirectory, type ShopDirectory } from '../../adapters/embedded/shop-directory.ts';
import { openBuild } from '../../adapters/embedded/warehouse.ts';
import { reportKpi } from '../../pipeline/report-kpi.ts';
import { readSeeds, seedSelect } from '../../pipeline/seeds.ts';
import type { Warehouse } from '../../ports.ts';
import { type Measured, measured } from '../measure.ts';
import { runInProcess } from '../own-process.ts';
import type { Part } from '../phases.ts';
import { ROPO_KPIS, ropoPart } from './ropo-part.ts';
import { type StoreShop, storeShopTables } from './store-shop.ts';

/** What the ROPO part of a build took: all of it, and each table and KPI. */
export interface RopoResult extends Measured {
  /** Their peak is that of the process so far. */
  parts: (Part & Measured)[];
}

interface RopoOrder {
  what: 'make' | 'measure';
  root: string;
  shop: StoreShop;
}

/** Makes a shop below `root` and measures the ROPO part of its build, each in a process of its own. */
export async function runRopoPart(root: string, shop: StoreShop): Promise<RopoResult> {
  const run = <Result>(what: RopoOrder['what']) =>
    runInProcess<Result>(`ropo, ${what}`, new URL(import.meta.url), { what, root, shop } satisfies RopoOrder);
  await run('make');
  return run('measure');
}

const GIVEN = 'given';

export async function answer({ what, root, shop }: RopoOrder): Promise<RopoResult | null> {
  const directory = openShopDirectory(root);
  const engine = await openEngine({ spillDirectory: directory.spill });
  try {
    if (what === 'measure') return await measureRopo(directory, engine, shop);
    await makeShop(await openBuild(directory, engine, GIVEN), directory, shop);
    return null;
  } finally {
    engine.close();
  }
}

/** Everything that a build has made when it comes to ROPO. */
async function makeShop(warehouse: Warehouse, directory: ShopDirectory, shop: StoreShop): Promise<void> {
  const tables = storeShopTables(shop);
  for (const seed of readSeeds(directory.seeds)) await warehouse.createTable(seed.name, seedSelect(seed));
  for (const [name, select] of Object.entries(tables)) await warehouse.createTable(name, select);
  for (const { name, select } of ropoPart(givenNames(directory, tables)).before)
    await warehouse.createTable(name, select);
}

const givenNames = (directory: ShopDirectory, tables: Record<string, string>): string[] => [
  ...Object.keys(tables),
  ...readSeeds(directory.seeds).map(({ name }) => name),
];

async function measureRopo(directory: ShopDirectory, engine: Engine, shop: StoreShop): Promise<RopoResult> {
  const warehouse = await openBuild(directory, engine, 'measured');
  const given = join(directory.builds, GIVEN);
  for (const file of readdirSync(given).filter((name) => name.endsWith('.parquet')))
    await engine.run(
      `CREATE VIEW ${basename(file, '.parquet')} AS SELECT * FROM read_parquet(${pathLiteral(join(given, file))})`,
    );
  const names = givenNames(directory, storeShopTables(shop));
  const { before, ropo } = ropoPart(names);
  const parts: RopoResult['parts'] = [];
  const part = async (name: string, run: () => Promise<number>) => {
    const { measured: cost, result: rows } = await measured(run);
    parts.push({ name, rows, ...cost });
  };
  const { measured: cost } = await measured(async () => {
    for (const { name, select } of ropo) await part(name, () => warehouse.createTable(name, select));
    const tables = [...names, ...[...before, ...ropo].map(({ name }) => name)].map((name) => ({
      name,
      rows: 0,
      seconds: 0,
    }));
    const manifest = { build_id: 'bench', built_at: '', settings_hash: '', tables };
    const published = { manifest, query: warehouse.query };
    for (const kpi of ROPO_KPIS)
      await part(`KPI ${kpi}`, async () => (await reportKpi(published, { kpi })).rows.length);
  });
  return { ...cost, parts };
}
