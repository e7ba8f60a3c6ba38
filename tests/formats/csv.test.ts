import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvRecords } from '../../lib/formats/csv.ts';
import { allOf, contractErrors, fileCutAt, fileOf, unreadableOf, valuesOf } from './input.ts';

const read = (kind: Parameters<typeof csvRecords>[0], content: string | Buffer) =>
  allOf(csvRecords(kind)(fileOf(`${kind}.csv`, content)));

test('reads cells by the contract: text stays text, empty is absent, unknown columns are ignored', async () => {
  const records = await read(
    'spend',
    'date,note,utm_source,cost,currency,clicks,revision\n2025-03-01,x,google,19.90,EUR,12,2\n2025-03-02,,,4.440892e-16,EUR,,\n',
  );
  expect(contractErrors(records)).toEqual([]);
  expect(valuesOf(records)).toEqual([
    { date: '2025-03-01', utm_source: 'google', cost: '19.90', currency: 'EUR', clicks: 12, revision: 2 },
    { date: '2025-03-02', cost: '4.440892e-16', currency: 'EUR' },
  ]);
  expect(records[1]).toMatchObject({
    line: 3,
    original: 'date,note,utm_source,cost,currency,clicks,revision\n2025-03-02,,,4.440892e-16,EUR,,',
  });
});

test('reads booleans and JSON cells, and leaves to the contract what they are not', async () => {
  const footfall = await read('footfall', 'store_id,entries,modelled\n007,5,TRUE\n007,5.5,perhaps\n');
  expect(valuesOf(footfall)).toEqual([
    { store_id: '007', entries: 5, modelled: true },
    { store_id: '007', entries: 5.5, modelled: 'perhaps' },
  ]);
  const events = await read('web_events', 'event_id,products\n1,"[{""sku"":""a,b""}]"\n2,[broken\n');
  expect(valuesOf(events)).toEqual([
    { event_id: '1', products: [{ sku: 'a,b' }] },
    { event_id: '2', products: '[broken' },
  ]);
});

test.each([
  [',', 'store_id,name'],
  [';', 'store_id;name'],
  ['\t', 'store_id\tname'],
  [';', '"store_id";"name, or label"'],
])('finds the separator %j in the header %j', async (separator, header) => {
  const records = await read('stores', `${header}\na${separator}1.5\n`);
  expect(valuesOf(records)[0]).toMatchObject({ store_id: 'a' });
});

test('takes a byte order mark, CRLF, blank lines, blank rows, and quoted line ends and quotes', async () => {
  const records = await read(
    'stores',
    '\uFEFF\r\nstore_id,name\r\n\r\na,"Two\r\n\r\nlines, ""quoted"""\r\n,\r\nb,3" nails\r\n"c",""',
  );
  expect(valuesOf(records)).toEqual([
    { store_id: 'a', name: 'Two\n\nlines, "quoted"' },
    { store_id: 'b', name: '3" nails' },
    { store_id: 'c' },
  ]);
  expect(records.map((record) => record.line)).toEqual([4, 8, 9]);
});

test('a bad row is a value with a reason, and its neighbours go on', async () => {
  const rows = ['a,1', 'b', 'c,1,2', 'd,"x"y', 'e,1', 'f,"never closed', 'g,1', '"h","1"', 'i,\0', 'j,1'];
  const records = await read('stores', `store_id,name\n${rows.join('\n')}\n`);
  expect(unreadableOf(records)).toEqual([
    '3 wrong_column_count',
    '4 wrong_column_count',
    '5 bad_quotes',
    '7 bad_quotes',
    '10 nul_character',
  ]);
  const good = records.filter((record) => record.unreadable === undefined);
  expect(valuesOf(good).map((store) => store.store_id)).toEqual(['a', 'e', 'g', 'h', 'j']);
  expect(records.find((record) => record.line === 3)?.original).toBe('store_id,name\nb');
});

