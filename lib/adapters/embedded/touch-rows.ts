import type { DuckDBDataChunk } from '@duckdb/node-api';
import { type Engine, literal, pathLiteral } from './duckdb.ts';
import {
  CHANNEL,
  type ColumnTypes,
  checkColumns,
  isNumbered,
  stateOf,
  timeOf,
  valueUnits,
  wrongRows,
} from './touch-columns.ts';

/** Touches as the engine hands them on: some thousands at a time, as arrays that are gone at the next call. */
export interface TouchBlock {
  rows: number;
  /** Number of the journey in 64 bits, the low ones first; where journeys are no whole numbers, a hash of their name. */
  journey: Uint32Array;
  /** Another hash of the name, to notice two names of one number; null where journeys are whole numbers. */
  check: Uint32Array | null;
  time: Float64Array;
  /** The channel, and above its 16 bits 1 where this touch says that the journey converted, 2 where it is wrong. */
  mark: Uint32Array;
  /** In units of 10^-decimals; null where the file gives none. */
  value: Float64Array | null;
}

/** A file with a row per touch, looked over once. */
export interface TouchFile {
  rows: number;
  channels: string[];
  hasValue: boolean;
  decimals: number;
  /** Channels that are no names; then nothing more is read. */
  hasBadChannels: boolean;
  /** Hands on the touches of one part of the journeys, of `parts`. Rows that are wrong are marked or not finite. */
  read(part: number, parts: number, take: (block: TouchBlock) => void): Promise<void>;
  /** Rows that cannot be read, the first few in words: another pass over the file. */
  problems(): Promise<{ count: number; first: string[] }>;
}

const SHOWN = 5;
const MOST_DECIMALS = 6;

/**
 * Looks over a Parquet or CSV file of touches.
 * @throws Error when a column is missing or unknown, or the file cannot be read
 */
export async function openTouches(engine: Engine, file: string, isParquet: boolean): Promise<TouchFile> {
  await engine.run('SET preserve_insertion_order = false');
  const source = isParquet
    ? `read_parquet(${pathLiteral(file)})`
    : `read_csv(${pathLiteral(file)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`;
  const described = await engine.rows(`DESCRIBE SELECT * FROM ${source}`);
  const types = new Map(described.map((row) => [String(row.column_name), String(row.column_type)]));
  checkColumns(file, types);
  const hasValue = types.has('value');
  const decimals = hasValue ? await decimalsOf(engine, source, types.get('value')!) : 0;
  const overview = await engine.rows(`SELECT ${CHANNEL} AS name, count(*) AS n FROM ${source} GROUP BY 1`);
  const channels = overview.map(({ name }) => String(name ?? '')).sort();
  const plan = { source, types, channels, decimals };
  return {
    rows: overview.reduce((sum, { n }) => sum + Number(n), 0),
    channels,
    hasValue,
    decimals,
    hasBadChannels: channels.some((name) => name === '' || name.includes('>')),
    read: (part, parts, take) => readPart(engine, plan, part, parts, take),
    problems: () => problemsOf(engine, plan),
  };
}

interface Plan {
  source: string;
  types: ColumnTypes;
  channels: readonly string[];
  decimals: number;
}

async function readPart(
  engine: Engine,
  { source, types, channels, decimals }: Plan,
  part: number,
  parts: number,
  take: (block: TouchBlock) => void,
): Promise<void> {
  await engine.run('CREATE OR REPLACE TEMP TABLE touch_channels (name varchar, number uinteger)');
  for (let at = 0; at < channels.length; at += 1000) {
    const rows = channels.slice(at, at + 1000).map((name, place) => `(${literal(name)}, ${at + place})`);
    await engine.run(`INSERT INTO touch_channels VALUES ${rows.join(', ')}`);
  }
  const named = 'CAST(journey AS varchar)';
  const [numbered, hasValue] = [isNumbered(types), types.has('value')];
  const hash = numbered ? 'hash(journey)' : `hash(${named})`;
  const columns = [
    numbered
      ? `CAST(coalesce(journey, 0) AS ${types.get('journey')!.startsWith('U') ? 'ubigint' : 'bigint'})`
      : hash,
    timeOf(types),
    `c.number + CAST(${stateOf(types)} AS uinteger) * 65536`,
    ...(hasValue ? [valueUnits(decimals)] : []),
    ...(numbered ? [] : [`CAST(hash('#' || ${named}) & 4294967295 AS uinteger)`]),
  ];
  const result = await engine.connection.stream(
    `SELECT ${columns.join(', ')} FROM ${source} t JOIN touch_channels c ON c.name = ${CHANNEL} ${parts > 1 ? `WHERE ${hash} % ${parts} = ${part}` : ''}`,
  );
  for (
    let chunk = await result.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    const journey = itemsOf<BigInt64Array>(chunk, 0);
    take({
      rows: chunk.rowCount,
      journey: new Uint32Array(journey.buffer, journey.byteOffset, 2 * chunk.rowCount),
      time: itemsOf(chunk, 1),
      mark: itemsOf(chunk, 2),
      value: hasValue ? itemsOf(chunk, 3) : null,
      check: numbered ? null : itemsOf(chunk, columns.length - 1),
    });
  }
}

async function problemsOf(
  engine: Engine,
  { source, types }: Plan,
): Promise<{ count: number; first: string[] }> {
  const wrong = wrongRows(types);
  const any = wrong.map(([condition]) => `(${condition})`).join(' OR ');
  const [counted] = await engine.rows(`SELECT count(*) AS n FROM ${source} WHERE ${any}`);
  const cases = wrong.map(([condition, text]) => `WHEN ${condition} THEN ${text}`).join(' ');
  const first = await engine.rows(
    `SELECT CASE ${cases} END AS text FROM ${source} WHERE ${any} LIMIT ${SHOWN}`,
  );
  return { count: Number(counted!.n), first: first.map(({ text }) => String(text)) };
}

/**
 * The numbers of a column as the engine holds them. The client gives them out one by one only, which for tens of
 * millions takes longer than all else; its version is pinned, and a test notices when this is no longer there.
 */
function itemsOf<T extends BigInt64Array | Uint32Array | Float64Array>(
  chunk: DuckDBDataChunk,
  column: number,
): T {
  const { items } = chunk.getColumnVector(column) as unknown as { items: T | undefined };
  if (!items)
    throw new Error(
      `Column ${column} of a result has no array of numbers: is another version of DuckDB installed?`,
    );
  return items;
}

/** The most decimals that a value has, as it is written; a double is written without zeros at its end. */
async function decimalsOf(engine: Engine, source: string, type: string): Promise<number> {
  const text = 'CAST(value AS varchar)';
  const written = /^(DOUBLE|FLOAT)/i.test(type) ? `rtrim(${text}, '0')` : text;
  const [row] = await engine.rows(`SELECT max(strlen(split_part(${written}, '.', 2))) AS n FROM ${source}`);
  return Math.min(MOST_DECIMALS, Number(row?.n ?? 0));
}
