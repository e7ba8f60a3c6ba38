import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundlePage } from '../../bin/page-bundle.ts';
import { loopbackAccess } from '../../lib/api/access/loopback.ts';
import { type PageFiles, pageRoutes } from '../../lib/api/page-routes.ts';

/** Bytes of JavaScript that a reader of all views loads, made small by gzip. */
const MOST_SCRIPT = 300_000;

let files: PageFiles;
beforeAll(async () => {
  files = await bundlePage();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  pageRoutes(async () => files).request(path, { headers });

describe('the page as it is served', () => {
  test('its scripts are small', () => {
    const scripts = [...files].filter(([path]) => path.endsWith('.js'));
    const sizes = scripts.map(([path, { encodings }]) => [path, encodings.gzip.length] as const);
    const sum = sizes.reduce((total, [, size]) => total + size, 0);
    console.log(`JavaScript: ${(sum / 1000).toFixed(1)} kB gzip in ${sizes.length} files`);
    expect(sizes.map(([path]) => path)).toContain('/assets/page.js');
    expect(sum).toBeLessThan(MOST_SCRIPT);
  });

  test('nothing of it comes from elsewhere or may run inline', async () => {
    const response = await get('/');
    const html = await response.text();
    const policy = response.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
    expect(
      [...html.matchAll(/(?:src|href)="([^"]+)"/g)]
        .map(([, at]) => at)
        .filter((at) => !/^(?:\/assets\/|data:)/.test(at!)),
    ).toEqual([]);
    const sheet = Buffer.from(files.get('/assets/page.css')!.encodings.identity).toString();
    expect(sheet).not.toMatch(/@import|url\(/);
  });

  test('every file is whole in each encoding, and not sent again', async () => {
    for (const [path, { encodings, etag }] of files) {
      expect(gunzipSync(encodings.gzip).equals(encodings.identity), path).toBe(true);
      expect(brotliDecompressSync(encodings.br).equals(encodings.identity), path).toBe(true);
      const response = await get(path, { 'accept-encoding': 'gzip, br;q=0' });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-encoding')).toBe('gzip');
      expect(response.headers.get('vary')).toBe('accept-encoding');
      const again = await get(path, { 'if-none-match': `"other", W/${etag}` });
      expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
    }
  });

  test('what is not there is not there', async () => {
    const response = await get('/assets/other.js');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({
      type: 'urn:ropo:problem:not-found',
      field: 'path',
      value: '/assets/other.js',
    });
  });

  test('it can only be read', async () => {
    const response = await pageRoutes(async () => files).request('/', { method: 'POST' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(await response.json()).toMatchObject({ type: 'urn:ropo:problem:method-not-allowed' });
    const head = await pageRoutes(async () => files).request('/', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('where it is for this machine alone, a name of another gets a problem', async () => {
    const here = pageRoutes(async () => files, loopbackAccess());
    expect((await here.request('/', { headers: { host: '127.0.0.1:8787' } })).status).toBe(200);
    const response = await here.request('/', { headers: { host: 'rebound.example' } });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ type: 'urn:ropo:problem:elsewhere', field: 'host' });
  });
});
