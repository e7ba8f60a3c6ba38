import { describe, expect, test } from 'vitest';
import { minified } from '../../lib/collector/snippet/snippet-routes.ts';
import { smallCollector } from './small-collector.ts';

describe('the first-party snippet', () => {
  test('is one script of less than 2 KB, and the same each time', async () => {
    const it = smallCollector();
    const first = await it.app.request('/ropo.js');
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(first.headers.get('cache-control')).toBe('public, max-age=3600');
    expect(first.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const text = await first.text();
    expect(Buffer.byteLength(text)).toBeLessThan(2048);
    expect(text).toContain('/v1/b');
    expect(await (await it.app.request('/ropo.js')).text()).toBe(text);
  });

  test('text that cannot be made smaller is served as it is', async () => {
    expect(await minified('this is ( no script')).toBe('this is ( no script');
  });
});
