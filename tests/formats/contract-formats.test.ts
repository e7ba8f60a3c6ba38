import { expect, test } from 'vitest';
import { RECORD_KINDS } from '../../lib/domain/contract/index.ts';
import { FORMATS } from '../../lib/formats/index.ts';
import { allOf, fileOf, valuesOf } from './input.ts';

const JSON_LINE = '{"store_id":"a"}';
const CSV = 'store_id\na\n';

test('there is a format for every contract, and the real ones', () => {
  expect(Object.keys(FORMATS)).toEqual([
    ...RECORD_KINDS,
    'segment',
    'complete-journey',
    'online-retail',
    'poslog',
    'shopify-orders',
    'square-orders',
  ]);
  for (const format of Object.values(FORMATS)) expect(format.describes).not.toBe('');
});

test.each([
  ['stores.jsonl', JSON_LINE],
  ['stores.NDJSON', JSON_LINE],
  ['stores.json', JSON_LINE],
  ['stores.csv', CSV],
  ['stores', JSON_LINE],
  ['stores', `\uFEFF \r\n\t${JSON_LINE}`],
  ['stores.txt', CSV],
  ['stores', `\uFEFF\n${CSV}`],
])('%s holding %j is read as what it is', async (name, content) => {
  for (const chunkBytes of [1, 65_536]) {
    const records = await allOf(FORMATS.stores!.read([fileOf(name, content, chunkBytes)]));
    expect(valuesOf(records)).toEqual([{ store_id: 'a' }]);
  }
});

test('an empty file without an extension holds nothing', async () => {
  expect(await allOf(FORMATS.stores!.read([fileOf('stores', '')]))).toEqual([]);
});

test('reads several files, each in its own way', async () => {
  const files = [fileOf('1.csv', CSV), fileOf('2.jsonl', JSON_LINE)];
  expect(valuesOf(await allOf(FORMATS.stores!.read(files)))).toHaveLength(2);
});
