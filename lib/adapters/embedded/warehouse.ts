import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { PREVIOUS_TABLES } from '../../pipeline/previous-tables.ts';
import type { Published } from '../../pipeline/report-kpi.ts';
import type { BuildManifest, Warehouse } from '../../ports.ts';
import { appendColumns, storedType } from './column-arrays.ts';
import { type Engine, literal, pathLiteral } from './duckdb.ts';
import { countRawRows, emptySelect, viewRawTables } from './raw-files.ts';
import type { ShopDirectory } from './shop-directory.ts';

/** Published builds that are kept besides the current one, so that a reader at work can finish. */
const KEPT_BUILDS = 2;

/** What a table may be made of: what both engines store alike. DuckDB's sums of integers are none of it. */
const STORED_TYPES = /^(BIGINT|INTEGER|DOUBLE|VARCHAR|BOOLEAN|DATE|TIMESTAMP)$/;

/**
 * Rows of the raw tables up to which a build is small. The engine plans otherwise where it knows the rows of a table
 * than where it knows a file: of 13,000 it chose a join that took minutes. Of so few every plan ends soon.
 */
const SMALL_BUILD_ROWS = 1_000;

/**
 * Whether the tables of a build are best made in memory. A small one is nearly all planning, and opening the files of
 * what a SELECT reads is half of that. It has one thread then: two that share so little only wait for each other.
 */
export const isSmallBuild = async (directory: ShopDirectory, engine: Engine): Promise<boolean> =>
  (await countRawRows(engine, directory)) <= SMALL_BUILD_ROWS;

export interface BuildWarehouseOptions {
  /** Tables are made in memory, on one thread, and written from there; false unless it says otherwise. */
  inMemory?: boolean;
}

/**
 * The warehouse of one build: each table a Parquet file of the build's folder. What is made of it reads that file, or
 * in memory the rows that went there.
 */
