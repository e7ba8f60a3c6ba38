import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPointer } from '../../../lib/adapters/aws/athena/pointer.ts';
import { openAthenaPublished } from '../../../lib/adapters/aws/athena/published.ts';
import { createAthenaQueries } from '../../../lib/adapters/aws/athena/queries.ts';
import { athenaClient, s3Client } from '../../../lib/adapters/aws/clients.ts';
import { currentBuild } from '../../../lib/adapters/embedded/warehouse.ts';
import { describeBuild } from '../../../lib/pipeline/build-tables.ts';
import { readSeeds } from '../../../lib/pipeline/seeds.ts';
import { readSqlFolder } from '../../../lib/pipeline/sql-files.ts';
import { type Records, type TemporaryShop, temporaryShop } from '../../temporary-shop.ts';
import { type BuildShop, expectSuccess, openBuildShop, putSeed, tablesInFolder } from './build-shop.ts';
import { differences, landRows } from './landing.ts';

/**
 * One shop through many days: what a build makes, and of what, and what happens on bad days. The days build on each
 * other, in the order of the tests.
 */
let here: TemporaryShop;
let there: BuildShop;
const DAY = 86_400_000;

const order = (id: string, day: string, amount: string, customer = 'c1') => ({
  order_id: id,
  occurred_at: `${day}T10:00:00Z`,
  currency: 'EUR',
  customer_id: customer,
  lines: [{ amount, sku: 'S1', line_no: '1' }],
});
const touch = (id: string, day: string, medium: string, customer = 'c1') => ({
  touch_id: id,
  occurred_at: `${day}T09:00:00Z`,
  touch_type: 'click',
  utm_source: 'a',
  utm_medium: medium,
  customer_id: customer,
});
const TARGETS =
  'target:varchar,quarter:varchar,kpi:varchar,measure:varchar,value:double,currency:varchar,model:varchar,channel:varchar,store_id:varchar,meaning:varchar\n';
const target = (text: string) => putSeed(there, 'targets.csv', TARGETS + text);
const HARMLESS_TARGETS = [1, 2, 3, 4, 5, 6, 7, 8].map(
  (n) => `t${n},2025-Q2,purchases,purchases,${n}000,,,,,a target\n`,
);

/** Gives records to the shop of this machine, and lets the same land in the other. */
async function deliver(records: Records, day: string, file = 'a'): Promise<number> {
  await here.give(records);
  const one = await temporaryShop();
  try {
    await one.give(records);
    return await landRows(one.shop.directory, there.lake, [{ day, file }]);
  } finally {
    one.remove();
  }
}

/** Tables that the published build made itself. */
const madeTables = () => {
  const { build_id, tables } = there.manifest();
  const own = tables.filter(({ database }) => database.endsWith(build_id.replace('-', '_')));
  return own.map(({ name }) => name).sort();
};

