import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { StreamFull } from '../../lib/ports.ts';
import {
  type Body,
  basic,
  event,
  OFFICE,
  problemOf,
  REVOKED,
  smallCollector,
  TILL,
  WEB,
} from './small-collector.ts';

afterEach(() => vi.restoreAllMocks());

describe('keys', () => {
  test('come as the user of Basic authentication, else in the body; site and office may track', async () => {
    const it = smallCollector();
    expect((await it.post('/v1/t', event(), basic(WEB))).status).toBe(200);
    expect((await it.post('/v1/t', { ...event(), writeKey: WEB })).status).toBe(200);
    expect((await it.post('/v1/t', event(), basic(OFFICE))).status).toBe(200);
    expect((await it.post('/v1/t', { ...event(), writeKey: 'no key' }, basic(WEB))).status).toBe(200);
    expect(
      (await it.post('/v1/t', { ...event(), writeKey: OFFICE }, { authorization: 'Basic Og==' })).status,
    ).toBe(200);
    expect(it.records().map(({ source }) => source)).toEqual([
      'anywhere',
      'anywhere',
      'back-office',
      'anywhere',
      'back-office',
    ]);
    expect(
      it
        .records()
        .map(({ body }) => body)
        .join(),
    ).not.toMatch(new RegExp(`${WEB}|${OFFICE}|writeKey`));
  });

  test('unknown, revoked and missing ones are refused in the same words, and nothing is stored', async () => {
    const it = smallCollector();
    const answers = [
      await it.post('/v1/t', event(), basic('nobody')),
      await it.post('/v1/t', event(), basic(REVOKED)),
      await it.post('/v1/t', { ...event(), writeKey: 'nobody' }),
      await it.post('/v1/t', { ...event(), writeKey: WEB }, basic('nobody')),
      await it.post('/v1/t', event()),
      await it.post('/v1/t', event({ writeKey: 7 })),
      await it.post('/v1/t', event({ writeKey: '__proto__' })),
      await it.post('/v1/t', event(), { authorization: 'Bearer x' }),
      await it.post('/v1/t', event(), { authorization: 'Basic %%%' }),
    ];
    const texts = new Set<string>();
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      texts.add(JSON.stringify(await problemOf(answer)));
    }
    expect(texts.size).toBe(1);
    expect([...texts][0]).toContain('"code":"unknown_key"');
    expect(it.appends).toEqual([]);
  });

  test('of a till do not track', async () => {
    const it = smallCollector();
    const response = await it.post('/v1/t', event(), basic(TILL));
    expect(response.status).toBe(403);
    expect(await problemOf(response)).toMatchObject({ code: 'wrong_kind' });
    expect(it.appends).toEqual([]);
  });
});

describe('a body that is none', () => {
  test.each<[string, Body, string]>([
    ['cut JSON', '{"batch":[{"messageId":"m1","ty', 'not_json'],
    ['a comma too many', '{"batch":[],}', 'not_json'],
    ['NaN', '{"batch":[{"value":NaN}]}', 'not_json'],
    ['nothing', '', 'not_json'],
    ['a list', '[{"messageId":"m"}]', 'not_object'],
    ['text', '"hello"', 'not_object'],
    ['null', 'null', 'not_object'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 'not_utf8'],
    ['a damaged gzip', gzipSync('{"batch":[]}').subarray(0, 20), 'not_gzip'],
  ])('%s is refused with 400 and kept aside', async (_, body, problem) => {
    const it = smallCollector();
    const response = await it.post('/v1/batch', body, basic(WEB));
    expect(response.status).toBe(400);
    expect(await problemOf(response)).toMatchObject({
      code: 'unreadable',
      kept: true,
      detail: expect.stringContaining(problem),
    });
    expect(it.records()).toHaveLength(1);
    expect(it.records()[0]).toMatchObject({ format: 'segment', source: 'anywhere' });
    expect(it.records()[0]!.set_aside).toMatchObject({
      reason: 'unreadable',
      detail: expect.stringContaining(problem),
    });
  });

  test('no more of it is kept than its beginning', async () => {
    const it = smallCollector();
    await it.post('/v1/batch', `{${'"a":1,'.repeat(100_000)}`, basic(WEB));
    expect(it.records()[0]!.body).toHaveLength(4096);
  });

  test('without a good key it is refused and not kept', async () => {
    const it = smallCollector();
    const response = await it.post('/v1/batch', '{"writeKey":"web_open"');
    expect(response.status).toBe(400);
    expect(await problemOf(response)).toMatchObject({ code: 'unreadable', kept: false });
    expect((await it.post('/v1/batch', '{', basic('nobody'))).status).toBe(401);
    expect(it.appends).toEqual([]);
  });

  test('a flood of it does not fill the disk: the answer says what was not kept, and events still pass', async () => {
    const it = smallCollector({ limits: { unreadableRate: { perSecond: 1, burst: 5 } } });
    const kept: unknown[] = [];
    for (let i = 0; i < 20; i++)
      kept.push((await problemOf(await it.post('/v1/batch', '{', basic(WEB)))).kept);
    expect(kept.filter((each) => each === true)).toHaveLength(5);
    expect(kept.slice(5)).toEqual(Array(15).fill(false));
    expect(it.records()).toHaveLength(5);
    expect((await it.post('/v1/t', event(), basic(WEB))).status).toBe(200);
    expect(await problemOf(await it.post('/v1/batch', '{', basic(OFFICE)))).toMatchObject({ kept: true });
    it.clock.now += 2000;
    expect(await problemOf(await it.post('/v1/batch', '{', basic(WEB)))).toMatchObject({ kept: true });
  });

  test.each(['{}', '"x"', '7', 'null'])('a batch that is %s is refused by its name', async (batch) => {
    const it = smallCollector();
    const response = await it.post('/v1/batch', `{"batch":${batch}}`, basic(WEB));
    expect(response.status).toBe(400);
    expect(await problemOf(response)).toMatchObject({ code: 'batch_not_array', field: 'batch' });
  });

  test('its words stand in no log', async () => {
    const said = (['log', 'warn', 'error', 'info'] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    );
    const it = smallCollector();
    await it.post('/v1/batch', '{"email":"anna@example.com"', basic(WEB));
    it.failing.with = new Error('disk');
    await it.post('/v1/t', event({ traits: { email: 'anna@example.com' } }), basic(WEB));
    const words = said.flatMap(({ mock }) => mock.calls.flat()).map(String);
    expect(words).toEqual(['The stream takes nothing: disk']);
  });
});

