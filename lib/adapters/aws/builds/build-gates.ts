import { createHash } from 'node:crypto';
import { RAW_TABLE_NAMES, type RawTable } from '../../../domain/raw-tables.ts';
import type { BuildPlan } from '../../../pipeline/build-plan.ts';
import { failOnRows } from '../../../pipeline/build-tables.ts';
import { quoted } from '../athena/literals.ts';
import { databaseOf } from '../athena/pointer.ts';
import { LANDED_TABLES } from '../athena/raw-statements.ts';
import { renewLock } from './build-lock.ts';
import { planOfBuild } from './build-seeds.ts';
import {
  type AthenaManifest,
  type BuildRun,
  type BuildTableState,
  type BuildWorld,
  type BuiltTable,
  findManifest,
  findState,
  type MergeCounts,
  readState,
  writeState,
} from './build-state.ts';
import { findMade, openBuildTables } from './make-table.ts';

/** Tables of fewer rows may lose any share of them: a shop that begins has few. */
const FEW_ROWS = 100;

/** A table has lost so many rows that something must be wrong with what it is made of. */
export class TooFewRows extends Error {
  override name = 'TooFewRows';
}

/** Every table of the build, made or taken from the build before. */
export async function tablesOf(world: BuildWorld, buildId: string, plan: BuildPlan): Promise<BuiltTable[]> {
  const run = await readState<BuildRun>(world, buildId, 'run');
  const { reused } = await readState<BuildTableState>(world, buildId, 'tables');
  const before = run.previous.pointer && (await findManifest(world, run.previous.pointer.build_id));
  const kept = new Set(reused);
  const found = await Promise.all(
    plan.makers.flatMap(({ name, makes }) =>
      makes.map(async (table): Promise<BuiltTable> => {
        const built = kept.has(name)
          ? before?.tables.find((each) => each.name === table)
          : await findMade(world, buildId, table);
        if (!built) throw new Error(`Build ${buildId} has not made ${table}, so it cannot be published`);
        return kept.has(name) ? { ...built, seconds: 0, bytes: 0 } : built;
      }),
    ),
  );
  return found;
}

/** Rows of the raw tables, and of what is made of them alone, as far as both builds have it. */
const isNearRaw = ({ makers }: BuildPlan): Set<string> => {
  const raw = new Set<string>(RAW_TABLE_NAMES);
  return new Set(
    makers
      .filter(({ reads }) => reads.length > 0 && reads.some((table) => raw.has(table)))
      .flatMap(({ makes }) => makes),
  );
};

/**
 * What must hold before readers see a build: all of sql/checks; what landed is merged, repeated or left out; and no table
 * that is made of raw rows has lost more than a share of its rows since the build before, unless persons were taken out.
 * @param mostRowsLost share of rows, from 0 to 1
 * @throws BuildCheckFailed, TooFewRows, MergeDoesNotAddUp
 */
export async function checkBuild(world: BuildWorld, buildId: string, mostRowsLost: number): Promise<void> {
  await renewLock(world.objects, buildId, world.now());
  const plan = await planOfBuild(world, buildId);
  const run = await readState<BuildRun>(world, buildId, 'run');
  const before = run.previous.pointer && (await findManifest(world, run.previous.pointer.build_id));
  const tables = await tablesOf(world, buildId, plan);
  const rawRows = await rowsOfRaw(world, buildId);
  await writeState(world, buildId, 'raw-rows', rawRows);
  if (before && !run.takesOut) {
    const near = isNearRaw(plan);
    const now = new Map<string, number>([
      ...tables.filter(({ name }) => near.has(name)).map(({ name, rows }) => [name, rows] as const),
      ...Object.entries(rawRows),
    ]);
    for (const [name, rows] of rowsBefore(before))
      failOnLoss(name, rows, now.get(name), mostRowsLost, before);
  }
  const warehouse = openBuildTables(world, buildId);
  const checks = await dueChecks(world, buildId, plan, before);
  await Promise.all(checks.map((check) => failOnRows(warehouse, check)));
}

/**
 * Checks that may come out otherwise than at the build before: a check that is the same, and reads only tables that were
 * taken from there, was found good then.
 */
async function dueChecks(
  world: BuildWorld,
  buildId: string,
  { makers, checks }: BuildPlan,
  before: AthenaManifest | null,
) {
  const { reused } = await readState<BuildTableState>(world, buildId, 'tables');
  const kept = new Set(reused);
  const asBefore = new Set(makers.filter(({ name }) => kept.has(name)).flatMap(({ makes }) => makes));
  const hashes = checkHashes(checks);
  return checks.filter(
    ({ name, reads }) =>
      before?.checks?.[name] !== hashes[name] || !reads.every((table) => asBefore.has(table)),
  );
}

/** What each check says, by its name. */
export const checkHashes = (checks: BuildPlan['checks']): Record<string, string> =>
  Object.fromEntries(
    checks.map(({ name, select }) => [name, createHash('sha256').update(select).digest('hex').slice(0, 16)]),
  );

const rowsBefore = (before: AthenaManifest): [string, number][] => [
  ...before.tables.map(({ name, rows }): [string, number] => [name, rows]),
  ...Object.entries(before.raw_rows),
];

function failOnLoss(
  name: string,
  before: number,
  now: number | undefined,
  most: number,
  { build_id }: AthenaManifest,
): void {
  if (now === undefined || before < FEW_ROWS || now >= before * (1 - most)) return;
  throw new TooFewRows(
    `${name} has ${now} rows and had ${before} in build ${build_id}: more than ${Math.round(most * 100)} % are gone, so nothing was published. Look what became of its source; if this is right, start the build with a larger most_rows_lost`,
  );
}

/** The published build is made of the raw tables as they are now, since nobody else may change them meanwhile. */
async function rowsOfRaw(world: BuildWorld, buildId: string): Promise<Partial<Record<RawTable, number>>> {
  const counts = RAW_TABLE_NAMES.map(
    (table) => `SELECT '${table}' AS name, count(*) AS n FROM ${quoted(table)}`,
  );
  const rows = await world.queries.rows(counts.join('\nUNION ALL\n'), {
    database: databaseOf(world.rawDatabase, buildId),
    name: 'rows of the raw tables',
  });
  return Object.fromEntries(rows.map(({ name, n }) => [String(name), Number(n)]));
}

/** What landed and what became of it, table by table. */
export async function mergesOf(world: BuildWorld, buildId: string): Promise<MergeCounts[]> {
  const found = await Promise.all(
    LANDED_TABLES.map((table) => findState<MergeCounts>(world, buildId, `merged-${table}`)),
  );
  return found.filter((counts) => counts !== null);
}
