import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { squareOrders } from '../../lib/formats/square-orders.ts';
import { type TemporaryShop, temporaryShop } from '../temporary-shop.ts';
import { allOf, contractErrors, fileOf, unreadableOf, valuesOf } from './input.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const line = (sku: string, quantity: string, total: number, tax = 0, more = {}) => ({
  uid: sku,
  name: 'Käse',
  catalog_object_id: sku,
  quantity,
  total_money: eur(total),
  total_tax_money: eur(tax),
  ...more,
});

/** Sold by weight and for nothing, with a gift card, a charge, a tip and cash rounding. */
const sale = {
  id: 'sq-1',
  location_id: 'LX1',
  state: 'COMPLETED',
  created_at: '2025-03-09T16:00:00Z',
  closed_at: '2025-03-09T16:05:00.123Z',
  updated_at: '2025-03-09T16:05:01Z',
  version: 4,
  customer_id: 'CUST-ä1',
  source: { name: 'Square Point of Sale' },
  ticket_name: 'Frau Özdemir, Tisch 4',
  total_money: eur(3848),
  total_tip_money: eur(200),
  line_items: [
    line('BERGKÄSE', '0.420', 1000, 65),
    line('BROT', '2', 0, 0, { total_discount_money: eur(700) }),
    line('GIFT', '1', 2500, 0, { item_type: 'GIFT_CARD' }),
  ],
  service_charges: [
    { type: 'CUSTOM', total_money: eur(150), total_tax_money: eur(0) },
    { treatment_type: 'APPORTIONED_TREATMENT', total_money: eur(90) },
  ],
  rounding_adjustment: { amount_money: eur(-2) },
  tenders: [
    { type: 'CASH', cash_details: { buyer_tendered_money: eur(5000) } },
    {
      type: 'CARD',
      card_details: { card: { last_4: '4242', cardholder_name: 'Özdemir', fingerprint: 'sq-1-f' } },
    },
  ],
};

/** Half of the cheese comes back, in another store, without a customer. */
const back = {
  id: 'sq-2',
  location_id: 'LX2',
  state: 'COMPLETED',
  closed_at: '2025-03-10T09:00:00Z',
  updated_at: '2025-03-10T09:00:00Z',
  returns: [
    {
      uid: 'r1',
      source_order_id: 'sq-1',
      return_line_items: [line('BERGKÄSE', '0.210', 500, 33)],
      return_amounts: { total_money: eur(500) },
    },
  ],
};

const read = (...orders: unknown[]) =>
  allOf(squareOrders.read([fileOf('orders.json', JSON.stringify({ orders }))]));

describe('Square orders', () => {
  test('a sale becomes a receipt whose lines come to its total, tip included', async () => {
    const records = await read(sale);
    expect(contractErrors(records)).toEqual([]);
    expect(records.map(({ kind }) => kind)).toEqual(['receipts']);
    expect(valuesOf(records)[0]).toEqual({
      receipt_id: 'sq-1',
      order_id: 'sq-1',
      store_id: 'LX1',
      tender: 'CARD+CASH',
      occurred_at: '2025-03-09T16:05:00.123Z',
      customer_id: 'CUST-ä1',
      tax_included: true,
      revision: Date.parse('2025-03-09T16:05:01Z'),
      currency: 'EUR',
      total: '38.48',
      lines: [
        { sku: 'BERGKÄSE', quantity: '0.420', amount: '10.00', tax: '0.65' },
        { sku: 'BROT', quantity: '2', amount: '0.00' },
        { line_kind: 'gift_card', sku: 'GIFT', quantity: '1', amount: '25.00' },
        { line_kind: 'service', amount: '1.50' },
        { line_kind: 'service', amount: '-0.02' },
        { line_kind: 'tip', amount: '2.00' },
      ],
    });
  });

  test('a total that does not hold the tip gets it', async () => {
    const [receipt] = valuesOf(await read({ ...sale, total_money: eur(3648) }));
    expect(receipt).toMatchObject({ total: '38.48' });
  });

  test('nothing of people or cards is kept but the customer number', async () => {
    const [record] = await read({ ...sale, customer_id: 'c1' });
    const kept = JSON.stringify(record);
    for (const personal of ['Özdemir', '4242', 'fingerprint', 'Tisch']) expect(kept).not.toContain(personal);
  });

  test('what is not completed is no record', async () => {
    for (const state of ['OPEN', 'CANCELED', 'DRAFT', undefined])
      expect(await read({ ...sale, state })).toEqual([]);
  });

  test('an exchange is a receipt of its own and a return', async () => {
    const exchange = { ...sale, id: 'sq-9', returns: back.returns };
    const [sold, returned] = valuesOf(await read(exchange));
    expect(sold).toMatchObject({ receipt_id: 'sq-9', order_id: 'sq-9' });
    expect(returned).toMatchObject({
      receipt_id: 'sq-9:r1',
      order_id: 'sq-1',
      total: '-5.00',
      lines: [{ sku: 'BERGKÄSE', line_kind: 'return', quantity: '-0.210', amount: '-5.00', tax: '-0.33' }],
    });
  });

  test.each([
    ['sent', { fulfillments: [{ type: 'SHIPMENT' }] }, { fulfilment: 'ship' }],
    [
      'collected',
      { source: { name: 'Square Online' }, fulfillments: [{ type: 'PICKUP' }] },
      { fulfilment: 'click_and_collect', store_id: 'LX1' },
    ],
  ])('sold online and %s is an order', async (_, more, expected) => {
    const [record] = await read({ ...sale, ...more });
    expect(record).toMatchObject({ kind: 'orders', value: { order_id: 'sq-1', ...expected } });
  });

  test('currencies of no and of three decimals are exact', async () => {
    const money = (amount: number, currency: string) => ({
      ...sale,
      total_money: { amount, currency },
      total_tip_money: undefined,
      rounding_adjustment: undefined,
      service_charges: [],
      line_items: [{ ...line('a', '1', 0), total_money: { amount, currency }, total_tax_money: undefined }],
    });
    const read2 = async (amount: number, currency: string) =>
      valuesOf(await read(money(amount, currency)))[0]!.total;
    expect(await read2(1200, 'JPY')).toBe('1200');
    expect(await read2(1205, 'BHD')).toBe('1.205');
    expect(await read2(9, 'EUR')).toBe('0.09');
  });

  test('money that is no whole number costs its order alone', async () => {
    const bad = { ...sale, id: 'bad', total_money: { amount: 38.48, currency: 'EUR' } };
    const records = await read(bad, { ...sale, id: undefined }, sale);
    expect(unreadableOf(records)).toEqual(['1 bad_number', '1 no_order_id']);
    expect(records.at(-1)).toMatchObject({ kind: 'receipts', line: 1 });
  });

  test('whatever an order holds, it becomes records or reasons', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...Object.keys(sale)), fc.jsonValue()), async (odd) => {
        const records = await read({ ...sale, ...odd, state: 'COMPLETED' });
        for (const { original } of records) expect(typeof original).toBe('string');
      }),
      { numRuns: 300 },
    );
  });
});

