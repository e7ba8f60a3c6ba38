import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareRawDatabase } from '../../../lib/adapters/aws/athena/build-database.ts';
import { createAthenaClosedPeriods } from '../../../lib/adapters/aws/athena/closed-periods.ts';
import { OvertakenBuild, publishPointer, readPointer } from '../../../lib/adapters/aws/athena/pointer.ts';
import { openAthenaPublished } from '../../../lib/adapters/aws/athena/published.ts';
import { createAthenaWarehouse, databaseOf } from '../../../lib/adapters/aws/athena/warehouse.ts';
import { closedPeriodsContract } from '../../adapters/closed-periods-contract.ts';
import { manifestOf, newBuildId, warehouseContract } from '../../adapters/warehouse-contract.ts';
import { BUCKET, type LocalAthena, openLocalAthena } from './local-athena.ts';

const RAW = 'ropo_raw';

async function emptyShop() {
  const local = await openLocalAthena();
  const { queries, s3 } = local;
  await prepareRawDatabase(queries, RAW, BUCKET);
  return {
    local,
    open: (buildId: string) =>
      createAthenaWarehouse({ queries, s3, bucket: BUCKET, buildId, rawDatabase: RAW }),
    published: () => openAthenaPublished({ queries, s3, bucket: BUCKET })(),
    close: () => local.close(),
  };
}

warehouseContract('Athena', emptyShop);

closedPeriodsContract('Athena', async () => {
  const { open, close, local } = await emptyShop();
  const { queries, s3 } = local;
  return {
    periods: createAthenaClosedPeriods({ queries, s3, bucket: BUCKET, rawDatabase: RAW }),
    open,
    close,
  };
});

