import { addSums, MOST_ADDED_CHANNELS } from './add-sums.ts';
import { type FileHead, type FilePaths, joinHeads, joinRows } from './join-rows.ts';
import { type PathSums, sumPaths } from './path-sums.ts';
import type { SharedPaths } from './shared-work.ts';

/** A file that has been read: sums of its paths, or the paths. One of the two can be asked for, once. */
export interface PathSource {
  head: FileHead;
  sums(order: number): Promise<PathSums>;
  paths(): Promise<FilePaths>;
  close(): Promise<void>;
}

/** Paths that are there. */
export const sourceOf = (paths: FilePaths): PathSource => ({
  head: paths,
  sums: async (order) => sumPaths(paths, order),
  paths: async () => paths,
  close: async () => {},
});

/**
 * Paths that threads hold.
 * @throws BadPaths when there are more channels than can be told apart
 */
export function sourceOfShares(file: string, shared: SharedPaths): PathSource {
  const head = joinHeads(file, shared.heads);
  const paths = async () => joinRows(file, await shared.rows());
  // With more channels, sums are not small beside the paths, and are made of all paths at once.
  const areSmall = head.channels.length <= MOST_ADDED_CHANNELS;
  return {
    head,
    paths,
    sums: async (order) =>
      areSmall ? addSums(await shared.sums({ ...head, order })) : sumPaths(await paths(), order),
    close: shared.close,
  };
}
