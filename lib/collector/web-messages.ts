import { createHash } from 'node:crypto';
import type { JsonObject } from '../formats/jsonl.ts';
import { sharedBy } from '../formats/segment.ts';
import { callOf } from '../formats/segment-event.ts';
import type { StreamRecord } from '../ports.ts';
import type { CollectorLimits } from './limits.ts';
import { Refused } from './problem.ts';
import { headOf } from './read-body.ts';

/** What a request says beside its body. */
export interface Arrival {
  source: string;
  /** Milliseconds since 1970 UTC, and the same as ISO 8601 text. */
  receivedAt: number;
  receivedAtText: string;
  /** The `type` of messages that name none: what the route stands for. */
  type: string | null;
  userAgent: string | null;
  /** RudderStack's browser SDK: the device's id, as base64. */
  anonymousIdHeader: string | null;
  /** RudderStack's browser SDK: when it sent. */
  sentAtHeader: string | null;
}

/** The messages of a request as records of the stream, and which of them will not become events. */
export interface WebMessages {
  records: StreamRecord[];
  /** Places in the batch, from 0, with the reason. They are kept aside, those that are no objects as one record. */
  rejected: { index: number; reason: string }[];
}

type SizeLimits = Pick<CollectorLimits, 'eventBytes' | 'headBytes' | 'requestBytes'>;

/**
 * Makes one record of each message of a body: with what the batch says for all of them, and when it was received. A bad
 * message becomes a record too, for ingest to keep aside; it costs its neighbours nothing. Messages that are no objects
 * become one record together: two bytes of a body must not become a rejection each.
 * @throws Refused 413 where the messages, each with what they share, come to too much
 */
export function webMessages(
  messages: readonly unknown[],
  body: JsonObject,
  arrival: Arrival,
  limits: SizeLimits,
): WebMessages {
  const isBatch = body.batch !== undefined;
  const given = {
    ...(arrival.sentAtHeader === null ? {} : { sentAt: arrival.sentAtHeader }),
    ...decoded(arrival.anonymousIdHeader),
    ...(isBatch || arrival.type === null ? {} : { type: arrival.type }),
    ...(isBatch ? sharedBy(body) : {}),
  };
  checkTotal(given, arrival, messages.length, limits.requestBytes);
  const rejected: WebMessages['rejected'] = [];
  const records: StreamRecord[] = [];
  let strays = 0;
  messages.forEach((message, index) => {
    if (!isObject(message)) {
      rejected.push({ index, reason: 'not_object: the message is no object' });
      if (strays++ === 0) records.push(strayRecord(messages, index, arrival, limits.headBytes));
      return;
    }
    const { record, problem } = recordOf(message, given, arrival, limits);
    if (problem !== undefined) rejected.push({ index, reason: problem });
    records.push(record);
  });
  return { records, rejected };
}

/** How many records `webMessages` makes of messages. */
export function recordCount(messages: readonly unknown[]): number {
  const objects = messages.filter(isObject).length;
  return objects + (objects < messages.length ? 1 : 0);
}

/** The one record for all messages of a batch that are no objects; it holds the beginning of the first, at `index`. */
function strayRecord(
  messages: readonly unknown[],
  index: number,
  { source, receivedAt }: Arrival,
  headBytes: number,
): StreamRecord {
  const strays = messages.filter((message) => !isObject(message)).length;
  const text = textOf(messages[index]) ?? outline(messages[index]);
  return {
    format: 'segment',
    source,
    store_id: null,
    received_at: receivedAt,
    body: headOf(encoder.encode(text), headBytes),
    set_aside: {
      reason: 'unreadable',
      detail: `not_object: messages of the batch that are no objects: ${strays} of ${messages.length}; the first, at place ${index} from 0, is kept`,
    },
  };
}

/**
 * The messages of a body: those of its batch, or itself.
 * @throws Refused 400 where its batch is no list, 413 where it has more than `limit`
 */
