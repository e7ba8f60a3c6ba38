import { type Context, Hono } from 'hono';
import { type TokenBuckets, tokenBuckets } from '../domain/token-bucket.ts';
import type { JsonObject } from '../formats/jsonl.ts';
import type { StreamRecord } from '../ports.ts';
import type { CollectorParts } from './app.ts';
import { crossOrigin } from './cross-origin.ts';
import type { CollectorLimits } from './limits.ts';
import { Refused, tooMany } from './problem.ts';
import { put } from './put.ts';
import { headOf, readBody, textOf, UnreadableBody } from './read-body.ts';
import type { SourceKey } from './source-keys.ts';
import { type Share, sharing } from './under-way.ts';
import { type Arrival, messagesOf, recordCount, webMessages } from './web-messages.ts';
import { basicUser, trackingKey } from './write-key.ts';

/** Paths of the Segment HTTP tracking API with the short forms that its browser SDK uses, and the type they stand for. */
export const TRACK_PATHS: Readonly<Record<string, string | null>> = {
  '/v1/batch': null,
  '/v1/b': null,
  '/v1/import': null,
  '/v1/track': 'track',
  '/v1/t': 'track',
  '/v1/identify': 'identify',
  '/v1/i': 'identify',
  '/v1/page': 'page',
  '/v1/p': 'page',
  '/v1/screen': 'screen',
  '/v1/s': 'screen',
  '/v1/group': 'group',
  '/v1/g': 'group',
  '/v1/alias': 'alias',
  '/v1/a': 'alias',
};

/** Media types under which JSON comes; whatever they say, it is read as JSON. */
const READ_AS_JSON =
  /^(?:application\/(?:json|x-www-form-urlencoded|[a-z0-9.-]+\+json)|text\/(?:plain|json))?$/;

const BROWSER = /^Mozilla\/\d/;
const USER_AGENT_LENGTH = 512;
/** An answer names so many of the messages that were set aside. */
const REJECTED_SHOWN = 100;

/** How much may come in of each key. */
interface Gates {
  rate: TokenBuckets | null;
  unreadable: TokenBuckets;
}

/** The routes that trackers send to. */
export function trackRoutes(context: CollectorParts): Hono {
  const { limits } = context;
  const gates: Gates = {
    rate: limits.rate === null ? null : tokenBuckets(limits.rate, context.now),
    unreadable: tokenBuckets(limits.unreadableRate, context.now),
  };
  const app = new Hono();
  for (const [path, type] of Object.entries(TRACK_PATHS)) {
    app.use(path, crossOrigin(context.keys));
    app.post(path, (c) => track(c, type, context, gates));
    app.all(path, (c) => {
      throw new Refused(
        405,
        `${path} takes POST`,
        { code: 'method_not_allowed', value: c.req.method },
        { allow: 'POST, OPTIONS' },
      );
    });
  }
  return app;
}

async function track(
  c: Context,
  type: string | null,
  context: CollectorParts,
  gates: Gates,
): Promise<Response> {
  checkMediaType(c);
  const basic = basicUser(c.req.header('authorization'));
  const headerKey = basic === null ? null : trackingKey(c, basic, context.keys);
  const { known, strangers } = context.underWay;
  return sharing(headerKey === null ? strangers : known, (share) =>
    take(c, type, headerKey, share, context, gates),
  );
}

/** @param headerKey the key that the headers name; null where only the body can */
async function take(
  c: Context,
  type: string | null,
  headerKey: SourceKey | null,
  share: Share,
  parts: CollectorParts,
  { rate, unreadable }: Gates,
): Promise<Response> {
  const { keys, now, limits } = parts;
  const receivedAt = now();
  const sizes = headerKey === null ? strangerSizes(limits) : limits;
  let body: JsonObject;
  try {
    body = objectIn(await readBody(c.req.raw, sizes, share));
  } catch (error) {
    if (!(error instanceof UnreadableBody)) throw error;
    // Only what comes with a good key is worth keeping, and only so much of it.
    const isKept = headerKey !== null && unreadable.take(headerKey.id, 1) === 0;
    if (isKept) await put(parts, [unreadableRecord(error, headerKey, receivedAt, limits.headBytes)]);
    throw new Refused(400, 'The body is not a JSON object', {
      code: 'unreadable',
      field: 'body',
      detail: error.message,
      kept: isKept,
    });
  }
  const key = headerKey ?? trackingKey(c, body.writeKey, keys);
  const messages = messagesOf(body, limits.messages);
  const wait = rate?.take(key.id, recordCount(messages)) ?? 0;
  if (wait > 0) throw tooMany('This key sends more than it may', wait);
  const arrival = arrivalOf(c, key, receivedAt, type);
  const { records, rejected } = webMessages(messages, body, arrival, limits);
  if (records.length > 0) await put(parts, records);
  return c.json({
    success: true,
    received: messages.length,
    rejected: rejected.slice(0, REJECTED_SHOWN),
    rejected_count: rejected.length,
  });
}

function strangerSizes({ bodyBytes, unpackedBytes, strangerBytes }: CollectorLimits) {
  return {
    bodyBytes: Math.min(bodyBytes, strangerBytes),
    unpackedBytes: Math.min(unpackedBytes, strangerBytes),
  };
}

function arrivalOf(c: Context, key: SourceKey, receivedAt: number, type: string | null): Arrival {
  const userAgent = c.req.header('user-agent') ?? '';
  return {
    source: key.name,
    receivedAt,
    receivedAtText: new Date(receivedAt).toISOString(),
    type,
    userAgent: BROWSER.test(userAgent) ? userAgent.slice(0, USER_AGENT_LENGTH) : null,
    anonymousIdHeader: c.req.header('anonymousid') ?? null,
    sentAtHeader: c.req.header('sentat') ?? null,
  };
}

function checkMediaType(c: Context): void {
  const header = c.req.header('content-type') ?? '';
  const mediaType = header.split(';', 1)[0]!.trim().toLowerCase();
  if (READ_AS_JSON.test(mediaType)) return;
  throw new Refused(415, 'The body must be JSON, as application/json or text/plain', {
    code: 'unsupported_media_type',
    field: 'content-type',
    value: mediaType.slice(0, 100),
  });
}

function objectIn(bytes: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(textOf(bytes));
  } catch (error) {
    if (error instanceof UnreadableBody) throw error;
    throw new UnreadableBody('not_json: the body is not valid JSON', bytes);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new UnreadableBody('not_object: the body is JSON, but no object', bytes);
}

function unreadableRecord(
  { message, bytes }: UnreadableBody,
  key: SourceKey,
  receivedAt: number,
  headBytes: number,
): StreamRecord {
  return {
    format: 'segment',
    source: key.name,
    store_id: null,
    received_at: receivedAt,
    body: headOf(bytes, headBytes),
    set_aside: {
      reason: 'unreadable',
      detail: `${message}; of its ${bytes.length} bytes at most ${headBytes} are kept`,
    },
  };
}
