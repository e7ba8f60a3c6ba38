import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAthenaQueries } from '../../../lib/adapters/aws/athena/queries.ts';
import { athenaClient, s3Client } from '../../../lib/adapters/aws/clients.ts';
import { type Records, temporaryShop } from '../../temporary-shop.ts';
import { type BuildShop, expectSuccess, openBuildShop, putSeed } from './build-shop.ts';
import { landRows } from './landing.ts';

/** What happens to a shop while a build of it runs: Firehose goes on, persons are erased, something fails after publishing. */
let shop: BuildShop;
const MINUTE = 60_000;

const order = (id: string, amount: string, person = 'one') => ({
  order_id: id,
  occurred_at: '2025-03-01T10:00:00Z',
  currency: 'EUR',
  customer_id: person,
  lines: [{ amount }],
});
const touch = (id: string, person: string) => ({
  touch_id: id,
  occurred_at: '2025-02-27T10:00:00Z',
  touch_type: 'click',
  utm_source: 'a',
  utm_medium: 'email',
  customer_id: person,
});

async function land(records: Records, day: string, file: string): Promise<number> {
  const one = await temporaryShop();
  try {
    await one.give(records);
    return await landRows(one.shop.directory, shop.lake, [{ day, file }]);
  } finally {
    one.remove();
  }
}

const isThere = (id: string, object: string) => existsSync(join(shop.lake, 'builds', id, `${object}.json`));
const hasManifest = (id: string) => isThere(id, 'manifest');
const isThinned = (id: string) => isThere(id, 'state/thinned');
const mergesOf = (table: string) => shop.manifest().merges.find((merge) => merge.table === table);
const queries = () => createAthenaQueries({ client: athenaClient(), s3: s3Client(), workgroup: 'ropo' });
const targets = (value: number) =>
  putSeed(
    shop,
    'targets.csv',
    `target:varchar,quarter:varchar,kpi:varchar,measure:varchar,value:double,currency:varchar,model:varchar,channel:varchar,store_id:varchar,meaning:varchar\nt${value},2025-Q2,purchases,purchases,${value},,,,,a target\n`,
  );

beforeAll(async () => {
  shop = await openBuildShop();
  await land(
    {
      orders: [order('o1', '10'), order('o2', '20', 'two')],
      touches: [touch('t1', 'one'), touch('t2', 'two')],
    },
    '2026-01-14',
    'a',
  );
  expectSuccess(await shop.run());
}, 300_000);
afterAll(async () => {
  await shop?.close();
});

test('what lands between counting and merging is merged with the rest, and stops no build', async () => {
  await land({ orders: [order('o3', '30')] }, '2026-01-15', 'a');
  const hold = shop.athena.holdQuery(/^MERGE INTO "ropo_raw"\."raw_sales"/);
  const build = shop.run();
  await hold.started;
  await land({ orders: [order('o3', '30'), order('o4', '40'), order('o5', '50')] }, '2026-01-15', 'b');
  hold.release();
  expectSuccess(await build);
  expect(mergesOf('raw_sales')).toMatchObject({
    landed: 4,
    merged: 3,
    deduplicated: 1,
    erased: 0,
    pending: 0,
    rows_before: 2,
    rows_after: 5,
  });
  // The day is not what the build began with, so the next one looks again, and finds nothing new.
  expectSuccess(await shop.run());
  expect(mergesOf('raw_sales')).toMatchObject({ landed: 4, merged: 0, deduplicated: 4, rows_after: 5 });
}, 300_000);

