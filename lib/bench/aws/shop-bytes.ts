import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Engine, openEngine, pathLiteral } from '../../adapters/embedded/duckdb.ts';
import { scanOf } from '../../adapters/embedded/raw-files.ts';
import type { ShopDirectory } from '../../adapters/embedded/shop-directory.ts';
import { tableFiles } from '../../adapters/embedded/table-files.ts';
import { currentBuild } from '../../adapters/embedded/warehouse.ts';
import { RAW_TABLE_NAMES, RAW_TABLES } from '../../domain/raw-tables.ts';
import { readSqlFolder, TABLE_FOLDERS } from '../../pipeline/sql-files.ts';
import { bytesRead } from './select-bytes.ts';

/** Raw tables of records that came in; the others are what became of some. */
const COUNTED_TABLES = RAW_TABLE_NAMES.filter(
  (name) => !['raw_rejections', 'raw_tombstones', 'raw_closings'].includes(name),
);

/** Bytes of a shop's Parquet files as Athena would read and store them. */
export interface ShopBytes {
  /** Records in the raw tables: rows, and of sales documents. */
  events: number;
  /** Rows that are counted for the steps whose time grows with them. */
  touchpoints: number;
  rawBytes: number;
  /** Their rows as JSON without what is null, as they go to the landing zone. */
  landingJsonBytes: number;
  /** The same rows in the landing zone: Parquet as Firehose packs it (Snappy), times as text. */
  landingBytes: number;
  /** Of the raw tables, what MERGE compares: record ids and fingerprints. */
  rawIdBytes: number;
  builtBytes: number;
  /** Links between identifiers. */
  links: number;
  tables: number;
  /** Read by one build at the most, the SELECTs for the steps between and the checks included. */
  buildReads: number;
  /** The SELECT of a build that reads most. */
  largest: { name: string; bytes: number };
  /** Read by each KPI's question at the most, by KPI. */
  kpiReads: Map<string, number>;
}

/**
 * Measures the published build of a shop and its raw tables, from the metadata of their Parquet files.
 * @throws Error where nothing is published
 */
export async function measureShopBytes(directory: ShopDirectory): Promise<ShopBytes> {
  const build = currentBuild(directory);
  if (build === null) throw new Error(`Nothing is published in ${directory.root}: build it first`);
  const engine = await openEngine({ spillDirectory: directory.spill });
  try {
    const sizes = new Map<string, Map<string, number>>();
    for (const table of RAW_TABLE_NAMES) {
      const folder = join(directory.lake, table);
      const files = tableFiles(folder).map((name) => join(folder, name));
      sizes.set(table, await columnSizes(engine, files));
    }
    const folder = join(directory.builds, build);
    const built = tableFiles(folder);
    for (const file of built)
      sizes.set(file.replace(/\.parquet$/, ''), await columnSizes(engine, [join(folder, file)]));
    const reads = [...TABLE_FOLDERS, 'fitting', 'checks']
      .flatMap((name) => readSqlFolder(name))
      .map(({ name, select }) => ({ name, bytes: bytesRead(select, sizes) }));
    return {
      events: await countRecords(engine, directory),
      touchpoints: await count(engine, join(folder, 'touchpoints.parquet')),
      rawBytes: sumOf(RAW_TABLE_NAMES, sizes),
      ...(await landingBytes(engine, directory)),
      rawIdBytes: RAW_TABLE_NAMES.reduce(
        (sum, table) =>
          sum + (sizes.get(table)?.get('record_id') ?? 0) + (sizes.get(table)?.get('fingerprint') ?? 0),
        0,
      ),
      builtBytes: sumOf(
        built.map((file) => file.replace(/\.parquet$/, '')),
        sizes,
      ),
      links: await count(engine, join(folder, 'identity_pairs.parquet')),
      tables: built.length,
      buildReads: reads.reduce((sum, { bytes }) => sum + bytes, 0),
      largest: reads.reduce((most, read) => (read.bytes > most.bytes ? read : most)),
      kpiReads: new Map(readSqlFolder('queries').map(({ name, select }) => [name, bytesRead(select, sizes)])),
    };
  } finally {
    engine.close();
  }
}

/** Rows of the raw tables as they come to the landing zone. */
async function landingBytes(
  engine: Engine,
  { lake, spill }: ShopDirectory,
): Promise<Pick<ShopBytes, 'landingJsonBytes' | 'landingBytes'>> {
  let landingJsonBytes = 0;
  let bytes = 0;
  for (const table of COUNTED_TABLES) {
    const folder = join(lake, table);
    if (tableFiles(folder).length === 0) continue;
    const columns = Object.entries(RAW_TABLES[table]).map(([name, type]) =>
      type === 'timestamp' || type === 'date' ? `CAST(${name} AS varchar) AS ${name}` : name,
    );
    const rows = `SELECT ${columns.join(', ')} FROM ${scanOf(folder, RAW_TABLES[table])}`;
    const [json] = await engine.rows(
      `SELECT sum(strlen(regexp_replace(CAST(to_json(r) AS varchar), '"[a-z_]+":null,?', ''))) AS bytes FROM (${rows}) r`,
    );
    landingJsonBytes += Number(json?.bytes);
    const file = join(spill, `landing-${table}.parquet`);
    await engine.run(`COPY (${rows}) TO ${pathLiteral(file)} (FORMAT parquet, COMPRESSION snappy)`);
    bytes += statSync(file).size;
    rmSync(file);
  }
  return { landingJsonBytes, landingBytes: bytes };
}

const sumOf = (tables: readonly string[], sizes: ReadonlyMap<string, ReadonlyMap<string, number>>) =>
  tables.reduce(
    (sum, table) => sum + Array.from(sizes.get(table)?.values() ?? []).reduce((a, b) => a + b, 0),
    0,
  );

async function columnSizes(engine: Engine, files: readonly string[]): Promise<Map<string, number>> {
  if (files.length === 0) return new Map();
  const rows = await engine.rows(
    `SELECT path_in_schema AS name, sum(total_compressed_size) AS bytes
     FROM parquet_metadata([${files.map(pathLiteral).join(', ')}]) GROUP BY 1`,
  );
  return new Map(rows.map(({ name, bytes }) => [String(name), Number(bytes)]));
}

async function countRecords(engine: Engine, { lake }: ShopDirectory): Promise<number> {
  let records = 0;
  for (const table of COUNTED_TABLES) {
    const counted = table === 'raw_sales' ? 'DISTINCT (document_id, fingerprint)' : '*';
    const scan = scanOf(join(lake, table), RAW_TABLES[table]);
    const [row] = await engine.rows(`SELECT count(${counted}) AS n FROM ${scan}`);
    records += Number(row?.n);
  }
  return records;
}

async function count(engine: Engine, file: string): Promise<number> {
  const [row] = await engine.rows(`SELECT count(*) AS n FROM read_parquet(${pathLiteral(file)})`);
  return Number(row?.n);
}
