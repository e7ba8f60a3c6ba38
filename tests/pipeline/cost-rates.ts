import type { TemporaryShop } from '../temporary-shop.ts';
import { seedText } from './seed-file.ts';

const HEADER =
  'rate:varchar,what:varchar,stage:varchar,conversion_kind:varchar,channel:varchar,category:varchar,amount:double,currency:varchar,note:varchar';

/** Writes the shop's cost table, by rows without their note. */
export const costRates = (shop: TemporaryShop, ...rows: string[]): void =>
  seedText(shop, 'cost_rates.csv', [HEADER, ...rows.map((row) => `${row},`), ''].join('\n'));
