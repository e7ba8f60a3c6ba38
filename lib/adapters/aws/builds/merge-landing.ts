import type { Row } from '../../../ports.ts';
import { quoted } from '../athena/literals.ts';
import { type Days, mayBeOf } from '../athena/raw-days.ts';
import {
  type ArrivalDays,
  arrivedAmong,
  eraseFromRaw,
  identityOf,
  type LandedTable,
  landingTable,
  type MergePart,
  mergeLanding,
  personColumns,
} from '../athena/raw-statements.ts';
import { renewLock } from './build-lock.ts';
import {
  type BuildRun,
  type BuildWorld,
  findState,
  type MergeCounts,
  readState,
  writeState,
} from './build-state.ts';
import { daysOf, mergeParts } from './merge-parts.ts';
import { beginRawChange } from './raw-versions.ts';

/** A statement to run on the raw tables, or that there is none left. */
export type MergeAnswer = { sql: string; database: string } | { is_done: true };

interface Counted {
  landed: number;
  erased: number;
  fresh: number;
  earlier: number;
  rows_before: number;
  parts: MergePart[];
}

/** Sums that do not agree: rows would be lost, or counted twice. */
export class MergeDoesNotAddUp extends Error {
  override name = 'MergeDoesNotAddUp';
}

/**
 * The statement number `step` (from 0) that brings what landed into a raw table: first erased persons go, then the days
 * that changed are merged, part by part. Each may be run again. Before the first merge is counted what it must come to,
 * and after the last that it did. Firehose goes on meanwhile: what it wrote after the count is merged too, or pending.
 *
 * Of landing only the changed days are read, first for the days that their rows are of. Of the raw table are read those days
 * and the rows that are of none, once to count and once to merge: a late row reopens its own day. Days that brought only what
 * was there are not merged at all, and leave all tables of the build as they are.
 */
export async function mergeStatement(
  world: BuildWorld,
  buildId: string,
  table: LandedTable,
  step: number,
): Promise<MergeAnswer> {
  const { rawDatabase } = world;
  await renewLock(world.objects, buildId, world.now());
  const run = await readState<BuildRun>(world, buildId, 'run');
  const ranges = run.changed[table] ?? [];
  const erase = run.takesOut ? eraseFromRaw(rawDatabase, table) : null;
  if (erase !== null && step === 0) {
    await beginRawChange(world.objects, table);
    return { sql: erase, database: rawDatabase };
  }
  const part = step - (erase === null ? 0 : 1);
  if (ranges.length === 0) return { is_done: true };
  const name = `counted-${table}`;
  let counted = await findState<Counted>(world, buildId, name);
  if (counted === null) {
    counted = await countLanded(world, table, ranges);
    await writeState(world, buildId, name, counted);
  }
  if (hasNews(counted) && part < counted.parts.length) {
    await beginRawChange(world.objects, table);
    return { sql: mergeLanding(rawDatabase, table, counted.parts[part]!), database: rawDatabase };
  }
  const counts = await countMerged(world, table, ranges, counted);
  await writeState(world, buildId, `merged-${table}`, counts);
  return { is_done: true };
}

/** Brings all that landed into a table, at once. */
export async function mergeWhole(
  world: Pick<BuildWorld, 'objects' | 'queries' | 'rawDatabase'>,
  table: LandedTable,
  ranges: readonly ArrivalDays[],
): Promise<void> {
  await beginRawChange(world.objects, table);
  for (const part of await mergeParts(world, table, ranges))
    await world.queries.run(mergeLanding(world.rawDatabase, table, part), {
      database: world.rawDatabase,
      name: `merge of ${table}`,
    });
}

const rowsOf = async ({ queries, rawDatabase }: BuildWorld, table: LandedTable): Promise<number> => {
  const [row] = await queries.rows(`SELECT count(*) AS n FROM ${quoted(rawDatabase, table)}`, {
    name: `rows of ${table}`,
  });
  return Number(row?.n);
};

