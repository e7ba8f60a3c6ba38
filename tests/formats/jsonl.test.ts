import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonLines } from '../../lib/formats/jsonl.ts';
import { MAX_LINE_BYTES } from '../../lib/formats/lines.ts';
import { allOf, fileCutAt, fileOf, unreadableOf, valuesOf } from './input.ts';

const readStores = jsonLines('stores');
const read = (content: string | Buffer, chunkBytes?: number) =>
  allOf(readStores(fileOf('stores.jsonl', content, chunkBytes)));

const A = '{"store_id":"a"}';
const B = '{"store_id":"b"}';

test('reads a record per line, with its text and its number', async () => {
  expect(await read(`${A}\n${B}\n`)).toEqual([
    { kind: 'stores', value: { store_id: 'a' }, original: A, line: 1 },
    { kind: 'stores', value: { store_id: 'b' }, original: B, line: 2 },
  ]);
});

test('takes a byte order mark, CRLF, blank lines and a last line without an end', async () => {
  const records = await read(`\uFEFF${A}\r\n\r\n   \n${B}`);
  expect(records.map(({ original, line }) => [original, line])).toEqual([
    [A, 1],
    [B, 4],
  ]);
});

test('takes byte order marks inside, where files were joined', async () => {
  expect(valuesOf(await read(`${A}\n\uFEFF${B}\n`))).toHaveLength(2);
});

test.each(['', '\n', '\uFEFF', '\r\n\r\n'])('finds nothing in %j', async (content) => {
  expect(await read(content)).toEqual([]);
});

test('tells bad lines from good ones by a code word, and never harms the neighbours', async () => {
  const bad = [
    ['{"store_id":', 'not_json'],
    ['{"store_id":"a"},', 'not_json'],
    ['{"a":NaN}', 'not_json'],
    ['null', 'not_object'],
    ['[{"store_id":"a"}]', 'not_object'],
    ['"text"', 'not_object'],
    ['{"store_id":"a\0b"}', 'nul_character'],
    ['{"store_id":"a\\u0000b"}', 'nul_character'],
    ['{"store_id":"a\\\\\\u0000b"}', 'nul_character'],
  ] as const;
  const records = await read(`${A}\n${bad.map(([line]) => `${line}\n${B}\n`).join('')}`);
  expect(unreadableOf(records)).toEqual(bad.map(([, code], index) => `${2 * index + 2} ${code}`));
  expect(records.filter((record) => record.original === B)).toHaveLength(bad.length);
  expect(records.find((record) => record.unreadable?.startsWith('not_json'))?.original).toBe(bad[0][0]);
});

test('takes a backslash before "u0000" that is text for what it is', async () => {
  expect(valuesOf(await read('{"store_id":"C:\\\\u0000"}'))).toEqual([{ store_id: 'C:\\u0000' }]);
});

test('says why without quoting the line', async () => {
  const [record] = await read('{"email":"someone@example.org" "x":1}');
  expect(record?.unreadable).toMatch(/^not_json: .* at position 31$/);
});

test('refuses only the line that is not UTF-8, and keeps its bytes', async () => {
  const latin1 = Buffer.from('{"store_id":"Z\u00fcrich"}', 'latin1');
  const good = '{"store_id":"Z\u00fcrich"}';
  const records = await read(Buffer.concat([Buffer.from(`${good}\n`), latin1, Buffer.from(`\n${good}`)]));
  expect(unreadableOf(records)).toEqual(['2 not_utf8']);
  const kept = Buffer.from(records[1]!.original.replace('base64:', ''), 'base64');
  expect(kept.equals(latin1)).toBe(true);
  expect(records[2]).toMatchObject({ value: { store_id: 'Zürich' }, line: 3 });
});

test('refuses a line above the cap without holding it, and goes on', async () => {
  const long = `{"store_id":"${'x'.repeat(3 * MAX_LINE_BYTES)}"}`;
  for (const chunkBytes of [1000, 65_536, 10 * MAX_LINE_BYTES]) {
    const records = await read(`${A}\n${long}\n${B}\n${long}`, chunkBytes);
    expect(unreadableOf(records)).toEqual(['2 line_too_long', '4 line_too_long']);
    expect(records[1]!.original).toBe(
      `${long.slice(0, 4096)}\n[cut here: ${Buffer.byteLength(long)} bytes in all, SHA-256 ${createHash('sha256').update(long).digest('hex')}]`,
    );
    expect(records[2]).toMatchObject({ value: { store_id: 'b' }, line: 3 });
  }
});

test('takes a line of just the cap, and refuses one byte more', async () => {
  const ofBytes = (bytes: number) => `{"a":"${'é'.repeat((bytes - 8) / 2)}"}`;
  const fits = ofBytes(MAX_LINE_BYTES);
  expect(Buffer.byteLength(fits)).toBe(MAX_LINE_BYTES);
  const records = await read(`${fits}\n${fits} \n${A}\n`);
  expect(unreadableOf(records)).toEqual(['2 line_too_long']);
  expect(records).toHaveLength(3);
});

test('reads the same wherever the chunks are cut', async () => {
  const content = Buffer.from(`\uFEFF{"store_id":"Zürich 🛒"}\r\n\n{"store_id":"東京"}\nx\n${A}`);
  const whole = await read(content);
  expect(whole).toHaveLength(4);
  for (let cut = 0; cut <= content.length; cut++) {
    expect(await allOf(readStores(fileCutAt('stores.jsonl', content, cut)))).toEqual(whole);
  }
  expect(await read(content, 1)).toEqual(whole);
});

test('reads the same in blocks as line by line, and numbers lines through', async () => {
  const lines = Array.from(
    { length: 40_000 },
    (_, index) => `{"store_id":"store ${index} ${'é'.repeat(index % 7)}"}`,
  );
  const records = await read(lines.join('\n'), 16_384);
  expect(records.map((record) => record.original)).toEqual(lines);
  expect(records.at(-1)!.line).toBe(40_000);
});

test('hands on the failure of a stream', async () => {
  const broken = {
    ...fileOf('x.jsonl', ''),
    open: () => fileOf('x', A).open().destroy(new Error('disk gone')),
  };
  await expect(allOf(readStores(broken))).rejects.toThrow('disk gone');
});

test('whatever the bytes are, each line is a record, a reason or blank, and good lines stay good', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      fc.integer({ min: 1, max: 50 }),
      async (bytes, chunkBytes) => {
        const records = await read(
          Buffer.concat([Buffer.from(`${A}\n`), bytes, Buffer.from(`\n${B}`)]),
          chunkBytes,
        );
        expect(records[0]).toMatchObject({ value: { store_id: 'a' }, line: 1 });
        const lines = bytes.filter((byte) => byte === 10).length + 3;
        expect(records.at(-1)).toMatchObject({ value: { store_id: 'b' }, line: lines });
      },
    ),
  );
});
