import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import type { ServeOptions } from '../../bin/commands/serve.ts';
import { newToken, openKeyFile } from '../../lib/adapters/embedded/key-file.ts';
import { tokenHash } from '../../lib/api/access/token-access.ts';
import { type ServedShop, servedShop } from '../collector/served-shop.ts';

let shop: ServedShop | null = null;
afterEach(async () => {
  await shop?.remove();
  shop = null;
});

const serve = async (options: ServeOptions = {}) => {
  shop = await servedShop(options);
  return shop;
};

/** Status of a request, with headers that fetch does not let one set. */
const statusOf = (url: string, headers: Record<string, string> = {}) =>
  new Promise<number>((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on('error', reject)
      .end();
  });

const tokenFor = ({ directory }: ServedShop, role: string): string => {
  const token = newToken();
  openKeyFile(directory).add({
    kind: 'reader',
    name: role,
    role,
    secrets: [tokenHash(token)],
    created_at: '2026-01-01T00:00:00Z',
  });
  return `Bearer ${token}`;
};

describe('ropo serve', () => {
  test('answers this machine without a login, and nobody who asks for another', async () => {
    const { url } = await serve();
    expect(await statusOf(`${url}/v1`)).toBe(200);
    expect(await statusOf(`${url}/v1`, { host: 'shop.example' })).toBe(403);
    expect(await statusOf(`${url}/v1`, { via: '1.1 proxy' })).toBe(403);
    expect(await statusOf(`${url}/v1/kpis/attribution`)).toBe(503);
  });

  test('with --require-token answers tokens alone, also through a proxy, until they are revoked', async () => {
    const its = await serve({ requireToken: true });
    const authorization = tokenFor(its, 'marketer');
    expect(await statusOf(`${its.url}/v1`)).toBe(401);
    expect(await statusOf(`${its.url}/v1`, { authorization: 'Bearer wrong' })).toBe(401);
    expect(await statusOf(`${its.url}/v1`, { authorization })).toBe(200);
    expect(
      await statusOf(`${its.url}/v1`, { authorization, host: 'ropo.shop.example', 'x-forwarded-for': '::1' }),
    ).toBe(200);
    openKeyFile(its.directory).change('marketer', () => ({
      revoked_at: '2026-01-02T00:00:00Z',
      secrets: [],
    }));
    expect(await statusOf(`${its.url}/v1`, { authorization })).toBe(401);
  });

  test('with --require-token shows no events, also to a proxy that says nothing of itself', async () => {
    const its = await serve({ requireToken: true });
    const authorization = tokenFor(its, 'manager');
    for (const path of ['/live', '/live/events']) {
      expect(await statusOf(its.url + path), path).toBe(401);
      expect(await statusOf(its.url + path, { authorization }), path).toBe(404);
    }
  });

  test("a reader's token brings nothing in", async () => {
    const its = await serve({ requireToken: true });
    const authorization = tokenFor(its, 'manager');
    const id = openKeyFile(its.directory)
      .list()
      .find(({ kind }) => kind === 'reader')!.id;
    for (const key of [id, authorization.slice('Bearer '.length)]) {
      const response = await fetch(`${its.url}/v1/track`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` },
        body: JSON.stringify({ messageId: 'm', event: 'x', anonymousId: 'a' }),
      });
      expect(response.status).toBe(401);
    }
  });

  // What is reached by another address than the loopback one, where this machine has one.
  const other = Object.values(networkInterfaces())
    .flat()
    .find((one) => one && !one.internal && one.family === 'IPv4')?.address;

  test('on another address needs tokens, and has neither the collector nor the live page there', async () => {
    const its = await serve({ host: other ?? '0.0.0.0' });
    const url = its.url.replace('0.0.0.0', '127.0.0.1');
    expect(await statusOf(`${url}/v1`)).toBe(401);
    expect(await statusOf(`${url}/v1`, { host: 'localhost' })).toBe(401);
    const authorization = tokenFor(its, 'partner');
    expect(await statusOf(`${url}/v1`, { authorization })).toBe(200);
    for (const path of ['/live', '/live/events', '/ropo.js', '/health', '/v1/batch'])
      expect(await statusOf(url + path, { authorization, host: 'localhost' }), path).toBe(404);
  });
});