test('a quote that never closes costs its own row only, however long the file is', async () => {
  const rows = Array.from({ length: 30_000 }, (_, index) => `${index},${index === 5 ? '"' : ''}name`);
  const records = await read('stores', `store_id,name\n${rows.join('\n')}\n`);
  expect(records).toHaveLength(30_000);
  expect(unreadableOf(records)).toEqual(['7 bad_quotes']);
});

test('refuses only the row that is not UTF-8', async () => {
  const bytes = Buffer.concat([
    Buffer.from('store_id,name\na,Z'),
    Buffer.from([0xfc]),
    Buffer.from('\nb,Zürich\n'),
  ]);
  const records = await read('stores', bytes);
  expect(unreadableOf(records)).toEqual(['2 not_utf8']);
  expect(records[1]).toMatchObject({ value: { store_id: 'b', name: 'Zürich' } });
});

test.each([
  ['', 'no header line'],
  ['\n\n', 'no header line'],
  ['store_id,,name\na,b,c\n', 'column 2 of 3 has no name'],
  ['store_id,name,name\na,b,c\n', 'columns 2 and 3 have the same name'],
  ['"store_id,name\na,b\n', 'a quote is not closed'],
  ['id,label\na,b\n', 'none of its 2 columns is one of stores'],
])('%j is a file that cannot be read: %s', async (content, message) => {
  await expect(read('stores', content)).rejects.toThrow(message);
  await expect(read('stores', content)).rejects.toThrow('stores.csv');
});

const RECEIPTS = `receipt_id,store_id,till_id,business_date,occurred_at,total,line_no,sku,amount,original_receipt_id
1,s,1,2025-03-01,2025-03-01T10:00:00,3.00,1,a,1.00,
1,s,1,2025-03-01,,,2,b,2.00,
1,s,2,2025-03-01,2025-03-01T10:05:00,-1.00,1,a,-1.00,77
2,s,1,2025-03-01,2025-03-01T11:00:00,5,1,a,5,
`;

test('gathers the rows of a receipt, which its store, till and day tell from others of the same number', async () => {
  const records = await read('receipts', RECEIPTS);
  expect(contractErrors(records)).toEqual([]);
  expect(valuesOf(records).map(({ till_id, total, lines }) => [till_id, total, lines?.length])).toEqual([
    ['1', '3.00', 2],
    ['2', '-1.00', 1],
    ['1', '5', 1],
  ]);
  expect(valuesOf(records)[1]).not.toHaveProperty('original_receipt_id');
  expect(valuesOf(records)[1]!.lines).toEqual([
    { line_no: '1', sku: 'a', amount: '-1.00', original_receipt_id: '77' },
  ]);
  const [header, first, second] = RECEIPTS.split('\n');
  expect(records[0]).toMatchObject({ line: 2, original: [header, first, second].join('\n') });
});

test('what a record says it was made from makes it again', async () => {
  for (const record of await read('receipts', RECEIPTS)) {
    expect(valuesOf(await read('receipts', record.original))).toEqual([record.value]);
  }
});

test('rows that disagree on their document are refused together', async () => {
  const records = await read('orders', 'order_id,total,sku,amount\n1,3,a,1\n1,4,b,2\n2,1,a,1\n');
  expect(unreadableOf(records)).toEqual(['2 rows_disagree']);
  expect(records[1]).toMatchObject({ value: { order_id: '2' } });
});

test('an order may come in one row, its lines as JSON', async () => {
  const records = await read('orders', 'order_id,lines\n1,"[{""sku"":""a"",""amount"":1}]"\n1,\n');
  expect(valuesOf(records)).toEqual([{ order_id: '1', lines: [{ sku: 'a', amount: 1 }] }, { order_id: '1' }]);
});