async function countLanded(
  world: BuildWorld,
  table: LandedTable,
  ranges: readonly ArrivalDays[],
): Promise<Counted> {
  const parts = await mergeParts(world, table, ranges);
  const sql = countStatement(world.rawDatabase, table, ranges, daysOf(parts));
  const [row = {} as Row] = await world.queries.rows(sql, { name: `landing of ${table}` });
  return {
    landed: Number(row.landed),
    erased: Number(row.erased),
    fresh: Number(row.fresh),
    earlier: Number(row.earlier),
    rows_before: await rowsOf(world, table),
    parts,
  };
}

/** What landed, by what must become of it. */
export function countStatement(
  rawDatabase: string,
  table: LandedTable,
  ranges: readonly ArrivalDays[],
  days: readonly Days[] | null,
): string {
  const identity = identityOf(table);
  const same = identity.map((column) => `t.${column} = s.${column}`);
  const arrived = table === 'raw_tombstones' ? 'erased_at' : 'received_at';
  const isErased = table === 'raw_sales' ? [] : personColumns(table);
  const erased = isErased.map(
    (column) =>
      `coalesce(${column}, '') IN (SELECT identifier_key FROM ${quoted(rawDatabase, 'raw_tombstones')} WHERE identifier_key IS NOT NULL)`,
  );
  return `SELECT
  CAST(coalesce(sum(copies), 0) AS bigint) AS landed,
  CAST(coalesce(sum(CASE WHEN is_erased THEN copies ELSE 0 END), 0) AS bigint) AS erased,
  count(CASE WHEN NOT is_erased AND known = 0 THEN 1 END) AS fresh,
  count(CASE WHEN NOT is_erased AND came_at < known_at THEN 1 END) AS earlier
FROM (
  SELECT ${identity.map((column) => `s.${column}`).join(', ')}, s.is_erased, count(*) AS copies, count(t.${identity[0]}) AS known,
    min(s.came_at) AS came_at, min(t.${arrived}) AS known_at
  FROM (
    SELECT ${identity.join(', ')}, CAST(from_iso8601_timestamp(${arrived}) AT TIME ZONE 'UTC' AS timestamp(6)) AS came_at,
      ${erased.length > 0 ? `(${erased.join(' OR ')})` : 'false'} AS is_erased
    FROM ${quoted(rawDatabase, landingTable(table))}
    WHERE ${arrivedAmong(ranges)}
  ) s
  LEFT JOIN ${quoted(rawDatabase, table)} t ON ${[...same, ...(days === null ? [] : [mayBeOf('t', days)])].join(' AND ')}
  GROUP BY ${identity.map((column) => `s.${column}`).join(', ')}, s.is_erased
) landed`;
}

/** @throws MergeDoesNotAddUp when the raw table did not grow by what it had to */
async function countMerged(
  world: BuildWorld,
  table: LandedTable,
  days: ArrivalDays[],
  counted: Counted,
): Promise<MergeCounts> {
  const { fresh, rows_before } = counted;
  const rows_after = hasNews(counted) ? await rowsOf(world, table) : rows_before;
  const merged = rows_after - rows_before;
  const { landed, erased, pending } =
    merged === fresh ? { ...counted, pending: 0 } : await countLater(world, table, days, counted, merged);
  return {
    table,
    days,
    landed,
    merged,
    deduplicated: landed - erased - merged - pending,
    erased,
    pending,
    rows_before,
    rows_after,
  };
}

const hasNews = ({ fresh, earlier }: Counted) => fresh + earlier > 0;

/**
 * Counts once more where a merge came to something else than counted before it: files may have landed since, and persons
 * may have been erased. Only that may explain the difference.
 * @throws MergeDoesNotAddUp where it does not
 */
async function countLater(
  world: BuildWorld,
  table: LandedTable,
  days: ArrivalDays[],
  counted: Counted,
  merged: number,
): Promise<{ landed: number; erased: number; pending: number }> {
  const { landed, erased, fresh: pending } = await countLanded(world, table, days);
  const came = Math.max(0, landed - counted.landed);
  const left = Math.max(0, erased - counted.erased);
  if (merged > counted.fresh + came || merged < counted.fresh - left || pending > came)
    throw new MergeDoesNotAddUp(
      `${table} grew by ${merged} rows and ${counted.fresh} new ones landed, and ${came} more since, ${left} of erased persons and ${pending} not merged yet, so nothing is built on it. Look for who else writes to it`,
    );
  return { landed, erased, pending };
}
