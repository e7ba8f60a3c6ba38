import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UPLOAD_FORMATS } from '../../lib/collector/uploads/upload-formats.ts';
import { UPLOAD_LIMITS } from '../../lib/collector/uploads/upload-routes.ts';
import { signBody } from '../../lib/domain/signature.ts';
import { FORMATS } from '../../lib/formats/index.ts';
import { StreamFull } from '../../lib/ports.ts';
import { NOW, OFFICE, type ServedUploads, servedUploads, TILL } from './served-uploads.ts';

const RECEIPT =
  '{"receipt_id":"r1","store_id":"s1","occurred_at":"2025-03-09T12:00:00","lines":[{"amount":"1.00"}]}';
const CSV = 'receipt_id,store_id,occurred_at,amount\r\nr1,s1,2025-03-09T12:00:00,1.00\r\n';
const XML = `<?xml version="1.0" encoding="ISO-8859-1"?><POSLog><Transaction><RetailStoreID>s1</RetailStoreID></Transaction></POSLog>`;

let served: ServedUploads;
beforeEach(async () => {
  served = await servedUploads();
});
afterEach(() => served.close());

const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const body = (await response.json()) as Record<string, unknown>;
  expect(body.status).toBe(response.status);
  return body;
};

describe('what is taken', () => {
  test.each([
    ['JSON Lines', `${RECEIPT}\n${RECEIPT.replace('r1', 'r2')}`, 'application/x-ndjson'],
    ['CSV', CSV, 'text/csv; charset=utf-8'],
    ['what curl calls a form', RECEIPT, 'application/x-www-form-urlencoded'],
    ['what is called nothing of use', CSV, 'application/octet-stream'],
  ])('%s, whole, in the name of its key', async (_, body, type) => {
    const answer = await served.upload('receipts', body, { key: TILL, headers: { 'content-type': type } });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toEqual({ format: 'receipts', received_bytes: Buffer.byteLength(body) });
    expect(served.taken).toEqual([
      { format: 'receipts', source: 'till Köln', store_id: 's1', received_at: NOW, body },
    ]);
  });

  test('gzip, signed as it was sent, whether it is called so or not', async () => {
    const packed = gzipSync(CSV);
    const headers = { 'content-encoding': 'gzip' };
    expect((await served.upload('receipts', packed, { headers })).status).toBe(202);
    const again = gzipSync(`${CSV}r2,s1,2025-03-09T12:00:00,1.00\r\n`);
    expect((await served.upload('receipts', again)).status).toBe(202);
    const unpackedSignature = await served.post('/v1/upload/receipts', packed, {
      'ropo-key': OFFICE.id,
      'ropo-signature': signBody(OFFICE.secrets[0]!, CSV, NOW / 1000),
    });
    expect(unpackedSignature.status).toBe(401);
    expect(served.taken.map(({ body }) => body)).toEqual([CSV, `${CSV}r2,s1,2025-03-09T12:00:00,1.00\r\n`]);
  });

  test('XML in the encoding that it declares', async () => {
    const answer = await served.upload('poslog', Buffer.from(XML.replace('>s1<', '>Kö<'), 'latin1'), {
      key: TILL,
    });
    expect(answer.status).toBe(202);
    expect(served.taken[0]!.body).toBe(
      '<POSLog><Transaction><RetailStoreID>Kö</RetailStoreID></Transaction></POSLog>',
    );
  });

  test('every format that is said to be, by an office', async () => {
    expect(UPLOAD_FORMATS.filter((name) => !Object.hasOwn(FORMATS, name))).toEqual([]);
    for (const format of UPLOAD_FORMATS) {
      const body = format === 'poslog' ? XML : `{"${format}":1}`;
      expect([format, (await served.upload(format, body)).status]).toEqual([format, 202]);
    }
    expect(served.taken.map(({ format, store_id }) => [format, store_id])).toEqual(
      UPLOAD_FORMATS.map((format) => [format, null]),
    );
  });

  test('what an older secret signed, until it is taken away', async () => {
    expect((await served.upload('receipts', RECEIPT, { key: TILL, secret: 'till secret 1' })).status).toBe(
      202,
    );
    expect((await served.upload('receipts', RECEIPT, { key: TILL, secret: 'till secret 0' })).status).toBe(
      401,
    );
  });
});

