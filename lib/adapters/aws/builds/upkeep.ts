import {
  type Days,
  daysIn,
  isAmong,
  isByDay,
  MOST_DAYS_WRITTEN,
  runsOf,
  SAID_ON,
} from '../athena/raw-days.ts';
import { type MergePart, STORED_RAW_TABLES, type StoredRawTable } from '../athena/raw-statements.ts';
import { optimizeTable, SNAPSHOT_DAYS, vacuumTable } from '../athena/statements.ts';
import { METRICS } from '../metric-names.ts';
import { releaseLock, renewLock } from './build-lock.ts';
import { type BuildWorld, findState, readState, writeState } from './build-state.ts';
import { drainNoted } from './days-of-erased.ts';
import { rawVersion } from './raw-versions.ts';
import { joined, readLedger, type TableUpkeep, upkeepOf, writeLedger } from './upkeep-ledger.ts';

/**
 * Brings the files of the raw tables in order, at the end of a build and while it holds the lock: nothing merges meanwhile,
 * and readers are on the new build already, so that nothing of it can fail that build.
 */

/** So many builds that changed a table leave small files that are worth to be written anew; a week of daily ones. */
const ENOUGH_CHANGES = 7;
/** A run of OPTIMIZE or VACUUM may do a part; so often it is asked to go on. VACUUM takes 20,000 files a run. */
const MOST_RUNS = 25;
/** A statement that fails for another reason is tried so often. */
const MOST_TRIES = 3;
/** What is not begun by then is left to the next build. */
const MOST_HOURS = 2;
const DAY = 86_400_000;

interface TableWork {
  table: StoredRawTable;
  isVacuumed: boolean;
  /** What is written anew, a statement each: days, or all of a table without days. Empty where nothing is. */
  parts: { days: Days[]; withNoDay: boolean }[];
  /** Small files too, and not only those that rows were taken out of. */
  isSmallToo: boolean;
}

interface UpkeepPlan {
  begun_at: string;
  work: TableWork[];
}

/** How the statement before ended: it did what it had to, a part of it, or neither. */
export type UpkeepOutcome = 'begun' | 'done' | 'more' | 'failed';

interface Progress {
  /** Outcomes heard so far. */
  step: number;
  /** Statements done. */
  done: number;
  runs: number;
  tries: number;
  isGivenUp: boolean;
}

export type UpkeepAnswer = { sql: string; database: string } | { is_done: true };

/**
 * Decides what is brought in order: files of which rows were taken out, with the first build after that; small files, after
 * a week of changes, where a table has days only those of the days that changed; and what such a rewriting left, once it is
 * older than VACUUM leaves.
 */
export async function planUpkeep(world: BuildWorld, buildId: string): Promise<{ tables: StoredRawTable[] }> {
  const { objects } = world;
  await renewLock(objects, buildId, world.now());
  await drainNoted(objects);
  const ledger = await readLedger(objects);
  for (const table of STORED_RAW_TABLES)
    ledger[table] = await lookedAt(world, buildId, table, upkeepOf(ledger, table));
  await writeLedger(objects, ledger);
  const work = STORED_RAW_TABLES.map((table) => workOf(table, ledger[table]!, world.now())).filter(
    ({ isVacuumed, parts }) => isVacuumed || parts.length > 0,
  );
  const plan: UpkeepPlan = { begun_at: new Date(world.now()).toISOString(), work };
  await writeState(world, buildId, 'upkeep', plan);
  return { tables: work.map(({ table }) => table) };
}

async function lookedAt(
  world: BuildWorld,
  buildId: string,
  table: StoredRawTable,
  before: TableUpkeep,
): Promise<TableUpkeep> {
  const version = await rawVersion(world.objects, table);
  if (version === before.version) return before;
  const counted = await findState<{ parts: MergePart[] }>(world, buildId, `counted-${table}`);
  const days = (counted?.parts ?? []).flatMap((part) => part.days ?? []);
  return { ...before, version, changes: before.changes + 1, days: joined(before.days, days) };
}

function workOf(
  table: StoredRawTable,
  { changes, days, hasDeleted, deletedDays, rewritten }: TableUpkeep,
  now: number,
): TableWork {
  const isSmallToo = changes >= ENOUGH_CHANGES;
  const dated = () => partsOf(isSmallToo ? joined(days, deletedDays) : deletedDays);
  return {
    table,
    isVacuumed: rewritten.some((at) => isPast(at, now)),
    parts: hasDeleted || isSmallToo ? (isByDay(table) ? dated() : [{ days: [], withNoDay: false }]) : [],
    isSmallToo,
  };
}

