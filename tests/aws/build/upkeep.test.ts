import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SNAPSHOT_DAYS } from '../../../lib/adapters/aws/athena/statements.ts';
import type { TakenOut } from '../../../lib/adapters/aws/builds/days-of-erased.ts';
import type { UpkeepLedger } from '../../../lib/adapters/aws/builds/upkeep-ledger.ts';
import { temporaryShop } from '../../temporary-shop.ts';
import { type BuildShop, expectSuccess, openBuildShop } from './build-shop.ts';
import { landRows } from './landing.ts';

/** The files of raw tables after builds: when they are written anew, what stays how long, and what a failure of that does. */
let shop: BuildShop;
const DAY = 86_400_000;

const order = (id: string, day: string, person: string) => ({
  order_id: id,
  occurred_at: `${day}T10:00:00Z`,
  currency: 'EUR',
  customer_id: person,
  lines: [{ amount: '10' }],
});
const touch = (id: string, day: string, person: string) => ({
  touch_id: id,
  occurred_at: `${day}T09:00:00Z`,
  touch_type: 'click',
  utm_source: 'a',
  utm_medium: 'email',
  customer_id: person,
});

async function land(records: Parameters<Awaited<ReturnType<typeof temporaryShop>>['give']>[0], file: string) {
  const one = await temporaryShop();
  try {
    await one.give(records);
    const day = new Date(shop.settings.now).toISOString().slice(0, 10);
    await landRows(one.shop.directory, shop.lake, [{ day, file }]);
  } finally {
    one.remove();
  }
}

const files = (table: string) => readdirSync(join(shop.lake, 'raw', table, 'data')).sort();
const upkeep = () =>
  shop
    .queries()
    .map(({ sql }) => sql)
    .filter((sql) => /^(OPTIMIZE|VACUUM)/.test(sql));
const noted = () =>
  JSON.parse(readFileSync(join(shop.lake, 'builds/versions/erased-days.json'), 'utf8')) as TakenOut[];
const ledger = () =>
  JSON.parse(readFileSync(join(shop.lake, 'builds/versions/upkeep.json'), 'utf8')) as UpkeepLedger;

beforeAll(async () => {
  shop = await openBuildShop();
  await land(
    {
      orders: [order('o1', '2025-03-01', 'gone'), order('o2', '2025-03-02', 'stays')],
      touches: [
        touch('t1', '2025-02-27', 'gone'),
        touch('t2', '2025-02-28', 'stays'),
        touch('t3', '2025-05-01', 'second'),
        touch('t4', '2025-06-01', 'third'),
      ],
    },
    'a',
  );
  expectSuccess(await shop.run());
}, 300_000);
afterAll(() => shop?.close());

describe('rows that were taken out', () => {
  test('leave their files with the next build, on the days that they were of and no others', async () => {
    expect(upkeep()).toEqual([]);
    await shop.ask({ action: 'erase', customer_id: 'gone' });
    // Noted before there are tombstones, for a build that runs already and may take the rows out.
    expect(noted()).toHaveLength(2);
    expect(noted()).toEqual(
      expect.arrayContaining([
        { table: 'raw_touches', days: [{ from: '2025-02-27', to: '2025-02-27' }] },
        { table: 'raw_sales', days: [{ from: '2025-03-01', to: '2025-03-01' }] },
      ]),
    );
    expectSuccess(await shop.run());
    expect(noted()).toEqual([]);
    expect(upkeep().sort()).toEqual([
      "OPTIMIZE ropo_raw.raw_sales REWRITE DATA USING BIN_PACK\nWHERE said_on IS NULL OR (said_on = DATE '2025-03-01')",
      "OPTIMIZE ropo_raw.raw_touches REWRITE DATA USING BIN_PACK\nWHERE said_on IS NULL OR (said_on = DATE '2025-02-27')",
    ]);
    expect(ledger().raw_touches).toMatchObject({ hasDeleted: false, deletedDays: [], changes: 2 });
    expect(ledger().raw_touches!.rewritten).toHaveLength(1);
    // What an earlier state of the table needs is still there, for some days.
    expect(files('raw_touches')).toContain('000001.parquet');
  }, 300_000);

  test('are gone once the earlier states of the table are old enough, and VACUUM is run then alone', async () => {
    shop.settings.now += SNAPSHOT_DAYS * DAY - 3_600_000;
    expectSuccess(await shop.run());
    expect(upkeep()).toEqual([]);
    shop.settings.now += 2 * 3_600_000;
    expectSuccess(await shop.run());
    expect(upkeep().sort()).toEqual(['VACUUM ropo_raw.raw_sales', 'VACUUM ropo_raw.raw_touches']);
    expect(files('raw_touches')).not.toContain('000001.parquet');
    expect(ledger().raw_touches!.rewritten).toEqual([]);
    expect(shop.manifest().raw_rows).toMatchObject({ raw_touches: 3, raw_sales: 2 });
  }, 300_000);
});