export function messagesOf(body: JsonObject, limit: number): unknown[] {
  if (body.batch === undefined) {
    const { writeKey: _, ...message } = body;
    return [message];
  }
  if (!Array.isArray(body.batch)) {
    throw new Refused(400, '"batch" is not a list of messages', { code: 'batch_not_array', field: 'batch' });
  }
  if (body.batch.length <= limit) return body.batch;
  throw new Refused(413, `The batch has more than ${limit} messages; send it in smaller batches`, {
    code: 'too_large',
    field: 'batch',
    value: body.batch.length,
    limit,
  });
}

/** What a batch says once goes into each of its messages: a little said to many must not fill the memory. */
function checkTotal(given: JsonObject, arrival: Arrival, messages: number, limit: number): void {
  const text = textOf(given);
  const each = text === null ? Infinity : byteLength(text) + (arrival.userAgent?.length ?? 0);
  if (each * messages <= limit) return;
  throw new Refused(
    413,
    `What the batch says for all of its ${messages} messages comes to more than ${limit} bytes; send it in smaller batches`,
    { code: 'too_large', field: 'context', limit },
  );
}

/** A message as a record, and why no event will come of it. */
function recordOf(
  message: JsonObject,
  given: JsonObject,
  arrival: Arrival,
  limits: SizeLimits,
): { record: StreamRecord; problem?: string | undefined } {
  const whole = wholeMessage(message, given, arrival);
  const kept = withinSize(whole, limits);
  const record = {
    format: 'segment',
    source: arrival.source,
    store_id: null,
    received_at: arrival.receivedAt,
    ...kept,
  };
  return { record, problem: kept.set_aside?.detail ?? problemOf(whole) };
}

function problemOf(message: JsonObject): string | undefined {
  const call = callOf(message);
  return typeof call === 'string' ? call.slice(0, PROBLEM_LENGTH) : undefined;
}

const PROBLEM_LENGTH = 200;

function wholeMessage(message: JsonObject, given: JsonObject, arrival: Arrival): JsonObject {
  const whole: JsonObject = {
    ...given,
    ...message,
    receivedAt: arrival.receivedAtText,
  };
  const { context } = whole;
  if (arrival.userAgent !== null && (context === undefined || isObject(context))) {
    if (!context?.userAgent) whole.context = { ...context, userAgent: arrival.userAgent };
  }
  return whole;
}

/** One event that is too large is set aside, with its beginning and a hash that tells which one it was. */
function withinSize(message: unknown, limits: SizeLimits): Pick<StreamRecord, 'body' | 'set_aside'> {
  const text = textOf(message);
  if (text !== null && text.length * MOST_BYTES_A_UNIT <= limits.eventBytes) return { body: text };
  const bytes = encoder.encode(text ?? outline(message));
  if (text !== null && bytes.length <= limits.eventBytes) return { body: text };
  const detail =
    text === null
      ? 'the event is nested more deeply than can be written'
      : `the event has ${bytes.length} bytes, more than ${limits.eventBytes}; its first ${limits.headBytes} are kept; sha256 ${createHash('sha256').update(bytes).digest('hex')}`;
  return { body: headOf(bytes, limits.headBytes), set_aside: { reason: 'too_large', detail } };
}

/** A UTF-16 unit takes at most three bytes as UTF-8. */
const MOST_BYTES_A_UNIT = 3;

/** A value as JSON; null where it is nested more deeply than can be written. */
function textOf(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A value without what lies more than a few levels deep. */
function outline(value: unknown): string {
  const depths = new WeakMap<object, number>();
  return JSON.stringify(value, function (this: object, _key, inner: unknown) {
    if (typeof inner !== 'object' || inner === null) return inner;
    const depth = (depths.get(this) ?? 0) + 1;
    depths.set(inner, depth);
    return depth > 8 ? '...' : inner;
  });
}

const encoder = new TextEncoder();
const byteLength = (text: string) => encoder.encode(text).length;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The device's id that the header holds as base64, where it does. */
function decoded(header: string | null): { anonymousId?: string } {
  if (header === null || !/^[A-Za-z0-9+/]+={0,2}$/.test(header)) return {};
  const anonymousId = Buffer.from(header, 'base64').toString('utf8');
  return anonymousId.includes('\uFFFD') ? {} : { anonymousId };
}