/** Whether VACUUM takes away what was before a rewriting. */
const isPast = (rewrittenAt: string, now: number) => Date.parse(rewrittenAt) + SNAPSHOT_DAYS * DAY < now;

/** So many days at a time as one statement may write; the first takes the rows of no day too. */
function partsOf(days: readonly Days[]): TableWork['parts'] {
  const all = days.flatMap(daysIn);
  return Array.from({ length: Math.max(1, Math.ceil(all.length / MOST_DAYS_WRITTEN)) }, (_, n) => ({
    days: runsOf(all.slice(n * MOST_DAYS_WRITTEN, (n + 1) * MOST_DAYS_WRITTEN)),
    withNoDay: n === 0,
  }));
}

/** First what was written anew before, so that a failure of what is new does not keep it. */
function statementsOf(database: string, { table, isVacuumed, parts }: TableWork): string[] {
  const name = { database, table };
  return [
    ...(isVacuumed ? [vacuumTable(name)] : []),
    ...parts.map(({ days, withNoDay }) => {
      const conditions = [
        ...(withNoDay ? [`${SAID_ON} IS NULL`] : []),
        ...(days.length > 0 ? [isAmong(SAID_ON, days)] : []),
      ];
      return optimizeTable(name, conditions.length > 0 ? conditions.join(' OR ') : undefined);
    }),
  ];
}

/**
 * The next statement for a table, by how the one before ended.
 * @param step outcomes that there were before, from 0; asked again with the same it answers the same
 */
export async function upkeepStatement(
  world: BuildWorld,
  buildId: string,
  table: StoredRawTable,
  { step, outcome }: { step: number; outcome: UpkeepOutcome },
): Promise<UpkeepAnswer> {
  await renewLock(world.objects, buildId, world.now());
  const { begun_at, work } = await readState<UpkeepPlan>(world, buildId, 'upkeep');
  const its = work.find((one) => one.table === table);
  if (!its) throw new Error(`${table} is none of the tables that build ${buildId} brings in order`);
  const before = await progressOf(world, buildId, table);
  const progress = step > before.step ? after(before, outcome) : before;
  await writeState(world, buildId, `upkeep-${table}`, progress);
  const sql = statementsOf(world.rawDatabase, its)[progress.done];
  const isLate = world.now() - Date.parse(begun_at) > MOST_HOURS * 3_600_000;
  return sql === undefined || progress.isGivenUp || isLate
    ? { is_done: true }
    : { sql, database: world.rawDatabase };
}

const progressOf = async (world: BuildWorld, buildId: string, table: StoredRawTable): Promise<Progress> =>
  (await findState<Progress>(world, buildId, `upkeep-${table}`)) ?? {
    step: 0,
    done: 0,
    runs: 0,
    tries: 0,
    isGivenUp: false,
  };

function after(before: Progress, outcome: UpkeepOutcome): Progress {
  const step = before.step + 1;
  if (outcome === 'done') return { ...before, step, done: before.done + 1, runs: 0, tries: 0 };
  const runs = before.runs + (outcome === 'more' ? 1 : 0);
  const tries = before.tries + (outcome === 'failed' ? 1 : 0);
  return { ...before, step, runs, tries, isGivenUp: runs >= MOST_RUNS || tries >= MOST_TRIES };
}

/**
 * Writes down what was brought in order, lets the lock go, and tells of the tables that were not, which the next build takes
 * up again.
 */
export async function endUpkeep(world: BuildWorld, buildId: string): Promise<{ left: StoredRawTable[] }> {
  const { objects } = world;
  await renewLock(objects, buildId, world.now());
  const plan = await findState<UpkeepPlan>(world, buildId, 'upkeep');
  const ledger = await readLedger(objects);
  const left: StoredRawTable[] = [];
  for (const its of plan?.work ?? []) {
    const { done } = await progressOf(world, buildId, its.table);
    const before = upkeepOf(ledger, its.table);
    const isWhole = done >= statementsOf(world.rawDatabase, its).length;
    if (!isWhole) left.push(its.table);
    const waiting =
      its.isVacuumed && done > 0
        ? before.rewritten.filter((at) => !isPast(at, Date.parse(plan!.begun_at)))
        : before.rewritten;
    ledger[its.table] =
      isWhole && its.parts.length > 0
        ? {
            ...before,
            ...(its.isSmallToo ? { changes: 0, days: [] } : {}),
            hasDeleted: false,
            deletedDays: [],
            rewritten: [...waiting, new Date(world.now()).toISOString()],
          }
        : { ...before, rewritten: waiting };
  }
  await writeLedger(objects, ledger);
  world.count({ [METRICS.upkeepFailed]: plan === null ? 1 : left.length });
  await releaseLock(objects, buildId);
  return { left };
}
