import { expect, test } from 'vitest';
import { addDecimals, amountToMinor, type Decimal, parseDecimal, toMinor } from '../../lib/domain/money.ts';
import { poslog } from '../../lib/formats/poslog.ts';
import {
  allOf,
  contractErrors,
  fileCutAt,
  fileOf,
  NO_DATA,
  realFiles,
  unreadableOf,
  valuesOf,
} from './input.ts';

const read = (content: string | Buffer, chunkBytes?: number) =>
  allOf(poslog.read([fileOf('POSLog.xml', content, chunkBytes)]));

const total = (type: string, amount: string) => `<Total TotalType="${type}">${amount}</Total>`;
const transaction = (number: number, body: string, attributes = '', retailAttributes = '') =>
  `<Transaction${attributes}><RetailStoreID>9</RetailStoreID><WorkstationID>34</WorkstationID>` +
  `<SequenceNumber>${number}</SequenceNumber><BusinessDayDate>2017-09-30</BusinessDayDate>` +
  `<OperatorID OperatorName="Someone">94</OperatorID><CurrencyCode>USD</CurrencyCode>` +
  `<RetailTransaction${retailAttributes}><ReceiptDateTime>2017-10-01T02:02:54</ReceiptDateTime>${body}` +
  `</RetailTransaction></Transaction>`;
const log = (...transactions: string[]) =>
  `<?xml version="1.0"?>\n<POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/" xmlns:acs="urn:x">\n${transactions.join('\n')}\n</POSLog>\n`;

interface SaleParts {
  element?: string;
  attributes?: string;
  type?: string;
  marks?: string;
}
let sequence = 0;
function sale(sku: string, quantity: string, amount: string, parts: SaleParts = {}): string {
  const { element = 'Sale', attributes = '', type = 'Stock', marks = '' } = parts;
  sequence++;
  return (
    `<LineItem${attributes}><SequenceNumber>${sequence}</SequenceNumber><${element} ItemType="${type}">` +
    `<POSIdentity POSIDType="GTIN"><POSItemID>${sku}</POSItemID></POSIdentity>` +
    `<MerchandiseHierarchy Level="Department" acs:DepartmentDescription="Fruit &amp; veg">6</MerchandiseHierarchy>` +
    `<ExtendedAmount>${amount}</ExtendedAmount><Quantity>${quantity}</Quantity>` +
    `<acs:OperatorSequence>${sequence}</acs:OperatorSequence><acs:Itemizers${marks}>0</acs:Itemizers></${element}></LineItem>`
  );
}
const reward = (sku: string, at: number, amount: string, attributes = ' acs:detailedData="true"') =>
  `<LineItem><SequenceNumber>900</SequenceNumber><LoyaltyReward${attributes}><PromotionID>1</PromotionID><EventID>1</EventID>` +
  `<acs:RewardCategory>Monetary</acs:RewardCategory><acs:ExtendedRewardAmount>${amount}</acs:ExtendedRewardAmount>` +
  `<acs:RewardBasis><acs:ItemID>${sku}</acs:ItemID></acs:RewardBasis>` +
  `<acs:OperatorSequenceReference>${at}</acs:OperatorSequenceReference></LoyaltyReward></LineItem>`;
const SUM_ONLY = ' acs:summarizedActivity="true"';
const tax = (amount: string) => `<LineItem><Tax TaxID="1"><Amount>${amount}</Amount></Tax></LineItem>`;
const tender = (type: string, amount: string) =>
  `<LineItem><Tender TenderType="${type}"><Amount>${amount}</Amount></Tender></LineItem>`;

/** The only receipt of a log of one transaction. */
async function receiptOf(body: string) {
  const records = await read(log(transaction(1, body)));
  expect(contractErrors(records)).toEqual([]);
  expect(records).toHaveLength(1);
  return valuesOf(records)[0]!;
}

test('a retail transaction is a receipt with its key, time, tender and member, and nothing of the staff', async () => {
  const member =
    '<LineItem><acs:LoyaltyMembership><acs:LoyaltyID>0002065550100</acs:LoyaltyID><acs:MembershipID>00040001</acs:MembershipID></acs:LoyaltyMembership></LineItem>';
  sequence = 0;
  const xml = transaction(
    161,
    sale('00000000067591', '0.42', '1.26') +
      tender('Cash', '2.00') +
      tender('Cash', '-0.74') +
      member +
      total('TransactionGrandAmount', '1.26'),
  );
  const records = await read(log(xml));
  expect(contractErrors(records)).toEqual([]);
  expect(records).toEqual([
    {
      kind: 'receipts',
      line: 3,
      original: xml,
      value: {
        receipt_id: '161',
        store_id: '9',
        till_id: '34',
        business_date: '2017-09-30',
        occurred_at: '2017-10-01T02:02:54',
        currency: 'USD',
        total: '1.26',
        tender: 'Cash',
        loyalty_id: '40001',
        lines: [
          {
            line_no: '1',
            line_kind: 'sale',
            sku: '00000000067591',
            category: 'Fruit & veg',
            quantity: '0.42',
            amount: '1.26',
          },
        ],
      },
    },
  ]);
  expect(JSON.stringify(records[0]!.value)).not.toContain('Someone');
  expect(valuesOf(await read(records[0]!.original))).toEqual([records[0]!.value]);
});

