import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer } from '../../bin/commands/serve.ts';
import { openShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { type ServedShop, servedShop } from './served-shop.ts';
import { basic, event, type Json } from './small-collector.ts';

let it: ServedShop;
beforeAll(async () => {
  it = await servedShop({
    collectPort: 0,
    timeouts: { headersTimeout: 700, requestTimeout: 1500, connectionsCheckingInterval: 100 },
  });
});
afterAll(() => it?.remove());

const port = () => Number(new URL(it.url).port);

const send = (body: Json, path = '/v1/batch') =>
  fetch(it.url + path, { method: 'POST', body: JSON.stringify(body), headers: basic(it.key) });

const live = async () =>
  (await (await fetch(`${it.url}/live/events`)).json()) as {
    next: number;
    fates: { outcome: string; reason: string | null; said: Json; source: string }[];
    counts: Record<string, number>;
  };

/** A connection that says what it is told, and all that it hears until it ends. */
async function plainConnection(text: string): Promise<{ socket: Socket; heard: Promise<string> }> {
  const socket = connect(port(), '127.0.0.1');
  await once(socket, 'connect');
  let said = '';
  socket.on('data', (part: Buffer) => {
    said += part.toString('latin1');
  });
  socket.on('error', () => {});
  const heard = new Promise<string>((resolve) => socket.on('close', () => resolve(said)));
  socket.write(text);
  return { socket, heard };
}

const head = (length: number) =>
  `POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${basic(it.key).authorization}\r\nContent-Length: ${length}\r\n\r\n`;

/** What shows figures and events. */
const INSIDE = [
  '/',
  '/v1/kpis',
  '/v1/build',
  '/v1/kpis/attribution',
  '/v1/contracts/orders',
  '/live',
  '/live/events',
];

describe('a shop that is served', () => {
  test('shows what came in and what became of it, and the sums add up', async () => {
    const same = event({ messageId: 'same', context: { consent: { measurement: 'granted' } } });
    const big = event({ properties: { text: 'x'.repeat(300_000) } });
    const batch = [same, same, { type: 'track', event: 'no id' }, big, event({ event: '<b>"bold"</b>' })];
    expect((await send({ batch })).status).toBe(200);
    await it.server.drained();
    const { fates, counts } = await live();
    expect(counts).toMatchObject({
      received: 5,
      stored: 2,
      duplicates: 1,
      rejected: 2,
      waiting: 0,
      pending: 0,
    });
    expect(fates.map(({ outcome, reason }) => [outcome, reason]).sort()).toEqual([
      ['rejected', 'too_large'],
      ['rejected', 'unreadable'],
      ['repeated', null],
      ['stored', null],
      ['stored', null],
    ]);
    expect(fates.map(({ said }) => said.event)).toContain('<b>"bold"</b>');
    for (const { source } of fates) expect(source).toBe('site');
    expect(JSON.stringify(fates)).not.toContain('visitor');
  });

  test('answers the KPI API and the live page to this machine only, trackers to all', async () => {
    const statusFor = (path: string, host: string, method = 'GET') =>
      new Promise<number>((resolve, reject) => {
        const asked = request(
          { port: port(), host: '127.0.0.1', path, method, headers: { host } },
          (answer) => {
            answer.resume();
            resolve(answer.statusCode!);
          },
        );
        asked.on('error', reject);
        asked.end(method === 'POST' ? '{}' : undefined);
      });
    for (const path of INSIDE) {
      expect(await statusFor(path, 'rebound.example'), path).toBe(403);
      expect([200, 503]).toContain(await statusFor(path, `localhost:${port()}`));
    }
    expect(await statusFor('/health', 'collector.shop.example')).toBe(200);
    expect(await statusFor('/ropo.js', 'collector.shop.example')).toBe(200);
    expect(await statusFor('/v1/batch', 'collector.shop.example', 'POST')).toBe(401);
  });

  test('answers no proxy that says it is one, but takes what trackers send through it', async () => {
    for (const name of ['forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-real-ip', 'via']) {
      const headers = { [name]: '192.0.2.7' };
      for (const path of INSIDE) {
        const response = await fetch(it.url + path, { headers });
        // Page and API have types for their problems, the collector and its live page have codes.
        const kind = path.startsWith('/live')
          ? { code: 'through_proxy' }
          : { type: 'urn:ropo:problem:elsewhere', detail: expect.stringContaining('Not through a proxy') };
        expect([path, response.status, await response.json()]).toMatchObject([
          path,
          403,
          { ...kind, field: name },
        ]);
      }
      const sent = await fetch(`${it.url}/v1/t`, {
        method: 'POST',
        body: JSON.stringify(event({ messageId: 'through-proxy' })),
        headers: { ...basic(it.key), ...headers },
      });
      expect(sent.status).toBe(200);
    }
  });

  test('has the collector alone on a second port, for proxies that say nothing', async () => {
    const { collectUrl } = it.server;
    expect(collectUrl).not.toBe(it.url);
    for (const path of [...INSIDE, '/%6cive', '/v1/%6bpis', '//live', '/live/page.js'])
      expect([path, (await fetch(collectUrl + path)).status]).toEqual([path, 404]);
    expect((await fetch(`${collectUrl}/health`)).status).toBe(200);
    expect((await fetch(`${collectUrl}/ropo.js`)).status).toBe(200);
    const sent = await fetch(`${collectUrl}/v1/t`, {
      method: 'POST',
      body: JSON.stringify(event({ messageId: 'second-port' })),
      headers: basic(it.key),
    });
    expect(sent.status).toBe(200);
    expect(await it.raw("SELECT record_id FROM raw_events WHERE record_id = 'second-port'")).toHaveLength(1);
  });

  test('a body that is too large is refused while it is still being sent, and the server goes on', async () => {
    const { socket, heard } = await plainConnection(head(50_000_000));
    expect(await heard).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
    const chunked = `POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${basic(it.key).authorization}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const stream = await plainConnection(chunked);
    const part = `10000\r\n${' '.repeat(65_536)}\r\n`;
    let isOver = false;
    stream.socket.on('close', () => {
      isOver = true;
    });
    for (let i = 0; i < 200 && !isOver; i++) {
      if (!stream.socket.write(part))
        await Promise.race([once(stream.socket, 'drain').catch(() => {}), stream.heard]);
    }
    stream.socket.end('0\r\n\r\n');
    expect(await stream.heard).toMatch(/^HTTP\/1\.1 413 /);
    expect((await fetch(`${it.url}/health`)).status).toBe(200);
  });

  test('a sender that goes away in the middle of a body leaves nothing; sent again, it is stored once', async () => {
    const batch = [event({ messageId: 'cut', event: 'Cut' })];
    const body = JSON.stringify({ batch });
    const before = (await live()).counts.received!;
    const { socket, heard } = await plainConnection(head(body.length) + body.slice(0, 60));
    socket.destroy();
    await heard;
    expect((await send({ batch })).status).toBe(200);
    const rows = await it.raw("SELECT count(*) AS times FROM raw_events WHERE record_id = 'cut'");
    expect(rows).toEqual([{ times: 1 }]);
    expect((await live()).counts.received).toBe(before + 1);
  });

  test('whoever takes too long to send headers is cut off', async () => {
    const { heard } = await plainConnection('POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    expect(await heard).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('and whoever takes too long to send a body; nothing of it is stored', async () => {
    const before = (await live()).counts;
    const body = JSON.stringify({ batch: [event(), event()] });
    const { heard } = await plainConnection(head(body.length) + body.slice(0, -1));
    expect(await heard).not.toMatch(/^HTTP\/1\.1 200 /);
    expect((await live()).counts).toEqual(before);
  });

  test('a key revoked or made meanwhile counts at once', async () => {
    const { openKeyFile } = await import('../../lib/adapters/embedded/key-file.ts');
    const keys = openKeyFile(it.directory);
    const made = keys.add({ kind: 'web', name: 'second', created_at: '2026-01-01T00:00:00.000Z' });
    const statusOf = async () =>
      (
        await fetch(`${it.url}/v1/t`, {
          method: 'POST',
          body: JSON.stringify(event()),
          headers: basic(made.id),
        })
      ).status;
    expect(await statusOf()).toBe(200);
    keys.change('second', () => ({ revoked_at: '2026-01-02T00:00:00.000Z' }));
    expect(await statusOf()).toBe(401);
  });

  test('a port that is taken is said so', async () => {
    const root = mkdtempSync(join(tmpdir(), 'ropo-served-'));
    try {
      const started = startServer(openShopDirectory(root), port());
      await expect(started).rejects.toThrow(`Port ${port()} is taken; give another with --port`);
      const second = startServer(openShopDirectory(root), 0, { collectPort: port() });
      await expect(second).rejects.toThrow(`Port ${port()} is taken; give another with --collect-port`);
      // Nothing of it goes on: another server can have the shop.
      const server = await startServer(openShopDirectory(root), 0);
      expect(server.collectUrl).toBeNull();
      await server.close();
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  test('a second server of the same shop is refused', async () => {
    await expect(startServer(it.directory, 0)).rejects.toThrow('has a collector already');
    expect((await fetch(`${it.url}/health`)).status).toBe(200);
  });
});

describe('told to stop', () => {
  test('it ends what is under way, and what it answered with 200 is in the lake', async () => {
    const shop = await servedShop();
    try {
      const { origin } = new URL(shop.url);
      const body = JSON.stringify({
        batch: Array.from({ length: 50 }, (_, i) => event({ messageId: `late-${i}` })),
      });
      const asked = request(`${origin}/v1/batch`, {
        method: 'POST',
        headers: { ...basic(shop.key), 'content-length': body.length },
      });
      const answered = once(asked, 'response');
      asked.write(body.slice(0, 1000));
      await new Promise((resolve) =>
        asked.once('socket', (socket) =>
          socket.connecting ? socket.once('connect', resolve) : resolve(null),
        ),
      );
      await fetch(`${origin}/health`);
      const stopped = shop.server.close();
      asked.end(body.slice(1000));
      const [response] = await answered;
      expect(response.statusCode).toBe(200);
      response.resume();
      await stopped;
      await expect(fetch(`${origin}/health`)).rejects.toThrow();
      const events = await shop.built('SELECT count(*) AS events FROM web_events');
      expect(events).toEqual([{ events: 50 }]);
    } finally {
      await shop.remove();
    }
  });
});
