import { manifestOf } from '../../../pipeline/build-tables.ts';
import { runAll } from '../athena/build-database.ts';
import { quoted } from '../athena/literals.ts';
import { databaseOf, publishPointer, readPointer, shownDatabaseOf } from '../athena/pointer.ts';
import { createDatabase, createView } from '../athena/statements.ts';
import { discardBuild } from '../athena/warehouse.ts';
import { METRICS } from '../metric-names.ts';
import { checkHashes, mergesOf, tablesOf } from './build-gates.ts';
import { lockOf, releaseLock, renewLock } from './build-lock.ts';
import { planOfBuild } from './build-seeds.ts';
import {
  type AthenaManifest,
  type BuildRun,
  type BuildWorld,
  findManifest,
  findState,
  readState,
  writeState,
} from './build-state.ts';
import { dropOldBuilds } from './old-builds.ts';

/**
 * Makes the build the one that readers see, all at once: by its manifest, and then by a pointer that is written only where
 * the build before is still the one that this one began with.
 * @throws OvertakenBuild, LockLost
 */
export async function publishBuild(world: BuildWorld, buildId: string): Promise<AthenaManifest> {
  await renewLock(world.objects, buildId, world.now());
  const plan = await planOfBuild(world, buildId);
  const run = await readState<BuildRun>(world, buildId, 'run');
  const manifest: AthenaManifest = {
    ...manifestOf(plan, {
      buildId,
      builtAt: run.built_at,
      tables: await tablesOf(world, buildId, plan),
    }),
    landing: run.landing,
    tombstones: run.tombstones,
    merges: await mergesOf(world, buildId),
    raw_rows: await readState(world, buildId, 'raw-rows'),
    checks: checkHashes(plan.checks),
  };
  const pointer = { build_id: buildId, database: databaseOf(world.rawDatabase, buildId) };
  await publishPointer(world.s3, world.bucket, pointer, manifest, run.previous);
  return manifest;
}

/** Where each table is that the views for BI tools show. */
const SHOWN = 'shown';

/**
 * What comes after publishing, and does not matter to readers of the pointer: the views for BI tools, one after the
 * other, so that who needs tables of one build reads its own database; builds that nobody needs any more. The lock stays held for the upkeep.
 */
export async function tidyUp(world: BuildWorld, buildId: string): Promise<{ dropped: string[] }> {
  await renewLock(world.objects, buildId, world.now());
  const run = await readState<BuildRun>(world, buildId, 'run');
  const manifest = await findManifest(world, buildId);
  if (!manifest) throw new Error(`Build ${buildId} has no manifest; it was not published`);
  // What the build before has shown to its end; where that failed, all is shown anew.
  const before = run.previous.pointer?.build_id;
  const shown = (before && (await findState<Record<string, string>>(world, before, SHOWN))) || {};
  const shownDatabase = shownDatabaseOf(world.rawDatabase);
  await world.queries.run(createDatabase(shownDatabase), { name: 'shown database' });
  await runAll(
    world.queries,
    manifest.tables
      .filter(({ name, database }) => shown[name] !== database)
      .map(({ name, database }) =>
        createView({ database: shownDatabase, table: name }, `SELECT * FROM ${quoted(database, name)}`),
      ),
    'shown tables',
  );
  const shows = manifest.tables.map(({ name, database }) => [name, database]);
  await writeState(world, buildId, SHOWN, Object.fromEntries(shows));
  const dropped = await dropOldBuilds(world, buildId);
  world.count({ [METRICS.buildSucceeded]: 1 });
  return { dropped };
}

/**
 * Gives up the build that an execution holds the lock for; the published one stays, also where that is this build and
 * something failed after. What was merged into the raw tables stays merged, which the next build finds out by counting.
 * @param error name of what failed
 */
export async function discard(
  world: BuildWorld,
  execution: string,
  error: string,
): Promise<{ discarded: string | null }> {
  const isSums = ['BuildCheckFailed', 'MergeDoesNotAddUp'].includes(error);
  world.count({ [METRICS.buildFailed]: 1, ...(isSums ? { [METRICS.reconciliationFailed]: 1 } : {}) });
  const lock = await lockOf(world.objects, execution);
  if (!lock) return { discarded: null };
  const { pointer } = await readPointer(world.s3, world.bucket);
  const isPublished = pointer?.build_id === lock.build_id;
  if (!isPublished) await discardBuild({ ...world, buildId: lock.build_id });
  await releaseLock(world.objects, lock.build_id);
  return { discarded: isPublished ? null : lock.build_id };
}
