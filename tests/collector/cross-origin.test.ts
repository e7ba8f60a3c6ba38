import { describe, expect, test } from 'vitest';
import {
  basic,
  event,
  KEYS,
  OFFICE,
  problemOf,
  SHOP,
  SHOP_ONLY,
  smallCollector,
  WEB,
} from './small-collector.ts';

/** Only keys that name their pages: where one stands for any page, every origin may ask. */
const STRICT = KEYS.filter(({ id }) => id !== WEB);

const preflight = (it: ReturnType<typeof smallCollector>, origin: string, path = '/v1/t') =>
  it.app.request(path, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

const corsOf = (response: Response) =>
  [...response.headers].filter(([name]) => name.startsWith('access-control-')).map(([name]) => name);

const LOOK_ALIKES = [
  'https://shop.example.evil.com',
  'https://evil-shop.example',
  'https://shop.example:444',
  'http://shop.example',
  'https://SHOP.example',
  'HTTPS://shop.example',
  'https://shop.example/',
  'https://shop.example, https://evil.com',
  'https://www.shop.example',
  'https://shop.example.',
  'https://shopXexample',
  'null',
  '*',
];

describe('preflights', () => {
  test('of an origin that some key names are allowed, with the origin itself and what SDKs send', async () => {
    const it = smallCollector({ keys: STRICT });
    for (const path of ['/v1/t', '/v1/p', '/v1/batch', '/v1/identify']) {
      const response = await preflight(it, SHOP, path);
      expect(response.status).toBe(204);
      expect(await response.text()).toBe('');
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'access-control-allow-origin': SHOP,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'authorization, x-retry-count, content-type, anonymousid, sentat',
        'access-control-max-age': '86400',
        vary: 'Origin',
      });
    }
    expect((await preflight(it, 'https://www.shop.example:8443')).status).toBe(204);
  });

  test.each(LOOK_ALIKES)('of %s are not', async (origin) => {
    const response = await preflight(smallCollector({ keys: STRICT }), origin);
    expect(response.status).toBe(403);
    expect(corsOf(response)).toEqual([]);
    expect(response.headers.get('vary')).toBe('Origin');
  });

  test('where a key stands for any page, every well-formed origin may ask, and "null" may not', async () => {
    const it = smallCollector();
    for (const origin of [
      'https://other.example',
      'http://localhost:5173',
      'http://[::1]:80',
      'capacitor://localhost',
    ]) {
      const response = await preflight(it, origin);
      expect(response.status, origin).toBe(204);
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    }
    for (const origin of ['null', '*', 'HTTPS://other.example', 'https://other.example/']) {
      const response = await preflight(it, origin);
      expect(response.status, origin).toBe(403);
      expect(corsOf(response)).toEqual([]);
    }
  });

  test('keys of the back office and tills are for no page', async () => {
    const it = smallCollector({ keys: KEYS.filter(({ kind }) => kind !== 'web') });
    expect((await preflight(it, SHOP)).status).toBe(403);
  });

  test('nothing but tracking can be read by other pages', async () => {
    const it = smallCollector();
    for (const path of ['/health', '/ropo.js', '/live/events', '/nowhere']) {
      const response = await it.app.request(path, { headers: { origin: SHOP } });
      expect(corsOf(response), path).toEqual([]);
    }
  });
});

describe('a page that sends', () => {
  test('reads its answer, and every problem too, where its origin may use the key', async () => {
    const it = smallCollector({ keys: STRICT, limits: { rate: { perSecond: 1, burst: 1 } } });
    const send = (key: string) => it.post('/v1/t', event(), { ...basic(key), origin: SHOP });
    const answers = [await send(SHOP_ONLY), await send(SHOP_ONLY), await send('nobody')];
    expect(answers.map(({ status }) => status)).toEqual([200, 429, 401]);
    for (const answer of answers) {
      expect(answer.headers.get('access-control-allow-origin')).toBe(SHOP);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
      expect(answer.headers.get('access-control-expose-headers')).toBe('retry-after');
      expect(answer.headers.get('vary')).toBe('Origin');
    }
  });

  test.each(LOOK_ALIKES)(
    'from %s stores nothing with the key of the shop and reads nothing',
    async (origin) => {
      const it = smallCollector();
      for (const headers of [{ ...basic(SHOP_ONLY), origin }, { origin }]) {
        const response = await it.post('/v1/t', { ...event(), writeKey: SHOP_ONLY }, headers);
        expect(response.status).toBe(403);
        expect(corsOf(response)).toEqual([]);
        expect(await problemOf(response)).toMatchObject({ code: 'wrong_origin', field: 'origin' });
      }
      expect(it.appends).toEqual([]);
    },
  );

  test('may not use a key of the back office', async () => {
    const it = smallCollector();
    const response = await it.post('/v1/t', event(), { ...basic(OFFICE), origin: SHOP });
    expect(response.status).toBe(403);
    expect(it.appends).toEqual([]);
  });

  test('a server has no origin and needs none', async () => {
    const it = smallCollector();
    const response = await it.post('/v1/t', event(), basic(SHOP_ONLY));
    expect(response.status).toBe(200);
    expect(corsOf(response)).toEqual([]);
  });
});
