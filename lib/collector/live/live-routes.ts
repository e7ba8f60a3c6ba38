import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import type { LastEvents } from '../last-events.ts';
import { refusedElsewhere } from '../loopback-host.ts';
import { nothingAt, problemResponse } from '../problem.ts';

/** Files of the page, beside this one, with their media types. */
const FILES = {
  '/live': ['page.html', 'text/html; charset=utf-8'],
  '/live/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/live/page.js': ['page.js', 'text/javascript; charset=utf-8'],
} as const;

/** The page runs its own two files and asks its own server: nothing that an event holds can become more than text. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page that shows events as they arrive, and what it asks for. On this machine only. */
export function liveRoutes(seen: LastEvents): Hono {
  const app = new Hono();
  for (const path of ['/live', '/live/*']) {
    app.use(path, async (c, next) => {
      const refused = refusedElsewhere(c.req.raw);
      if (refused !== null) return refused;
      await next();
      c.header('x-content-type-options', 'nosniff');
      c.header('cache-control', 'no-store');
      c.header('content-security-policy', POLICY);
      c.header('referrer-policy', 'no-referrer');
      c.header('cross-origin-resource-policy', 'same-origin');
    });
  }
  for (const [path, [file, mediaType]] of Object.entries(FILES)) {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8');
    app.get(path, (c) => c.body(text, 200, { 'content-type': mediaType }));
  }
  app.get('/live/events', (c) => {
    const after = c.req.query('after') ?? '0';
    return c.json(seen.since(/^\d{1,15}$/.test(after) ? Number(after) : 0));
  });
  app.notFound((c) => problemResponse(nothingAt(c.req.path)));
  return app;
}
