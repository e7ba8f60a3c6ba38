import { readFileSync } from 'node:fs';
import { Hono } from 'hono';

const HOUR_IN_SECONDS = 3600;

/** The first-party script at /ropo.js, for shops without a tracker. */
export function snippetRoutes(): Hono {
  const app = new Hono();
  let script: Promise<string> | undefined;
  app.get('/ropo.js', async (c) => {
    script ??= minified(readFileSync(new URL('ropo.js', import.meta.url), 'utf8'));
    return c.body(await script, 200, {
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': `public, max-age=${HOUR_IN_SECONDS}`,
      'cross-origin-resource-policy': 'cross-origin',
    });
  });
  return app;
}

/** Less than 2 KB of it; as it is written where there is no esbuild. */
export async function minified(text: string): Promise<string> {
  try {
    const { transform } = await import('esbuild');
    return (await transform(text, { minify: true, target: 'es2020' })).code;
  } catch {
    return text;
  }
}