const ctas = () => there.queries().filter(({ sql }) => /^CREATE TABLE [^\n]*\nWITH \(table_type/.test(sql));

async function differing(tables: readonly string[]) {
  const build = currentBuild(here.shop.directory)!;
  const manifest = there.manifest();
  return await differences(
    here.shop.directory,
    tables.map((table) => {
      const { database } = manifest.tables.find(({ name }) => name === table)!;
      const id = database.replace('ropo_build_', '').replace('_', '-');
      return {
        table,
        here: join(here.shop.directory.builds, build, `${table}.parquet`),
        there: join(there.lake, 'builds', id, table, '**/*.parquet'),
      };
    }),
  );
}

beforeAll(async () => {
  here = await temporaryShop();
  there = await openBuildShop();
  putSeed(there, 'settings.csv', readFileSync(join(here.shop.directory.seeds, 'settings.csv'), 'utf8'));
  await deliver(
    {
      touches: [
        touch('t1', '2025-02-26', 'email'),
        touch('t2', '2025-02-27', 'sms'),
        touch('t3', '2025-02-28', 'cpc'),
        touch('t4', '2025-03-28', 'cpc', 'c2'),
      ],
      orders: [order('o1', '2025-03-01', '10'), order('o2', '2025-03-30', '7.35', 'c2')],
      consents: [
        {
          occurred_at: '2025-02-01T10:00:00Z',
          consent: 'granted',
          customer_id: 'c1',
          email: 'one@example.com',
        },
      ],
    },
    '2026-01-14',
  );
  expectSuccess(await there.run());
}, 300_000);
afterAll(async () => {
  await there?.close();
  here?.remove();
});

describe('a day without news', () => {
  test('makes nothing anew but what compares itself with the build before', async () => {
    expect(madeTables()).toHaveLength(there.manifest().tables.length);
    expectSuccess(await there.run());
    expect(madeTables()).toEqual(['identity_changes']);
    there.queries();
    expectSuccess(await there.run());
    expect(madeTables()).toEqual([]);
    const read = there.queries().filter(({ scannedBytes }) => scannedBytes > 0);
    expect(read.reduce((sum, { scannedBytes }) => sum + scannedBytes, 0)).toBeLessThan(10_000);
  }, 300_000);

  test('asks a check anew that says something else than it did, and no other', async () => {
    const before = there.manifest();
    const path = join(there.lake, `builds/${before.build_id}/manifest.json`);
    const checks = { ...before.checks, ledger_adds_up: 'what it said before' };
    writeFileSync(path, JSON.stringify({ ...before, checks }));
    there.queries();
    expectSuccess(await there.run());
    const asked = there.queries().map(({ sql }) => sql);
    const askedOf = readSqlFolder('checks').filter(({ select }) =>
      asked.some((sql) => sql.startsWith(select)),
    );
    expect(askedOf.map(({ name }) => name)).toEqual(['ledger_adds_up']);
    expect(there.manifest().checks).toEqual(before.checks);
  }, 300_000);

  test('shows all tables, of whatever build they are', async () => {
    const { database, tables } = { ...(await readPointer(s3Client(), 'lake')).pointer!, ...there.manifest() };
    const queries = createAthenaQueries({ client: athenaClient(), s3: s3Client(), workgroup: 'ropo' });
    for (const shown of [database, 'ropo']) {
      const [sum] = await queries.rows(`SELECT sum(revenue_minor) AS n FROM credits WHERE model = 'linear'`, {
        database: shown,
      });
      expect(sum).toEqual({ n: 1735 });
    }
    expect(tables.length).toBeGreaterThan(100);
  });
});

describe('a day with news', () => {
  test('merges that day alone, counts it out, and comes to what one machine comes to', async () => {
    await here.shop.build();
    there.queries();
    const landed = await deliver(
      { orders: [order('o3', '2025-04-02', '20'), order('o1', '2025-03-01', '10')] },
      '2026-01-15',
    );
    expectSuccess(await there.run());
    const ofLanding = there.queries().filter(({ sql }) => /(FROM|JOIN) "?ropo_raw"?\."?landing_/.test(sql));
    expect(ofLanding.length).toBeGreaterThan(0);
    const daysAfter = (sql: string, column: RegExp) =>
      new Set([...sql.matchAll(column)].map(({ groups }) => groups?.from));
    for (const { sql } of ofLanding)
      expect(daysAfter(sql, /\barrived BETWEEN '(?<from>\S+)' AND '\k<from>'/g)).toEqual(
        new Set(['2026-01-15']),
      );
    const merge = ofLanding.find(({ sql }) => sql.startsWith('MERGE'))!.sql;
    expect(daysAfter(merge, /t\.\S*said_on\S* = DATE '(?<from>\S+)'/g)).toEqual(
      new Set(['2025-03-01', '2025-04-02']),
    );
    const { merges } = there.manifest();
    expect(merges.map(({ table }) => table)).toEqual(['raw_sales']);
    expect(merges[0]).toMatchObject({ landed, merged: 1, deduplicated: 1, erased: 0, rows_after: 3 });
    await here.shop.build();
    expect(await differing(['sale_lines', 'conversions', 'credits', 'ledger', 'economics_daily'])).toEqual(
      [],
    );
  }, 300_000);

  test('of repeats alone merges nothing and makes nothing', async () => {
    there.queries();
    await deliver({ orders: [order('o1', '2025-03-01', '10')] }, '2026-01-15', 'again');
    expectSuccess(await there.run());
    const { merges } = there.manifest();
    // The day is read as a whole.
    expect(merges).toMatchObject([{ table: 'raw_sales', landed: 3, merged: 0, deduplicated: 3 }]);
    expect(there.queries().filter(({ sql }) => sql.startsWith('MERGE'))).toEqual([]);
    expect(madeTables().filter((name) => name !== 'identity_changes')).toEqual([]);
  }, 300_000);

  test('that tells of a closed period leaves its figures and restates them', async () => {
    await there.ask({ action: 'close', through: '2025-03-31' });
    await here.shop.closePeriod('2025-03-31');
    there.settings.now += DAY;
    await deliver({ orders: [order('o4', '2025-03-20', '3.33', 'c2')] }, '2026-01-16');
    expectSuccess(await there.run());
    await here.shop.build();
    expect(await differing(['conversions', 'ledger', 'restatements'])).toEqual([]);
    expect(there.manifest().tables.find(({ name }) => name === 'restatements')!.rows).toBeGreaterThan(0);
    await expect(there.ask({ action: 'close', through: '2025-03-31' })).rejects.toThrow(/closed already/);
  }, 300_000);
});

describe('a seed that changes', () => {
  test('has only made anew what follows from it', async () => {
    expectSuccess(await there.run());
    target(HARMLESS_TARGETS[0]!);
    expectSuccess(await there.run());
    const { makers } = describeBuild(readSeeds(here.shop.directory.seeds));
    const follows = new Set(['seed_targets']);
    for (const { reads, makes } of makers)
      if (reads.some((table) => follows.has(table))) for (const table of makes) follows.add(table);
    expect(madeTables()).toEqual([...follows].sort());
    expect(follows.size).toBeLessThan(20);
  }, 300_000);
});

describe('a query that fails', () => {
  test('half-way is made again at another place', async () => {
    target(HARMLESS_TARGETS[1]!);
    there.queries();
    there.athena.failQuery(/^CREATE TABLE "[^"]+"\."series_daily"/, {
      reason: 'ICEBERG_COMMIT_ERROR: a writer was in the way',
      leavesFiles: true,
    });
    expectSuccess(await there.run());
    const tries = ctas().filter(({ sql }) => sql.includes('"series_daily"'));
    expect(tries.map(({ sql }) => /try-\d/.exec(sql)?.[0])).toEqual(['try-1', 'try-2']);
  }, 300_000);

  test('for good gives the build up: readers stay on the build before, and the next run succeeds', async () => {
    const before = there.published()!;
    target(HARMLESS_TARGETS[2]!);
    there.athena.failQuery(
      /^CREATE TABLE "[^"]+"\."series_daily"/,
      { reason: 'GENERIC_INTERNAL_ERROR: no', leavesFiles: true },
      3,
    );
    const { status, error, cause } = await there.run();
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'TableNotMade' });
    expect(cause).toContain('series_daily: GENERIC_INTERNAL_ERROR');
    expect(there.published()).toBe(before);
    expect(there.settings.counted.at(-1)).toEqual({ BuildFailed: 1 });
    expectSuccess(await there.run());
    expect(there.published()).not.toBe(before);
    expect(madeTables()).toContain('series_daily');
  }, 300_000);

  test('while rows are merged is repeated, and they count once', async () => {
    await deliver({ orders: [order('o5', '2025-05-05', '5.05')] }, '2026-01-16', 'b');
    there.athena.failQuery(/^MERGE/, { reason: 'ICEBERG_COMMIT_ERROR: lost', isDone: true });
    expectSuccess(await there.run());
    await here.shop.build();
    expect(await differing(['sale_lines', 'conversions', 'ledger'])).toEqual([]);
    expect(there.manifest().merges).toMatchObject([{ landed: 2, merged: 1, deduplicated: 1 }]);
  }, 300_000);

  test('after rows were merged leaves them for the next run, which makes what reads them', async () => {
    await deliver({ orders: [order('o6', '2025-05-06', '6.06')] }, '2026-01-16', 'c');
    there.athena.failQuery(
      /^CREATE TABLE "[^"]+"\."conversions"/,
      { reason: 'GENERIC_INTERNAL_ERROR: no' },
      3,
    );
    expect((await there.run()).status).toBe('FAILED');
    expectSuccess(await there.run());
    expect(there.manifest().merges).toMatchObject([{ merged: 0 }]);
    await here.shop.build();
    expect(await differing(['sale_lines', 'conversions', 'ledger'])).toEqual([]);
  }, 300_000);
});