describe('who is not let in', () => {
  test.each([
    ['no headers', {}],
    ['no signature', { 'ropo-key': OFFICE.id }],
    ['no key', { 'ropo-signature': signBody('office secret', RECEIPT, NOW / 1000) }],
    ['unknown key', { 'ropo-key': 'x', 'ropo-signature': signBody('office secret', RECEIPT, NOW / 1000) }],
    [
      'revoked key',
      { 'ropo-key': 'office_0', 'ropo-signature': signBody('office secret', RECEIPT, NOW / 1000) },
    ],
    [
      'a web key',
      { 'ropo-key': 'web_1', 'ropo-signature': signBody('no key has this secret', RECEIPT, NOW / 1000) },
    ],
    [
      'wrong secret',
      { 'ropo-key': OFFICE.id, 'ropo-signature': signBody('till secret 2', RECEIPT, NOW / 1000) },
    ],
    [
      'other body',
      { 'ropo-key': OFFICE.id, 'ropo-signature': signBody('office secret', `${RECEIPT} `, NOW / 1000) },
    ],
    ['old and wrong', { 'ropo-key': OFFICE.id, 'ropo-signature': signBody('x', RECEIPT, NOW / 1000 - 9999) }],
    ['nonsense', { 'ropo-key': OFFICE.id, 'ropo-signature': 't=,v1=' }],
  ])('%s: all are answered alike', async (_, headers) => {
    const answer = await served.post('/v1/upload/receipts', RECEIPT, headers as Record<string, string>);
    expect(await problemOf(answer)).toEqual({
      type: 'about:blank',
      title: 'The request is not signed by a key of this shop; see docs/collector.md for how to sign',
      status: 401,
      code: 'not_signed',
    });
    expect(served.taken).toEqual([]);
  });

  test('who signs well with a wrong clock is told how wrong', async () => {
    const answer = await served.upload('receipts', RECEIPT, { at: NOW / 1000 - 3600 });
    expect(answer.status).toBe(401);
    expect(await problemOf(answer)).toMatchObject({
      code: 'signature_expired',
      clock_skew_seconds: -3600,
      limit: 300,
    });
    expect((await served.upload('receipts', RECEIPT, { at: NOW / 1000 + 300 })).status).toBe(202);
    expect((await served.upload('receipts', RECEIPT, { at: NOW / 1000 + 301 })).status).toBe(401);
  });

  test("a till does not speak for the shop's spend or orders", async () => {
    for (const format of ['spend', 'orders', 'stores', 'consents', 'shopify-orders']) {
      if (!UPLOAD_FORMATS.includes(format)) continue;
      const answer = await served.upload(format, '{}', { key: TILL });
      expect(answer.status).toBe(403);
      expect(await problemOf(answer)).toMatchObject({ code: 'not_for_this_key' });
    }
    expect(served.taken).toEqual([]);
  });
});

describe('what is sent again', () => {
  test('is told so, and not taken twice; the same text signed anew is', async () => {
    expect((await served.upload('receipts', RECEIPT)).status).toBe(202);
    const replay = await served.upload('receipts', RECEIPT);
    expect(replay.status).toBe(409);
    expect(await problemOf(replay)).toMatchObject({ code: 'replayed' });
    served.clock.now += 1000;
    expect((await served.upload('receipts', RECEIPT)).status).toBe(202);
    expect(served.taken).toHaveLength(2);
  });

  test('to the address of another format is another file: the signature is over body and time alone', async () => {
    expect((await served.upload('receipts', RECEIPT)).status).toBe(202);
    expect((await served.upload('store_visits', RECEIPT)).status).toBe(202);
    expect((await served.upload('receipts', RECEIPT)).status).toBe(409);
    expect(served.taken.map(({ format }) => format)).toEqual(['receipts', 'store_visits']);
  });

  test('at the same moment is taken once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => served.upload('receipts', RECEIPT)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array(7).fill(409)]);
    expect(served.taken).toHaveLength(1);
  });

  test('is remembered as long as its signature is good, and refused after', async () => {
    const at = NOW / 1000 + 300;
    expect((await served.upload('receipts', RECEIPT, { at })).status).toBe(202);
    served.clock.now = (at + 300) * 1000;
    expect((await served.upload('receipts', RECEIPT, { at })).status).toBe(409);
    served.clock.now += 1;
    expect((await served.upload('receipts', RECEIPT, { at })).status).toBe(401);
  });

  test('after it was not taken is taken', async () => {
    served.fail.with = new StreamFull('the disk is full', 7);
    const busy = await served.upload('receipts', RECEIPT);
    expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await problemOf(busy)).toMatchObject({ code: 'too_many', value: 7 });
    served.fail.with = null;
    expect((await served.upload('receipts', RECEIPT)).status).toBe(202);
  });
});

