import { createHash, randomBytes } from 'node:crypto';
import { prepareBuildDatabase, prepareRawDatabase } from '../athena/build-database.ts';
import { databaseOf, readPointer } from '../athena/pointer.ts';
import {
  type ArrivalDays,
  LANDED_TABLES,
  type LandedTable,
  personColumns,
  rawTableStatements,
} from '../athena/raw-statements.ts';
import { takeLock } from './build-lock.ts';
import { keepSeeds } from './build-seeds.ts';
import { type BuildRun, type BuildWorld, findManifest, findState, writeState } from './build-state.ts';
import { noteErased } from './days-of-erased.ts';
import { changedRanges, firstOpenDay, type LandedDays, landedDays } from './landing-days.ts';
import { mergeWhole } from './merge-landing.ts';
import { rawVersion } from './raw-versions.ts';

export interface Begun {
  build_id: string;
  /** Another build is under way; this one does nothing. */
  is_busy: boolean;
  /** Raw tables that something landed for, or that erased persons are taken out of. */
  merges: LandedTable[];
  message: string;
}

/**
 * Begins a build: takes the lock, looks what landed since the published build, and makes the databases. What is looked at
 * is in proportion to the days since then: file names of the open days, and no file.
 * Asked again by the same execution it gives the same build.
 */
export async function beginBuild(world: BuildWorld, execution: string): Promise<Begun> {
  const now = world.now();
  const { lock, isMine } = await takeLock(world.objects, {
    holder: execution,
    buildId: newBuildId(now),
    now,
  });
  if (!isMine)
    return {
      build_id: '',
      is_busy: true,
      merges: [],
      message: `Build ${lock.build_id} is under way since ${lock.taken_at}, so nothing was begun. Try again when it is done`,
    };
  const buildId = lock.build_id;
  const before = await findState<BuildRun>(world, buildId, 'run');
  const run = before ?? (await newRun(world, buildId));
  return {
    build_id: buildId,
    is_busy: false,
    merges: LANDED_TABLES.filter((table) => hasWork(run, table)),
    message: `Build ${buildId} has begun`,
  };
}

/** Sorts by time, and makes a name of a database. */
const newBuildId = (now: number) =>
  `${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase()}-${randomBytes(4).toString('hex')}`;

const hasWork = ({ changed, takesOut }: BuildRun, table: LandedTable) =>
  table !== 'raw_tombstones' &&
  ((changed[table]?.length ?? 0) > 0 || (takesOut && personColumns(table).length > 0));

async function newRun(world: BuildWorld, buildId: string): Promise<BuildRun> {
  const { queries, s3, bucket, rawDatabase } = world;
  await keepSeeds(world, buildId);
  await prepareRaw(world);
  const previous = await readPointer(s3, bucket);
  const manifest = previous.pointer && (await findManifest(world, previous.pointer.build_id));
  const since = firstOpenDay(manifest);
  const landing: Partial<Record<LandedTable, LandedDays>> = {};
  const changed: Partial<Record<LandedTable, ArrivalDays[]>> = {};
  for (const table of LANDED_TABLES) {
    const days = await landedDays(world.objects, table, since);
    landing[table] = days;
    changed[table] = changedRanges(days, manifest?.landing[table] ?? {});
  }
  // All others are merged by what the tombstones say, so they come first. There are few.
  if ((changed.raw_tombstones ?? []).length > 0)
    await mergeWhole(world, 'raw_tombstones', changed.raw_tombstones!);
  const tombstones = await rawVersion(world.objects, 'raw_tombstones');
  await prepareBuildDatabase(queries, {
    database: databaseOf(rawDatabase, buildId),
    rawDatabase,
    previous: previous.pointer,
  });
  const takesOut = tombstones !== (manifest?.tombstones ?? 'empty');
  if (takesOut) await noteErased(world);
  const run: BuildRun = {
    build_id: buildId,
    built_at: new Date(world.now()).toISOString(),
    previous,
    landing,
    changed,
    tombstones,
    takesOut,
  };
  await writeState(world, buildId, 'run', run);
  return run;
}

/** Makes the raw tables once for each version of what they are. */
async function prepareRaw({ objects, queries, rawDatabase, bucket }: BuildWorld): Promise<void> {
  const key = 'builds/versions/raw-database.json';
  const hash = createHash('sha256').update(rawTableStatements(rawDatabase, bucket).join('\n')).digest('hex');
  if ((await objects.read<{ hash: string }>(key))?.value.hash === hash) return;
  await prepareRawDatabase(queries, rawDatabase, bucket);
  await objects.write(key, { hash });
}
