import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { shopifyOrders } from '../../lib/formats/shopify-orders.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { allOf, contractErrors, fileOf, unreadableOf, valuesOf } from './input.ts';
import { cancelledOrder, francOrder, tillOrder, tillRefund, webOrder } from './shopify-fixtures.ts';

const read = (text: string) => allOf(shopifyOrders.read([fileOf('orders.json', text)]));
const readAll = (...documents: unknown[]) => read(documents.map((d) => JSON.stringify(d)).join('\n'));

describe('Shopify orders', () => {
  test('a web order becomes an order and its refund, lines after their discounts, taxes inside', async () => {
    const records = await readAll(webOrder);
    expect(contractErrors(records)).toEqual([]);
    expect(records.map(({ kind }) => kind)).toEqual(['orders', 'refunds']);
    const [order, refund] = valuesOf(records);
    expect(order).toEqual({
      order_id: '5001',
      occurred_at: '2025-03-09T23:59:30+01:00',
      customer_id: '900719925474',
      email: 'Joerg.Muessig@Example.org',
      currency: 'EUR',
      total: '104.87',
      tax_included: true,
      revision: Date.parse('2025-03-20T10:00:00+01:00'),
      lines: [
        { sku: 'MÜTZE-01', product_id: '71', quantity: '3', amount: '49.97', tax: '7.98' },
        { sku: '44871', product_id: '72', quantity: '1', amount: '0.00' },
        { line_kind: 'gift_card', sku: 'GUTSCHEIN', product_id: '73', quantity: '1', amount: '50.00' },
        { line_kind: 'shipping', amount: '4.90', tax: '0.78' },
      ],
    });
    expect(refund).toMatchObject({ refund_id: '801', order_id: '5001', total: '20.78', currency: 'EUR' });
  });

  test('nothing but identifiers is kept of a person, in a record that is refused either', async () => {
    const [record] = await readAll({ ...webOrder, total_price: '1.00' });
    const kept = JSON.stringify(record);
    for (const personal of ['Jörg', 'Müßig', 'Domstraße', 'Grünwald', '203.0.113.9', '4242', '0221'])
      expect(kept).not.toContain(personal);
  });

  test('consent to marketing says nothing of consent to measurement', async () => {
    const [order] = valuesOf(await readAll(webOrder));
    expect(order).not.toHaveProperty('consent');
  });

  test('a refund reads the same in its order and alone', async () => {
    const inside = (await readAll({ ...tillOrder, refunds: [tillRefund] })).find((r) => r.kind === 'refunds');
    const [alone] = await readAll(tillRefund);
    expect(alone!.value).toEqual(inside!.value);
    expect(alone!.value).toMatchObject({ tax_included: false, total: '32.40', order_id: '5002' });
  });

  test('a refund of less than its lines is cut in proportion, and of more has the rest as service', async () => {
    const paid = (amount: string) => ({
      ...tillRefund,
      refund_line_items: [
        ...tillRefund.refund_line_items,
        { ...tillRefund.refund_line_items[0], subtotal: '7.01', total_tax: '0.00', subtotal_set: undefined },
      ],
      transactions: [{ kind: 'refund', status: 'success', amount, currency: 'USD' }],
    });
    const sumOf = (lines: Record<string, string>[], withTax: boolean) =>
      lines.reduce((total, { amount, tax = 0 }) => total + Number(amount) + (withTax ? Number(tax) : 0), 0);
    const [alone] = valuesOf(await readAll(paid('10.00')));
    expect(alone!.lines).toHaveLength(2);
    expect(sumOf(alone!.lines!, alone!.tax_included === false)).toBeCloseTo(10, 10);
    const [, known] = valuesOf(await readAll({ ...tillOrder, refunds: [paid('10.00')] }));
    expect(known).toMatchObject({ tax_included: false, revision: 1 });
    expect(sumOf(known!.lines!, true)).toBeCloseTo(10, 10);
    const over = { ...tillRefund, transactions: paid('40.00').transactions };
    const [, more] = valuesOf(await readAll({ ...tillOrder, refunds: [over] }));
    expect(more!.lines!.at(-1)).toEqual({ line_kind: 'service', amount: '7.60' });
  });

  test('money that goes back without a line counts, and a line without money does not', async () => {
    const [goodwill] = valuesOf(await readAll({ ...tillRefund, refund_line_items: [] }));
    expect(goodwill).toMatchObject({ amount: '32.40' });
    expect(goodwill).not.toHaveProperty('lines');
    const unpaid = [{ kind: 'refund_discrepancy', amount: '32.40', tax_amount: '0' }];
    expect(await readAll({ ...tillRefund, transactions: [], order_adjustments: unpaid })).toEqual([]);
  });

  test('test orders are no records', async () => {
    expect(await readAll({ ...webOrder, test: true })).toEqual([]);
  });

  test.each([
    ['lines', [webOrder, tillOrder].map((o) => JSON.stringify(o)).join('\n')],
    ['an array', JSON.stringify([webOrder, tillOrder])],
    ['an object with orders', JSON.stringify({ orders: [webOrder, tillOrder] })],
    ['pretty-printed', `\uFEFF${JSON.stringify({ orders: [webOrder, tillOrder] }, null, 2)}\r\n`],
    ['answers as lines', [webOrder, tillOrder].map((o) => JSON.stringify({ order: o })).join('\r\n')],
    ['an array over lines', `[\n${JSON.stringify(webOrder)},\n${JSON.stringify(tillOrder)}\n]`],
  ])('reads %s alike', async (_, text) => {
    const kinds = (await read(text)).map(({ kind }) => kind);
    expect(kinds).toEqual(['orders', 'refunds', 'receipts']);
  });

  test('an answer that is longer than a line may be is read', async () => {
    const many = Array.from({ length: 900 }, (_, i) => ({ ...webOrder, id: 9000 + i, refunds: [] }));
    const text = JSON.stringify({ orders: many });
    expect(text.length).toBeGreaterThan(1_048_576);
    expect(await read(text)).toHaveLength(900);
  });

  test('what cannot be read is set aside by itself', async () => {
    const badPrice = {
      ...tillOrder,
      line_items: [{ ...tillOrder.line_items[0], price: '30,00' }],
    };
    const broken = [
      '{"id":1,',
      JSON.stringify(badPrice),
      JSON.stringify({ ...webOrder, id: null }),
      '17',
      JSON.stringify(tillOrder),
    ].join('\n');
    const records = await read(broken);
    expect(unreadableOf(records)).toEqual(['1 not_json', '2 bad_number', '3 no_order_id', '4 not_object']);
    expect(records.at(-1)).toMatchObject({ kind: 'receipts', line: 5 });
    for (const junk of ['[', '{"orders":[', '[1,null]', '{', 'null', '[[[[']) {
      const found = await read(junk);
      expect(found.length).toBeGreaterThan(0);
      expect(found.every(({ unreadable }) => unreadable !== undefined)).toBe(true);
    }
    expect(await read('')).toEqual([]);
  });
});

