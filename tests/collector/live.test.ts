import { describe, expect, test } from 'vitest';
import { createCollector } from '../../lib/collector/app.ts';
import { lastEvents } from '../../lib/collector/last-events.ts';
import { liveRoutes } from '../../lib/collector/live/live-routes.ts';
import { refusedElsewhere } from '../../lib/collector/loopback-host.ts';
import { sourceKeys } from '../../lib/collector/source-keys.ts';
import type { Fate } from '../../lib/pipeline/ingest.ts';
import { NOW } from './small-collector.ts';

const fate = (more: Partial<Fate> = {}): Fate => ({
  received_at: new Date(NOW).toISOString(),
  format: 'segment',
  source: 'site',
  kind: 'web_events',
  outcome: 'stored',
  reason: null,
  detail: null,
  said: { event: 'Product Viewed' },
  ...more,
});

const counts = { received: 3, stored: 1, duplicates: 1, rejected: 1, waiting: 0, pending: 0 };

function withLivePage() {
  const seen = lastEvents(() => counts);
  const app = liveRoutes(seen);
  return {
    seen,
    get: async (path: string, host = '127.0.0.1:8787', headers: Record<string, string> = {}) =>
      app.request(path, { headers: { host, ...headers } }),
  };
}

describe('the last events', () => {
  test('are the last 200, numbered through, whatever came at once', () => {
    const seen = lastEvents();
    seen.add([fate(), fate({ outcome: 'rejected' })]);
    expect(seen.since(0)).toMatchObject({
      next: 2,
      fates: [{ number: 1 }, { number: 2, outcome: 'rejected' }],
    });
    expect(seen.since(1).fates.map(({ number }) => number)).toEqual([2]);
    seen.add(Array.from({ length: 1000 }, () => fate()));
    const { next, fates } = seen.since(0);
    expect(next).toBe(1002);
    expect(fates.map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, i) => 803 + i));
    expect(seen.since(next).fates).toEqual([]);
  });

  test('are given as JSON from a cursor, with the counts', async () => {
    const { seen, get } = withLivePage();
    seen.add([fate(), fate({ said: { event: '<img src=x onerror=alert(1)>' } })]);
    const answer = await (await get('/live/events?after=1')).json();
    expect(answer).toEqual({
      next: 2,
      fates: [{ ...fate({ said: { event: '<img src=x onerror=alert(1)>' } }), number: 2 }],
      counts,
    });
    for (const cursor of ['-1', 'x', '', '1e3', '9'.repeat(40)])
      expect(
        ((await (await get(`/live/events?after=${cursor}`)).json()) as { fates: Fate[] }).fates,
      ).toHaveLength(2);
  });
});

describe('the live page', () => {
  test('may run its own two files and nothing else', async () => {
    const { get } = withLivePage();
    const page = await get('/live');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    const html = await page.text();
    const named = Array.from(html.matchAll(/(?:src|href)="([^"]+)"/g), ([, address]) => address!);
    expect(named.sort()).toEqual(['/live/page.css', '/live/page.js', 'data:,']);
    for (const path of ['/live/page.css', '/live/page.js']) expect((await get(path)).status).toBe(200);
    expect(html).not.toMatch(/<script(?![^>]*src=)|\son\w+=|style=/);
    const script = await (await get('/live/page.js')).text();
    expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/);
  });

  test.each([
    'evil.example',
    'evil.example:8787',
    'localhost.evil.example',
    '127.0.0.1.nip.io:8787',
    '192.168.1.4:8787',
    '0.0.0.0:8787',
    'user@localhost',
  ])('is not shown to who asks for %s, a name that may have been pointed here', async (host) => {
    const { get } = withLivePage();
    for (const path of ['/live', '/live/events', '/live/page.js']) {
      const response = await get(path, host);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ code: 'not_loopback' });
    }
  });

  test.each(['localhost', 'localhost:8787', '127.0.0.1', '[::1]:8787'])(
    'is shown to who asks for %s',
    async (host) => {
      const { get } = withLivePage();
      expect((await get('/live/events', host)).status).toBe(200);
      expect(refusedElsewhere(new Request('http://elsewhere.example/', { headers: { host } }))).toBeNull();
    },
  );

  test.each([
    'forwarded',
    'x-forwarded-for',
    'x-forwarded-proto',
    'X-Forwarded-Anything',
    'x-real-ip',
    'via',
  ])('is not shown through a proxy that says so with %s', async (name) => {
    const { get } = withLivePage();
    for (const path of ['/live', '/live/events', '/live/page.js']) {
      const response = await get(path, 'localhost', { [name]: '192.0.2.7' });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ code: 'through_proxy', field: name.toLowerCase() });
    }
  });

  test('is not kept by browsers, and what is not there is said so', async () => {
    const { get } = withLivePage();
    const page = await get('/live');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    const missing = await get('/live/other');
    expect([missing.status, await missing.json()]).toMatchObject([404, { code: 'not_found' }]);
  });

  test('is not part of the collector, which may face the internet', async () => {
    const app = createCollector({ stream: { append: async () => {} }, keys: sourceKeys([]), now: () => NOW });
    for (const path of ['/live', '/live/events', '/%6cive'])
      expect((await app.request(path)).status).toBe(404);
  });
});