test("a refund's amount is the line's where its row speaks of a line, else the refund's", async () => {
  const records = await read(
    'refunds',
    'refund_id,order_id,sku,amount\nr1,o1,,9.90\nr2,o2,a,1\nr2,o2,b,2\nr3,o3,,\n',
  );
  expect(valuesOf(records)).toEqual([
    { refund_id: 'r1', order_id: 'o1', amount: '9.90' },
    {
      refund_id: 'r2',
      order_id: 'o2',
      lines: [
        { sku: 'a', amount: '1' },
        { sku: 'b', amount: '2' },
      ],
    },
    { refund_id: 'r3', order_id: 'o3' },
  ]);
});

test('a document without end is cut, and rows without an id are documents of their own', async () => {
  const endless = `order_id,amount\n${'1,1\n'.repeat(5002)}`;
  expect(valuesOf(await read('orders', endless)).map((order) => order.lines?.length)).toEqual([5001, 1]);
  expect(await read('orders', 'order_id,amount\n,1\n,1\n')).toHaveLength(2);
});

test('reads the same wherever the chunks are cut', async () => {
  const content = Buffer.from('\uFEFForder_id;sku;amount\r\n1;"é\n;""";1\r\n1;b;2\r\n2;🛒;"3"\n3;x');
  const whole = await read('orders', content);
  expect(whole).toHaveLength(3);
  for (let cut = 0; cut <= content.length; cut++) {
    expect(await allOf(csvRecords('orders')(fileCutAt('orders.csv', content, cut)))).toEqual(whole);
  }
});

test('cells come back as they were, whatever they hold and wherever the chunks are cut', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '🛒', '"', ',', '\n', ' ', ';'), maxLength: 8 });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(
      fc.array(cell, { minLength: 1 }),
      fc.integer({ min: 1, max: 40 }),
      async (names, chunkBytes) => {
        const content = `store_id,name\n${names.map((name, index) => `${index},${quoted(name)}`).join('\n')}`;
        const records = await allOf(csvRecords('stores')(fileOf('stores.csv', content, chunkBytes)));
        expect(valuesOf(records).map((store) => store.name ?? '')).toEqual(names);
      },
    ),
  );
});

test('whatever a row holds, it is a value or a reason, and the rows before it stay', async () => {
  const junk = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '\0', '\uFFFD'), maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(junk, async (text) => {
      const records = await read('stores', `store_id,name\nx,1\n${text}\n`);
      expect(records[0]).toMatchObject({ value: { store_id: 'x' } });
    }),
  );
});

test('a quoted cell goes on over the blocks that a file is read in', async () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `first ${index}\nsecond "${index}"\n\nlast`);
  const rows = names.map((name, index) => `${index},"${name.replaceAll('"', '""')}"`);
  const records = await read('stores', `store_id,name\n${rows.join('\n')}`);
  expect(valuesOf(records).map((store) => store.name)).toEqual(names);
});

test('a row may go over a thousand lines and no more', async () => {
  const cell = (lines: number) => `"${'x\n'.repeat(lines)}"`;
  const fits = await read('stores', `store_id,name\na,${cell(1000)}\nb,1\n`);
  expect(unreadableOf(fits)).toEqual([]);
  const tooLong = await read('stores', `store_id,name\na,${cell(1001)}\nb,1\n`);
  expect(unreadableOf(tooLong)[0]).toBe('2 bad_quotes');
  expect(tooLong.at(-1)).toMatchObject({ value: { store_id: 'b' } });
});

test('rows of a document that stand apart are set aside, and the first stand', async () => {
  const rows = [
    'r1,s1,2025-03-01T10:00:00Z,1',
    'r2,s1,2025-03-01T10:00:00Z,2',
    'r1,s1,2025-03-01T10:00:00Z,4',
  ];
  const text = `receipt_id,store_id,occurred_at,amount\n${rows.join('\n')}\n`;
  const found = await read('receipts', text);
  expect(found.map((record) => record.unreadable?.split(':')[0] ?? 'read')).toEqual([
    'read',
    'read',
    'rows_not_together',
  ]);
});
