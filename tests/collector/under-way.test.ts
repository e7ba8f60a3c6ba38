import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { COLLECTOR_LIMITS } from '../../lib/collector/limits.ts';
import { sharing, turns, underWay } from '../../lib/collector/under-way.ts';
import { signBody } from '../../lib/domain/signature.ts';
import { basic, event, NOW, OFFICE, problemOf, smallCollector, WEB } from './small-collector.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

type Small = ReturnType<typeof smallCollector>;

/** Sends the beginning of a body, and the rest when it is told to. */
async function slow(it: Small, path: string, beginning: string, headers: Record<string, string> = {}) {
  let end = (_rest: string) => {};
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(Buffer.from(beginning));
      end = (rest) => {
        controller.enqueue(Buffer.from(rest));
        controller.close();
      };
    },
  });
  const answer = it.app.request(path, { method: 'POST', body, duplex: 'half', headers } as RequestInit);
  await turn();
  return { answer, end };
}

const half = (bytes: number) => `{"type":"page","anonymousId":"a","messageId":"${'m'.repeat(bytes)}`;

/** A body of the shop's events that packs well. */
const packed = (bytes: number, more: object = {}) =>
  gzipSync(JSON.stringify({ ...event(), ...more, context: { text: ' '.repeat(bytes) } }));

describe('what requests hold together', () => {
  test('strangers share little of their own, and clients are never told to wait for them', async () => {
    const it = smallCollector({ limits: { strangersBytes: 1000 } });
    const strangers = await slow(it, '/v1/t', half(900));
    const another = await it.post('/v1/t', `${half(200)}"}`);
    expect(another.status).toBe(429);
    expect(another.headers.get('retry-after')).toBe('2');
    expect(await problemOf(another)).toMatchObject({ code: 'too_many' });
    const client = await it.post('/v1/t', `${half(5000)}"}`, basic(WEB));
    expect(client.status).toBe(200);
    strangers.end(`","writeKey":"${WEB}"}`);
    expect((await strangers.answer).status).toBe(200);
    expect((await it.post('/v1/t', `${half(200)}"}`)).status).toBe(401);
  });

  test('clients that fill theirs leave strangers what is theirs', async () => {
    const it = smallCollector({ limits: { underWayBytes: 1000 } });
    const client = await slow(it, '/v1/t', half(900), basic(WEB));
    expect((await it.post('/v1/t', `${half(200)}"}`, basic(WEB))).status).toBe(429);
    expect((await it.post('/v1/t', `${half(200)}","writeKey":"${WEB}"}`)).status).toBe(200);
    client.end('"}');
    expect((await client.answer).status).toBe(200);
  });

  test.each([
    ['strangers', 'strangersBytes', {}, { writeKey: WEB }],
    ['clients', 'underWayBytes', basic(WEB), {}],
  ] as const)(
    'bodies of %s count unpacked, until their request is answered',
    async (_, limit, headers, more) => {
      const it = smallCollector({ limits: { [limit]: 300_000 } });
      const body = packed(200_000, more);
      expect(body.length).toBeLessThan(2000);
      let release = () => {};
      it.held.until = new Promise((resolve) => {
        release = resolve;
      });
      const first = it.post('/v1/t', body, headers);
      await it.held.reached();
      const second = await it.post('/v1/t', body, headers);
      expect(second.status).toBe(429);
      release();
      expect((await first).status).toBe(200);
      expect((await it.post('/v1/t', body, headers)).status).toBe(200);
      expect(it.records()).toHaveLength(2);
    },
  );

  test.each<[string, (body: string) => [string, Record<string, string>]]>([
    [
      'uploads',
      (body) => [
        '/v1/upload/receipts',
        { 'ropo-key': OFFICE, 'ropo-signature': signBody('office secret', body, NOW / 1000) },
      ],
    ],
    [
      'notifications of Shopify',
      (body) => [
        `/v1/webhooks/shopify/${OFFICE}`,
        { 'x-shopify-hmac-sha256': createHmac('sha256', 'office secret').update(body).digest('base64') },
      ],
    ],
    [
      'notifications of Square',
      (body) => {
        const path = `/v1/webhooks/square/${OFFICE}`;
        const signed = createHmac('sha256', 'office secret').update(`http://localhost${path}${body}`);
        return [path, { 'x-square-hmacsha256-signature': signed.digest('base64') }];
      },
    ],
  ])('%s share with trackers', async (_, request) => {
    const body = JSON.stringify({ receipt_id: 'r'.repeat(900) });
    const [path, headers] = request(body);
    const it = smallCollector({ limits: { underWayBytes: 1500 } });
    const first = await slow(it, path, body.slice(0, 700), headers);
    const [, others] = request(`${body} `);
    expect((await it.post(path, `${body} `, others)).status).toBe(429);
    expect((await it.post('/v1/t', `${half(900)}"}`, basic(WEB))).status).toBe(429);
    first.end(body.slice(700));
    expect([200, 202]).toContain((await first.answer).status);
    expect((await it.post('/v1/t', `${half(900)}"}`, basic(WEB))).status).toBe(200);
  });

  test('is given back however a request ends', async () => {
    const room = underWay({ underWayBytes: 10, strangersBytes: 5 }).known;
    await expect(
      sharing(room, async (share) => {
        share.take(8);
        throw new Error('no luck');
      }),
    ).rejects.toThrow('no luck');
    await expect(sharing(room, async (share) => share.take(11))).rejects.toThrow('at once');
    expect(room.bytes).toBe(0);
  });
});

describe('a stranger', () => {
  const limit = COLLECTOR_LIMITS.strangerBytes;

  test.each<[string, Buffer]>([
    ['as it comes', Buffer.alloc(limit + 1, 0x20)],
    ['unpacked', gzipSync(Buffer.alloc(limit + 1, 0x20))],
  ])('sends no more than a little %s; a client may', async (_, body) => {
    const it = smallCollector();
    for (const headers of [{}, { authorization: 'Bearer x' }]) {
      const response = await it.post('/v1/batch', body, headers);
      expect(response.status).toBe(413);
      expect(await problemOf(response)).toMatchObject({ code: 'too_large', field: 'body', limit });
    }
    expect((await it.post('/v1/batch', body, basic(WEB))).status).toBe(400);
  });

  test('with a key that is none is refused before anything is read', async () => {
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
    const request = { method: 'POST', body, duplex: 'half', headers: basic('nobody') } as RequestInit;
    expect((await it.app.request('/v1/batch', request)).status).toBe(401);
    expect(isRead).toBe(false);
  });
});

describe('turns', () => {
  test('run so many at once, all in the order they came, and a failure gives its turn back', async () => {
    const unpacking = turns(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const all = Array.from({ length: 6 }, (_, i) =>
      unpacking(async () => {
        begun.push(i);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (i % 2 === 0) throw new Error(`no ${i}`);
        return i;
      }),
    );
    const settled = Promise.allSettled(all);
    for (let done = 0; done < 6; done++) {
      await turn();
      expect(begun).toEqual(Array.from({ length: Math.min(6, done + 2) }, (_, i) => i));
      ends[done]!();
    }
    expect((await settled).map(({ status }) => status)).toEqual(
      Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? 'rejected' : 'fulfilled')),
    );
    expect(await unpacking(async () => 'free')).toBe('free');
  });
});