describe('a build on Athena', () => {
  let local: LocalAthena;
  let open: Awaited<ReturnType<typeof emptyShop>>['open'];
  beforeAll(async () => {
    ({ local, open } = await emptyShop());
  });
  afterAll(() => local?.close());

  test('makes a table anew whose query failed half-way, in a folder of its own', async () => {
    const buildId = newBuildId();
    const warehouse = await open(buildId);
    local.athena.failQuery(
      /CREATE TABLE .*"sold"/,
      { reason: 'GENERIC_INTERNAL_ERROR: worker lost', category: 1, leavesFiles: true },
      2,
    );
    expect(await warehouse.createTable('sold', 'SELECT 4 AS n')).toBe(1);
    expect(await warehouse.query('SELECT n FROM sold')).toEqual([{ n: 4 }]);
    expect(readdirSync(join(local.folder, BUCKET, 'builds', buildId, 'sold')).length).toBe(3);
    await warehouse.discard();
    expect(existsSync(join(local.folder, BUCKET, 'builds', buildId))).toBe(false);
  });

  test('makes a table again that is there already, as who was interrupted does', async () => {
    const warehouse = await open(newBuildId());
    await warehouse.createTable('t', 'SELECT 1 AS n');
    expect(await warehouse.createTable('t', 'SELECT 2 AS n UNION ALL SELECT 3')).toBe(2);
    await warehouse.createColumns('c', { n: Int32Array.of(1) });
    expect(await warehouse.createColumns('c', { n: Int32Array.of(5, 6) })).toBe(2);
    expect(await warehouse.query('SELECT n FROM t UNION ALL SELECT n FROM c ORDER BY n')).toEqual(
      [2, 3, 5, 6].map((n) => ({ n })),
    );
    await warehouse.discard();
  });

  test('that was overtaken is not published, and says by whom', async () => {
    const [slow, quick] = [newBuildId(), newBuildId()];
    const [overtaken, other] = [await open(slow), await open(quick)];
    await other.createTable('t', 'SELECT 1 AS n');
    await other.publish(manifestOf(quick, { t: 1 }));
    const late = overtaken.publish(manifestOf(slow, {}));
    await expect(late).rejects.toThrow(OvertakenBuild);
    await expect(late).rejects.toThrow(
      `Build ${slow} was not published: build ${quick} was, since it began. Run a build again`,
    );
    expect((await readPointer(local.s3, BUCKET)).pointer).toEqual({
      build_id: quick,
      database: databaseOf(RAW, quick),
    });
  });

  test('two that are published at the same moment: one is, the other is told', async () => {
    const expected = await readPointer(local.s3, BUCKET);
    const ids = [newBuildId(), newBuildId(), newBuildId()];
    const outcomes = await Promise.allSettled(
      ids.map((id) =>
        publishPointer(
          local.s3,
          BUCKET,
          { build_id: id, database: databaseOf(RAW, id) },
          manifestOf(id, {}),
          expected,
        ),
      ),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    const winner = ids[outcomes.findIndex(({ status }) => status === 'fulfilled')]!;
    expect((await readPointer(local.s3, BUCKET)).pointer?.build_id).toBe(winner);
  });

  test('whose publishing was done though nobody was told is published', async () => {
    const id = newBuildId();
    const expected = await readPointer(local.s3, BUCKET);
    const pointer = { build_id: id, database: databaseOf(RAW, id) };
    await publishPointer(local.s3, BUCKET, pointer, manifestOf(id, {}), expected);
    await publishPointer(local.s3, BUCKET, pointer, manifestOf(id, {}), expected);
    expect((await readPointer(local.s3, BUCKET)).pointer).toEqual(pointer);
  });

  test('that readers see is not taken from them by who gives it up', async () => {
    const id = newBuildId();
    const warehouse = await open(id);
    await warehouse.createTable('t', 'SELECT 6 AS n');
    await warehouse.publish(manifestOf(id, { t: 1 }));
    await warehouse.discard();
    const published = openAthenaPublished({ queries: local.queries, s3: local.s3, bucket: BUCKET });
    expect(await (await published())!.query('SELECT n FROM t')).toEqual([{ n: 6 }]);
  });

  test('whose period two close at once keeps it once', async () => {
    const id = newBuildId();
    const warehouse = await open(id);
    const nothing = [
      'conversion_kind',
      'store_id',
      'category',
      'traced_by',
      'orphan_reason',
      'channel',
      'source',
      'medium',
      'campaign',
    ];
    const none = nothing.map((name) => `CAST(NULL AS varchar) AS ${name}`).join(', ');
    await warehouse.createTable(
      'ledger',
      `SELECT CAST('2025-01-01' AS date) AS day, 1 = 2 AS is_adjustment, 'revenue' AS measure, 'b' AS booking_id, ${none}, 'last' AS model, 'EUR' AS currency, n AS amount FROM (VALUES (CAST(1 AS bigint)), (2), (3)) AS t(n)`,
    );
    await warehouse.createTable(
      'restatements',
      `SELECT 'late' AS cause, day AS booked_on, measure, booking_id, ${nothing.join(', ')}, model, currency, amount FROM ledger WHERE amount > 5`,
    );
    await warehouse.createTable('seed_attribution_models', "SELECT 'last' AS model, 1 = 1 AS is_enabled");
    await warehouse.publish(manifestOf(id, { ledger: 3, restatements: 0, seed_attribution_models: 1 }));
    const { queries, s3 } = local;
    const keep = (second: number) =>
      createAthenaClosedPeriods({ queries, s3, bucket: BUCKET, rawDatabase: RAW }).keep({
        closed_through: '2025-01-31',
        closed_at: `2025-03-05T10:00:0${second}.000Z`,
        build_id: id,
      });
    expect(await Promise.all([keep(1), keep(2), keep(3)])).toEqual([3, 3, 3]);
    expect(
      (await createAthenaClosedPeriods({ queries, s3, bucket: BUCKET, rawDatabase: RAW }).list()).length,
    ).toBe(1);
  });

  test('readers ask S3 where the pointer is once in a while, and Athena for results it has', async () => {
    const id = newBuildId();
    const warehouse = await open(id);
    await warehouse.createTable('t', 'SELECT 5 AS n');
    await warehouse.publish(manifestOf(id, { t: 1 }));
    let now = 0;
    const published = openAthenaPublished({
      queries: local.queries,
      s3: local.s3,
      bucket: BUCKET,
      now: () => now,
      lookAgainMs: 1000,
    });
    local.s3Emulator.faults.forget();
    const builds = await Promise.all(Array.from({ length: 20 }, () => published()));
    expect(new Set(builds).size).toBe(1);
    expect(local.s3Emulator.faults.calls.GetObject).toBe(2);
    now = 999;
    await published();
    expect(local.s3Emulator.faults.calls.GetObject).toBe(2);
    now = 1000;
    expect(await published()).toBe(builds[0]);
    expect(local.s3Emulator.faults.calls.GetObject).toBe(3);
    for (let n = 0; n < 3; n++) expect(await builds[0]!.query('SELECT n FROM t')).toEqual([{ n: 5 }]);
    expect(local.athena.executions.slice(-2).map(({ isReused }) => isReused)).toEqual([true, true]);
  });
});
