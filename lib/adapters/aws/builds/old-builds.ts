import { buildFolder, databaseOf } from '../athena/pointer.ts';
import { dropDatabase, dropTable, dropView } from '../athena/statements.ts';
import { removeFolder } from '../athena/warehouse.ts';
import { type AthenaManifest, type BuildWorld, findManifest, findState, writeState } from './build-state.ts';

/** Published builds that are kept besides the current one, so that a reader at work can finish. */
const KEPT_BUILDS = 2;

/** Folders below builds/ that are no build. */
const NO_BUILDS = new Set(['versions']);

/** What a build folder holds besides tables. */
const NO_TABLES = new Set(['state', 'answers']);

/**
 * Drops builds that are older than those kept, and those that were never published, but for the tables that a kept build
 * still shows. Of a build whose tables are all unneeded nothing stays. One that may tell of a person who was erased since is
 * not kept, whenever that was.
 * @returns ids of the builds that are gone
 */
export async function dropOldBuilds(world: BuildWorld, current: string): Promise<string[]> {
  const ids = (await world.objects.folders('builds/')).filter((id) => !NO_BUILDS.has(id) && id !== current);
  const manifests = new Map<string, AthenaManifest>();
  for (const id of [current, ...ids]) {
    const manifest = await findManifest(world, id);
    if (manifest) manifests.set(id, manifest);
  }
  const newestFirst = ids
    .filter((id) => manifests.get(id)?.tombstones === manifests.get(current)?.tombstones)
    .sort((a, b) => (manifests.get(a)!.built_at < manifests.get(b)!.built_at ? 1 : -1));
  const kept = [current, ...newestFirst.slice(0, KEPT_BUILDS)];
  const needed = new Set(
    kept.flatMap((id) => manifests.get(id)?.tables ?? []).map(({ database, name }) => `${database}.${name}`),
  );
  const gone: string[] = [];
  for (const id of ids.filter((each) => !kept.includes(each))) {
    if (await dropBuild(world, id, needed)) gone.push(id);
  }
  return gone;
}

/** Tells whether nothing of it stays. */
async function dropBuild(world: BuildWorld, id: string, needed: ReadonlySet<string>): Promise<boolean> {
  const { objects, queries, s3, bucket, rawDatabase } = world;
  const database = databaseOf(rawDatabase, id);
  const name = `dropping build ${id}`;
  const folders = await objects.folders(buildFolder(id));
  const tables = folders.filter((folder) => !NO_TABLES.has(folder));
  const isNeeded = (table: string) => needed.has(`${database}.${table}`);
  if (!tables.some(isNeeded)) {
    await queries.run(dropDatabase(database), { name });
    await removeFolder(s3, bucket, buildFolder(id));
    return true;
  }
  for (const table of tables.filter((each) => !isNeeded(each))) {
    await queries.run(dropTable({ database, table }), { name });
    await removeFolder(s3, bucket, `${buildFolder(id)}${table}/`);
  }
  if ((await findState(world, id, 'thinned')) === null) {
    await removeFolder(s3, bucket, `${buildFolder(id)}answers/`);
    await dropViews(world, id);
    await writeState(world, id, 'thinned', {});
  }
  return false;
}

/** Views of a build that is dropped in part would lead nowhere. */
async function dropViews({ objects, queries, rawDatabase }: BuildWorld, id: string): Promise<void> {
  const manifest = await findManifest({ objects }, id);
  const database = databaseOf(rawDatabase, id);
  const views = manifest?.tables.filter((table) => table.database !== database) ?? [];
  for (const { name: table } of views)
    await queries.run(dropView({ database, table }), { name: `dropping build ${id}` });
}
