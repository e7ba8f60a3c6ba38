import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { openBuild } from '../../lib/adapters/embedded/warehouse.ts';
import { readModelSettings } from '../../lib/pipeline/models/model-settings.ts';
import { readSeeds, seedSelect } from '../../lib/pipeline/seeds.ts';
import { readSqlFolder } from '../../lib/pipeline/sql-files.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { DATA_DRIVEN, models, off, RULES, settings } from './model-journeys.ts';
import { seed, withoutSeeds } from './seed-file.ts';

/** The hash of what each model depends on, under the settings of a shop. */
let shop: TemporaryShop;
beforeAll(async () => {
  shop = await temporaryShop();
});
afterAll(() => shop?.remove());
afterEach(() => withoutSeeds(shop));

describe('the hash of what a model depends on', () => {
  /** Hashes by model under the seeds that stand there, without a build. */
  async function hashes(): Promise<Map<string, string>> {
    const engine = await openEngine({ spillDirectory: shop.shop.directory.spill });
    try {
      const warehouse = await openBuild(shop.shop.directory, engine, 'hashes');
      for (const one of readSeeds(shop.shop.directory.seeds))
        await warehouse.createTable(one.name, seedSelect(one));
      const file = readSqlFolder('staging').find(({ name }) => name === 'settings')!;
      await warehouse.createTable('settings', file.select);
      const read = await readModelSettings(warehouse);
      await warehouse.discard();
      return new Map(read.models.map(({ model, configHash }) => [model, configHash]));
    } finally {
      engine.close();
    }
  }
  let standard: Map<string, string>;
  beforeAll(async () => {
    withoutSeeds(shop);
    standard = await hashes();
  });

  const everyModel = [...Object.keys(RULES), ...Object.keys(DATA_DRIVEN)].sort();
  const fittedOnPaths = Object.keys(DATA_DRIVEN)
    .filter((model) => model !== 'additive_hazard')
    .sort();
  const kinds = (text: string) => () => seed(shop, 'conversion_kinds', text);
  const changes: [string, () => void, string[]][] = [
    ['nothing', () => {}, []],
    ['the lookback of one kind of purchase', kinds('order,20,50,true,'), everyModel],
    ['the steps of a path', kinds('receipt,30,10,true,'), everyModel],
    ['whether purchases share touchpoints', kinds('order,30,50,false,'), everyModel],
    ['the meaning of a kind of purchase', kinds('order,30,50,true,other words'), []],
    ['the seed', () => settings(shop, { random_seed: 2 }), everyModel],
    ['the path transform', () => settings(shop, { path_transform: 'first' }), fittedOnPaths],
    [
      'the half-life of the decay',
      () => models(shop, 'time_decay,decay,,,,8,false,true,x,,'),
      ['time_decay'],
    ],
    [
      'the half-life of the hazard',
      () => models(shop, 'additive_hazard,additive_hazard,,,,8,false,true,x,channel,'),
      ['additive_hazard'],
    ],
    ['the order of a chain', () => models(shop, 'markov,markov,,,,,false,true,x,channel,2'), ['markov']],
    [
      'the level of a chain',
      () => models(shop, 'markov_campaign,markov,,,,,false,true,x,channel,1'),
      ['markov_campaign'],
    ],
    ['a weight', () => models(shop, 'position_based,ends,40,21,40,,false,true,x,,'), ['position_based']],
    ['the meaning of a model', () => models(shop, 'markov,markov,,,,,false,true,other words,channel,'), []],
    [
      'the number of models',
      () => models(shop, 'more,markov,,,,,false,true,x,channel,1', ...off({ linear: RULES.linear! })),
      [],
    ],
    ['what no model reads', () => settings(shop, { ropo_window_days: 3, data_label: 'Trial' }), []],
  ];

  test.each(changes)(
    'changes with %s for the models that depend on it, and no other',
    async (_, change, expected) => {
      change();
      const found = await hashes();
      const changed = [...found].filter(
        ([model, hash]) => standard.has(model) && standard.get(model) !== hash,
      );
      expect(changed.map(([model]) => model).sort()).toEqual(expected);
    },
  );

  test('changes with the end of journeys without purchase for models that are fitted on them, and for no rule', async () => {
    settings(shop, { null_path_gap_days: 20 });
    const found = await hashes();
    const changed = [...found]
      .filter(([model, hash]) => standard.get(model) !== hash)
      .map(([model]) => model);
    expect(changed).toEqual(expect.arrayContaining(['markov', 'markov_campaign', 'shapley_rate']));
    expect(changed.filter((model) => model in RULES)).toEqual([]);
  });

  test('tells models apart', () => {
    expect(new Set(standard.values()).size).toBe(13);
  });
});
