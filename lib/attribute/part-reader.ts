import type { Columns } from './columns.ts';
import { type FileParts, readParts } from './file-parts.ts';
import { asPaths, headOf, type LocalRows, localRows, type RowsHead } from './local-rows.ts';
import { type PathSums, sumPaths } from './path-sums.ts';
import { RowReader } from './row-reader.ts';

/** What sums of a share are asked for with: the channels and decimals of the whole file. */
export interface SumsWanted {
  channels: readonly string[];
  decimals: number;
  order: number;
}

/** Paths that one thread has read: it gives sums of them, or the rows. */
export interface Share {
  head: RowsHead;
  rows(): LocalRows;
  sums(wanted: SumsWanted): PathSums;
}

export const shareOf = (rows: LocalRows): Share => ({
  head: headOf(rows),
  rows: () => rows,
  sums: ({ channels, decimals, order }) => {
    const { sets, ...sums } = sumPaths(asPaths(rows, channels, decimals), order);
    // Which path has which set is not asked for again, and long to hand over.
    return { ...sums, sets: { ...sets, setOf: new Int32Array(0) } };
  },
});

/** Reads a thread's share of a plain file. */
export function readShare(columns: Columns, parts: FileParts, next: () => number, threads: number): Share {
  const reader = new RowReader(columns);
  readParts(parts, reader, next, threads);
  return shareOf(localRows(reader));
}
