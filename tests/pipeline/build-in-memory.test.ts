import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { isSmallBuild, openBuild } from '../../lib/adapters/embedded/warehouse.ts';
import { buildTables } from '../../lib/pipeline/build-tables.ts';
import { readSeeds } from '../../lib/pipeline/seeds.ts';
import type { BuildManifest, Row } from '../../lib/ports.ts';
import { NOW, type Records, type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

/** Worked examples that between them fill most tables. */
const EXAMPLES = [
  'five_touches_every_model',
  'returns_take_back_credit',
  'ropo_levels_and_ties',
  'sessions_and_campaign_touches',
  'whole_refund_and_two_currencies',
];

const givenOf = (name: string) =>
  (JSON.parse(readFileSync(new URL(`../cases/${name}.json`, import.meta.url), 'utf8')) as { given: Records })
    .given;

const BUILT_AT = new Date(NOW).toISOString();

async function build(
  { directory }: TemporaryShop['shop'],
  options: { threads: number; inMemory: boolean },
): Promise<BuildManifest> {
  const engine = await openEngine({ spillDirectory: directory.spill, threads: options.threads });
  try {
    expect(await isSmallBuild(directory, engine)).toBe(true);
    const warehouse = await openBuild(directory, engine, 'built', options);
    const seeds = readSeeds(directory.seeds);
    return await buildTables({ warehouse, seeds, buildId: 'built', builtAt: BUILT_AT });
  } finally {
    engine.close();
  }
}

/** Every table with its types and its rows, in an order that follows from the rows. */
async function tablesOf(
  { directory }: TemporaryShop['shop'],
  { tables }: BuildManifest,
): Promise<Map<string, { types: Row[]; rows: string[] }>> {
  const reader = await openReader(directory);
  try {
    const published = (await reader.published())!;
    const all = new Map<string, { types: Row[]; rows: string[] }>();
    for (const { name } of tables) {
      const types = await published.query(`DESCRIBE SELECT * FROM ${name}`);
      const rows = await published.query(`SELECT * FROM ${name}`);
      const text = (row: Row) =>
        JSON.stringify(row, (_, cell) => (typeof cell === 'bigint' ? `${cell}n` : cell));
      all.set(name, { types, rows: rows.map(text).sort() });
    }
    return all;
  } finally {
    reader.close();
  }
}

const countsOf = ({ tables }: BuildManifest) => tables.map(({ name, rows }) => [name, rows]);

describe('a build in memory', () => {
  test('makes what a build from file to file makes, to the last digit', async () => {
    const built = async (options: { threads: number; inMemory: boolean }) => {
      const shop = await temporaryShop();
      try {
        for (const name of EXAMPLES) await shop.give(givenOf(name));
        const manifest = await build(shop.shop, options);
        return { counts: countsOf(manifest), tables: await tablesOf(shop.shop, manifest) };
      } finally {
        shop.remove();
      }
    };
    const byFiles = await built({ threads: 4, inMemory: false });
    const inMemory = await built({ threads: 4, inMemory: true });
    expect(inMemory.counts).toEqual(byFiles.counts);
    const filled = inMemory.counts.filter(([, rows]) => rows !== 0);
    expect(filled.length).toBeGreaterThan(100);
    for (const [name, table] of inMemory.tables) expect(table, name).toEqual(byFiles.tables.get(name));
  });

  test('is of a shop with few raw rows only', async () => {
    const large = await temporaryShop();
    try {
      const views = Array.from({ length: 1_001 }, (_, n) => ({
        event_id: `e${n}`,
        event: 'Page Viewed',
        occurred_at: new Date(Date.UTC(2025, 0, 1) + n * 1000).toISOString(),
        anonymous_id: `a${n % 7}`,
        url: 'https://shop.example/',
      }));
      const isSmall = async () => {
        const engine = await openEngine({ spillDirectory: large.shop.directory.spill, threads: 1 });
        try {
          return await isSmallBuild(large.shop.directory, engine);
        } finally {
          engine.close();
        }
      };
      expect(await isSmall()).toBe(true);
      const [result] = await large.give({ web_events: views });
      expect(result!.stored).toBe(views.length);
      expect(await isSmall()).toBe(false);
    } finally {
      large.remove();
    }
  });
});
