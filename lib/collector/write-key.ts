import type { Context } from 'hono';
import { mayUse, WrongOrigin } from './cross-origin.ts';
import { Refused } from './problem.ts';
import type { SourceKey, SourceKeys } from './source-keys.ts';

/** The user of Basic authentication, null where there is none: SDKs put the write key there, with an empty password. */
export function basicUser(header: string | undefined): string | null {
  const encoded = /^Basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  return Buffer.from(encoded, 'base64').toString('utf8').split(':', 1)[0] || null;
}

/** The key that an id names. An unknown one and none at all are answered alike, so that nothing can be guessed by asking. */
export function trackingKey(c: Context, id: unknown, keys: SourceKeys): SourceKey {
  const key = typeof id === 'string' ? keys.find(id) : undefined;
  if (key === undefined) {
    throw new Refused(
      401,
      'The write key is not known here; send one of "ropo keys" as the user of Basic authentication or as "writeKey"',
      { code: 'unknown_key', field: 'writeKey' },
    );
  }
  if (key.kind === 'till') {
    throw new Refused(403, 'The key of a till does not track; make one with "ropo keys add web"', {
      code: 'wrong_kind',
      field: 'writeKey',
    });
  }
  const origin = c.req.header('origin');
  if (origin !== undefined && !mayUse(key, origin)) throw new WrongOrigin(origin);
  return key;
}
