import { afterEach, describe, expect, test } from 'vitest';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { documentsMeant, explainReceipt } from '../../lib/pipeline/explain-receipt.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import {
  bucketsOf,
  giveAndBuild,
  order,
  personsOf,
  receipt,
  touch,
  view,
  visit,
  word,
} from './identity-shop.ts';

/** Consent is judged when something happens and again, by the latest word, when it is matched. */
let shop: TemporaryShop;
afterEach(() => shop?.remove());

const nobody = { person_id: null, person_id_now: null, person_id_then: null };
const anna = { customer_id: 'c-anna', anonymous_id: 'laptop' };
const history = {
  web_events: [
    view('anna-login', 1, anna),
    view('anna-unnamed', 2, { anonymous_id: 'laptop' }),
    view('bea', 2, { anonymous_id: 'tablet' }),
  ],
  touches: [
    touch('anna-letter', 3, { email: 'anna@example.com' }),
    touch('bea-letter', 3, { email: 'bea@example.com' }),
  ],
  store_visits: [visit('anna-visit', 4, { loyalty_id: 'card' })],
  orders: [
    order('anna-order', 5, '10', { customer_id: 'c-anna', email: 'anna@example.com', loyalty_id: 'card' }),
    order('bea-order', 5, '3', { email: 'bea@example.com' }),
  ],
  receipts: [receipt('anna-receipt', 6, '20', { loyalty_id: 'card' })],
};
const ofAnna = ['anna-login', 'anna-unnamed', 'anna-letter', 'anna-visit', 'anna-order', 'anna-receipt'];

describe('a person who says no afterwards', () => {
  test('is nobody any more on anything, earlier records included; others stay who they are', async () => {
    shop = await temporaryShop();
    await giveAndBuild(shop, history);
    const before = await personsOf(shop);
    expect(new Set(ofAnna.map((name) => before.get(name)!.person_id)).size).toBe(1);
    const buckets = await bucketsOf(shop);
    expect(buckets['attributed sale']).toBe(3300);

    // One word about one of the identifiers is about the person.
    await giveAndBuild(shop, { consents: [word(20, 'denied', { anonymous_id: 'laptop' })] });
    const after = await personsOf(shop);
    for (const name of ofAnna) expect(after.get(name), name).toMatchObject(nobody);
    for (const name of ['anna-login', 'anna-unnamed']) expect(after.get(name)!.device_id, name).toBeNull();
    for (const name of ['bea', 'bea-letter', 'bea-order'])
      expect(after.get(name), name).toEqual(before.get(name));
    expect(
      await shop.ask(
        "SELECT DISTINCT is_consent_denied, is_withdrawn, identified_by, consent FROM sale_persons WHERE document_id LIKE '%anna%'",
      ),
    ).toEqual([{ is_consent_denied: true, is_withdrawn: true, identified_by: null, consent: 'unknown' }]);
    expect(await bucketsOf(shop)).toEqual({
      ...buckets,
      'attributed sale': 300,
      'unattributed no_consent': 3000,
    });
    expect(await shop.ask('SELECT count(*) AS n FROM ropo_lines WHERE person_id IS NOT NULL')).toEqual([
      { n: 0 },
    ]);
    const reader = await openReader(shop.shop.directory);
    const published = (await reader.published())!;
    const [document] = await documentsMeant(published, 'anna-receipt', null);
    expect((await explainReceipt(published, document!)).person.why_unknown).toContain('withdrawn consent');
    reader.close();
    expect(await shop.ask('SELECT withdrawn_persons FROM identity_graph')).toEqual([
      { withdrawn_persons: 1 },
    ]);
    expect(await shop.ask('SELECT count(*) AS n FROM touchpoints WHERE person_id IS NOT NULL')).toEqual([
      { n: 2 },
    ]);
  });

  test('and yes later still is linked again, for all of it', async () => {
    shop = await temporaryShop();
    await giveAndBuild(shop, history);
    const before = await personsOf(shop);
    const graph = await shop.ask('SELECT graph_version FROM identity_graph');
    const words = [
      word(21, 'granted', { anonymous_id: 'laptop' }),
      word(20, 'denied', { anonymous_id: 'laptop' }),
    ];
    await giveAndBuild(shop, { consents: words });
    expect(await personsOf(shop)).toEqual(before);
    expect(await shop.ask('SELECT graph_version FROM identity_graph')).toEqual(graph);
    // About another identifier the latest word is still no.
    await giveAndBuild(shop, { consents: [word(19, 'denied', { email: 'anna@example.com' })] });
    expect((await personsOf(shop)).get('anna-login')).toMatchObject(nobody);
    expect(await shop.ask('SELECT graph_version FROM identity_graph')).not.toEqual(graph);
  });

  test('with two words at one instant has said no', async () => {
    shop = await temporaryShop();
    await giveAndBuild(shop, {
      ...history,
      consents: [
        word(20, 'granted', { customer_id: 'c-anna' }),
        word(20, 'denied', { customer_id: 'c-anna' }),
      ],
    });
    expect((await personsOf(shop)).get('anna-order')).toMatchObject(nobody);
    expect(await shop.ask('SELECT kind, consent FROM consent_words')).toEqual([
      { kind: 0, consent: 'denied' },
    ]);
  });

  test('known by one identifier only, which no link knows, is withdrawn too', async () => {
    shop = await temporaryShop();
    await giveAndBuild(shop, { ...history, consents: [word(20, 'denied', { anonymous_id: 'tablet' })] });
    const after = await personsOf(shop);
    expect(after.get('bea')).toMatchObject({ ...nobody, device_id: null });
    expect(after.get('bea-order')!.person_id).not.toBeNull();
    expect(after.get('anna-order')!.person_id).not.toBeNull();
  });

  test('takes a shared device off too, whoever else used it; what they did elsewhere stays', async () => {
    shop = await temporaryShop();
    await giveAndBuild(shop, {
      web_events: [
        view('a', 1, { customer_id: 'c-a', anonymous_id: 'kiosk' }),
        view('b', 2, { customer_id: 'c-b', anonymous_id: 'kiosk' }),
        view('b-at-home', 2, { customer_id: 'c-b', anonymous_id: 'laptop' }),
        view('unnamed', 3, { anonymous_id: 'kiosk' }),
      ],
      consents: [word(20, 'denied', { customer_id: 'c-a', anonymous_id: 'kiosk' })],
    });
    const after = await personsOf(shop);
    expect(after.get('a')).toMatchObject(nobody);
    expect(after.get('unnamed')).toMatchObject(nobody);
    expect(after.get('b')).toMatchObject({ ...nobody, device_id: null });
    expect(after.get('b-at-home')!.person_id).not.toBeNull();
  });

  test('takes the receipt along that only the order number told', async () => {
    shop = await temporaryShop();
    await giveAndBuild(shop, {
      orders: [order('o', 5, '10', { email: 'anna@example.com', fulfilment: 'click_and_collect' })],
      receipts: [receipt('handed-over', 6, '10', { order_id: 'o' })],
      consents: [word(20, 'denied', { email: 'anna@example.com' })],
    });
    expect((await personsOf(shop)).get('handed-over')).toMatchObject(nobody);
    expect(await shop.ask('SELECT DISTINCT is_withdrawn, is_consent_denied FROM sale_persons')).toEqual([
      { is_withdrawn: true, is_consent_denied: true },
    ]);
  });
});
