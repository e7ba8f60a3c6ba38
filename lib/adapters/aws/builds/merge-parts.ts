import { type Days, daysIn, isByDay, MOST_DAYS_WRITTEN, runsOf } from '../athena/raw-days.ts';
import {
  type ArrivalDays,
  daysToldStatement,
  type LandedTable,
  type MergePart,
} from '../athena/raw-statements.ts';
import type { BuildWorld } from './build-state.ts';

/**
 * What has to be merged of the days on which rows landed: for each range of them the days that these rows are of, so many
 * at a time as one statement may write. A history that is sent once more takes several statements, each of its own days.
 */
export async function mergeParts(
  { queries, rawDatabase }: Pick<BuildWorld, 'queries' | 'rawDatabase'>,
  table: LandedTable,
  ranges: readonly ArrivalDays[],
): Promise<MergePart[]> {
  if (!isByDay(table) || ranges.length === 0) return ranges.map((arrived) => ({ arrived, days: null }));
  const told = await queries.rows(daysToldStatement(rawDatabase, table, ranges), {
    name: `days of ${table}`,
  });
  return ranges.flatMap((arrived) => {
    const its = told.filter(
      (row) => String(row.arrived) >= arrived.from && String(row.arrived) <= arrived.to,
    );
    const days = [...new Set(its.map(({ day }) => String(day)))].sort();
    return Array.from({ length: Math.ceil(days.length / MOST_DAYS_WRITTEN) }, (_, n) => ({
      arrived,
      days: runsOf(days.slice(n * MOST_DAYS_WRITTEN, (n + 1) * MOST_DAYS_WRITTEN)),
    }));
  });
}

/** All days that parts are of; null of a table without days, or where nothing landed. */
export function daysOf(parts: readonly MergePart[]): Days[] | null {
  const all = parts.flatMap(({ days }) => days ?? []);
  return all.length === 0 ? null : runsOf(all.flatMap(daysIn));
}
