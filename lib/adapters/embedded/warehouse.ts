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
import { emptySelect, viewRawTables } from './raw-files.ts';
import type { ShopDirectory } from './shop-directory.ts';

/** Published builds that are kept besides the current one, so that a reader at work can finish. */
const KEPT_BUILDS = 2;

/** What a table may be made of: what both engines store alike. DuckDB's sums of integers are none of it. */
const STORED_TYPES = /^(BIGINT|INTEGER|DOUBLE|VARCHAR|BOOLEAN|DATE|TIMESTAMP)$/;

/** The warehouse of one build: each table a Parquet file of the build's folder, shown as a view. */
export async function openBuild(
  directory: ShopDirectory,
  engine: Engine,
  buildId: string,
): Promise<Warehouse> {
  const folder = join(directory.builds, buildId);
  mkdirSync(folder, { recursive: true });
  await viewRawTables(engine, directory);
  await viewPreviousTables(engine, directory);

  const store = async (name: string, select: string): Promise<number> => {
    const columns = await engine.rows(`DESCRIBE ${select}`);
    const odd = columns.find((column) => !STORED_TYPES.test(String(column.column_type)));
    if (odd) {
      throw new Error(
        `Table ${name}: column ${odd.column_name} is a ${odd.column_type}; cast it to one of bigint, integer, double, varchar, boolean, date, timestamp(6)`,
      );
    }
    const file = join(folder, `${name}.parquet`);
    await engine.run(
      `COPY (${select}) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`,
    );
    await engine.run(`CREATE VIEW ${name} AS SELECT * FROM read_parquet(${pathLiteral(file)})`);
    return countOf(engine, name);
  };

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

async function countOf(engine: Engine, name: string): Promise<number> {
  const rows = await engine.rows(`SELECT count(*) AS n FROM ${name}`);
  return Number(rows[0]?.n);
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

/** Shows the tables of the published build in an engine; null before the first build. */
export async function openPublished(directory: ShopDirectory, engine: Engine): Promise<Published | null> {
  const build = currentBuild(directory);
  if (build === null) return null;
  const folder = join(directory.builds, build);
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as BuildManifest;
  for (const { name } of manifest.tables) {
    await engine.run(
      `CREATE OR REPLACE VIEW ${name} AS SELECT * FROM read_parquet(${pathLiteral(join(folder, `${name}.parquet`))})`,
    );
  }
  return { manifest, query: (select, parameters) => engine.rows(select, parameters) };
}
