import { afterEach, describe, expect, test } from 'vitest';
import { createIdentify } from '../../lib/domain/identifier.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { giveAndBuild, order, personsOf, receipt } from './identity-shop.ts';

/** Which identifiers of a document count that was told more than once. */
let shop: TemporaryShop;
afterEach(() => shop?.remove());

const keyOf = (customer_id: string) =>
  createIdentify(process.env.ROPO_IDENTITY_SECRET!)({ customer_id }, null).customer_key!;
/** So many that the order of their hashes cannot make it right by chance. */
const numbers = Array.from({ length: 16 }, (_, n) => n);

describe('an order that was told with the wrong account and then corrected', () => {
  test('links its email with the right account, and nothing with the wrong one', async () => {
    shop = await temporaryShop();
    const told = (n: number, revision: number, who: object) => order(`k${n}`, 5, '10', { revision, ...who });
    await giveAndBuild(shop, {
      orders: numbers.flatMap((n) => [
        told(n, 0, { customer_id: `wrong${n}`, email: `e${n}@example.com` }),
        // Every other correction says no email: the one from before stays.
        told(n, 1, { customer_id: `right${n}`, ...(n % 2 === 0 ? { email: `e${n}@example.com` } : {}) }),
      ]),
      receipts: numbers.map((n) => receipt(`r${n}`, 6, '20', { email: `e${n}@example.com` })),
    });
    const pairs = (
      await shop.ask('SELECT strong_key, weak_kind FROM identity_pairs ORDER BY strong_key')
    ).map(({ strong_key, weak_kind }) => `${strong_key} ${weak_kind}`);
    expect(pairs).toEqual(numbers.map((n) => `${keyOf(`right${n}`)} 2`).sort());
    const persons = await personsOf(shop);
    for (const n of numbers) {
      expect(persons.get(`k${n}`)!.person_id, `k${n}`).toBe(`p${keyOf(`right${n}`).slice(0, 11)}`);
      expect(persons.get(`r${n}`)!.person_id, `r${n}`).toBe(persons.get(`k${n}`)!.person_id);
    }
  });

  test('whose last version names no account has that of the best version that does', async () => {
    shop = await temporaryShop();
    await giveAndBuild(shop, {
      orders: numbers.flatMap((n) => [
        order(`k${n}`, 5, '10', { revision: 0, customer_id: `wrong${n}` }),
        order(`k${n}`, 5, '10', { revision: 1, customer_id: `right${n}` }),
        order(`k${n}`, 5, '10', { revision: 2, email: `e${n}@example.com` }),
      ]),
    });
    const keys = await shop.ask('SELECT DISTINCT customer_key FROM identity_evidence ORDER BY 1');
    expect(keys.map(({ customer_key }) => customer_key)).toEqual(
      numbers.map((n) => keyOf(`right${n}`)).sort(),
    );
    const persons = await personsOf(shop);
    for (const n of numbers)
      expect(persons.get(`k${n}`)!.person_id).toBe(`p${keyOf(`right${n}`).slice(0, 11)}`);
  });
});