test('a member without a number is nobody', async () => {
  const member =
    '<LineItem><LoyaltyMembership><MembershipID>000</MembershipID></LoyaltyMembership></LineItem>';
  expect(await receiptOf(sale('a', '1', '1') + member)).not.toHaveProperty('loyalty_id');
});

test('a void takes its line back: both go; a void that finds none is a return', async () => {
  const voided = { attributes: ' VoidFlag="true"' };
  const receipt = await receiptOf(
    sale('a', '1', '2.79') +
      sale('a', '1', '2.79') +
      sale('a', '-1', '-2.79', voided) +
      sale('b', '1', '5.00', voided) +
      sale('c', '-1', '-1.00', voided) +
      sale('free', '1', '0.00', voided) +
      sale('free', '1', '0.00') +
      sale('free', '-1', '0.00', voided),
  );
  expect(receipt.lines).toMatchObject([
    { sku: 'a', line_kind: 'sale', amount: '2.79' },
    { sku: 'c', line_kind: 'return', quantity: '-1', amount: '-1.00' },
  ]);
});

test('a void takes a return back too', async () => {
  const back = { element: 'Return' };
  const receipt = await receiptOf(
    sale('a', '1', '3.00') +
      sale('b', '-1', '-5.00', back) +
      sale('b', '1', '5.00', { ...back, attributes: ' VoidFlag="true"' }) +
      sale('c', '-1', '-7.00', { ...back, attributes: ' VoidFlag="true"' }),
  );
  expect(receipt.lines).toMatchObject([{ sku: 'a', line_kind: 'sale', amount: '3.00' }]);
});

test('returns and negative items go back, with either sign', async () => {
  const link = '<TransactionLink ReasonCode="Return"><SequenceNumber>77</SequenceNumber></TransactionLink>';
  const receipt = await receiptOf(
    sale('a', '2', '4.00', { element: 'Return' }) +
      sale('b', '-1', '-3.00', { element: 'Return' }) +
      sale('c', '1', '-2.00', { type: 'acs:NegativeItem' }) +
      link,
  );
  expect(receipt.original_receipt_id).toBe('77');
  expect(receipt.lines).toMatchObject([
    { line_kind: 'return', quantity: '-2', amount: '-4.00' },
    { line_kind: 'return', quantity: '-1', amount: '-3.00' },
    { line_kind: 'return', quantity: '-1', amount: '-2.00' },
  ]);
});

test('items that are no merchandise are typed', async () => {
  const types = ['GiftCard', 'acs:Deposit', 'Fee', 'Donation', 'Stock'];
  const receipt = await receiptOf(types.map((type) => sale('a', '1', '1', { type })).join(''));
  const kinds = receipt.lines!.map((line) => line.line_kind);
  expect(kinds).toEqual(['gift_card', 'deposit', 'service', 'donation', 'sale']);
});

test('a reward comes off its item, once, though the till lists it by item and as a sum', async () => {
  sequence = 0;
  const receipt = await receiptOf(
    sale('a', '1', '10.00') +
      sale('b', '1', '5.55') +
      reward('', 0, '-1.56', SUM_ONLY) +
      reward('a', 1, '-1.00') +
      reward('b', 2, '-0.56'),
  );
  expect(receipt.lines!.map((line) => line.amount)).toEqual(['9.00', '4.99']);
});

test('a reward that has no item, or more than it, is a discount line', async () => {
  sequence = 0;
  const receipt = await receiptOf(
    sale('a', '1', '1.00') + reward('a', 1, '-1.50') + reward('x', 9, '-0.25') + sale('b', '1', '1'),
  );
  expect(receipt.lines!.map((line) => [line.line_kind, line.amount])).toEqual([
    ['sale', '1.00'],
    ['sale', '1'],
    ['discount', '-1.50'],
    ['discount', '-0.25'],
  ]);
  const sums = await receiptOf(sale('a', '1', '9.00') + reward('', 0, '-1.00', SUM_ONLY));
  expect(sums.lines!.at(-1)).toMatchObject({ line_kind: 'discount', amount: '-1.00' });
});