test('whatever an order or refund holds, it becomes records or reasons', async () => {
  const odd = (document: object) => fc.dictionary(fc.constantFrom(...Object.keys(document)), fc.jsonValue());
  const amount = fc.oneof(fc.jsonValue(), fc.constantFrom('-1.00', '1e999', '1e-999', '9'.repeat(70), '0'));
  await fc.assert(
    fc.asyncProperty(odd(webOrder), odd(tillRefund), amount, async (ofOrder, ofRefund, paid) => {
      const refund = { ...tillRefund, ...ofRefund };
      const money = [{ kind: 'refund', amount: paid, currency: 'USD' }];
      const records = await readAll(
        {
          ...webOrder,
          refunds: [refund, { ...tillRefund, transactions: money }],
          total_price: paid,
          ...ofOrder,
        },
        refund,
      );
      for (const { original, line } of records)
        expect([typeof original, typeof line]).toEqual(['string', 'number']);
    }),
    { numRuns: 400 },
  );
});

test('a name that stands twice is told, and what is nested too deeply costs nobody else', async () => {
  const twice = JSON.stringify(tillOrder).replace('"total_price"', '"total_price":"1.00","total_price"');
  const lines = await read(`${twice}\n${JSON.stringify(tillOrder)}`);
  expect(lines.map((record) => 'repeatsName' in record && record.repeatsName)).toEqual([true, false]);
  const [inList] = await read(`[\n${twice}\n]`);
  expect(inList).toMatchObject({ repeatsName: true });
  const deep = `{"id":1,"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  const records = await read(`[${deep},\n${JSON.stringify(tillOrder)}]`);
  expect(records).toMatchObject([
    { reason: 'too_large', line: 1 },
    { kind: 'receipts', line: 2 },
  ]);
});

describe('built tables of a Shopify shop', () => {
  let shop: TemporaryShop;
  afterEach(() => shop.remove());

  test('revenue, returns by line, and one person over both channels', async () => {
    shop = await temporaryShop();
    await shop.give({
      stores: [{ store_id: '77', time_zone: 'America/New_York', currency: 'USD', country: 'US' }],
    });
    const early = {
      ...webOrder,
      updated_at: '2025-03-10T00:00:00+01:00',
      refunds: [],
      total_price: '104.87',
    };
    const orders = [webOrder, tillOrder, tillRefund, francOrder, cancelledOrder, early];
    const noStore = { ...tillOrder, id: 5005, location_id: null };
    const wrongTotal = { ...francOrder, id: 5006, presentment_currency: 'EUR' };
    const text = [...orders, noStore, wrongTotal].map((order) => JSON.stringify(order)).join('\n');
    const result = await shop.giveFile('shopify-orders', 'orders.jsonl', text);
    expect(result).toMatchObject({
      received: 10,
      stored: 8,
      rejected: { schema: 1, total_mismatch: 1 },
      waiting: 0,
    });
    const again = await shop.giveFile('shopify-orders', 'again.jsonl', text);
    expect(again).toMatchObject({ stored: 0, duplicates: 8 });
    await shop.shop.build();

    expect(
      await shop.ask(
        'SELECT conversion_id, conversion_kind, revenue_minor, currency, lines FROM conversions ORDER BY 1',
      ),
    ).toEqual([
      {
        conversion_id: 'order/5001',
        conversion_kind: 'order',
        revenue_minor: 4199,
        currency: 'EUR',
        lines: 2,
      },
      {
        conversion_id: 'order/5003',
        conversion_kind: 'order',
        revenue_minor: 3119,
        currency: 'EUR',
        lines: 2,
      },
      {
        conversion_id: 'order/5004',
        conversion_kind: 'order',
        revenue_minor: 1200,
        currency: 'EUR',
        lines: 1,
      },
      {
        conversion_id: 'receipt/77/12//5002',
        conversion_kind: 'receipt',
        revenue_minor: 6000,
        currency: 'USD',
        lines: 1,
      },
    ]);
    expect(
      await shop.ask(
        'SELECT conversion_id, revenue_minor, excess_minor, traced_by, orphan_reason FROM returns ORDER BY 1',
      ),
    ).toEqual([
      {
        conversion_id: 'order/5001',
        revenue_minor: -1400,
        excess_minor: 0,
        traced_by: 'order_id',
        orphan_reason: null,
      },
      {
        conversion_id: 'order/5004',
        revenue_minor: -1200,
        excess_minor: 0,
        traced_by: 'order_id',
        orphan_reason: null,
      },
      {
        conversion_id: 'receipt/77/12//5002',
        revenue_minor: -3000,
        excess_minor: 0,
        traced_by: 'order_id',
        orphan_reason: null,
      },
    ]);
    expect(
      await shop.ask(`SELECT l.sku, r.revenue_minor FROM line_returns r JOIN sale_lines l ON l.line_id = r.line_id
        WHERE r.conversion_id = 'order/5001'`),
    ).toEqual([{ sku: 'MÜTZE-01', revenue_minor: -1400 }]);
    expect(
      await shop.ask(`SELECT count(DISTINCT person_id) AS persons, count(person_id) AS known FROM conversions
        WHERE conversion_id IN ('order/5001', 'receipt/77/12//5002')`),
    ).toEqual([{ persons: 1, known: 2 }]);
    expect(
      await shop.ask(`SELECT treatment, amount_minor, tax_minor FROM sale_lines
        WHERE document_id = 'receipt/77/12//5002' ORDER BY 1`),
    ).toEqual([
      { treatment: 'sale', amount_minor: 6000, tax_minor: 480 },
      { treatment: 'tip', amount_minor: 300, tax_minor: 0 },
    ]);
  });
});
