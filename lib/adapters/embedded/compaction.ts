import { statSync } from 'node:fs';
import { join } from 'node:path';
import { RAW_TABLE_NAMES, type RawTable } from '../../domain/raw-tables.ts';
import { type Engine, pathLiteral } from './duckdb.ts';
import type { ShopDirectory } from './shop-directory.ts';
import { replaceFiles, tableFiles } from './table-files.ts';

/** Columns by which rows come, where they do: rows that lie together in time stand together in a file. */
export const TIME_COLUMN: Partial<Record<RawTable, string>> = {
  raw_events: 'occurred_at',
  raw_touches: 'occurred_at',
  raw_sales: 'occurred_at',
  raw_visits: 'occurred_at',
  raw_consents: 'occurred_at',
  raw_feedback: 'occurred_at',
};

/** Tables whose files have names of their own. */
const NOT_MERGED: readonly RawTable[] = ['raw_closings', 'raw_tombstones'];

/** A file is merged with others of its size: so each row is written again three times at most, however many come. */
const SIZES = [128e3, 1e6, 8e6];
const MOST_OF_A_SIZE = 32;
const MERGED_BYTES = 128e6;

export interface SizedFile {
  name: string;
  bytes: number;
}

/** The files to merge into one: those of the smallest size of which there are too many; none where all is well. */
export function filesToMerge(files: readonly SizedFile[]): SizedFile[] {
  let from = 0;
  for (const below of SIZES) {
    const ofSize = files.filter(({ bytes }) => bytes >= from && bytes < below);
    from = below;
    if (ofSize.length <= MOST_OF_A_SIZE) continue;
    const oldestFirst = ofSize.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    let bytes = 0;
    return oldestFirst.filter((file) => {
      bytes += file.bytes;
      return bytes <= MERGED_BYTES;
    });
  }
  return [];
}

/** Names of the files of a table that are to be merged next. */
function nextToMerge(lake: string, table: RawTable): string[] {
  if (NOT_MERGED.includes(table)) return [];
  const folder = join(lake, table);
  const files = tableFiles(folder).map((name) => ({ name, bytes: statSync(join(folder, name)).size }));
  return filesToMerge(files).map(({ name }) => name);
}

/** Whether a table has so many small files that merging them is worth its while. Only for who holds the shop's lock. */
export const hasFilesToMerge = ({ lake }: ShopDirectory): boolean =>
  RAW_TABLE_NAMES.some((table) => nextToMerge(lake, table).length > 0);

/**
 * Merges small files of the raw tables, which a stream leaves one a second, until no table has many. Only for who holds
 * the shop's lock.
 * @returns how many files were merged
 */
export async function mergeSmallFiles(
  engine: Engine,
  { lake }: ShopDirectory,
  newId: () => string,
): Promise<number> {
  let merged = 0;
  for (const table of RAW_TABLE_NAMES) {
    for (let files = nextToMerge(lake, table); files.length > 0; files = nextToMerge(lake, table)) {
      const folder = join(lake, table);
      await replaceFiles(engine, folder, newId(), mergedRows(folder, table, files), files);
      merged += files.length;
    }
  }
  return merged;
}

function mergedRows(folder: string, table: RawTable, files: readonly string[]): string {
  const paths = files.map((name) => pathLiteral(join(folder, name))).join(', ');
  const time = TIME_COLUMN[table];
  return `SELECT * FROM read_parquet([${paths}], union_by_name = true)${time ? ` ORDER BY ${time}` : ''}`;
}