test('tax goes to the lines that are marked for it, to the last cent, on top of the amounts', async () => {
  const marks = ' Tax1="true"';
  const receipt = await receiptOf(
    sale('a', '1', '1.00', { marks }) +
      sale('b', '1', '1.00', { marks }) +
      sale('c', '1', '9.00') +
      tax('0.21'),
  );
  expect(receipt.tax_included).toBe(false);
  expect(receipt.lines!.map((line) => line.tax)).toEqual(['0.11', '0.10', undefined]);
  const unmarked = await receiptOf(sale('a', '1', '3.00') + sale('b', '1', '1') + tax('0.40'));
  expect(unmarked.lines!.map((line) => line.tax)).toEqual(['0.30', '0.10']);
  const free = await receiptOf(sale('a', '1', '0') + sale('b', '1', '0') + tax('0.01'));
  expect(free.lines!.map((line) => line.tax)).toEqual(['0.01', undefined]);
});

test('what took no money is no receipt', async () => {
  const control = transaction(1, '').replaceAll('RetailTransaction', 'ControlTransaction');
  const line = sale('a', '1', '1');
  const records = await read(
    log(
      control,
      transaction(2, line, ' CancelFlag="true"'),
      transaction(3, line, ' TrainingModeFlag="true"'),
      transaction(4, line, '', ' TransactionStatus="Suspended"'),
      transaction(5, line, '', ' TransactionStatus="Delivered"'),
    ),
  );
  expect(valuesOf(records).map((receipt) => receipt.receipt_id)).toEqual(['5']);
});

test('a bad transaction is a value with a reason, and its neighbours go on', async () => {
  const good = transaction(1, sale('a', '1', '1'));
  const records = await read(
    log(
      good,
      transaction(2, '<LineItem>'),
      transaction(3, sale('a', '1', 'ten')),
      transaction(4, sale('a\0', '1', '1')),
      transaction(5, `${'<a>'.repeat(100)}${'</a>'.repeat(100)}${sale('a', '1', '1')}`),
      transaction(6, tax('1.00')),
      good,
    ),
  );
  expect(unreadableOf(records)).toEqual([
    '4 not_xml',
    '5 bad_number',
    '6 nul_character',
    '7 not_xml',
    '8 no_taxed_line',
  ]);
  expect(records.filter((record) => record.original === good)).toHaveLength(2);
});

test('a file that ends inside a transaction loses that one only', async () => {
  const whole = log(transaction(1, sale('a', '1', '1')), transaction(2, sale('a', '1', '1')));
  const records = await read(whole.slice(0, whole.lastIndexOf('</Sale>')));
  expect(unreadableOf(records)).toEqual(['4 not_xml']);
  expect(records).toHaveLength(2);
});

test('a transaction without end is not held', async () => {
  const endless = transaction(1, `<x>${'y'.repeat(17_000_000)}</x>`);
  const records = await read(log(endless, transaction(2, sale('a', '1', '1'))));
  expect(unreadableOf(records)).toEqual(['3 element_too_long']);
  expect(records.map((record) => [record.line, record.original.length > 4096])).toEqual([
    [3, false],
    [4, false],
  ]);
});

test('entities are neither declared nor fetched', async () => {
  const bomb =
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol9 "&lol;&lol;&lol;">]><POSLog>&lol9;</POSLog>';
  await expect(read(bomb)).rejects.toThrow('POSLog.xml: a DOCTYPE is not read');
  const outside = '<!DOCTYPE POSLog [<!ENTITY file SYSTEM "file:///etc/hostname">]>';
  await expect(read(outside + log(transaction(1, sale('&file;', '1', '1'))))).rejects.toThrow('DOCTYPE');
  const inside = log(transaction(1, `${outside}${sale('&file;', '1', '1')}`));
  await expect(read(inside)).rejects.toThrow('DOCTYPE');
  const receipt = await receiptOf(sale('&file;&amp;&#65;&#x42;&#0;', '1', '1'));
  expect(receipt.lines![0]!.sku).toBe('&file;&AB&#0;');
});

test('comments, CDATA, links and prefixes do not pass for transactions', async () => {
  const link = '<TransactionLink ReasonCode="Resume"><SequenceNumber>1</SequenceNumber></TransactionLink>';
  const real = transaction(
    1,
    `<!-- </Transaction> --><![CDATA[</Transaction>]]>${link}${sale('a', '1', '1')}`,
  );
  const prefixed = transaction(2, sale('a', '1', '1')).replaceAll('Transaction>', 'Transaction >');
  const records = await read(log('<!-- <Transaction> -->', '<Transaction/>', real, prefixed));
  expect(valuesOf(records).map((receipt) => receipt.receipt_id)).toEqual(['1', '2']);
  const withPrefix = '<p:POSLog><p:Transaction a="1"><p:RetailTransaction/></p:Transaction></p:POSLog>';
  expect(await read(withPrefix)).toHaveLength(1);
});

