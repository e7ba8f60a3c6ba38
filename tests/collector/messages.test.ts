import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { COLLECTOR_LIMITS } from '../../lib/collector/limits.ts';
import { TRACK_PATHS } from '../../lib/collector/track-routes.ts';
import {
  type Body,
  basic,
  event,
  type Json,
  NOW,
  problemOf,
  smallCollector,
  WEB,
} from './small-collector.ts';

const SINGLE: [string, string][] = [
  ['/v1/track', 'track'],
  ['/v1/t', 'track'],
  ['/v1/identify', 'identify'],
  ['/v1/i', 'identify'],
  ['/v1/page', 'page'],
  ['/v1/p', 'page'],
  ['/v1/screen', 'screen'],
  ['/v1/s', 'screen'],
  ['/v1/group', 'group'],
  ['/v1/g', 'group'],
  ['/v1/alias', 'alias'],
  ['/v1/a', 'alias'],
];
const BATCH = ['/v1/batch', '/v1/b', '/v1/import'];

describe('routes', () => {
  test('are all tested here', () => {
    expect(Object.keys(TRACK_PATHS).sort()).toEqual([...SINGLE.map(([path]) => path), ...BATCH].sort());
  });

  test.each(SINGLE)('%s takes one message and gives it the type %s where it has none', async (path, type) => {
    const it = smallCollector();
    const { type: _, ...message } = event();
    const response = await it.post(path, { ...message, writeKey: WEB });
    expect(await response.json()).toEqual({ success: true, received: 1, rejected: [], rejected_count: 0 });
    expect(response.status).toBe(200);
    expect(it.messages()).toEqual([{ ...message, type, receivedAt: new Date(NOW).toISOString() }]);
    await it.post(path, { ...event({ type: 'page' }), writeKey: WEB });
    expect(it.messages()[1]).toMatchObject({ type: 'page' });
  });

  test.each(BATCH)('%s takes a batch, in one append', async (path) => {
    const it = smallCollector();
    const batch = [event(), event({ type: 'page', event: undefined }), event()];
    const response = await it.post(path, { batch, writeKey: WEB });
    expect(await response.json()).toMatchObject({ success: true, received: 3, rejected: [] });
    expect(it.appends).toHaveLength(1);
    expect(it.messages().map(({ messageId }) => messageId)).toEqual(batch.map(({ messageId }) => messageId));
    for (const record of it.records()) {
      expect(record).toMatchObject({
        format: 'segment',
        source: 'anywhere',
        store_id: null,
        received_at: NOW,
      });
      expect(record.body).not.toContain('\n');
      expect(record.body).not.toContain(WEB);
    }
  });

  test('an empty batch is no fault and stores nothing', async () => {
    const it = smallCollector();
    const response = await it.post('/v1/batch', { batch: [], writeKey: WEB });
    expect(await response.json()).toMatchObject({ success: true, received: 0 });
    expect(it.appends).toEqual([]);
  });

  test('a batch of more events than the Segment API documents is taken whole: a refusal would cost them all', async () => {
    const it = smallCollector();
    const batch = Array.from({ length: 3000 }, () => event());
    const response = await it.post('/v1/batch', { batch, writeKey: WEB });
    expect(await response.json()).toMatchObject({ received: 3000 });
    expect(it.records()).toHaveLength(3000);
  });

  test('other methods are told what is taken, other paths that nothing is there', async () => {
    const it = smallCollector();
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const response = await it.app.request('/v1/batch', { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe('POST, OPTIONS');
      expect(await problemOf(response)).toMatchObject({ code: 'method_not_allowed', status: 405 });
    }
    const response = await it.post('/v1/nothing', event());
    expect(response.status).toBe(404);
    expect(await problemOf(response)).toMatchObject({ code: 'not_found', value: '/v1/nothing' });
  });

  test('health is there, and every answer forbids sniffing and storing', async () => {
    const it = smallCollector();
    const health = await it.app.request('/health');
    expect(await health.json()).toEqual({ status: 'ok' });
    for (const response of [
      health,
      await it.post('/v1/t', { ...event(), writeKey: WEB }),
      await it.post('/v1/t', 'junk'),
      await it.app.request('/nowhere'),
    ]) {
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });
});

describe('a body is JSON whatever it is called', () => {
  const body = JSON.stringify({ batch: [event()] });
  const take = async (bytes: Body, headers: Record<string, string>) => {
    const it = smallCollector();
    const response = await it.post('/v1/batch', bytes, { ...basic(WEB), ...headers });
    return { status: response.status, answer: (await response.json()) as Json, it };
  };

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'text/plain',
    'text/plain;charset=UTF-8',
    'Application/X-WWW-Form-Urlencoded',
    'application/vnd.api+json',
    'text/json',
  ])('%s', async (type) => {
    expect(await take(body, { 'content-type': type })).toMatchObject({
      status: 200,
      answer: { received: 1 },
    });
  });

  test('no type at all', async () => {
    const it = smallCollector();
    const request = new Request('http://localhost/v1/batch', {
      method: 'POST',
      body: Buffer.from(body),
      headers: basic(WEB),
    });
    expect(request.headers.has('content-type')).toBe(false);
    expect((await it.app.request(request)).status).toBe(200);
  });

  test.each(['image/png', 'multipart/form-data; boundary=x', 'application/xml', 'text/html', 'text/csv'])(
    '%s is refused, and nothing is stored',
    async (type) => {
      const { status, answer, it } = await take(body, { 'content-type': type });
      expect(status).toBe(415);
      expect(answer).toMatchObject({
        code: 'unsupported_media_type',
        field: 'content-type',
        value: type.split(';')[0],
      });
      expect(it.appends).toEqual([]);
    },
  );

  test.each<[string, Buffer, Record<string, string>]>([
    ['as said', gzipSync(body), { 'content-encoding': 'gzip', 'content-type': 'application/json' }],
    [
      'mislabelled as a form, as the Node SDK of RudderStack sends it',
      gzipSync(body),
      { 'content-encoding': 'gzip', 'content-type': 'application/x-www-form-urlencoded' },
    ],
    ['without a word', gzipSync(body), { 'content-type': 'text/plain' }],
    ['said to be, but unpacked on the way', Buffer.from(body), { 'content-encoding': 'gzip' }],
    ['in two members', Buffer.concat([gzipSync(body.slice(0, 9)), gzipSync(body.slice(9))]), {}],
    ['after a byte order mark', gzipSync(`\uFEFF${body}`), { 'content-encoding': 'x-gzip' }],
  ])('gzip %s', async (_, bytes, headers) => {
    expect(await take(bytes, headers)).toMatchObject({ status: 200, answer: { received: 1 } });
  });

  test('a byte order mark and line breaks do no harm', async () => {
    const { status, it } = await take(`\uFEFF${JSON.stringify({ batch: [event()] }, null, 2)}\r\n`, {});
    expect(status).toBe(200);
    expect(it.records()[0]!.body).not.toMatch(/[\r\n]/);
  });

  test('other packings are refused with what is read', async () => {
    const { status, answer, it } = await take(body, { 'content-encoding': 'br' });
    expect(status).toBe(415);
    expect(answer).toMatchObject({ code: 'unsupported_encoding', limit: 'gzip' });
    expect(it.appends).toEqual([]);
  });
});