test('what lands after the merge waits for the next build, and is told of as pending', async () => {
  await land({ orders: [order('o6', '60')] }, '2026-01-15', 'c');
  const counting = shop.athena.holdQuery(/^SELECT count\(\*\) AS n FROM "ropo_raw"\."raw_sales"/);
  const merging = shop.athena.holdQuery(/^MERGE INTO "ropo_raw"\."raw_sales"/);
  const build = shop.run();
  await counting.started;
  counting.release();
  await merging.started;
  // Merges of a long history may take hours between them: the build is alive, and keeps its lock.
  shop.settings.now += 80 * MINUTE;
  await land({ orders: [order('o7', '70')] }, '2026-01-15', 'd');
  const after = shop.athena.holdQuery(/^SELECT count\(\*\) AS n FROM "ropo_raw"\."raw_sales"/);
  merging.release();
  await after.started;
  shop.settings.now += 80 * MINUTE;
  await land({ orders: [order('o8', '80')] }, '2026-01-15', 'e');
  after.release();
  expectSuccess(await build);
  expect(mergesOf('raw_sales')).toMatchObject({ landed: 7, merged: 2, deduplicated: 4, pending: 1 });
  expectSuccess(await shop.run());
  expect(mergesOf('raw_sales')).toMatchObject({ landed: 7, merged: 1, pending: 0, rows_after: 8 });
}, 300_000);

test('a person erased while a build runs is taken out by the next one', async () => {
  const erasing = shop.athena.holdQuery(/^MERGE INTO "ropo_raw"\."raw_tombstones"/);
  const erased = shop.ask({ action: 'erase', customer_id: 'two' });
  await erasing.started;
  targets(1000);
  expectSuccess(await shop.run({ input: { most_rows_lost: 0.99 } }));
  erasing.release();
  await erased;
  expect(shop.manifest().raw_rows.raw_touches).toBe(2);
  expectSuccess(await shop.run());
  expect(shop.manifest().raw_rows.raw_touches).toBe(1);
}, 300_000);

test('what was not shown or dropped since something failed after publishing is made good by the next build', async () => {
  const older = readdirSync(join(shop.lake, 'builds')).filter((id) => hasManifest(id));
  targets(2000);
  await shop.ask({ action: 'erase', customer_id: 'one' });
  shop.athena.failQuery(/^CREATE OR REPLACE VIEW "ropo"\."seed_targets"/, {
    reason: 'PERMISSION_DENIED: no',
  });
  const before = shop.published();
  expect((await shop.run({ input: { most_rows_lost: 0.99 } })).status).toBe('FAILED');
  expect(shop.published()).not.toBe(before);
  expectSuccess(await shop.run());
  const target = 'SELECT target FROM seed_targets';
  expect(await queries().rows(target, { database: 'ropo' })).toEqual([{ target: 't2000' }]);
  expect(older.filter((id) => hasManifest(id) && !isThinned(id))).toEqual([]);
}, 300_000);

test('a merge that loses rows, or brings some twice, stops the build', async () => {
  const before = shop.published();
  await land({ orders: [order('o9', '90')] }, '2026-01-15', 'f');
  const lost = shop.athena.holdQuery(/^MERGE INTO "ropo_raw"\."raw_sales"/);
  const build = shop.run();
  await lost.started;
  await queries().run(`DELETE FROM "ropo_raw"."raw_sales" WHERE record_id LIKE '%o1%'`, {
    database: 'ropo_raw',
  });
  lost.release();
  expect(await build).toMatchObject({ status: 'FAILED', error: 'MergeDoesNotAddUp' });
  expect(shop.published()).toBe(before);
  await land({ orders: [order('o10', '100')] }, '2026-01-15', 'g');
  const twice = shop.athena.holdQuery(/^MERGE INTO "ropo_raw"\."raw_sales"/);
  const again = shop.run();
  await twice.started;
  await queries().run(
    `INSERT INTO "ropo_raw"."raw_sales" SELECT * FROM "ropo_raw"."raw_sales" WHERE record_id LIKE '%o2%'`,
    { database: 'ropo_raw' },
  );
  twice.release();
  expect(await again).toMatchObject({ status: 'FAILED', error: 'MergeDoesNotAddUp' });
  expect(shop.published()).toBe(before);
}, 300_000);