describe('the gates', () => {
  test('stop a build whose sums do not agree, and say which', async () => {
    const before = there.published();
    const rows =
      'model:varchar,basis:varchar,first_weight:double,middle_weight:double,last_weight:double,half_life_days:double,skips_direct:boolean,is_enabled:boolean,meaning:varchar\nweightless,ends,0,0,0,,false,true,All for nobody\n';
    putSeed(there, 'attribution_models.csv', rows);
    const { status, error, cause } = await there.run();
    putSeed(there, 'attribution_models.csv', null);
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'BuildCheckFailed' });
    expect(cause).toContain('"model":"weightless"');
    expect(there.published()).toBe(before);
    expect(there.settings.counted.at(-1)).toEqual({ BuildFailed: 1, ReconciliationFailed: 1 });
  }, 300_000);

  test('stop a build that has lost most of its rows, unless it is started so', async () => {
    const manifest = there.manifest();
    const file = join(there.lake, 'builds', manifest.build_id, 'manifest.json');
    const raw_rows = { ...manifest.raw_rows, raw_sales: 1000 };
    writeFileSync(file, JSON.stringify({ ...manifest, raw_rows }));
    const { error, cause } = await there.run();
    expect(error).toBe('TooFewRows');
    expect(cause).toMatch(/raw_sales has 6 rows and had 1000/);
    expectSuccess(await there.run({ input: { most_rows_lost: 0.999 } }));
  }, 300_000);
});