describe('built tables of a Square shop', () => {
  let shop: TemporaryShop;
  afterEach(() => shop.remove());

  test('revenue by store, the return of a line in another store, and its person', async () => {
    shop = await temporaryShop();
    await shop.give({
      stores: ['LX1', 'LX2'].map((store_id) => ({
        store_id,
        time_zone: 'Europe/Berlin',
        currency: 'EUR',
        country: 'DE',
      })),
    });
    const unlinked = {
      ...back,
      id: 'sq-3',
      customer_id: 'CUST-ä1',
      closed_at: '2025-03-11T09:00:00Z',
      returns: [
        {
          uid: 'r2',
          return_line_items: [line('BERGKÄSE', '0.010', 24, 2)],
          return_amounts: { total_money: eur(24) },
        },
      ],
    };
    const online = {
      ...sale,
      id: 'sq-4',
      source: { name: 'Square Online' },
      total_money: eur(700),
      total_tip_money: eur(0),
      rounding_adjustment: undefined,
      service_charges: [],
      line_items: [line('BROT', '2', 700, 46)],
      fulfillments: [{ type: 'SHIPMENT', shipment_details: { recipient: { display_name: 'Özdemir' } } }],
    };
    const onlineBack = {
      ...back,
      id: 'sq-5',
      returns: [{ uid: 'r3', source_order_id: 'sq-4', return_line_items: [line('BROT', '1', 350, 23)] }],
    };
    const orders = [onlineBack, back, sale, unlinked, online];
    const result = await shop.giveFile('square-orders', 'page.json', JSON.stringify({ orders, cursor: 'x' }));
    expect(result).toMatchObject({ received: 5, stored: 5, rejected: {} });
    await shop.shop.build();
    expect(
      await shop.ask('SELECT conversion_id, store_id, revenue_minor, currency FROM conversions ORDER BY 1'),
    ).toEqual([
      { conversion_id: 'order/sq-4', store_id: null, revenue_minor: 654, currency: 'EUR' },
      { conversion_id: 'receipt/LX1///sq-1', store_id: 'LX1', revenue_minor: 935, currency: 'EUR' },
    ]);
    expect(
      await shop.ask(
        'SELECT conversion_id, store_id, revenue_minor, traced_by FROM returns ORDER BY returned_at, 1',
      ),
    ).toEqual([
      { conversion_id: 'order/sq-4', store_id: 'LX2', revenue_minor: -327, traced_by: 'order_id' },
      { conversion_id: 'receipt/LX1///sq-1', store_id: 'LX2', revenue_minor: -467, traced_by: 'order_id' },
      {
        conversion_id: 'receipt/LX1///sq-1',
        store_id: 'LX2',
        revenue_minor: -22,
        traced_by: 'person_and_sku',
      },
    ]);
    expect(
      await shop.ask(`SELECT l.sku, CAST(sum(r.revenue_minor) AS bigint) AS minor FROM line_returns r
        JOIN sale_lines l ON l.line_id = r.line_id GROUP BY 1 ORDER BY 1`),
    ).toEqual([
      { sku: 'BERGKÄSE', minor: -489 },
      { sku: 'BROT', minor: -327 },
    ]);
    expect(await shop.ask('SELECT count(DISTINCT person_id) AS persons FROM conversions')).toEqual([
      { persons: 1 },
    ]);
    expect(
      await shop.ask("SELECT count(*) AS n FROM sale_lines WHERE treatment = 'order_handed_over'"),
    ).toEqual([{ n: 0 }]);
  });
});
