import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

const stores = [{ store_id: 's1', time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' }];
const lines = [{ sku: 'A1', amount: '10' }];
const at = (day: number) => `2025-03-${String(day).padStart(2, '0')}T10:00:00Z`;
const order = (order_id: string, more: object) => ({
  order_id,
  occurred_at: at(2),
  currency: 'EUR',
  lines,
  ...more,
});
const receipt = (receipt_id: string, more: object) => ({
  receipt_id,
  store_id: 's1',
  occurred_at: at(5),
  lines,
  ...more,
});

let shop: TemporaryShop;
afterEach(() => shop.remove());

const linksOf = async () =>
  new Map(
    (await shop.ask('SELECT document_id, person_id, identified_by, evidence_strength FROM sale_persons')).map(
      (row) => [String(row.document_id).split('/').at(-1)!, row],
    ),
  );

describe('a card token', () => {
  test('links a receipt to whoever paid an order with that card, as the weakest evidence', async () => {
    shop = await temporaryShop();
    await shop.give({
      stores,
      web_events: [
        {
          event_id: 'v',
          event: 'Product Viewed',
          occurred_at: at(1),
          anonymous_id: 'phone',
          sku: 'A1',
          url: 'https://shop.example/?utm_source=news&utm_medium=email',
        },
        {
          event_id: 'l',
          event: 'Signed In',
          occurred_at: '2025-03-01T10:05:00Z',
          anonymous_id: 'phone',
          customer_id: 'c1',
        },
      ],
      orders: [
        order('account', { customer_id: 'c1', payment_token: 'tok_A' }),
        order('guest', { anonymous_id: 'tablet', payment_token: 'tok_B' }),
      ],
      receipts: [
        receipt('same-card', { payment_token: 'tok_A' }),
        receipt('guest-card', { payment_token: 'tok_B' }),
        receipt('new-card', { payment_token: 'tok_C' }),
        receipt('card-and-loyalty', { payment_token: 'tok_D', loyalty_id: 'L1' }),
        receipt('hidden', { payment_token: '411111******1111' }),
      ],
    });
    await shop.shop.build();
    const links = await linksOf();
    const weak = { identified_by: 'payment_token', evidence_strength: 'weak' };
    expect(links.get('same-card')).toEqual({
      ...links.get('same-card'),
      ...weak,
      person_id: links.get('account')!.person_id,
    });
    expect(links.get('guest-card')).toMatchObject({ ...weak, person_id: links.get('guest')!.person_id });
    expect(links.get('guest')).toMatchObject({ identified_by: 'anonymous_id' });
    expect(links.get('new-card')).toMatchObject({ ...weak, person_id: expect.stringMatching(/^p.{11}$/) });
    expect(links.get('card-and-loyalty')).toMatchObject({ identified_by: 'loyalty_id' });
    expect(links.get('hidden')).toMatchObject({ person_id: null, identified_by: null });
    const paths = await shop.ask(
      "SELECT channel_path FROM paths_to_conversion WHERE conversion_id LIKE '%same-card'",
    );
    expect(paths).toEqual([{ channel_path: 'Email' }]);
  });

  test('that two people pay with joins neither of them, and is nobody’s receipt but its own', async () => {
    shop = await temporaryShop();
    await shop.give({
      stores,
      orders: [
        order('anna', { email: 'anna@example.com', payment_token: 'joint' }),
        order('bea', { email: 'bea@example.com', payment_token: 'joint' }),
      ],
      receipts: [receipt('one', { payment_token: 'joint' }), receipt('two', { payment_token: 'joint' })],
    });
    await shop.shop.build();
    const links = await linksOf();
    const persons = ['anna', 'bea', 'one'].map((id) => links.get(id)!.person_id);
    expect(new Set(persons).size).toBe(3);
    expect(links.get('two')!.person_id).toBe(links.get('one')!.person_id);
    expect(await shop.ask('SELECT rule, strong_kind, weak_kind FROM refused_links')).toEqual([
      { rule: 'shared_payment', strong_kind: 2, weak_kind: 5 },
      { rule: 'shared_payment', strong_kind: 2, weak_kind: 5 },
    ]);
    expect(await shop.ask('SELECT kind, rule, people, links FROM shared_identifiers')).toEqual([
      { kind: 5, rule: 'shared_payment', people: 2, links: 2 },
    ]);
  });

  test('goes after the order that a receipt names', async () => {
    shop = await temporaryShop();
    await shop.give({
      stores,
      orders: [order('o', { customer_id: 'c1', fulfilment: 'click_and_collect' })],
      receipts: [receipt('r', { order_id: 'o', payment_token: 'tok_never_seen' })],
    });
    await shop.shop.build();
    const links = await linksOf();
    expect(links.get('r')).toMatchObject({
      identified_by: 'order_id',
      evidence_strength: 'strong',
      person_id: links.get('o')!.person_id,
    });
  });

  test('that is a card number is refused, and the number is nowhere in the shop', async () => {
    shop = await temporaryShop();
    await shop.give({ stores });
    const pan = '4111111111111111';
    const spaced = '4111 1111 1111 1111';
    const results = await shop.give({
      receipts: [
        receipt('r1', { payment_token: pan }),
        receipt('r2', { payment_token: spaced }),
        receipt('r3', {}),
      ],
      orders: [order('o1', { payment_token: pan })],
    });
    expect(results.map(({ rejected, stored }) => ({ rejected, stored }))).toEqual([
      { rejected: { card_number: 2 }, stored: 1 },
      { rejected: { card_number: 1 }, stored: 0 },
    ]);
    await shop.giveFile(
      'receipts',
      'tills.csv',
      `receipt_id,store_id,occurred_at,payment_token,amount\nr4,s1,${at(3)},${spaced},5\nr5,s1,${at(3)},${pan},5\nr5,s1,${at(3)},tok_1,5\n`,
    );
    const kept = await shop.shop.importer.lake.rejections();
    expect(kept.map(({ reason }) => reason).sort()).toEqual([
      'card_number',
      'card_number',
      'card_number',
      'card_number',
      'unreadable',
    ]);
    for (const rejection of kept) expect(JSON.stringify(rejection)).not.toMatch(/4111/);
    for (const { record } of kept) if (record) expect(record).toContain('[card number removed]');
  });
});

describe('a lake from before card tokens', () => {
  test('builds as it did, alone and beside new files', async () => {
    shop = await temporaryShop();
    await shop.give({ stores, receipts: [receipt('old', { loyalty_id: 'L1' })] });
    const folder = join(shop.root, 'lake', 'raw_sales');
    const engine = await openEngine({ spillDirectory: join(shop.root, 'spill') });
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      await engine.run(
        `CREATE TEMP TABLE old AS SELECT * EXCLUDE (payment_key) FROM read_parquet('${file}')`,
      );
      await engine.run(`COPY old TO '${file}' (FORMAT parquet); DROP TABLE old`);
    }
    engine.close();
    await shop.shop.build();
    expect((await linksOf()).get('old')).toMatchObject({ identified_by: 'loyalty_id' });
    await shop.give({
      receipts: [receipt('old', { loyalty_id: 'L1' }), receipt('new', { payment_token: 'tok' })],
    });
    await shop.shop.build();
    const links = await linksOf();
    expect(links.get('old')).toMatchObject({ identified_by: 'loyalty_id' });
    expect(links.get('new')).toMatchObject({ identified_by: 'payment_token' });
    expect(await shop.ask('SELECT count(*) AS n FROM sale_lines')).toEqual([{ n: 2 }]);
  });
});