describe('what is no upload', () => {
  test('other methods and other senders are told so', async () => {
    for (const path of ['/v1/upload/receipts', '/v1/webhooks/shopify/office_1']) {
      const answer = await fetch(served.url + path);
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    }
    expect((await served.post('/v1/webhooks/magento/office_1', '{}')).status).toBe(404);
  });

  test('an unknown format is answered with those there are', async () => {
    for (const format of ['x', 'constructor', '__proto__', 'segment', '..%2freceipts']) {
      const answer = await served.upload(format, RECEIPT);
      expect(answer.status).toBe(404);
      expect(await problemOf(answer)).toMatchObject({ code: 'unknown_format', allowed: UPLOAD_FORMATS });
    }
  });

  test('a body beyond the limit, as it comes and unpacked', async () => {
    const large = Buffer.alloc(UPLOAD_LIMITS.bodyBytes + 1, 0x20);
    const answer = await served.upload('receipts', large);
    expect(answer.status).toBe(413);
    expect(await problemOf(answer)).toMatchObject({ code: 'too_large', limit: UPLOAD_LIMITS.bodyBytes });
    const bomb = gzipSync(Buffer.alloc(50 * 1_048_576, 0x20));
    expect(bomb.length).toBeLessThan(100_000);
    expect((await served.upload('receipts', bomb)).status).toBe(413);
    expect(served.taken).toEqual([]);
  });

  test.each([
    ['multipart/form-data; boundary=x', {}, RECEIPT],
    ['image/png', {}, RECEIPT],
    ['application/json', { 'content-encoding': 'br' }, RECEIPT],
  ])('content of type %s, %j is not taken', async (type, more, body) => {
    const answer = await served.upload('receipts', body, { headers: { 'content-type': type, ...more } });
    expect(answer.status).toBe(415);
  });

  test.each([
    ['receipts', `[${RECEIPT}]`],
    ['receipts', 'Bon;Filiale\r\n1;Köln'],
    ['receipts', Buffer.from('receipt_id,store_id\r\nK\xf6ln,s1', 'latin1')],
    ['receipts', gzipSync(CSV).subarray(0, 30)],
    ['receipts', XML],
    ['poslog', RECEIPT],
    ['poslog', XML.replace('<POSLog>', '<!DOCTYPE x><POSLog>')],
    ['poslog', XML.replace('ISO-8859-1', 'klingon')],
  ])('as %s a body that is none is refused and holds nothing back (%#)', async (format, body) => {
    const answer = await served.upload(format, body);
    expect(answer.status).toBe(400);
    const problem = JSON.stringify(await problemOf(answer));
    for (const content of ['Köln', 'r1', 'Filiale']) expect(problem).not.toContain(content);
    expect(served.taken).toEqual([]);
  });

  test('a fault of ours is not called theirs, and may be tried again', async () => {
    served.fail.with = new Error('the disk is gone');
    const answer = await served.upload('receipts', RECEIPT);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(JSON.stringify(await problemOf(answer))).not.toContain('disk');
    served.fail.with = null;
    expect((await served.upload('receipts', RECEIPT)).status).toBe(202);
  });
});