describe('overload', () => {
  test('a full stream is 429 with the time to come back, and nothing is accepted', async () => {
    const it = smallCollector();
    it.failing.with = new StreamFull('no room', 17);
    const response = await it.post('/v1/batch', { batch: [event()], writeKey: WEB });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('17');
    expect(await problemOf(response)).toMatchObject({ code: 'too_many' });
    it.failing.with = null;
    expect((await it.post('/v1/batch', { batch: [event()], writeKey: WEB })).status).toBe(200);
    expect(it.records()).toHaveLength(1);
  });

  test('a stream that breaks is 503, without its words', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const it = smallCollector();
    it.failing.with = new Error('ENOSPC: /secret/path');
    const response = await it.post('/v1/batch', { batch: [event()], writeKey: WEB });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(JSON.stringify(await problemOf(response))).not.toContain('ENOSPC');
  });

  test('a key that sends more than it may waits; others do not', async () => {
    const it = smallCollector({ limits: { rate: { perSecond: 10, burst: 20 } } });
    const send = (key: string, events: number) =>
      it.post('/v1/batch', { batch: Array.from({ length: events }, () => event()) }, basic(key));
    expect((await send(WEB, 15)).status).toBe(200);
    // The bucket is not empty: a batch larger than what is left passes, and those after it wait longer.
    expect((await send(WEB, 20)).status).toBe(200);
    const refused = await send(WEB, 1);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect((await send(OFFICE, 1)).status).toBe(200);
    it.clock.now += 1500;
    expect((await send(WEB, 1)).status).toBe(429);
    it.clock.now += 500;
    expect((await send(WEB, 1)).status).toBe(200);
    expect(it.records()).toHaveLength(37);
  });
});

describe('slow senders', () => {
  test('hold no more memory together than one limit allows, and make room when they are gone', async () => {
    const it = smallCollector({ limits: { underWayBytes: 1000 } });
    const slow = (bytes: number) => {
      let controller: ReadableStreamDefaultController | undefined;
      const body = new ReadableStream({
        start(given) {
          controller = given;
          given.enqueue(Buffer.from(`{"type":"page","messageId":"${'m'.repeat(bytes)}`));
        },
      });
      const request = { method: 'POST', body, duplex: 'half', headers: basic(WEB) } as RequestInit;
      return { answer: it.app.request('/v1/t', request), controller: controller! };
    };
    const first = slow(600);
    await new Promise((resolve) => setImmediate(resolve));
    const second = await slow(600).answer;
    expect(second.status).toBe(429);
    expect(second.headers.get('retry-after')).toBe('2');
    expect((await it.post('/v1/t', event(), basic(WEB))).status).toBe(200);
    first.controller.enqueue(Buffer.from('"}'));
    first.controller.close();
    expect((await first.answer).status).toBe(200);
    const third = slow(600);
    third.controller.enqueue(Buffer.from('"}'));
    third.controller.close();
    expect((await third.answer).status).toBe(200);
    expect(it.records()).toHaveLength(3);
  });
});

describe('a sender that goes away', () => {
  test('in the middle of a body leaves nothing', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    const it = smallCollector();
    let parts = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (parts++ === 0) controller.enqueue(Buffer.from('{"batch":[{"messageId":"m1","type":"page"}'));
        else controller.error(new Error('aborted'));
      },
    });
    const response = await it.app.request('/v1/batch', {
      method: 'POST',
      body,
      duplex: 'half',
      headers: basic(WEB),
    } as RequestInit);
    expect(response.status).toBe(500);
    expect(it.appends).toEqual([]);
  });
});
