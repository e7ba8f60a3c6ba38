import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type Records, type TemporaryShop, temporaryShop } from './temporary-shop.ts';

/**
 * Worked examples: what a shop delivers, and the rows that must come out. Each file of tests/cases is one:
 * `given` holds records by contract, `expect` what each SELECT on the published build must return.
 */
interface Case {
  about: string;
  given: Records;
  seeds?: Record<string, string>;
  expect: { select: string; rows: Record<string, unknown>[] }[];
}

const folder = fileURLToPath(new URL('./cases', import.meta.url));
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => ({
    name: name.replace('.json', ''),
    ...(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Case),
  }));

describe('worked examples', () => {
  let shop: TemporaryShop | undefined;
  afterEach(() => shop?.remove());

  test.each(cases)('$name: $about', async ({ given, expect: expected }) => {
    shop = await temporaryShop();
    for (const result of await shop.give(given)) {
      expect({ source: result.source, rejected: result.rejected, waiting: result.waiting }).toEqual({
        source: result.source,
        rejected: {},
        waiting: 0,
      });
    }
    await shop.shop.build();
    for (const { select, rows } of expected) expect(await shop.ask(select), select).toEqual(rows);
  });
});
