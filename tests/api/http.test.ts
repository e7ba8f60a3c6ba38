import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
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

describe('Parquet for tools', () => {
  test.each(['purchases', 'attribution', 'reconciliation', 'restatements'])(
    '%s is what its JSON is, and says all that stands beside the rows',
    async (name) => {
      const { rows, ...about } = await it.answerTo(`/v1/kpis/${name}`);
      const response = await it.get(`/v1/kpis/${name}?format=parquet`);
      expect(response.headers.get('content-type')).toBe('application/vnd.apache.parquet');
      expect(response.headers.get('content-disposition')).toMatch(
        /^attachment; filename="[\w.-]+\.parquet"$/,
      );
      const file = join(it.shop.root, `${name}.parquet`);
      writeFileSync(file, Buffer.from(await response.arrayBuffer()));
      const engine = await openEngine({ spillDirectory: it.shop.root });
      try {
        const read = await engine.rows(`SELECT * FROM read_parquet('${file}')`);
        expect(read).toEqual(
          rows.map((row) =>
            Object.fromEntries(about.columns.map((column) => [column.name, row[column.name] ?? null])),
          ),
        );
        const types = await engine.rows(`DESCRIBE SELECT * FROM read_parquet('${file}')`);
        expect(types.map((type) => type.column_type)).toEqual(
          about.columns.map(({ unit }) => (unit === 'text' ? 'VARCHAR' : 'DOUBLE')),
        );
        const [beside] = await engine.rows(
          `SELECT decode(value) AS text FROM parquet_kv_metadata('${file}') WHERE decode(key) = 'ropo'`,
        );
        expect(JSON.parse(String(beside!.text))).toEqual(about);
      } finally {
        engine.close();
      }
    },
  );
});

describe('what does not depend on a KPI', () => {
  test('an answer is good until the next build: ETag and 304', async () => {
    const first = await it.get('/v1/kpis/purchases');
    const etag = first.headers.get('etag')!;
    expect(etag).toMatch(/^"[^"]+"$/);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    for (const same of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
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
    const empty = createApi({ published: async () => null });
    for (const path of ['/v1/kpis/attribution', '/v1/build']) {
      const response = await empty.request(path);
      expect(response.status).toBe(503);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      expect(await response.json()).toMatchObject({
        title: 'Nothing has been built yet; run ropo build',
        status: 503,
      });
    }
    for (const path of ['/v1', '/v1/kpis', '/v1/contracts/orders', '/v1/openapi.json', '/v1/client.ts'])
      expect((await empty.request(path)).status).toBe(200);
  });

  test('contracts, catalogue and build are there, other paths are not found', async () => {
    const index = (await (await it.get('/v1')).json()) as {
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
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const response = await it.api.request('/v1/kpis/attribution', { method });
      expect(response.status, method).toBe(405);
      expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    }
    const options = await it.api.request('/v1/kpis', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS']);
  });

  test('nothing that is answered runs, is framed, kept by proxies, or read by another origin', async () => {
    for (const [path, status] of [
      ['/v1/kpis/purchases', 200],
      ['/v1/openapi.json', 200],
      ['/v1/kpis/none', 404],
      ['/nowhere', 404],
    ] as const) {
      const response = await it.get(path, { origin: 'https://elsewhere.example' });
      expect(response.status, path).toBe(status);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'private, no-cache',
      });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('HEAD says what GET would, without it', async () => {
    const get = await it.get('/v1/kpis/purchases');
    const head = await it.api.request('/v1/kpis/purchases', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    for (const name of ['etag', 'content-type', 'content-length'])
      expect(head.headers.get(name), name).toBe(get.headers.get(name));
    expect(get.headers.get('content-length')).toBe(String((await get.arrayBuffer()).byteLength));
  });

  test('on one machine, only this machine is answered', async () => {
    for (const headers of [
      { host: 'shop.example' },
      { host: '127.0.0.1.evil.example' },
      { 'x-forwarded-for': '192.0.2.1' },
    ]) {
      const response = await it.get('/v1/kpis/purchases', headers);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({
        type: 'urn:ropo:problem:elsewhere',
        field: Object.keys(headers)[0],
      });
    }
    for (const host of ['127.0.0.1:8787', 'localhost', '[::1]:1'])
      expect((await it.get('/v1', { host })).status, host).toBe(200);
  });

  test('two ways to ask the same are one question', async () => {
    const tag = async (path: string) => (await it.get(path)).headers.get('etag');
    expect(await tag('/v1/kpis/ropo?by=store&level=any&offset=0')).toBe(
      await tag('/v1/kpis/ropo?offset=0&level=any'),
    );
    expect(await tag('/v1/kpis/ropo?level=any')).not.toBe(await tag('/v1/kpis/ropo'));
    expect(await tag('/v1/kpis/ropo?format=csv')).not.toBe(await tag('/v1/kpis/ropo'));
  });

  test('pages are parts of the whole, and say how much there is', async () => {
    const all = await it.answerTo('/v1/kpis/purchases?by=day');
    const rows = [];
    for (let offset = 0; offset < all.page.rows; offset += 2) {
      const { page, rows: some } = await it.answerTo(`/v1/kpis/purchases?by=day&limit=2&offset=${offset}`);
      expect(page).toEqual({ offset, limit: 2, rows: all.rows.length });
      rows.push(...some);
    }
    expect(rows.length).toBeGreaterThan(3);
    expect(rows).toEqual(all.rows);
  });

  test('an engine that fails is a 500 without its words', async () => {
    const lines: string[] = [];
    const broken = createApi({
      published: async () => {
        throw new Error("Conversion Error: could not read 'secret words' of Ada\nLINE 1: more secret words");
      },
      log: (line) => lines.push(line),
    });
    const response = await broken.request('/v1/kpis/attribution?from=2025-01-01');
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      type: 'urn:ropo:problem:failed',
      title: 'The question could not be answered',
      status: 500,
    });
    expect(lines).toEqual(["GET /v1/kpis/:kpi: Error: Conversion Error: could not read '...' of Ada"]);
  });
});