export async function openBuild(
  directory: ShopDirectory,
  engine: Engine,
  buildId: string,
  { inMemory = false }: BuildWarehouseOptions = {},
): Promise<Warehouse> {
  const folder = join(directory.builds, buildId);
  mkdirSync(folder, { recursive: true });
  if (inMemory) await engine.run('SET threads = 1');
  await viewRawTables(engine, directory, inMemory ? 'TABLE' : 'VIEW');
  await viewPreviousTables(engine, directory);

  const fileOf = (name: string) => join(folder, `${name}.parquet`);
  const write = (name: string, select: string) =>
    countOf(
      engine,
      `COPY (${select}) TO ${literal(fileOf(name))} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
    );
  const storeByFile = async (name: string, select: string): Promise<number> => {
    await refuseOddTypes(engine, name, select);
    const rows = await write(name, select);
    await engine.run(`CREATE VIEW ${name} AS SELECT * FROM read_parquet(${pathLiteral(fileOf(name))})`);
    return rows;
  };
  const storeInMemory = async (name: string, select: string): Promise<number> => {
    await engine.run(`CREATE TABLE ${name} AS ${select}`);
    try {
      if (await hasOddType(engine, name)) await refuseOddTypes(engine, name, `SELECT * FROM ${name}`);
      return await write(name, `SELECT * FROM ${name}`);
    } catch (error) {
      await engine.run(`DROP TABLE ${name}`);
      throw error;
    }
  };
  const store = inMemory ? storeInMemory : storeByFile;

  return {
    createTable: store,
    query: (select, parameters) => engine.rows(select, parameters),
    columns: (select, parameters) => engine.columns(select, parameters),
    async createColumns(name, columns) {
      const typed = Object.entries(columns).map(([column, values]) => `${column} ${storedType(values)}`);
      await engine.run(`CREATE OR REPLACE TEMP TABLE written_${name} (${typed.join(', ')})`);
      const appender = await engine.connection.createAppender(`written_${name}`);
      appendColumns(appender, Object.values(columns));
      appender.closeSync();
      const rows = await store(name, `SELECT * FROM written_${name}`);
      await engine.run(`DROP TABLE written_${name}`);
      return rows;
    },
    async publish(manifest) {
      writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
      const aside = `${directory.current}.tmp`;
      writeFileSync(aside, buildId);
      renameSync(aside, directory.current);
      removeOldBuilds(directory);
    },
    async discard() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Shows what a build may read of the one published before it. */
async function viewPreviousTables(engine: Engine, directory: ShopDirectory): Promise<void> {
  const before = currentBuild(directory);
  for (const [name, { of, columns }] of Object.entries(PREVIOUS_TABLES)) {
    const file = before === null ? null : join(directory.builds, before, `${of}.parquet`);
    const stored =
      file !== null && existsSync(file)
        ? await engine.rows(`DESCRIBE SELECT * FROM read_parquet(${pathLiteral(file)})`)
        : [];
    const names = new Set(stored.map((column) => String(column.column_name)));
    const typed = Object.entries(columns).map(([column, type]) => `CAST(${column} AS ${type}) AS ${column}`);
    const isThere = file !== null && Object.keys(columns).every((column) => names.has(column));
    await engine.run(
      `CREATE VIEW ${name} AS ${isThere ? `SELECT ${typed.join(', ')} FROM read_parquet(${pathLiteral(file)})` : emptySelect(columns)}`,
    );
  }
}

/** @throws Error naming the first column that no stored type fits */
async function refuseOddTypes(engine: Engine, table: string, select: string): Promise<void> {
  const columns = await engine.rows(`DESCRIBE ${select}`);
  const odd = columns.find((column) => !STORED_TYPES.test(String(column.column_type)));
  if (odd) {
    throw new Error(
      `Table ${table}: column ${odd.column_name} is a ${odd.column_type}; cast it to one of bigint, integer, double, varchar, boolean, date, timestamp(6)`,
    );
  }
}

/** The same of a table in memory: an appender knows its types without planning a statement. */
async function hasOddType({ connection }: Engine, table: string): Promise<boolean> {
  const appender = await connection.createAppender(table);
  const types = Array.from({ length: appender.columnCount }, (_, at) => String(appender.columnType(at)));
  appender.closeSync();
  return types.some((type) => !STORED_TYPES.test(type));
}

/** Runs a COPY and returns how many rows it wrote. */
async function countOf(engine: Engine, copy: string): Promise<number> {
  const [{ Count: rows } = { Count: null }] = await engine.rows(copy);
  if (typeof rows !== 'number') throw new Error(`A COPY did not tell how many rows it wrote: ${copy}`);
  return rows;
}

function removeOldBuilds(directory: ShopDirectory): void {
  const current = currentBuild(directory);
  for (const name of readdirSync(directory.builds)) {
    // A build without its manifest was killed half-way.
    if (!existsSync(join(directory.builds, name, 'manifest.json')))
      rmSync(join(directory.builds, name), { recursive: true, force: true });
  }
  const others = readdirSync(directory.builds)
    .filter((name) => name !== current)
    .sort(
      (a, b) => statSync(join(directory.builds, b)).mtimeMs - statSync(join(directory.builds, a)).mtimeMs,
    );
  for (const name of others.slice(KEPT_BUILDS))
    rmSync(join(directory.builds, name), { recursive: true, force: true });
}

/** Name of the published build, or null before the first. */
export function currentBuild({ current }: ShopDirectory): string | null {
  return existsSync(current) ? readFileSync(current, 'utf8').trim() : null;
}

/**
 * Shows the tables of the published build in an engine; null before the first build.
 * @param inMemory bytes of a file below which its rows are read once, so that no question opens it
 */
export async function openPublished(
  directory: ShopDirectory,
  engine: Engine,
  inMemory = 0,
): Promise<Published | null> {
  const build = currentBuild(directory);
  if (build === null) return null;
  const folder = join(directory.builds, build);
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as BuildManifest;
  for (const { name } of manifest.tables) {
    const file = join(folder, `${name}.parquet`);
    const kind = statSync(file).size < inMemory ? 'TABLE' : 'VIEW';
    await engine.run(`CREATE OR REPLACE ${kind} ${name} AS SELECT * FROM read_parquet(${pathLiteral(file)})`);
  }
  return { manifest, query: (select, parameters) => engine.rows(select, parameters) };
}
