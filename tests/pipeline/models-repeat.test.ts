import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { openBuild } from '../../lib/adapters/embedded/warehouse.ts';
import { buildTables } from '../../lib/pipeline/build-tables.ts';
import { FITTED_TABLES } from '../../lib/pipeline/models/fitted-tables.ts';
import { INTERVAL_TABLES } from '../../lib/pipeline/models/interval-tables.ts';
import { readSeeds } from '../../lib/pipeline/seeds.ts';
import type { Row } from '../../lib/ports.ts';
import { NOW, type Records, type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { latecomer, manyCampaigns, recordsOf, settings, withReader } from './model-journeys.ts';

/**
 * The same records give the same rows to the last digit: built again with any number of threads, imported in another order and
 * in pieces. So many campaigns that their intervals keep the weights of the fit: amounts there are parts of cents.
 */
const TABLES = [
  ...[...FITTED_TABLES, ...INTERVAL_TABLES].map(({ name }) => name),
  'credits',
  'credit_shares',
];
type Tables = Map<string, Row[]>;

let straight: TemporaryShop;
let mixed: TemporaryShop;
let first: Tables;
let again: Tables;
let otherSeed: Tables;
let oneThread: Tables;
let otherOrder: Tables;

/** The rows of the models' tables, in an order that follows from the rows. */
const tablesOf = (shop: TemporaryShop): Promise<Tables> =>
  withReader(shop, async (ask) => {
    const tables: Tables = new Map();
    for (const name of TABLES) {
      const rows = await ask(`SELECT * FROM ${name}`);
      const texts = rows.map((row) => [JSON.stringify(row), row] as const);
      texts.sort(([a], [b]) => (a < b ? -1 : 1));
      tables.set(
        name,
        texts.map(([, row]) => row),
      );
    }
    return tables;
  });

/** A build from file to file, as a large shop has it. */
async function buildWithThreads({ shop }: TemporaryShop, threads: number): Promise<void> {
  const engine = await openEngine({ spillDirectory: shop.directory.spill, threads });
  const buildId = `threads-${threads}`;
  try {
    const warehouse = await openBuild(shop.directory, engine, buildId);
    const builtAt = new Date(NOW).toISOString();
    await buildTables({ warehouse, seeds: readSeeds(shop.directory.seeds), buildId, builtAt });
  } finally {
    engine.close();
  }
}

beforeAll(async () => {
  const records = recordsOf([...manyCampaigns, latecomer('C0')]);
  straight = await temporaryShop();
  mixed = await temporaryShop();
  for (const shop of [straight, mixed]) settings(shop, { interval_replicates: 25 });
  await straight.give(records);
  await straight.shop.build();
  first = await tablesOf(straight);
  await buildWithThreads(straight, 4);
  again = await tablesOf(straight);
  await buildWithThreads(straight, 1);
  oneThread = await tablesOf(straight);
  settings(straight, { interval_replicates: 25, random_seed: 2 });
  await straight.shop.build();
  otherSeed = await tablesOf(straight);
  for (const [kind, values] of Object.entries(records).reverse()) {
    const backwards = [...values].reverse();
    for (let piece = 0; piece < 3; piece++)
      await mixed.give({ [kind]: backwards.filter((_, at) => (at * 7) % 3 === piece) } as Records);
  }
  await mixed.shop.build();
  otherOrder = await tablesOf(mixed);
});
afterAll(() => {
  straight?.remove();
  mixed?.remove();
});

describe('the same records', () => {
  test('fill every table of the models', () => {
    for (const name of TABLES.filter((table) => table !== 'channel_differences'))
      expect(first.get(name)!.length, name).toBeGreaterThan(0);
    const kept = first.get('channel_intervals')!.filter((row) => row.model === 'markov_campaign');
    expect(new Set(kept.map(({ is_refitted }) => is_refitted))).toEqual(new Set([0]));
  });

  test.each(TABLES)('give the same %s when built again, with four threads and with one', (name) => {
    expect(again.get(name)).toEqual(first.get(name));
    expect(oneThread.get(name)).toEqual(first.get(name));
  });

  test.each(TABLES)('give the same %s when imported backwards and in pieces', (name) => {
    expect(otherOrder.get(name)).toEqual(first.get(name));
  });
});

describe('another seed', () => {
  /** Rows without the columns that name the seed or what was drawn. */
  const points = (tables: Tables, name: string) =>
    tables
      .get(name)!
      .map((row) =>
        JSON.stringify(
          Object.entries(row).filter(
            ([column]) =>
              !/_(low|high)(_minor)?$|^(config_hash|random_seed|settings|adjusted_p|verdict)$/.test(column),
          ),
        ),
      )
      .sort();

  test.each(TABLES.filter((name) => name !== 'model_conclusions'))('moves no point of %s', (name) => {
    expect(points(otherSeed, name)).toEqual(points(first, name));
  });

  test('moves the bounds of intervals, and is named', () => {
    const bounds = (tables: Tables) =>
      tables
        .get('channel_intervals')!
        .map((row) => [row.net_low_minor, row.net_high_minor, row.share_low].join());
    expect(bounds(otherSeed)).not.toEqual(bounds(first));
    expect(new Set(otherSeed.get('channel_intervals')!.map(({ random_seed }) => random_seed))).toEqual(
      new Set([2]),
    );
  });
});
