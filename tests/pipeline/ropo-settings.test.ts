import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { seed, withoutSeeds } from './seed-file.ts';

let shop: TemporaryShop;
beforeAll(async () => {
  shop = await temporaryShop();
});
afterAll(() => shop?.remove());

describe('settings of ROPO', () => {
  test.each([
    ['ropo_min_persons,1,persons,', 'value "1" is no whole number of persons from 2'],
    ['ropo_min_persons,few,persons,', 'value "few" is no whole number of persons from 2'],
    ['loyalty_fraction,0,share,', 'value "0" is no share above 0 and up to 1'],
    ['loyalty_fraction,1.2,share,', 'value "1.2" is no share above 0 and up to 1'],
    ['transaction_upload_fraction,80%,share,', 'value "80%" is no share above 0 and up to 1'],
  ])('%s is refused with what it must be', async (row, says) => {
    seed(shop, 'settings', row);
    await expect(shop.shop.build()).rejects.toThrow(says);
    withoutSeeds(shop);
  });

  test('are read as they are given', async () => {
    seed(
      shop,
      'settings',
      'ropo_min_persons,12,persons,',
      'loyalty_fraction,0.75,share,',
      'transaction_upload_fraction,.5,share,',
    );
    await shop.shop.build();
    expect(
      await shop.ask('SELECT ropo_min_persons, loyalty_fraction, transaction_upload_fraction FROM settings'),
    ).toEqual([{ ropo_min_persons: 12, loyalty_fraction: 0.75, transaction_upload_fraction: 0.5 }]);
  });
});
