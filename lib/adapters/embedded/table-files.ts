import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Engine, literal } from './duckdb.ts';

/**
 * The Parquet files of a raw table: a folder of them, each written once and whole. Files that take the place of others
 * are swapped in by a list, `swap.json`: when it is there the swap counts as done, and whoever comes to the folder next
 * carries it out. So there is no moment at which a row stands twice, or not at all. Only for who holds the shop's lock.
 */

const SWAP = 'swap.json';
const PARQUET = '.parquet';
const ASIDE = '.tmp';

interface Swap {
  /** Name of the new file, which is written but may not have its name yet; null where nothing is left. */
  put: string | null;
  remove: string[];
}

/** A name that no file has yet; sorts by time of making: "20250131T101500-1a2b3c4d". */
export function newFileId(): string {
  return `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}-${randomUUID().slice(0, 8)}`;
}

/** Names of the files that make up a table. */
export function tableFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  finishSwap(folder);
  return readdirSync(folder).filter((name) => name.endsWith(PARQUET));
}

/** Writes a SELECT to a file of its own name beside the folder's others, all at once, and there for good. */
export async function writeParquet(
  engine: Engine,
  folder: string,
  name: string,
  select: string,
): Promise<void> {
  const aside = await writeAside(engine, folder, name, select);
  renameSync(aside, join(folder, name + PARQUET));
  syncPath(folder);
}

/**
 * Puts what a SELECT gives, written as one file, in the place of others, all at once.
 * @param select what is left of them; null for nothing
 * @param replaced names of the others, as `tableFiles` has them
 */
export async function replaceFiles(
  engine: Engine,
  folder: string,
  name: string,
  select: string | null,
  replaced: readonly string[],
): Promise<void> {
  if (select !== null) await writeAside(engine, folder, name, select);
  const swap: Swap = { put: select === null ? null : name, remove: [...replaced] };
  const list = join(folder, SWAP);
  writeFileSync(list + ASIDE, JSON.stringify(swap));
  syncPath(list + ASIDE);
  renameSync(list + ASIDE, list);
  syncPath(folder);
  finishSwap(folder);
}

/** Takes away what writers that were killed have left half-written. */
export function removeHalfWritten(lake: string): void {
  for (const table of readdirSync(lake)) {
    const folder = join(lake, table);
    finishSwap(folder);
    for (const name of readdirSync(folder)) if (name.endsWith(ASIDE)) rmSync(join(folder, name));
  }
}

async function writeAside(engine: Engine, folder: string, name: string, select: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const aside = join(folder, name + ASIDE);
  await engine.run(`COPY (${select}) TO ${literal(aside)} (FORMAT parquet, COMPRESSION zstd)`);
  syncPath(aside);
  return aside;
}

function finishSwap(folder: string): void {
  const list = join(folder, SWAP);
  if (!existsSync(list)) return;
  const { put, remove } = JSON.parse(readFileSync(list, 'utf8')) as Swap;
  if (put !== null && existsSync(join(folder, put + ASIDE)))
    renameSync(join(folder, put + ASIDE), join(folder, put + PARQUET));
  for (const name of remove) rmSync(join(folder, name), { force: true });
  syncPath(folder);
  rmSync(list);
}

/** Makes what was written to a file, or changed in a folder, last beyond a power cut. */
function syncPath(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
