import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { currentBuild } from '../../../lib/adapters/embedded/warehouse.ts';
import { describeBuild } from '../../../lib/pipeline/build-tables.ts';
import { readSeeds } from '../../../lib/pipeline/seeds.ts';
import { type DemoFiles, importDemo, writeDemoFiles } from '../../pipeline/demo-shop.ts';
import { type TemporaryShop, temporaryShop } from '../../temporary-shop.ts';
import { type BuildShop, expectSuccess, openBuildShop, putSeed, tablesInFolder } from './build-shop.ts';
import { differences, landRows, putRejections } from './landing.ts';

/** A demo shop through the machine of a build: its tables are those of one machine, row for row. */
let demo: DemoFiles;
let here: TemporaryShop;
let there: BuildShop;
let landed = 0;

beforeAll(async () => {
  demo = await writeDemoFiles(60, 11);
  here = await temporaryShop();
  await importDemo(here, demo.files);
  await here.shop.build();
  there = await openBuildShop();
  const { directory } = here.shop;
  // Two days, and a part of the first comes once more on the second.
  landed = await landRows(directory, there.lake, [
    { day: '2026-01-13', where: 'hash(record_id) % 3 = 0' },
    { day: '2026-01-14', where: 'hash(record_id) % 3 > 0' },
    { day: '2026-01-14', where: 'hash(record_id) % 6 = 0', file: 'again' },
  ]);
  await putRejections(directory, there.lake);
}, 300_000);
afterAll(async () => {
  await there?.close();
  here?.remove();
  demo?.remove();
});

describe('a build by the machine', () => {
  test('is the build of one machine, table by table and row for row', async () => {
    putSeed(there, 'settings.csv', readFileSync(join(here.shop.directory.seeds, 'settings.csv'), 'utf8'));
    const execution = await there.run();
    expectSuccess(execution);
    const plan = describeBuild(readSeeds(here.shop.directory.seeds));
    const tables = plan.makers.flatMap(({ makes }) => makes);
    const manifest = there.manifest();
    expect(manifest.tables.map(({ name }) => name)).toEqual(tables);
    expect(manifest.settings_hash).toBe(plan.settingsHash);
    expect(tablesInFolder(there, manifest.build_id)).toEqual([...tables].sort());
    const build = currentBuild(here.shop.directory)!;
    const found = await differences(
      here.shop.directory,
      tables.map((table) => ({
        table,
        here: join(here.shop.directory.builds, build, `${table}.parquet`),
        there: join(there.lake, 'builds', manifest.build_id, table, '**/*.parquet'),
      })),
    );
    expect(found).toEqual([]);
    expect(execution.largestPayload).toBeLessThan(64 * 1024);
  }, 300_000);

  test('accounts for every row that landed', () => {
    const { merges, raw_rows } = there.manifest();
    const sum = (of: (one: (typeof merges)[number]) => number) =>
      merges.reduce((total, each) => total + of(each), 0);
    expect(sum(({ landed }) => landed)).toBe(landed);
    expect(sum(({ deduplicated }) => deduplicated)).toBeGreaterThan(0);
    for (const each of merges) {
      expect(each.merged + each.deduplicated + each.erased).toBe(each.landed);
      expect(raw_rows[each.table]).toBe(each.rows_after);
    }
  });
});