test('reads the encoding that the file declares', async () => {
  const text = log(transaction(1, sale('Zürich', '1', '1')));
  const latin1 = Buffer.from(text.replace('?>', ' encoding="ISO-8859-1"?>'), 'latin1');
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  for (const content of [latin1, utf16, `\uFEFF${text}`]) {
    expect(valuesOf(await read(content))[0]!.lines![0]!.sku).toBe('Zürich');
  }
  expect(unreadableOf(await read(Buffer.from(text, 'latin1')))).toEqual(['3 not_utf8']);
  await expect(read('<?xml version="1.0" encoding="klingon"?><POSLog/>')).rejects.toThrow('"klingon"');
});

test.each(['', '<POSLog></POSLog>', 'not XML at all'])('%j is no POSLog', async (content) => {
  await expect(read(content)).rejects.toThrow('POSLog.xml: no <Transaction> element');
});

test('reads the same wherever the chunks are cut', async () => {
  const content = Buffer.from(
    log('<!-- <Transaction> -->', transaction(1, `${sale('é', '1', '1')}<!-- </Transaction> -->`), '<x/>'),
  );
  const whole = await read(content);
  expect(whole).toHaveLength(1);
  for (let cut = 0; cut <= content.length; cut++) {
    expect(await allOf(poslog.read([fileCutAt('POSLog.xml', content, cut)]))).toEqual(whole);
  }
  expect(await read(content, 1)).toEqual(whole);
});

test('the real log: 42 receipts that add up, to 2,643.72', async ({ skip }) => {
  const files = realFiles('poslog', /^POSLog/) ?? skip(NO_DATA);
  const records = await allOf(poslog.read(files));
  expect(unreadableOf(records)).toEqual([]);
  expect(contractErrors(records)).toEqual([]);
  const receipts = valuesOf(records);
  const exactly = (text = '0') => parseDecimal(text) as Decimal;
  const totals = receipts.map(({ total: grand, lines }) => {
    const sum = addDecimals(lines!.flatMap((line) => [exactly(line.amount), exactly(line.tax)]));
    expect(toMinor(sum, 2)).toBe(amountToMinor(grand as string, 2));
    return toMinor(sum, 2);
  });
  expect(totals).toHaveLength(42);
  expect(totals.reduce((a, b) => a + b)).toBe(264_372);
  // 552 sale lines, of which four are voids and take four others back; one is a bottle brought back.
  const kinds = receipts.flatMap(({ lines }) => lines!.map((line) => line.line_kind));
  expect(kinds.filter((kind) => kind === 'sale')).toHaveLength(543);
  expect(kinds.filter((kind) => kind === 'return')).toHaveLength(1);
  expect(kinds).toHaveLength(544);
  expect(receipts.flatMap(({ loyalty_id }) => loyalty_id ?? [])).toEqual([
    '40001647673',
    '40001941885',
    '40001807503',
    '40001939267',
  ]);
  const keys = receipts.map((r) => [r.store_id, r.till_id, r.business_date, r.receipt_id].join());
  expect(new Set(keys).size).toBe(42);
});

test('the real small log: one receipt of the night, of the business day before', async ({ skip }) => {
  const files = realFiles('poslog', /^SMALL/) ?? skip(NO_DATA);
  const [receipt] = valuesOf(await allOf(poslog.read(files)));
  expect(receipt).toMatchObject({
    business_date: '2017-09-30',
    occurred_at: '2017-10-01T02:02:54',
    total: '1.07',
  });
  expect(receipt!.lines).toMatchObject([{ quantity: '0.42', amount: '1.07' }]);
});

test('of a card only the provider’s token is carried, where one card paid; its number is taken out of the original', async () => {
  const card = (inside: string) =>
    `<LineItem><Tender TenderType="CreditDebit"><Amount>1.00</Amount><CreditDebit>${inside}</CreditDebit></Tender></LineItem>`;
  const pan = '<PrimaryAccountNumber>4111111111111111</PrimaryAccountNumber>';
  const one = sale('00000000067591', '1', '1.00');
  const paid = await receiptOf(one + card(`${pan}<acs:PaymentToken>tok_1</acs:PaymentToken>`));
  expect(paid).toMatchObject({ payment_token: 'tok_1' });
  expect(JSON.stringify(paid)).not.toContain('4111');
  const twice = card('<Token>tok_1</Token>') + card('<Token>tok_2</Token>');
  expect((await receiptOf(one + twice)).payment_token).toBeUndefined();
  expect((await receiptOf(one + card(pan))).payment_token).toBeUndefined();
  const [{ original } = { original: '' }] = await read(log(transaction(1, one + card(pan))));
  expect(original).toContain('<PrimaryAccountNumber>[card number removed]</PrimaryAccountNumber>');
  expect(original).not.toContain('4111');
});
