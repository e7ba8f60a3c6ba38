import type { Row } from '../../../ports.ts';
import { quoted, textLiteral } from '../athena/literals.ts';
import {
  type ArrivalDays,
  eraseFromRaw,
  identityOf,
  type LandedTable,
  landingTable,
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
import { beginRawChange } from './raw-versions.ts';

/** A statement to run on the raw tables, or that there is none left. */
export type MergeAnswer = { sql: string; database: string } | { is_done: true };

interface Counted {
  landed: number;
  erased: number;
  fresh: number;
  earlier: number;
  rows_before: number;
}

/** Sums that do not agree: rows would be lost, or counted twice. */
export class MergeDoesNotAddUp extends Error {
  override name = 'MergeDoesNotAddUp';
}

/**
 * The statement number `step` (from 0) that brings what landed into a raw table: first erased persons go, then the days
 * that changed are merged, range by range. Each may be run again. Before the first merge is counted what it must come to,
 * and after the last that it did. Firehose goes on meanwhile: what it wrote after the count is merged too, or pending.
 *
 * Of landing only the changed days are read. Of the raw table the columns that tell rows apart are read in whole, twice:
 * that part grows with history, though by a few bytes a row. Days that brought only what was there are not merged at all,
 * and leave all tables of the build as they are.
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
  const range = step - (erase === null ? 0 : 1);
  if (ranges.length === 0) return { is_done: true };
  const name = `counted-${table}`;
  let counted = await findState<Counted>(world, buildId, name);
  if (counted === null) {
    counted = await countLanded(world, table, ranges);
    await writeState(world, buildId, name, counted);
  }
  if (hasNews(counted) && range < ranges.length) {
    await beginRawChange(world.objects, table);
    return { sql: mergeLanding(rawDatabase, table, ranges[range]!), database: rawDatabase };
  }
  const counts = await countMerged(world, table, ranges, counted);
  await writeState(world, buildId, `merged-${table}`, counts);
  return { is_done: true };
}

/** Brings all that landed into a small table, at once. */
export async function mergeWhole(
  world: BuildWorld,
  table: LandedTable,
  ranges: readonly ArrivalDays[],
): Promise<void> {
  await beginRawChange(world.objects, table);
  for (const range of ranges)
    await world.queries.run(mergeLanding(world.rawDatabase, table, range), {
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
  const sql = countStatement(world.rawDatabase, table, ranges);
  const [row = {} as Row] = await world.queries.rows(sql, { name: `landing of ${table}` });
  return {
    landed: Number(row.landed),
    erased: Number(row.erased),
    fresh: Number(row.fresh),
    earlier: Number(row.earlier),
    rows_before: await rowsOf(world, table),
  };
}

/** What landed, by what must become of it. */
export function countStatement(
  rawDatabase: string,
  table: LandedTable,
  ranges: readonly ArrivalDays[],
): string {
  const identity = identityOf(table);
  const arrived = table === 'raw_tombstones' ? 'erased_at' : 'received_at';
  const isErased = table === 'raw_sales' ? [] : personColumns(table);
  const erased = isErased.map(
    (column) =>
      `coalesce(${column}, '') IN (SELECT identifier_key FROM ${quoted(rawDatabase, 'raw_tombstones')} WHERE identifier_key IS NOT NULL)`,
  );
  const days = ranges.map(({ from, to }) => `arrived BETWEEN ${textLiteral(from)} AND ${textLiteral(to)}`);
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
    WHERE ${days.join(' OR ')}
  ) s
  LEFT JOIN ${quoted(rawDatabase, table)} t ON ${identity.map((column) => `t.${column} = s.${column}`).join(' AND ')}
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
