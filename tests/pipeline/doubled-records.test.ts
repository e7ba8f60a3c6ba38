import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { giveAndBuild, receipt, view } from './identity-shop.ts';

/** The lake holds a record once. Should it ever hold one twice, no build counts it twice. */
let shop: TemporaryShop;
afterEach(() => shop?.remove());

describe('a lake that holds a record twice', () => {
  test.each([
    ['raw_events', 'web event'],
    ['raw_sales', 'line of sale'],
  ])('in %s fails the build, which names the record', async (table, what) => {
    shop = await temporaryShop();
    await giveAndBuild(shop, {
      web_events: [view('v', 1, { customer_id: 'c' })],
      receipts: [receipt('r', 2, '10', { customer_id: 'c' })],
    });
    const folder = join(shop.root, 'lake', table);
    const [file] = readdirSync(folder);
    const copy = join(folder, `copy-${file}`);
    copyFileSync(join(folder, file!), copy);
    await expect(shop.shop.build()).rejects.toThrow(
      new RegExp(`Check keys_are_unique failed.*"what":"${what}","id":"[^"]+","copies":2`),
    );
    rmSync(copy);
    await shop.shop.build();
  });
});
