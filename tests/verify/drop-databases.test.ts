import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { databaseOf } from '../../lib/adapters/aws/athena/pointer.ts';
import { createDatabase } from '../../lib/adapters/aws/athena/statements.ts';
import { dropBuildDatabases } from '../../lib/adapters/aws/verify/drop-databases.ts';
import { BUCKET, type LocalAthena, openLocalAthena } from '../aws/athena/local-athena.ts';

const BUILD = '20260115t040000-0a1b2c3d';
const OURS = databaseOf('ropo_verify_raw', BUILD);
/** Of another deployment in the same account. */
const OTHERS = databaseOf('ropo_prod_raw', BUILD);

let local: LocalAthena;
beforeAll(async () => {
  local = await openLocalAthena();
});
afterAll(() => local?.close());

const databases = async () =>
  (await local.queries.rows('SELECT schema_name FROM information_schema.schemata')).map(({ schema_name }) =>
    String(schema_name),
  );

test('the databases that builds made are dropped with their tables, no other is', async () => {
  const folder = join(local.folder, BUCKET, 'builds');
  for (const name of [BUILD, 'versions']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of [BUILD, 'versions']) writeFileSync(join(folder, name, 'manifest.json'), '{}');
  for (const name of [OURS, OTHERS, 'ropo_verify', 'ropo_verify_raw'])
    await local.queries.run(createDatabase(name));
  const before = await databases();
  expect(before).toEqual(expect.arrayContaining([OURS, OTHERS, 'ropo_verify', 'ropo_verify_raw']));

  expect(await dropBuildDatabases(local, BUCKET, 'ropo_verify_raw')).toEqual([OURS, 'ropo_verify']);
  const after = await databases();
  expect(before.filter((name) => !after.includes(name)).sort()).toEqual([OURS, 'ropo_verify'].sort());
});
