import type { MiddlewareHandler } from 'hono';
import { Refused } from './problem.ts';
import type { SourceKey, SourceKeys } from './source-keys.ts';

/** What browsers send as Origin: lower case throughout, no path, and never "null", which is any page without a home. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/;

const ALLOWED_HEADERS = 'authorization, x-retry-count, content-type, anonymousid, sentat';
const DAY_IN_SECONDS = 86_400;

/** Whether pages of an origin may use a key: only the key of a site, and only an origin equal to one of its own. */
export function mayUse({ kind, origins }: SourceKey, origin: string): boolean {
  return kind === 'web' && ORIGIN.test(origin) && (origins.length === 0 || origins.includes(origin));
}

/** A page that may not use the key it sent: its origin is told nothing. */
export class WrongOrigin extends Refused {
  constructor(origin: string) {
    super(
      403,
      'Pages of this origin may not use this key; name it with: ropo keys add web NAME --origin ORIGIN',
      {
        code: 'wrong_origin',
        field: 'origin',
        value: origin.slice(0, 200),
      },
    );
  }
}

/**
 * Lets pages read the answers where their origin may use a key, and answers preflights, which do not say which key
 * they are for. The origin itself is named, never "*".
 */
export function crossOrigin(keys: SourceKeys): MiddlewareHandler {
  return async (c, next) => {
    const origin = c.req.header('origin');
    const isKnown = origin !== undefined && keys.all().some((key) => mayUse(key, origin));
    const isPreflight = c.req.method === 'OPTIONS';
    if (isPreflight) c.res = c.body(null, isKnown || origin === undefined ? 204 : 403);
    else await next();
    c.header('vary', 'Origin');
    if (isPreflight) c.header('allow', 'POST, OPTIONS');
    if (!isKnown || c.error instanceof WrongOrigin) return;
    c.header('access-control-allow-origin', origin);
    c.header('access-control-allow-credentials', 'true');
    if (isPreflight) {
      c.header('access-control-allow-methods', 'POST');
      c.header('access-control-allow-headers', ALLOWED_HEADERS);
      c.header('access-control-max-age', String(DAY_IN_SECONDS));
    } else c.header('access-control-expose-headers', 'retry-after');
  };
}