describe('what a message takes from around it', () => {
  test('what its batch says once, but never when it was received', async () => {
    const it = smallCollector();
    const context = { library: { name: 'x' } };
    await it.post('/v1/batch', {
      writeKey: WEB,
      sentAt: '2026-01-15T11:59:59.000Z',
      receivedAt: '1999-01-01T00:00:00.000Z',
      context,
      batch: [event(), event({ context: { ip: '0' }, sentAt: 'own', receivedAt: '1998-01-01T00:00:00Z' })],
    });
    const receivedAt = new Date(NOW).toISOString();
    expect(it.messages()).toMatchObject([
      { sentAt: '2026-01-15T11:59:59.000Z', context, receivedAt },
      { sentAt: 'own', context: { ip: '0' }, receivedAt },
    ]);
  });

  test("the browser's user agent where it names none; that of an SDK on a server makes nobody a bot", async () => {
    const it = smallCollector();
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
    const send = (message: Json, agent: string) =>
      it.post('/v1/t', { ...message, writeKey: WEB }, { 'user-agent': agent });
    await send(event(), firefox);
    await send(event({ context: { page: { url: 'https://x' } } }), firefox);
    await send(event({ context: { userAgent: 'own' } }), firefox);
    await send(event(), 'analytics-node-next/latest');
    await send(event({ context: 'no object' }), firefox);
    await send(event(), `Mozilla/5.0 ${'x'.repeat(9000)}`);
    const agents = it.messages().map(({ context }) => (context as Json | undefined)?.userAgent);
    expect(agents.slice(0, 5)).toEqual([firefox, firefox, 'own', undefined, undefined]);
    expect(String(agents[5])).toHaveLength(512);
    expect(it.messages()[1]).toMatchObject({ context: { page: { url: 'https://x' } } });
    expect(it.messages()[4]).toMatchObject({ context: 'no object' });
  });

  test("the headers of RudderStack's browser SDK where the message does not say it", async () => {
    const it = smallCollector();
    const headers = {
      ...basic(WEB),
      anonymousid: Buffer.from('b2d4-ä').toString('base64'),
      sentat: '2026-01-15T11:00:00.000Z',
    };
    const { anonymousId: _, ...without } = event();
    await it.post('/v1/track', without, headers);
    await it.post('/v1/track', event({ sentAt: 'own' }), headers);
    await it.post('/v1/track', without, { ...headers, anonymousid: '%%%' });
    await it.post('/v1/track', without, { ...headers, anonymousid: '/////w==' });
    expect(it.messages().map(({ anonymousId, sentAt }) => [anonymousId, sentAt])).toEqual([
      ['b2d4-ä', '2026-01-15T11:00:00.000Z'],
      ['visitor', 'own'],
      [undefined, '2026-01-15T11:00:00.000Z'],
      [undefined, '2026-01-15T11:00:00.000Z'],
    ]);
  });

  test('names that JavaScript gives a meaning are text like any other', async () => {
    const it = smallCollector();
    const text = `{"batch":[{"__proto__":{"polluted":1},"constructor":{"prototype":{}},"messageId":"m","type":"page"}],"writeKey":"${WEB}"}`;
    expect((await it.post('/v1/batch', text)).status).toBe(200);
    expect(it.records()[0]!.body).toContain('"__proto__":{"polluted":1}');
    expect(({} as Json).polluted).toBeUndefined();
  });
});

