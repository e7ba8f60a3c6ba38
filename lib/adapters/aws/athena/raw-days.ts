import { RAW_TABLES, type RawTable } from '../../../domain/raw-tables.ts';
import { quoted } from './literals.ts';

/**
 * Raw tables are partitioned by the day that a row is of, as its sender said it, so that a merge reads of them the days of
 * the rows that landed and no others. Equal rows must lie where a merge of either looks: so the day is of what the
 * fingerprint is made of, and never of a time that we concluded, which differs with each arrival.
 */
export const SAID_ON = 'said_on';

/** Days, both included, as 2025-03-31. */
export interface Days {
  from: string;
  to: string;
}

/** Days that one statement may write to: Athena keeps no more than 100 partitions open, and one holds rows of no day. */
export const MOST_DAYS_WRITTEN = 90;
/** Runs of days that a condition names, at most. */
const MOST_RANGES = 300;
const DAY = 86_400_000;

/** The column that tells when what a row is about happened. Stores, products and tombstones have none, and are small. */
const TIMES: Partial<Record<RawTable, string>> = {
  raw_events: 'occurred_at',
  raw_touches: 'occurred_at',
  raw_sales: 'occurred_at',
  raw_visits: 'occurred_at',
  raw_consents: 'occurred_at',
  raw_feedback: 'occurred_at',
  raw_footfall: 'interval_start',
  raw_spend: 'spend_date',
};

/**
 * Rows that every merge looks at, so that they are of no day: those whose sender said no time, as a repeat has another;
 * and sales of erased persons, since whatever is told of their documents later is emptied too.
 */
const OF_NO_DAY: Partial<Record<RawTable, string>> = {
  raw_events: `time_basis = 'received' AND said_at IS NULL`,
  raw_sales: `${quoted('_says_no_time')} OR consent = 'erased'`,
  raw_consents: quoted('_says_no_time'),
};

export const isByDay = (table: RawTable): boolean => TIMES[table] !== undefined;

/** Columns that a raw table has beside those that builds read. */
export const storedOnly = (table: RawTable) => (isByDay(table) ? ({ [SAID_ON]: 'date' } as const) : {});

/** The day that a row tells, of its typed columns; days before 2000 and after 2099 are one each. Never null. */
export function dayTold(table: RawTable): string {
  const time = TIMES[table]!;
  const told = 'said_at' in RAW_TABLES[table] ? `coalesce(said_at, ${time})` : time;
  const day = `CAST(${told} AS date)`;
  return `CASE WHEN ${told} IS NULL OR ${day} < DATE '2000-01-01' THEN DATE '1999-12-31' WHEN ${day} > DATE '2099-12-31' THEN DATE '2100-01-01' ELSE ${day} END`;
}

/** What stands in the partition column of a row. */
export function saidOn(table: RawTable): string {
  const ofNoDay = OF_NO_DAY[table];
  return ofNoDay === undefined ? dayTold(table) : `CASE WHEN ${ofNoDay} THEN NULL ELSE ${dayTold(table)} END`;
}

/** That a day is one of these. */
export const isAmong = (day: string, days: readonly Days[]): string =>
  `(${days.map(({ from, to }) => (from === to ? `${day} = DATE '${from}'` : `${day} BETWEEN DATE '${from}' AND DATE '${to}'`)).join(' OR ')})`;

/** That a row of a raw table may be the same as one of these days: what Athena reads by, as all of it is constant. */
export const mayBeOf = (alias: string, days: readonly Days[]): string => {
  const column = `${alias}.${quoted(SAID_ON)}`;
  return `(${column} IS NULL OR ${isAmong(column, days)})`;
};

/** Days in runs without gaps. Where these are too many for a statement, the smallest gaps are read too. */
export function runsOf(days: Iterable<string>): Days[] {
  const runs: Days[] = [];
  for (const day of [...new Set(days)].sort()) {
    const last = runs.at(-1);
    if (last && Date.parse(day) - Date.parse(last.to) <= DAY) last.to = day;
    else runs.push({ from: day, to: day });
  }
  if (runs.length <= MOST_RANGES) return runs;
  const gapBefore = (at: number) => Date.parse(runs[at]!.from) - Date.parse(runs[at - 1]!.to);
  const kept = new Set(
    runs
      .map((_, at) => at)
      .slice(1)
      .sort((a, b) => gapBefore(b) - gapBefore(a))
      .slice(0, MOST_RANGES - 1),
  );
  const joined: Days[] = [];
  for (const [at, run] of runs.entries()) {
    if (at === 0 || kept.has(at)) joined.push({ ...run });
    else joined.at(-1)!.to = run.to;
  }
  return joined;
}

/** Each day of a run. */
export function daysIn({ from, to }: Days): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
