import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createApi } from '../../lib/api/app.ts';
import { type ShopWithApi, shopWithApi } from './shop-with-api.ts';

let it: ShopWithApi;
beforeAll(async () => {
  it = await shopWithApi();
});
afterAll(() => it?.remove());

describe('CSV for spreadsheets', () => {
  test('quotes by RFC 4180 and runs no formula', async () => {
    const text = await (await it.get('/v1/kpis/attribution?by=source_medium&model=linear&format=csv')).text();
    expect(text.endsWith('\r\n')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
    const labels = text.split('\r\n').map((line) => line.split(',')[1]);
    expect(labels).toContain("'=cmd() / email");
    expect(labels).toContain("'+sum / x");
    const byChannel = await (await it.get('/v1/kpis/attribution?model=linear&format=csv')).text();
    expect(byChannel).toContain("linear,'-1,EUR,");
    expect(byChannel).toMatch(/,-\d+\.\d+,/);
    const campaigns = await (await it.get('/v1/kpis/attribution?by=campaign&model=linear&format=csv')).text();
    expect(campaigns).toContain('"Paid Search / @x, ""quoted"""');
    const stores = await (await it.get('/v1/kpis/purchases?by=store&format=csv')).text();
    expect(stores).toContain('"\'@lab ""Due""",KWD');
    expect(stores).toContain('"Corso, 1",EUR');
  });
});

describe('what does not depend on a KPI', () => {
  test('an answer is good until the next build: ETag and 304', async () => {
    const first = await it.get('/v1/kpis/purchases');
    const etag = first.headers.get('etag')!;
    expect(etag).toMatch(/^"[^"]+"$/);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    for (const same of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const again = await it.get('/v1/kpis/purchases', { 'if-none-match': same });
      expect(again.status, same).toBe(304);
      expect(await again.text()).toBe('');
    }
    expect((await it.get('/v1/kpis/purchases', { 'if-none-match': '"other"' })).status).toBe(200);
    await it.shop.shop.build();
    const fresh = await it.get('/v1/kpis/purchases', { 'if-none-match': etag });
    expect(fresh.status).toBe(200);
    expect(fresh.headers.get('etag')).not.toBe(etag);
  });

  test('before the first build everything but the catalogue answers 503', async () => {
    const empty = createApi(async () => null);
    for (const path of ['/v1/kpis/attribution', '/v1/build']) {
      const response = await empty.request(path);
      expect(response.status).toBe(503);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({
        title: 'Nothing has been built yet; run ropo build',
        status: 503,
      });
    }
    for (const path of ['/', '/v1/kpis', '/v1/contracts/orders'])
      expect((await empty.request(path)).status).toBe(200);
  });

  test('contracts, catalogue and build are there, other paths are not found', async () => {
    const index = (await (await it.get('/')).json()) as {
      kpis: string[];
      contracts: string[];
      build: string;
    };
    for (const path of [...index.kpis, ...index.contracts, index.build])
      expect((await it.get(path)).status, path).toBe(200);
    for (const path of ['/v2', '/v1/contracts/toString', '/v1/kpis/', '/index.html']) {
      const response = await it.get(path);
      expect(response.status, path).toBe(404);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
    }
    expect((await it.api.request('/v1/kpis/attribution', { method: 'POST' })).status).toBe(404);
    expect((await it.get('/')).headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('an engine that fails is a 500 without its words', async () => {
    vi.spyOn(console, 'error').mockImplementationOnce(() => {});
    const broken = createApi(async () => {
      throw new Error('Catalog Error: secret words');
    });
    const response = await broken.request('/v1/kpis/attribution');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
  });
});
