import { canonicalPaths } from '../domain/attribution/canonical-paths.ts';
import { MOST_CHANNELS } from '../domain/attribution/paths.ts';
import { joinRows } from './join-rows.ts';
import type { LocalRows } from './local-rows.ts';
import { type PathSource, sourceOf, sourceOfShares } from './path-source.ts';
import { BadPaths, badRows } from './problems.ts';
import { shareTouches } from './share-touches.ts';
import { type TouchBlock, TouchPages } from './touch-pages.ts';

/** A file with a row per touch, as an engine reads it. */
export interface TouchSource {
  rows: number;
  channels: string[];
  hasValue: boolean;
  decimals: number;
  hasBadChannels: boolean;
  read(part: number, parts: number, take: (block: TouchBlock) => void): Promise<void>;
  problems(): Promise<{ count: number; first: string[] }>;
}

/** Touches that are held at a time: about a gigabyte. */
const MOST_HELD = 50_000_000;
/** Touches of a bucket: few enough to be sorted in the processor's cache. */
const BUCKET = 100_000;

/**
 * Makes paths of touches. Journeys are taken in parts that fit in memory, each part in buckets that fit in the cache,
 * which the threads share.
 * @throws BadPaths when rows cannot be read, or there are none
 */
export async function readTouches(file: string, source: TouchSource, threads: number): Promise<PathSource> {
  const { rows, channels, decimals } = source;
  if (rows === 0) throw new BadPaths(`${file} has no row: it must have a row per touch`);
  if (channels.length > MOST_CHANNELS) {
    throw new BadPaths(
      `${file} names ${channels.length} channels; the limit is ${MOST_CHANNELS}: group channels first`,
    );
  }
  if (source.hasBadChannels) throw await badTouches(file, source);
  const parts = Math.ceil(rows / MOST_HELD);
  const buckets = Math.max(1, Math.ceil(rows / parts / BUCKET));
  const read: LocalRows[] = [];
  for (let part = 0; part < parts; part++) {
    const pages = new TouchPages(buckets, source.hasValue);
    await source.read(part, parts, (block) => pages.add(block));
    if (pages.wrong > 0) throw await badTouches(file, source);
    const shared = await shareTouches({ buckets: pages.buckets(), channels, decimals }, threads);
    if (parts === 1) return sourceOfShares(file, shared);
    try {
      read.push(merged(file, await shared.rows()));
    } finally {
      await shared.close();
    }
  }
  return sourceOf(joinRows(file, read));
}

async function badTouches(file: string, source: TouchSource): Promise<BadPaths> {
  const { count, first } = await source.problems();
  return badRows(
    file,
    first.map((text) => `a row: ${text}`),
    count,
  );
}

/** Each path once: what a part leaves behind is as large as its paths are different. */
function merged(file: string, parts: readonly LocalRows[]): LocalRows {
  const paths = canonicalPaths(joinRows(file, parts));
  return {
    ...parts[0]!,
    ...paths,
    rows: paths.conversions.length,
    length: paths.steps.length,
    names: Array.from(paths.channels),
    persons: null,
  };
}
