import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { currentBuild } from '../../lib/adapters/embedded/warehouse.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { seedText, withoutSeeds } from './seed-file.ts';

/** Rows about models that no build can follow. */
let shop: TemporaryShop;
beforeAll(async () => {
  shop = await temporaryShop();
  await shop.shop.build();
});
afterAll(() => shop?.remove());
afterEach(() => withoutSeeds(shop));

describe('a row that cannot be', () => {
  const row = (model: string, columns: string) => [
    'attribution_models.csv',
    `model:varchar,basis:varchar,first_weight:double,middle_weight:double,last_weight:double,half_life_days:double,skips_direct:boolean,is_enabled:boolean,meaning:varchar,level:varchar,markov_order:bigint\nfine,even,,,,,false,true,,,\n${model},${columns}\n`,
  ];
  const setting = (name: string, value: string) => [
    'settings.csv',
    `name:varchar,value:varchar,unit:varchar,meaning:varchar\n${name},${value},,\n`,
  ];
  const broken: [string, string[], RegExp][] = [
    [
      'a fifth order',
      row('m', 'markov,,,,,false,true,x,channel,5'),
      /line 3: markov_order "5" must be from 1 to 4/,
    ],
    [
      'order 0',
      row('m', 'markov,,,,,false,true,x,channel,0'),
      /line 3: markov_order "0" must be from 1 to 4/,
    ],
    [
      'half an order',
      row('m', 'markov,,,,,false,true,x,channel,1.5'),
      /line 3: markov_order "1.5" is no whole number/,
    ],
    [
      'another level',
      row('m', 'markov,,,,,false,true,x,foo,1'),
      /line 3: level "foo" must be one of channel, campaign/,
    ],
    ['no basis', row('m', ',,,,,false,true,x,channel,1'), /line 3: basis "" /],
    [
      'another basis',
      row('m', 'markow,,,,,false,true,x,channel,1'),
      /line 3: basis "markow" must be one of ends, .*additive_hazard/,
    ],
    [
      'a hazard that never fades',
      row('m', 'additive_hazard,,,,,false,true,x,channel,'),
      /line 3: half_life_days "" is missing: additive_hazard needs one/,
    ],
    [
      'a hazard that fades at once',
      row('m', 'additive_hazard,,,,0,false,true,x,channel,'),
      /line 3: half_life_days "0" must be above zero/,
    ],
    [
      'a hazard that never fades, in a file of the older columns',
      [
        'attribution_models.csv',
        'model:varchar,basis:varchar,first_weight:double,middle_weight:double,last_weight:double,half_life_days:double,skips_direct:boolean,is_enabled:boolean,meaning:varchar\nm,additive_hazard,,,,,false,true,x\n',
      ],
      /line 2: half_life_days "" is missing: additive_hazard needs one/,
    ],
    [
      'another transform',
      setting('path_transform', 'foo'),
      /row path_transform: value "foo" must be one of unique, exposure, first, /,
    ],
    ['no transform', setting('path_transform', ''), /row path_transform: value "" must be one of unique/],
    [
      'certainty',
      setting('interval_level', '100'),
      /row interval_level: value "100" is no percentage from 50 to below 100/,
    ],
    [
      'less than even odds',
      setting('interval_level', '40'),
      /row interval_level: value "40" is no percentage from 50/,
    ],
    [
      'a level in words',
      setting('interval_level', 'ninety'),
      /row interval_level: value "ninety" is no percentage/,
    ],
    [
      'too many replicates',
      setting('interval_replicates', '20000'),
      /row interval_replicates: value "20000" is no whole number from 0 to 10000/,
    ],
    [
      'less than no replicates',
      setting('interval_replicates', '-1'),
      /row interval_replicates: value "-1" is no whole number from 0/,
    ],
    [
      'part of a replicate',
      setting('interval_replicates', '10.5'),
      /row interval_replicates: value "10.5" is no whole number from 0/,
    ],
    [
      'a seed in words',
      setting('random_seed', 'lucky'),
      /row random_seed: value "lucky" is no whole number below a billion/,
    ],
    [
      'a seed below zero',
      setting('random_seed', '-1'),
      /row random_seed: value "-1" is no whole number below a billion/,
    ],
    [
      'a seed too large',
      setting('random_seed', '1000000000'),
      /row random_seed: value "1000000000" is no whole number below a billion/,
    ],
  ];

  test.each(broken)(
    '%s: the build fails, names file, place and value, and what was published stays',
    async (_, [file, text], says) => {
      const published = currentBuild(shop.shop.directory);
      const builds = readdirSync(shop.shop.directory.builds);
      seedText(shop, file!, text!);
      const message = await shop.shop.build().then(
        () => 'it was built',
        (error: Error) => error.message,
      );
      expect(message).toContain(file);
      expect(message).toMatch(says);
      expect(currentBuild(shop.shop.directory)).toBe(published);
      expect(readdirSync(shop.shop.directory.builds)).toEqual(builds);
    },
  );
});