describe('two builds', () => {
  test('started at once: one runs, the other says so and changes nothing', async () => {
    target(HARMLESS_TARGETS[3]!);
    const hold = there.athena.holdQuery(/^CREATE TABLE "[^"]+"\."series_daily"/);
    const first = there.run({ name: 'first' });
    await hold.started;
    const second = await there.run({ name: 'second' });
    expect(second).toMatchObject({ status: 'SUCCEEDED', entered: ['Begin', 'IsBusy', 'AnotherRuns'] });
    expect((second.output as { message: string }).message).toMatch(/is under way since/);
    await expect(there.ask({ action: 'close', through: '2025-06-30' })).rejects.toThrow(/under way/);
    hold.release();
    expectSuccess(await first);
  }, 300_000);

  test('begun in the same moment: the lock lets one in', async () => {
    target(HARMLESS_TARGETS[4]!);
    const both = await Promise.all([there.run(), there.run()]);
    const busy = both.filter(({ entered }) => entered.includes('AnotherRuns'));
    expect(busy).toHaveLength(1);
    for (const one of both) expectSuccess(one);
  }, 300_000);

  test('a lock whose holder died is taken over in time, and what it left is cleared away', async () => {
    target(HARMLESS_TARGETS[5]!);
    const dead = await there.ask({ action: 'begin', execution: 'dead' });
    const { build_id } = dead as { build_id: string };
    expect((await there.run()).entered).toContain('AnotherRuns');
    there.settings.now += 2 * 3_600_000;
    const { status } = await there.run();
    expect(status).toBe('SUCCEEDED');
    expect(isThere(build_id, 'state/run')).toBe(false);
    for (const asked of [{ action: 'merge', table: 'raw_sales', step: 0 }, { action: 'publish' }])
      await expect(there.ask({ ...asked, build_id })).rejects.toThrow(/does not hold the lock any more/);
  }, 300_000);
});

describe('readers', () => {
  test('see a whole build at every moment of the next one', async () => {
    target(HARMLESS_TARGETS[6]!);
    const queries = createAthenaQueries({
      client: athenaClient(),
      s3: s3Client(),
      workgroup: 'ropo',
      limits: { pollFirstMs: 2 },
    });
    const published = openAthenaPublished({ queries, s3: s3Client(), bucket: 'lake', lookAgainMs: 0 });
    const before = there.published();
    const seen = new Set<string>();
    let moments = 0;
    const look = async () => {
      moments += 1;
      const build = await published();
      const rows = await build!.query('SELECT target FROM seed_targets ORDER BY target');
      const met = await build!.query('SELECT count(*) AS n FROM target_progress');
      seen.add(`${build!.manifest.build_id} ${rows.map((row) => row.target).join(' ')} ${met.length}`);
    };
    expectSuccess(await there.run({ watch: look }));
    await look();
    const after = there.published();
    expect(moments).toBeGreaterThan(10);
    expect([...seen]).toEqual([`${before} t6 1`, `${after} t7 1`]);
  }, 300_000);

  test('keep the two builds before, and the tables that these show, and nothing older', async () => {
    const ids = readdirSync(join(there.lake, 'builds')).filter((id) => isThere(id, 'manifest'));
    const whole = ids.filter((id) => !isThere(id, 'state/thinned'));
    expect(whole).toHaveLength(3);
    for (const build of whole) {
      const { tables } = JSON.parse(
        readFileSync(join(there.lake, 'builds', build, 'manifest.json'), 'utf8'),
      ) as ReturnType<typeof there.manifest>;
      for (const { database, name } of tables) {
        const id = database.replace('ropo_build_', '').replace('_', '-');
        expect(tablesInFolder(there, id)).toContain(name);
      }
    }
  });
});

const isThere = (id: string, object: string) => existsSync(join(there.lake, 'builds', id, `${object}.json`));
