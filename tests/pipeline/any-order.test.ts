import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, literal, openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { currentBuild } from '../../lib/adapters/embedded/warehouse.ts';
import { replayRejections } from '../../lib/pipeline/import-files.ts';
import type { BuildManifest } from '../../lib/ports.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { type DemoFiles, importDemo, importText, piecesOf, writeDemoFiles } from './demo-shop.ts';

/** The same files in order, and backwards, in pieces, everything twice: every published table must be the same. */
let demo: DemoFiles;
let straight: TemporaryShop;
let mixed: TemporaryShop;
let engine: Engine;
let manifests: BuildManifest[];
let waited = 0;

beforeAll(async () => {
  demo = await writeDemoFiles(80, 4);
  straight = await temporaryShop();
  await importDemo(straight, demo.files);
  mixed = await temporaryShop();
  const pieces = [...demo.files].reverse().flatMap((file) => piecesOf(file, 2).reverse());
  for (const { format, name, text } of pieces) {
    const once = await importText(mixed, format, name, text);
    const twice = await importText(mixed, format, `again-${name}`, text);
    expect(twice.stored, name).toBe(0);
    waited += once.waiting;
  }
  await replayRejections(mixed.shop.importer);
  manifests = [await straight.shop.build(), await mixed.shop.build()];
  engine = await openEngine({ spillDirectory: straight.shop.directory.spill });
});
afterAll(() => {
  engine?.close();
  straight?.remove();
  mixed?.remove();
  demo?.remove();
});

const tableOf = ({ shop }: TemporaryShop, name: string) =>
  `read_parquet(${literal(join(shop.directory.builds, currentBuild(shop.directory)!, `${name}.parquet`))})`;

describe('importing backwards, in pieces and twice', () => {
  test('lets receipts wait for their stores', () => {
    expect(waited).toBeGreaterThan(50);
  });

  test('makes the same tables, of the same settings', () => {
    const named = ({ tables }: BuildManifest) => tables.map(({ name, rows }) => `${name} ${rows}`);
    expect(named(manifests[1]!)).toEqual(named(manifests[0]!));
    expect(manifests[1]!.settings_hash).toBe(manifests[0]!.settings_hash);
  });

  test('makes the same rows in every published table', async () => {
    const different: string[] = [];
    for (const { name } of manifests[0]!.tables) {
      for (const [one, other] of [
        [straight, mixed],
        [mixed, straight],
      ] as const) {
        const rows = await engine.rows(
          `SELECT * FROM (SELECT * FROM ${tableOf(one, name)} EXCEPT ALL SELECT * FROM ${tableOf(other, name)}) LIMIT 1`,
        );
        if (rows.length > 0) different.push(`${name}: ${JSON.stringify(rows[0])}`);
      }
    }
    expect(different).toEqual([]);
  });

  test('leaves the same records set aside', async () => {
    const [one, other] = await Promise.all(
      [straight, mixed].map(async ({ shop }) =>
        (await shop.importer.lake.rejections()).map(({ reason, original }) => `${reason} ${original}`).sort(),
      ),
    );
    expect(other).toEqual(one);
  });
});
