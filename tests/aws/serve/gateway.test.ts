import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cognitoAccess } from '../../../lib/api/access/cognito-access.ts';
import { createApi } from '../../../lib/api/app.ts';
import { type GatewayHandler, gatewayAddress, gatewayHandler } from '../../../lib/api/gateway.ts';
import type { Published } from '../../../lib/pipeline/kpi-question.ts';
import { type ShopWithApi, shopWithApi } from '../../api/shop-with-api.ts';
import { type AuthorizationServer, startAuthorizationServer } from './authorization-server.ts';
import { bodyOf, httpEvent } from './edge.ts';

let shop: ShopWithApi;
let server: AuthorizationServer;
let token: string;
beforeAll(async () => {
  [shop, server] = await Promise.all([shopWithApi(), startAuthorizationServer()]);
  token = await server.accessToken();
});
afterAll(async () => {
  await server?.close();
  shop?.remove();
});

const apiOver = (published: () => Promise<Published | null>, limits = {}) =>
  gatewayHandler(
    createApi({
      published,
      access: cognitoAccess({ issuer: server.issuer, clients: [server.client] }),
      addressOf: gatewayAddress,
      log: () => {},
    }),
    limits,
  );
const ask = async (
  handler: GatewayHandler,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
) => {
  const event = httpEvent({ method, path, headers: { authorization: `Bearer ${token}`, ...headers } });
  // Between API Gateway and a function passes JSON.
  return JSON.parse(JSON.stringify(await handler(event))) as Awaited<ReturnType<GatewayHandler>>;
};
const said = (answer: Awaited<ReturnType<GatewayHandler>>) => JSON.parse(bodyOf(answer).toString());

describe('an answer behind API Gateway', () => {
  test('is that of the API to the byte, in every format', async () => {
    const handler = apiOver(shop.published);
    for (const format of ['json', 'csv', 'parquet']) {
      const path = `/v1/kpis/purchases?by=month&format=${format}`;
      const plain = await shop.get(path);
      const answer = await ask(handler, path);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers!['content-type'], format).toBe(plain.headers.get('content-type'));
      expect(bodyOf(answer).equals(Buffer.from(await plain.arrayBuffer())), format).toBe(true);
      expect(answer.isBase64Encoded, format).toBe(format === 'parquet');
      expect(answer.headers).not.toHaveProperty('content-length');
      expect(answer.headers!.etag, format).toBe(plain.headers.get('etag'));
    }
  });

  test('is packed for who takes it packed, and 304 for who has it', async () => {
    const handler = apiOver(shop.published);
    const path = '/v1/kpis/purchases?by=month';
    const packed = await ask(handler, path, { 'accept-encoding': 'br' });
    expect(packed.headers!['content-encoding']).toBe('br');
    expect(packed.isBase64Encoded).toBe(true);
    const plain = bodyOf(await ask(handler, path)).toString();
    expect(brotliDecompressSync(bodyOf(packed)).toString()).toBe(plain);
    const again = await ask(handler, path, { 'if-none-match': String(packed.headers!.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect(again.headers!.etag).toBeDefined();
  });

  test('to HEAD has the headers alone; what is no reading is refused', async () => {
    const handler = apiOver(shop.published);
    const head = await ask(handler, '/v1/kpis/purchases', {}, 'HEAD');
    expect([head.statusCode, head.body]).toEqual([200, '']);
    expect(head.headers!.etag).toBeDefined();
    const put = await ask(handler, '/v1/kpis/purchases', {}, 'PUT');
    expect([put.statusCode, put.headers!.allow]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  test('to a bad question says what is wrong with it', async () => {
    const handler = apiOver(shop.published);
    const bad = await ask(handler, "/v1/kpis/purchases?by='%3B%20DROP%20TABLE%20x--");
    expect([bad.statusCode, said(bad)]).toMatchObject([400, { field: 'by', value: "'; DROP TABLE x--" }]);
    expect((await ask(handler, '/v1/kpis/nothing')).statusCode).toBe(404);
    const old = await shop.published();
    const manifest = {
      ...old!.manifest,
      tables: old!.manifest.tables.filter(({ name }) => name !== 'choices'),
    };
    const lacking = manifest.tables.filter(({ name }) => !/purchase/.test(name));
    const early = apiOver(async () => ({ ...old!, manifest: { ...manifest, tables: lacking } }));
    const told = await ask(early, '/v1/kpis/purchases');
    expect([told.statusCode, said(told).type]).toEqual([503, 'urn:ropo:problem:old-build']);
    const none = await ask(
      apiOver(async () => null),
      '/v1/kpis/purchases',
    );
    expect([none.statusCode, said(none).type]).toEqual([503, 'urn:ropo:problem:nothing-built']);
  });

  test('that is too large is one that says how to ask for less', async () => {
    const path = '/v1/kpis/purchases?by=month';
    const big = { ...(await shop.published())! };
    const query = big.query;
    const many = 25_000;
    big.manifest = { ...big.manifest };
    big.query = async (select, parameters) => {
      const rows = await query(select, parameters);
      const isMonths = rows[0] !== undefined && 'label' in rows[0];
      return isMonths ? Array.from({ length: many }, () => rows).flat() : rows;
    };
    const handler = apiOver(async () => big);
    const answer = await ask(handler, path);
    expect([answer.statusCode, said(answer)]).toMatchObject([
      422,
      { type: 'urn:ropo:problem:answer-too-large', field: 'limit' },
    ]);
    expect((await ask(handler, `${path}&limit=2`)).statusCode).toBe(200);
    const packed = await ask(handler, path, { 'accept-encoding': 'br' });
    expect(packed.statusCode).toBe(200);
    expect(brotliDecompressSync(bodyOf(packed)).length).toBeGreaterThan(6_000_000);
  });
});

describe('a question that takes longer than a reader can wait', () => {
  test('is answered with when to come back, and goes on', async () => {
    const build = (await shop.published())!;
    let asked = 0;
    let release!: () => void;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: Published = {
      manifest: { ...build.manifest },
      async query(select, parameters) {
        // The facts of the build come at once, its purchases when they are let.
        if (/sold/.test(select)) {
          asked += 1;
          await held;
        }
        return build.query(select, parameters);
      },
    };
    const handler = apiOver(async () => slow, { patienceMs: 50, askAgain: 7 });
    const path = '/v1/kpis/purchases?by=month';
    const early = await ask(handler, path);
    expect([early.statusCode, early.headers!['retry-after']]).toEqual([503, '7']);
    expect(said(early).type).toBe('urn:ropo:problem:still-working');
    // Who comes again meanwhile joins it.
    expect((await ask(handler, path)).statusCode).toBe(503);
    release();
    await expect.poll(async () => (await ask(handler, path)).statusCode).toBe(200);
    expect(asked).toBe(1);
  });
});
