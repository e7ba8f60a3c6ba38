import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { COLLECTOR_LIMITS } from '../../lib/collector/limits.ts';
import { basic, event, type Json, problemOf, smallCollector, WEB } from './small-collector.ts';

const { bodyBytes, unpackedBytes, eventBytes, headBytes } = COLLECTOR_LIMITS;

describe('a body that is too large', () => {
  test('is refused by what its header says, before any of it is read', async () => {
    const it = smallCollector();
    let isRead = false;
    const body = new ReadableStream(
      {
        pull() {
          isRead = true;
        },
      },
      { highWaterMark: 0 },
    );
    const response = await it.app.request('/v1/batch', {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { ...basic(WEB), 'content-length': String(bodyBytes + 1) },
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(isRead).toBe(false);
    expect(await problemOf(response)).toEqual({
      type: 'about:blank',
      title: `The body has more than ${bodyBytes} bytes; send it in smaller parts`,
      status: 413,
      code: 'too_large',
      field: 'body',
      value: bodyBytes + 1,
      limit: bodyBytes,
    });
    expect(it.appends).toEqual([]);
  });

  test('is refused where no header says so, and no more than the limit is read', async () => {
    const it = smallCollector();
    let sent = 0;
    const part = new Uint8Array(65_536).fill(32);
    const body = new ReadableStream({
      pull(controller) {
        sent += part.length;
        controller.enqueue(part);
      },
    });
    const response = await it.app.request('/v1/batch', {
      method: 'POST',
      body,
      duplex: 'half',
      headers: basic(WEB),
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(bodyBytes + 10 * part.length);
    expect(it.appends).toEqual([]);
  });

  test('a megabyte passes', async () => {
    const it = smallCollector();
    const batch = Array.from({ length: 20 }, () => event({ properties: { text: 'x'.repeat(50_000) } }));
    expect((await it.post('/v1/batch', { batch, writeKey: WEB })).status).toBe(200);
    expect(it.records()).toHaveLength(20);
  });

  test.each([
    ['zeros', gzipSync(Buffer.alloc(300 * 1_048_576))],
    ['as many members', Buffer.concat(Array.from({ length: 40 }, () => gzipSync(Buffer.alloc(1_048_576))))],
  ])('gzip that unpacks to hundreds of megabytes of %s is given up at the limit', async (_, bomb) => {
    expect(bomb.length).toBeLessThan(bodyBytes);
    const it = smallCollector();
    const before = process.memoryUsage().arrayBuffers;
    const response = await it.post('/v1/batch', bomb, { ...basic(WEB), 'content-encoding': 'gzip' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * unpackedBytes);
    expect(response.status).toBe(413);
    expect(await problemOf(response)).toMatchObject({
      code: 'too_large',
      field: 'body',
      limit: unpackedBytes,
    });
    expect(it.appends).toEqual([]);
  });
});

describe('an event that is too large', () => {
  test.each([
    ['ASCII', 'x', 1],
    ['three bytes a character', '語', 3],
    ['four bytes a character', '😀', 4],
  ])('is set aside with its beginning and its hash, and its neighbours pass: %s', async (_, char, bytes) => {
    const it = smallCollector();
    const count = Math.floor((eventBytes - 1000) / bytes);
    const below = event({ properties: { text: char.repeat(count) } });
    const above = event({ properties: { text: char.repeat(count + Math.ceil(2000 / bytes)) } });
    const response = await it.post('/v1/batch', { batch: [event(), above, below], writeKey: WEB });
    expect(response.status).toBe(200);
    const { rejected } = (await response.json()) as { rejected: { index: number; reason: string }[] };
    expect(rejected.map(({ index }) => index)).toEqual([1]);
    const [first, big, last] = it.records();
    expect(first!.set_aside).toBeUndefined();
    expect(last!.set_aside).toBeUndefined();
    const whole = JSON.stringify({ ...above, receivedAt: (JSON.parse(first!.body) as Json).receivedAt });
    expect(big!.set_aside).toEqual({
      reason: 'too_large',
      detail: `the event has ${Buffer.byteLength(whole)} bytes, more than ${eventBytes}; its first ${headBytes} are kept; sha256 ${createHash('sha256').update(whole).digest('hex')}`,
    });
    expect(whole.startsWith(big!.body)).toBe(true);
    expect(big!.body.isWellFormed()).toBe(true);
    expect(Buffer.byteLength(big!.body)).toBeLessThanOrEqual(headBytes);
    expect(Buffer.byteLength(big!.body)).toBeGreaterThan(headBytes - 4);
    expect(rejected[0]!.reason).toBe(big!.set_aside!.detail);
  });

  test('neither is one that is nested too deeply to be written, nor does it cost its neighbours', async () => {
    const it = smallCollector();
    const deep = `{"messageId":"deep","type":"page","properties":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const text = `{"writeKey":"${WEB}","batch":[${deep},${'['.repeat(100_000)}${']'.repeat(100_000)},${JSON.stringify(event())}]}`;
    const response = await it.post('/v1/batch', text);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      received: 3,
      rejected: [
        { index: 0, reason: expect.stringContaining('nested') },
        { index: 1, reason: expect.stringContaining('not_object') },
      ],
    });
    expect(it.records().map(({ set_aside }) => set_aside?.reason)).toEqual([
      'too_large',
      'unreadable',
      undefined,
    ]);
    expect(it.records()[0]!.body).toContain('"messageId":"deep"');
    expect(it.records()[1]!.body.length).toBeLessThan(100);
  });

  test('what a batch says for all must not fill the memory once it is said to each', async () => {
    const it = smallCollector();
    const context = { text: 'x'.repeat(100_000) };
    const few = { writeKey: WEB, context, batch: Array.from({ length: 10 }, () => event()) };
    expect((await it.post('/v1/batch', few)).status).toBe(200);
    const many = { writeKey: WEB, context, batch: Array.from({ length: 5000 }, () => event()) };
    const response = await it.post('/v1/batch', many);
    expect(response.status).toBe(413);
    expect(await problemOf(response)).toMatchObject({ code: 'too_large', field: 'context' });
    const deep = `{"writeKey":"${WEB}","context":${'['.repeat(100_000)}${']'.repeat(100_000)},"batch":[{}]}`;
    expect((await it.post('/v1/batch', deep)).status).toBe(413);
    expect(it.records()).toHaveLength(10);
  });
});
