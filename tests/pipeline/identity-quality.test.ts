import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';

const at = (day: number) => `2025-03-${String(day).padStart(2, '0')}T10:00:00Z`;
const receipt = (receipt_id: string, amount: string, who: object) => ({
  receipt_id,
  store_id: 'S1',
  business_date: '2025-03-20',
  occurred_at: at(20),
  total: amount,
  ...who,
  lines: [{ line_no: '1', sku: 'a', quantity: 1, amount }],
});

let shop: TemporaryShop;
let rows: Map<string, Record<string, unknown>>;

beforeAll(async () => {
  shop = await temporaryShop();
  await shop.give({
    stores: [{ store_id: 'S1', name: 'One', time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' }],
    web_events: [
      { event_id: '1', event: 'page', occurred_at: at(1), customer_id: 'C1', anonymous_id: 'd1' },
      { event_id: '2', event: 'page', occurred_at: at(2), anonymous_id: 'd1' },
      { event_id: '3', event: 'page', occurred_at: at(3), anonymous_id: 'd2' },
      { event_id: '4', event: 'page', occurred_at: at(3), anonymous_id: 'd3', consent: 'denied' },
      { event_id: '5', event: 'page', occurred_at: at(3), anonymous_id: 'd4', user_agent: 'Googlebot/2.1' },
      { event_id: '6', event: 'page', occurred_at: at(4), customer_id: 'C2', anonymous_id: 'sofa' },
      { event_id: '7', event: 'page', occurred_at: at(5), customer_id: 'C3', anonymous_id: 'sofa' },
    ],
    touches: [
      { touch_id: 't1', touch_type: 'email_open', occurred_at: at(6), email: 'a@example.com' },
      {
        touch_id: 't2',
        touch_type: 'email_open',
        occurred_at: at(6),
        customer_id: 'C1',
        email: 'b@example.com',
      },
    ],
    receipts: [
      receipt('1', '60.00', { customer_id: 'C1' }),
      receipt('2', '30.00', { payment_token: 'tok-1' }),
      receipt('3', '10.00', {}),
    ],
  });
  await shop.shop.build();
  const asked = await shop.ask('SELECT * FROM identity_quality');
  rows = new Map(asked.map(({ area, item, ...row }) => [`${area} ${String(item).trim()}`, row]));
});
afterAll(() => shop.remove());

const counts = (name: string) => {
  const { records, with_person, linked } = rows.get(name) ?? {};
  return [records, with_person, linked];
};

describe('identity quality', () => {
  test('counts records by source: bots aside, denied ones without a person, linked only beside another identifier', () => {
    expect(counts('source web events')).toEqual([6, 5, 2]);
    expect(counts('source touches')).toEqual([2, 2, 1]);
    expect(counts('source receipts')).toEqual([3, 2, 1]);
    expect(counts('source orders')).toEqual([undefined, undefined, undefined]);
  });

  test('counts identifiers by kind', () => {
    expect(counts('key customer')).toEqual([3, 3, 1]);
    expect(counts('key email')).toEqual([2, 2, 1]);
    expect(counts('key anonymous')).toEqual([3, 3, 1]);
    expect(counts('key payment')).toEqual([1, 1, 0]);
  });

  test('counts persons by size, shared identifiers, and links by the rule against them', () => {
    expect(counts('identifiers_of_person 3-5')).toEqual([1, 1, 3]);
    expect(counts('identifiers_of_person 1')).toEqual([3, 3, 3]);
    expect(rows.get('shared_identifiers anonymous: shared_device')?.records).toBe(1);
    expect(rows.get('refused_links shared_device')?.records).toBe(2);
  });

  test('shares out the revenue of all purchases by strength, to the cent', () => {
    const strengths = Array.from(rows).filter(([name]) => name.startsWith('match_strength'));
    expect(strengths.length).toBe(3);
    const sum = strengths.reduce((total, [, row]) => total + Number(row.revenue_minor), 0);
    expect(sum).toBe(10_000);
    for (const [, row] of strengths) expect(row.revenue_of_all_minor).toBe(10_000);
    expect(rows.get('match_strength strong')).toMatchObject({
      currency: 'EUR',
      revenue_minor: 6000,
      with_person: 1,
    });
    expect(rows.get('match_strength not identified')).toMatchObject({ revenue_minor: 1000, with_person: 0 });
  });
});
