import { createHash } from 'node:crypto';
import { RAW_TABLE_NAMES, type RawTable } from '../../../domain/raw-tables.ts';
import { type BuildPlan, fingerprintsOf, unchangedMakers } from '../../../pipeline/build-plan.ts';
import { PREVIOUS_TABLES } from '../../../pipeline/previous-tables.ts';
import { readSqlFolder } from '../../../pipeline/sql-files.ts';
import { runAll } from '../athena/build-database.ts';
import { quoted } from '../athena/literals.ts';
import { databaseOf } from '../athena/pointer.ts';
import { createView } from '../athena/statements.ts';
import { renewLock } from './build-lock.ts';
import { planOfBuild } from './build-seeds.ts';
import {
  type AthenaManifest,
  type BuildRun,
  type BuildTableState,
  type BuildWorld,
  findManifest,
  readState,
  writeState,
} from './build-state.ts';
import { listingHash } from './landing-days.ts';
import { rawVersion } from './raw-versions.ts';

export interface Waves {
  waves: { makers: string[] }[];
  reused: number;
}

/** Changes when tables of the same SELECT would be written otherwise than before. */
const WRITING = 'iceberg-1';

/**
 * Decides what is made: every table whose SELECT, or code, or anything that it reads has changed since the published
 * build. All others are shown by views on where they lie. A table that is made reads its inputs in whole, so that its cost
 * is in proportion to history; a day without news costs next to nothing.
 */
export async function planTables(world: BuildWorld, buildId: string): Promise<Waves> {
  await renewLock(world.objects, buildId, world.now());
  const run = await readState<BuildRun>(world, buildId, 'run');
  const plan = await planOfBuild(world, buildId);
  const before = run.previous.pointer && (await findManifest(world, run.previous.pointer.build_id));
  const fingerprints = fingerprintsOf(
    plan.makers,
    await givenFingerprints(world, run, before),
    stepVersion(world.codeVersion),
  );
  const reused = unchangedMakers(
    plan.makers,
    fingerprints,
    new Map(before?.tables.map(({ name, fingerprint }) => [name, fingerprint])),
  );
  const state: BuildTableState = {
    fingerprints: Object.fromEntries(fingerprints),
    reused: [...reused],
  };
  await writeState(world, buildId, 'tables', state);
  if (before) await showReused(world, buildId, plan, reused, before);
  const waves = plan.waves
    .map((wave) => ({ makers: wave.map(({ name }) => name).filter((name) => !reused.has(name)) }))
    .filter(({ makers }) => makers.length > 0);
  return { waves, reused: reused.size };
}

const stepVersion = (codeVersion: string) =>
  createHash('sha256')
    .update(codeVersion)
    .update(JSON.stringify(readSqlFolder('fitting').map(({ name, select }) => [name, select])))
    .digest('hex');

/** Of the raw tables their version; of the build before, what its tables are. */
async function givenFingerprints(
  world: BuildWorld,
  run: BuildRun,
  before: AthenaManifest | null,
): Promise<Map<string, string>> {
  const versions = await Promise.all(
    RAW_TABLE_NAMES.map(
      async (table): Promise<[RawTable, string]> => [table, await versionOf(world, run, table)],
    ),
  );
  const given = new Map<string, string>(versions.map(([table, version]) => [table, `${WRITING} ${version}`]));
  for (const [name, { of }] of Object.entries(PREVIOUS_TABLES))
    given.set(name, before?.tables.find((table) => table.name === of)?.fingerprint ?? 'none');
  return given;
}

const versionOf = ({ objects }: BuildWorld, run: BuildRun, table: RawTable): Promise<string> | string =>
  table === 'raw_rejections'
    ? listingHash(objects, 'rejections/')
    : table === 'raw_tombstones'
      ? run.tombstones
      : rawVersion(objects, table);

/** A view never stands on a view: it names the database in which the table was made. */
async function showReused(
  world: BuildWorld,
  buildId: string,
  { makers }: BuildPlan,
  reused: ReadonlySet<string>,
  before: AthenaManifest,
): Promise<void> {
  const database = databaseOf(world.rawDatabase, buildId);
  const names = new Set(makers.filter(({ name }) => reused.has(name)).flatMap(({ makes }) => makes));
  const statements = before.tables
    .filter(({ name }) => names.has(name))
    .map((table) =>
      createView({ database, table: table.name }, `SELECT * FROM ${quoted(table.database, table.name)}`),
    );
  await runAll(world.queries, statements, 'tables of the build before');
}
