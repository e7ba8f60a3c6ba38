import { afterEach, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

const stores = [{ store_id: 's1', time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' }];
const lines = [{ sku: 'A1', amount: '10' }];
const order = (order_id: string, more: object) => ({
  order_id,
  occurred_at: '2025-03-01T10:00:00Z',
  currency: 'EUR',
  lines,
  ...more,
});
const receipt = (receipt_id: string, more: object) => ({
  receipt_id,
  store_id: 's1',
  occurred_at: '2025-03-03T10:00:00Z',
  lines,
  ...more,
});

let shop: TemporaryShop | undefined;
afterEach(() => shop?.remove());

/** What links each document, by its number. */
async function linksOf(records: Parameters<TemporaryShop['give']>[0]) {
  shop = await temporaryShop();
  for (const { rejected } of await shop.give({ stores, ...records })) expect(rejected).toEqual({});
  await shop.shop.build();
  const rows = await shop.ask(
    'SELECT document_id, person_id, identified_by, evidence_strength, is_consent_denied FROM sale_persons',
  );
  return new Map(rows.map((row) => [String(row.document_id).split('/').at(-1), row]));
}

describe('a receipt that names a web order', () => {
  test('and shows nobody is of the person of the order, as strong evidence', async () => {
    const links = await linksOf({
      orders: [
        order('collected', { fulfilment: 'click_and_collect', email: 'anna@example.com' }),
        order('reserved', { fulfilment: 'reserve_and_collect', anonymous_id: 'phone' }),
        order('of-nobody', {}),
      ],
      receipts: [
        receipt('hand-over', { order_id: 'collected' }),
        receipt('paid', { order_id: 'reserved' }),
        receipt('own-card', { order_id: 'collected', loyalty_id: 'L9' }),
        receipt('nobody', { order_id: 'of-nobody' }),
        receipt('unknown-order', { order_id: 'never-heard-of' }),
      ],
    });
    const ofOrder = { identified_by: 'order_id', evidence_strength: 'strong', is_consent_denied: false };
    expect(links.get('hand-over')).toMatchObject({
      ...ofOrder,
      person_id: links.get('collected')!.person_id,
    });
    expect(links.get('paid')).toMatchObject({ ...ofOrder, person_id: links.get('reserved')!.person_id });
    expect(links.get('collected')).toMatchObject({ identified_by: 'email', evidence_strength: 'medium' });
    expect(links.get('reserved')).toMatchObject({ identified_by: 'anonymous_id', evidence_strength: 'weak' });
    expect(links.get('own-card')).toMatchObject({ identified_by: 'loyalty_id', evidence_strength: 'strong' });
    expect(links.get('own-card')!.person_id).not.toBe(links.get('collected')!.person_id);
    for (const stranger of ['nobody', 'unknown-order'])
      expect(links.get(stranger), stranger).toMatchObject({
        person_id: null,
        identified_by: null,
        evidence_strength: null,
        is_consent_denied: false,
      });
  });

  test('stays without a person where either of the two denied consent, and consent is then why', async () => {
    const links = await linksOf({
      orders: [
        order('denied', { fulfilment: 'click_and_collect', email: 'anna@example.com', consent: 'denied' }),
        order('granted', { fulfilment: 'click_and_collect', email: 'bea@example.com' }),
      ],
      receipts: [
        receipt('of-denied', { order_id: 'denied' }),
        receipt('denies', { order_id: 'granted', consent: 'denied' }),
        receipt('own-name', { order_id: 'denied', loyalty_id: 'L1' }),
      ],
    });
    for (const id of ['of-denied', 'denies'])
      expect(links.get(id), id).toMatchObject({
        person_id: null,
        identified_by: null,
        is_consent_denied: true,
      });
    expect(links.get('own-name')).toMatchObject({ identified_by: 'loyalty_id', is_consent_denied: false });
  });
});

describe('how strong a key is as evidence', () => {
  test('is a row that a shop may change, and purchases carry it', async () => {
    shop = await temporaryShop();
    const { mkdirSync, writeFileSync } = await import('node:fs');
    mkdirSync(`${shop.root}/seeds`, { recursive: true });
    writeFileSync(
      `${shop.root}/seeds/identifier_evidence.csv`,
      'identified_by:varchar,evidence_strength:varchar,meaning:varchar\nloyalty_id,weak,Cards are lent here\n',
    );
    await shop.give({
      stores,
      receipts: [receipt('card', { loyalty_id: 'L1' }), receipt('mail', { email: 'a@example.com' })],
    });
    await shop.shop.build();
    expect(
      await shop.ask('SELECT receipt_id, identified_by, evidence_strength FROM conversions ORDER BY 1'),
    ).toEqual([
      { receipt_id: 'card', identified_by: 'loyalty_id', evidence_strength: 'weak' },
      { receipt_id: 'mail', identified_by: 'email', evidence_strength: 'medium' },
    ]);
  });

  test.each([
    ['loyalty_id,certain,', 'evidence_strength "certain" must be one of strong, medium, weak'],
    ['loyalty_id,,', 'evidence_strength "" is missing'],
    ['iris_scan,weak,', 'identified_by "iris_scan" must be one of customer_id'],
  ])('%s is refused', async (row, says) => {
    shop = await temporaryShop();
    const { mkdirSync, writeFileSync } = await import('node:fs');
    mkdirSync(`${shop.root}/seeds`, { recursive: true });
    writeFileSync(
      `${shop.root}/seeds/identifier_evidence.csv`,
      `identified_by:varchar,evidence_strength:varchar,meaning:varchar\n${row}\n`,
    );
    await expect(shop.shop.build()).rejects.toThrow(says);
  });
});
