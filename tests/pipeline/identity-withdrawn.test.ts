import { afterEach, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { giveAndBuild, order, personsOf, receipt, touch, view, visit, word } from './identity-shop.ts';
import { seed } from './seed-file.ts';

/** Whoever withdrew is nobody on every record that carries an identifier of theirs, whichever it is. */
let shop: TemporaryShop;
afterEach(() => shop?.remove());

const nobody = { person_id: null, person_id_now: null, person_id_then: null };
const devices = async () =>
  (await shop.ask('SELECT DISTINCT device_id FROM sessions WHERE device_id IS NOT NULL')).length;

describe('a record that carries an identifier of a person who withdrew', () => {
  test('without consent of its own shows no device either, where unknown consent links nobody', async () => {
    shop = await temporaryShop();
    seed(shop, 'settings', 'match_unknown_consent,false,true or false,none');
    const anna = { customer_id: 'anna', anonymous_id: 'laptop' };
    const records = {
      web_events: [
        view('agreed', 1, { ...anna, consent: 'granted' }),
        view('unknown', 2, anna),
        view('laptop-alone', 2, { anonymous_id: 'laptop' }),
        view('tablet', 3, { anonymous_id: 'tablet' }),
        view('other', 3, { anonymous_id: 'phone' }),
      ],
    };
    await giveAndBuild(shop, records);
    const before = await personsOf(shop);
    expect([...before.values()].filter(({ device_id }) => device_id === null)).toEqual([]);
    expect(await devices()).toBe(3);
    await giveAndBuild(shop, {
      consents: [word(20, 'denied', { customer_id: 'anna' }), word(20, 'denied', { anonymous_id: 'tablet' })],
    });
    const after = await personsOf(shop);
    for (const name of ['agreed', 'unknown', 'laptop-alone', 'tablet'])
      expect(after.get(name), name).toMatchObject({ ...nobody, device_id: null });
    expect(after.get('other')).toEqual(before.get('other'));
    expect(await devices()).toBe(1);
  });

  /** Every weaker identifier that a record of somebody else carries: the card of another household, a till's device. */
  const said = ['loyalty_id', 'email', 'phone', 'anonymous_id'] as const;
  const value = { loyalty_id: 'card', email: 'x@example.com', phone: '+393471234567', anonymous_id: 'kiosk' };

  test.each(said)('as its %s, beside the account of somebody else, is of nobody', async (kind) => {
    shop = await temporaryShop();
    const both = (customer_id: string) => ({ customer_id, [kind]: value[kind] });
    const records = {
      web_events: [
        view('v-one', 1, both('one')),
        view('v-two', 2, both('two')),
        view('v-own', 2, { customer_id: 'two' }),
      ],
      touches: [touch('t-two', 2, both('two')), touch('t-own', 2, { customer_id: 'two' })],
      store_visits: [visit('s-two', 2, both('two')), visit('s-own', 2, { customer_id: 'two' })],
      receipts: [
        receipt('r-one', 3, '10', both('one')),
        receipt('r-two', 3, '20', both('two')),
        receipt('r-own', 3, '30', { customer_id: 'two' }),
      ],
    };
    await giveAndBuild(shop, records);
    const before = await personsOf(shop);
    expect(before.get('r-two')!.person_id).toBe(before.get('r-own')!.person_id);
    await giveAndBuild(shop, { consents: [word(20, 'denied', { [kind]: value[kind] })] });
    const after = await personsOf(shop);
    const isShared = (await shop.ask('SELECT 1 AS one FROM shared_identifiers')).length > 0;
    // Where the identifier joins both accounts, the one person of them is gone from the rest too.
    for (const name of ['v-two', 't-two', 's-two', 'r-two', 'v-one', 'r-one'])
      expect(after.get(name), name).toMatchObject({ ...nobody, device_id: null });
    if (isShared)
      for (const name of ['v-own', 't-own', 's-own', 'r-own'])
        expect(after.get(name), name).toEqual(before.get(name));
    expect(
      await shop.ask(
        "SELECT is_consent_denied, is_withdrawn, identified_by, evidence_strength FROM sale_persons WHERE document_id LIKE '%r-two'",
      ),
    ).toEqual([
      { is_consent_denied: true, is_withdrawn: true, identified_by: null, evidence_strength: null },
    ]);
    const [{ n } = { n: null }] = await shop.ask(
      "SELECT sum(revenue_minor) AS n FROM reconciliation WHERE model = 'linear' AND reason = 'no_consent'",
    );
    expect(n).toBe(isShared ? 3000 : 6000);
  });

  test('takes the receipt along that only the number of such an order told', async () => {
    shop = await temporaryShop();
    await giveAndBuild(shop, {
      orders: [
        order('o', 5, '10', { customer_id: 'one', email: 'x@example.com', fulfilment: 'click_and_collect' }),
        order('p', 5, '10', { customer_id: 'two', email: 'x@example.com' }),
      ],
      receipts: [
        receipt('told', 6, '10', { order_id: 'o' }),
        receipt('paid-by-card', 6, '10', { order_id: 'o', payment_token: 'tok-1' }),
        receipt('own', 6, '10', { order_id: 'o', customer_id: 'three' }),
      ],
      consents: [word(20, 'denied', { email: 'x@example.com' })],
    });
    const after = await personsOf(shop);
    for (const name of ['o', 'p', 'told', 'paid-by-card'])
      expect(after.get(name), name).toMatchObject(nobody);
    expect(after.get('own')!.person_id).not.toBeNull();
  });
});
