import { createHash } from 'node:crypto';
import type { ArrivalDays } from '../athena/raw-statements.ts';
import type { JsonObjects } from './json-objects.ts';

/**
 * What landed for a table, by day of arrival: a hash of the names and contents of the day's files. Firehose names the day
 * when it begins to write a file, and tries for a day where it cannot; so a day may still change for a while after it is
 * over, and days further back do not.
 */
export type LandedDays = Record<string, string>;

/** Days that are looked at again behind the day of the build before. */
const OVERLAP_DAYS = 3;
const DAY = 86_400_000;

/**
 * The first day that may have changed since a build; null where all are looked at. The clock of a build may have been
 * wrong, and days that it did not know must not be passed over: of its time and the last day that it saw the earlier counts.
 */
export function firstOpenDay(
  before: { built_at: string; landing: Readonly<Record<string, LandedDays>> } | null,
): string | null {
  if (before === null) return null;
  const days = Object.values(before.landing).flatMap((its) => Object.keys(its));
  const seen = days.map((day) => Date.parse(day)).filter(Number.isFinite);
  const last = seen.length > 0 ? Math.max(...seen) : Number.POSITIVE_INFINITY;
  return dayOf(Math.min(Date.parse(before.built_at), last) - OVERLAP_DAYS * DAY);
}

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** The days from one on, or all, by listing: a request per 1,000 files, and none is opened. */
export async function landedDays(
  objects: JsonObjects,
  table: string,
  since: string | null,
): Promise<LandedDays> {
  const prefix = `landing/${table}/arrived=`;
  const byDay = new Map<string, ReturnType<typeof createHash>>();
  for await (const { key, size, etag } of objects.list(
    prefix,
    since === null ? undefined : `${prefix}${since}`,
  )) {
    const day = key.slice(prefix.length, prefix.length + 10);
    const sha = byDay.get(day) ?? createHash('sha256');
    byDay.set(day, sha.update(`${key} ${size} ${etag}\n`));
  }
  return Object.fromEntries(Array.from(byDay, ([day, sha]) => [day, sha.digest('hex').slice(0, 16)]));
}

/** Days whose files are others than a build knew, in ranges without gaps. */
export function changedRanges(now: LandedDays, before: LandedDays): ArrivalDays[] {
  const days = Object.keys(now)
    .filter((day) => now[day] !== before[day])
    .sort();
  const ranges: ArrivalDays[] = [];
  for (const day of days) {
    const last = ranges.at(-1);
    if (last && Date.parse(day) - Date.parse(last.to) <= DAY) last.to = day;
    else ranges.push({ from: day, to: day });
  }
  return ranges;
}

/** A hash of all files below a prefix. */
export async function listingHash(objects: JsonObjects, prefix: string): Promise<string> {
  const sha = createHash('sha256');
  for await (const { key, size, etag } of objects.list(prefix)) sha.update(`${key} ${size} ${etag}\n`);
  return sha.digest('hex').slice(0, 16);
}
