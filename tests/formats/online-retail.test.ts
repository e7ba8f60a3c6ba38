import { expect, test } from 'vitest';
import { amountToMinor } from '../../lib/domain/money.ts';
import { onlineRetail } from '../../lib/formats/online-retail.ts';
import { allOf, contractErrors, fileOf, NO_DATA, realFiles, unreadableOf, valuesOf } from './input.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const read = (...rows: string[]) =>
  allOf(onlineRetail.read([fileOf('2010-12.csv', [HEADER, ...rows].join('\n'))]));
const row = (invoice: string, sku: string, quantity: string, price: string, customer = '') =>
  `${invoice},${sku},"Words, and more",${quantity},2010-12-01 08:26:00,${price},${customer},France`;

test('a row is a partial order of one line, its amount exact, its time British', async () => {
  const records = await read(row('536365', '85123A', '6', '2.55', '17850.0'));
  expect(contractErrors(records)).toEqual([]);
  expect(records).toEqual([
    {
      kind: 'orders',
      line: 2,
      original: `${HEADER}\n${row('536365', '85123A', '6', '2.55', '17850.0')}`,
      value: {
        order_id: '536365',
        occurred_at: '2010-12-01T08:26:00.000Z',
        customer_id: '17850',
        currency: 'GBP',
        partial: true,
        lines: [{ line_kind: null, sku: '85123A', quantity: '6', amount: '15.30' }],
      },
    },
  ]);
});

test('summer time is an hour ahead of UTC', async () => {
  const records = await read('548549,22222,x,1,2011-03-31 19:55:00,4.95,16365.0,United Kingdom');
  expect(valuesOf(records)[0]!.occurred_at).toBe('2011-03-31T18:55:00.000Z');
});

test('an invoice with a leading C gives money back: amounts are positive', async () => {
  const records = await read(
    row('C536379', 'D', '-1', '27.5', '14527.0'),
    row('C536391', '22556', '-12', '1.65'),
  );
  expect(contractErrors(records)).toEqual([]);
  expect(records.map((record) => record.kind)).toEqual(['refunds', 'refunds']);
  expect(valuesOf(records)).toMatchObject([
    { refund_id: 'C536379', lines: [{ line_kind: 'discount', quantity: '1', amount: '27.5' }] },
    {
      refund_id: 'C536391',
      customer_id: null,
      lines: [{ line_kind: null, quantity: '12', amount: '19.80' }],
    },
  ]);
  expect(valuesOf(records)[0]).not.toHaveProperty('order_id');
});

test.each([
  ['POST', '3', '18.0', 'shipping'],
  ['DOT', '1', '569.77', 'shipping'],
  ['C2', '1', '50.0', 'shipping'],
  ['M', '1', '1.25', 'service'],
  ['m', '1', '2.55', 'service'],
  ['S', '1', '1', 'service'],
  ['AMAZONFEE', '1', '13541.33', 'service'],
  ['BANK CHARGES', '1', '15.0', 'service'],
  ['gift_0001_40', '1', '34.04', 'gift_card'],
  ['DCGS0076', '1', '16.13', null],
  ['22139', '56', '0.0', null],
  ['21777', '-10', '0.0', 'service'],
])('%s, %s x %s is a line of kind %s', async (sku, quantity, price, kind) => {
  const records = await read(row('536370', sku, quantity, price));
  expect(contractErrors(records)).toEqual([]);
  expect(valuesOf(records)[0]!.lines).toMatchObject([{ line_kind: kind, quantity }]);
});

test('what is no number, no time or no row is told, never guessed', async () => {
  const records = await read(
    row('1', 'a', '6', ''),
    row('1', 'a', 'six', '1'),
    '2,a,x,1,12/1/2010 8:26,1.00,,France',
    '3,a,x,1',
    row('A563185', 'B', '1', '-11062.06'),
  );
  expect(unreadableOf(records)).toEqual(['2 bad_number', '3 bad_number', '5 wrong_column_count']);
  expect(records[2]).toMatchObject({ value: { occurred_at: '12/1/2010 8:26' } });
  expect(records[4]).toMatchObject({ value: { lines: [{ line_kind: 'service', amount: '-11062.06' }] } });
  await expect(allOf(onlineRetail.read([fileOf('x.csv', 'a,b\n')]))).rejects.toThrow('no column InvoiceNo');
});

test('the real folder: 142,083 lines to 2,490,287.01, of which 1,284 are repeats', async ({ skip }) => {
  const files = realFiles('online-retail') ?? skip(NO_DATA);
  const records = await allOf(onlineRetail.read(files));
  expect(unreadableOf(records)).toEqual([]);
  expect(contractErrors(records)).toEqual([]);
  const [orders, refunds] = [valuesOf(records, 'orders'), valuesOf(records, 'refunds')];
  expect([orders.length, refunds.length]).toEqual([139_480, 2_603]);
  const sum = (documents: typeof orders) =>
    documents.reduce((total, { lines }) => total + amountToMinor(lines![0]!.amount!, 2)!, 0);
  expect(sum(orders)).toBe(275_638_195);
  expect(sum(orders) - sum(refunds)).toBe(249_028_701);
  expect(refunds.every((refund) => amountToMinor(refund.lines![0]!.amount!, 2)! > 0)).toBe(true);
  const distinct = new Set([...orders, ...refunds].map((document) => JSON.stringify(document)));
  expect(142_083 - distinct.size).toBe(1_284);
  expect([...orders, ...refunds].filter((document) => document.customer_id === null)).toHaveLength(45_136);
});