describe('one bad message costs its batch nothing', () => {
  test('the answer names the bad ones, and they go to the stream as well, to be kept aside', async () => {
    const it = smallCollector();
    const batch = [
      event(),
      { type: 'track', event: 'No id' },
      'text',
      null,
      event({ type: 'sing' }),
      [1],
      event({ event: undefined }),
      event(),
    ];
    const response = await it.post('/v1/batch', { batch, writeKey: WEB });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      success: true,
      received: 8,
      rejected: [
        { index: 1, reason: expect.stringContaining('no_message_id') },
        { index: 2, reason: expect.stringContaining('not_object') },
        { index: 3, reason: expect.stringContaining('not_object') },
        { index: 4, reason: expect.stringContaining('unknown_type') },
        { index: 5, reason: expect.stringContaining('not_object') },
        { index: 6, reason: expect.stringContaining('no_event_name') },
      ],
      rejected_count: 6,
    });
    expect(it.appends).toHaveLength(1);
    // The three that are no objects are one record, with the first of them, in its place.
    expect(it.records()).toHaveLength(6);
    expect(it.records()[2]).toMatchObject({
      body: '"text"',
      set_aside: {
        reason: 'unreadable',
        detail: expect.stringMatching(/^not_object: .* 3 of 8; .* place 2 /),
      },
    });
    expect(it.messages()[3]).toMatchObject({ type: 'sing' });
  });

  test('a batch of nothing but bad ones is a 200 too, and its answer stays short', async () => {
    const it = smallCollector();
    const response = await it.post('/v1/batch', {
      batch: Array.from({ length: 5000 }, () => 1),
      writeKey: WEB,
    });
    expect(response.status).toBe(200);
    const answer = (await response.json()) as { rejected: unknown[] };
    expect(answer).toMatchObject({ received: 5000, rejected_count: 5000 });
    expect(answer.rejected).toHaveLength(100);
    expect(it.records()).toHaveLength(1);
  });

  test('no objects at all, as many as may come, do not shut the key of the shop', async () => {
    const it = smallCollector({ limits: { rate: { perSecond: 10, burst: 20 } } });
    const zeros = `{"batch":[${Array(COLLECTOR_LIMITS.messages).fill(0).join()}]}`;
    const response = await it.post('/v1/batch', gzipSync(zeros), basic(WEB));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      received: COLLECTOR_LIMITS.messages,
      rejected_count: COLLECTOR_LIMITS.messages,
    });
    expect(it.records()).toHaveLength(1);
    expect((await it.post('/v1/batch', { batch: [event()] }, basic(WEB))).status).toBe(200);
  });

  test('more messages than any client sends are refused whole, and cost the key nothing', async () => {
    const it = smallCollector({ limits: { rate: { perSecond: 10, burst: 20 } } });
    for (const member of ['0', '{}']) {
      const batch = `{"batch":[${Array(COLLECTOR_LIMITS.messages + 1)
        .fill(member)
        .join()}]}`;
      const response = await it.post('/v1/batch', gzipSync(batch), basic(WEB));
      expect(response.status).toBe(413);
      expect(await problemOf(response)).toMatchObject({
        code: 'too_large',
        field: 'batch',
        value: COLLECTOR_LIMITS.messages + 1,
        limit: COLLECTOR_LIMITS.messages,
      });
    }
    expect(it.appends).toEqual([]);
    expect((await it.post('/v1/batch', { batch: [event()] }, basic(WEB))).status).toBe(200);
  });
});
