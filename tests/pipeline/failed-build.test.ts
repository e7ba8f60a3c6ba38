import { existsSync, readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { currentBuild } from '../../lib/adapters/embedded/warehouse.ts';
import { BuildCheckFailed } from '../../lib/pipeline/build-tables.ts';
import type { BuildManifest } from '../../lib/ports.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { seed, seedText, withoutSeeds } from './seed-file.ts';

/** A build that cannot be right publishes nothing, leaves nothing behind, and says why. */
let shop: TemporaryShop;
let published: BuildManifest;

beforeAll(async () => {
  shop = await temporaryShop();
  await shop.give({
    touches: [
      {
        touch_id: 't1',
        occurred_at: '2025-02-27T10:00:00Z',
        touch_type: 'click',
        utm_source: 'a',
        utm_medium: 'email',
        customer_id: 'c1',
      },
      {
        touch_id: 't2',
        occurred_at: '2025-02-28T10:00:00Z',
        touch_type: 'click',
        utm_source: 'b',
        utm_medium: 'sms',
        customer_id: 'c1',
      },
      {
        touch_id: 't3',
        occurred_at: '2025-03-01T09:00:00Z',
        touch_type: 'click',
        utm_source: 'c',
        utm_medium: 'cpc',
        customer_id: 'c1',
      },
    ],
    orders: [
      {
        order_id: 'o1',
        occurred_at: '2025-03-01T10:00:00Z',
        currency: 'EUR',
        customer_id: 'c1',
        lines: [{ amount: '10' }],
      },
    ],
  });
  published = await shop.shop.build();
});
afterAll(() => shop.remove());
afterEach(() => withoutSeeds(shop));

const failure = async () => {
  try {
    await shop.shop.build();
  } catch (error) {
    return error as Error;
  }
  return null;
};

/** The build from before is the one that readers see, and the only one there is. */
async function expectOldBuild() {
  expect(currentBuild(shop.shop.directory)).toBe(published.build_id);
  expect(readdirSync(shop.shop.directory.builds)).toEqual([published.build_id]);
  expect(existsSync(`${shop.shop.directory.current}.tmp`)).toBe(false);
  expect(await shop.ask("SELECT sum(revenue_minor) AS n FROM credits WHERE model = 'linear'")).toEqual([
    { n: 1000 },
  ]);
}

describe('a model without any weight', () => {
  test('fails the reconciliation, which names itself, the model and the sums', async () => {
    seed(shop, 'attribution_models', 'weightless,ends,0,0,0,,false,true,All for nobody');
    const error = await failure();
    expect(error).toBeInstanceOf(BuildCheckFailed);
    expect(error?.message).toContain('Check revenue_reconciles failed');
    expect(error?.message).toContain(
      '"model":"weightless","currency":"EUR","received_minor":1000,"accounted_minor":0',
    );
    await expectOldBuild();
  });

  test('does no harm where it is switched off', async () => {
    seed(shop, 'attribution_models', 'weightless,ends,0,0,0,,false,false,All for nobody');
    published = await shop.shop.build();
    expect(await shop.ask("SELECT count(*) AS n FROM credits WHERE model = 'weightless'")).toEqual([
      { n: 0 },
    ]);
    withoutSeeds(shop);
    const builds = readdirSync(shop.shop.directory.builds);
    expect(builds.length).toBe(2);
  });
});

describe('a seed file that does not fit', () => {
  const broken: [string, string, string, RegExp][] = [
    [
      'a cell of the wrong type',
      'conversion_kinds.csv',
      'conversion_kind:varchar,lookback_days:bigint,lookback_steps:bigint,reuses_touches:boolean,meaning:varchar\norder,30,50,true,\nreceipt,a month,50,true,\n',
      /conversion_kinds\.csv, line 3: lookback_days "a month" is no whole number/,
    ],
    [
      'a boolean that is none',
      'conversion_kinds.csv',
      'conversion_kind:varchar,lookback_days:bigint,lookback_steps:bigint,reuses_touches:boolean,meaning:varchar\norder,30,50,yes,\n',
      /conversion_kinds\.csv, line 2: reuses_touches "yes" is neither true nor false/,
    ],
    [
      'a file that is no seed',
      'chanel_rules.csv',
      'rule:bigint\n',
      /chanel_rules\.csv is no seed; the seeds are attribution_models\.csv, /,
    ],
    [
      'other columns',
      'own_hosts.csv',
      'host:varchar,why:varchar\nx,y\n',
      /own_hosts\.csv has columns host, why; expected host, meaning/,
    ],
    [
      'an unknown type',
      'own_hosts.csv',
      'host:text,meaning:varchar\nx,y\n',
      /own_hosts\.csv: column "host" has type "text"; it must be one of varchar/,
    ],
    [
      'a row that is too long',
      'own_hosts.csv',
      'host:varchar,meaning:varchar\nx,y,z\n',
      /own_hosts\.csv.*line 2/,
    ],
    ['an open quote', 'own_hosts.csv', 'host:varchar,meaning:varchar\n"x,y\n', /own_hosts\.csv.*line 2/s],
    [
      'the same key twice',
      'own_hosts.csv',
      'host:varchar,meaning:varchar\nx.com,one\nx.com,two\n',
      /own_hosts\.csv.*"?x\.com/,
    ],
    [
      'a setting that is no number',
      'settings.csv',
      'name:varchar,value:varchar,unit:varchar,meaning:varchar\nropo_window_days,two weeks,,\n',
      /settings.*ropo_window_days.*two weeks/s,
    ],
    [
      'a zone that is none',
      'settings.csv',
      'name:varchar,value:varchar,unit:varchar,meaning:varchar\nreporting_zone,Europe/Roma,,\n',
      /settings.*reporting_zone.*Europe\/Roma/s,
    ],
    [
      'a setting that is not known',
      'settings.csv',
      'name:varchar,value:varchar,unit:varchar,meaning:varchar\nropo_window_day,7,,\n',
      /settings.*ropo_window_day\b/s,
    ],
    [
      'a pattern that is none',
      'channel_rules.csv',
      'rule:bigint,channel:varchar,source_category:varchar,source_pattern:varchar,medium_pattern:varchar,campaign_pattern:varchar,origin:varchar\n10,Mine,,(open,,,\n',
      /channel_rules.*\(open/s,
    ],
  ];

  test.each(broken)('with %s fails the build and names file, place and cell', async (_, file, text, says) => {
    const before = readdirSync(shop.shop.directory.builds);
    seedText(shop, file, text);
    expect((await failure())?.message ?? 'it was built').toMatch(says);
    expect(currentBuild(shop.shop.directory)).toBe(published.build_id);
    expect(readdirSync(shop.shop.directory.builds)).toEqual(before);
  });

  test('may leave out cells at the end of a row', async () => {
    seedText(shop, 'own_hosts.csv', '\uFEFFhost:varchar,meaning:varchar\r\npay.example\r\n');
    published = await shop.shop.build();
    expect(await shop.ask("SELECT meaning FROM seed_own_hosts WHERE host = 'pay.example'")).toEqual([
      { meaning: null },
    ]);
  });

  test('is no file that quotes its text: apostrophes stay text', async () => {
    seedText(
      shop,
      'own_hosts.csv',
      'host:varchar,meaning:varchar\npay.example,"it\'s ours\'); DROP VIEW x; --"\n',
    );
    published = await shop.shop.build();
    expect(await shop.ask("SELECT meaning FROM seed_own_hosts WHERE host = 'pay.example'")).toEqual([
      { meaning: "it's ours'); DROP VIEW x; --" },
    ]);
  });
});