describe('small files', () => {
  test('are brought together after seven builds that changed a table, on the days that they changed', async () => {
    // As six builds before leave it that brought touches of these days.
    const before = ledger();
    const six = { ...before.raw_touches!, changes: 6, days: [{ from: '2025-04-01', to: '2025-04-06' }] };
    writeFileSync(
      join(shop.lake, 'builds/versions/upkeep.json'),
      JSON.stringify({ ...before, raw_touches: six }),
    );
    await land(
      { touches: [touch('n7', '2025-04-07', 'stays')], orders: [order('o7', '2025-04-07', 'stays')] },
      'b',
    );
    expectSuccess(await shop.run());
    expect(upkeep()).toEqual([
      "OPTIMIZE ropo_raw.raw_touches REWRITE DATA USING BIN_PACK\nWHERE said_on IS NULL OR (said_on BETWEEN DATE '2025-04-01' AND DATE '2025-04-07')",
    ]);
    expect(ledger().raw_touches).toMatchObject({ changes: 0, days: [] });
    const days = [
      { from: '2025-03-01', to: '2025-03-02' },
      { from: '2025-04-07', to: '2025-04-07' },
    ];
    expect(ledger().raw_sales).toMatchObject({ changes: 3, days });
    expect(shop.manifest().raw_rows).toMatchObject({ raw_touches: 4 });
  }, 300_000);
});

describe('a statement that does not get through', () => {
  const MORE = { reason: 'ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED: a part is done', category: 2 };
  const counts = () => shop.settings.counted.filter((counted) => 'UpkeepFailed' in counted).at(-1);

  test('goes on where it did a part, as often as that takes', async () => {
    await shop.ask({ action: 'erase', customer_id: 'second' });
    shop.athena.failQuery(/^OPTIMIZE ropo_raw.raw_touches/, MORE, 4);
    expectSuccess(await shop.run());
    expect(upkeep().filter((sql) => sql.startsWith('OPTIMIZE'))).toHaveLength(5);
    expect(counts()).toEqual({ UpkeepFailed: 0 });
    expect(ledger().raw_touches!.hasDeleted).toBe(false);
  }, 300_000);

  test('is given up in the end and told, the build stays published, and the next one takes it up', async () => {
    await shop.ask({ action: 'erase', customer_id: 'third' });
    const before = shop.published();
    shop.athena.failQuery(
      /^OPTIMIZE ropo_raw.raw_touches/,
      { reason: 'GENERIC_USER_ERROR: no', category: 2 },
      3,
    );
    const execution = await shop.run();
    expectSuccess(execution);
    expect(execution.output).toEqual({ left: ['raw_touches'] });
    expect(shop.published()).not.toBe(before);
    expect(counts()).toEqual({ UpkeepFailed: 1 });
    const { hasDeleted, deletedDays } = ledger().raw_touches!;
    expect({ hasDeleted, deletedDays }).toEqual({
      hasDeleted: true,
      deletedDays: [{ from: '2025-06-01', to: '2025-06-01' }],
    });

    shop.athena.failQuery(/^OPTIMIZE ropo_raw.raw_touches/, MORE, 25);
    const second = await shop.run();
    expect(second.output).toEqual({ left: ['raw_touches'] });
    upkeep();
    const third = await shop.run();
    expect(third.output).toEqual({ left: [] });
    expect(upkeep()).toEqual([expect.stringContaining("said_on = DATE '2025-06-01'")]);
  }, 300_000);

  test('keeps the lock only as long as it runs', async () => {
    const hold = shop.athena.holdQuery(/^VACUUM/);
    shop.settings.now += (SNAPSHOT_DAYS + 1) * DAY;
    const run = shop.run();
    await hold.started;
    expect((await shop.run()).entered).toContain('AnotherRuns');
    hold.release();
    expectSuccess(await run);
    expectSuccess(await shop.run());
  }, 300_000);
});
