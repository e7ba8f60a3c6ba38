import type { FoundRecord, ImportFormat } from './format.ts';
import { type JsonLine, type JsonObject, jsonObjects } from './jsonl.ts';
import { webEventOf } from './segment-event.ts';

/** Tracking messages of Segment's specification (also RudderStack's), one per line, or a batch of them per line. */
export const segment: ImportFormat = {
  name: 'segment',
  describes:
    'Tracking messages of the Segment specification (Segment, RudderStack) as JSON Lines; become web_events',
  standsByLine: () => true,
  async *read(files) {
    for (const file of files) {
      for await (const lines of jsonObjects(file)) yield lines.flatMap(recordsOf);
    }
  },
};

function recordsOf(json: JsonLine): FoundRecord[] {
  if (json.unreadable !== undefined) return [{ ...json, kind: 'web_events' }];
  const { original, line, repeatsName = false } = json;
  const found =
    json.value.batch === undefined
      ? [recordOf(json.value, original, line)]
      : batchRecords(json.value, original, line);
  return repeatsName ? found.map((record) => ({ ...record, repeatsName })) : found;
}

/** Each message of a batch is kept with what it takes from it; together they may come to this many characters. */
const MAX_UNFOLDED = 33_554_432;

/** What a batch says once for all of its messages. */
const SHARED = ['sentAt', 'receivedAt', 'context'] as const;

/** What the messages of a batch take from it where they do not say it themselves. */
export function sharedBy(wrapper: JsonObject): JsonObject {
  const shared: JsonObject = {};
  for (const name of SHARED) if (wrapper[name] != null) shared[name] = wrapper[name];
  return shared;
}

/** The messages of a batch; the original of each is the message with what it takes from its batch. */
function batchRecords(wrapper: JsonObject, original: string, line: number): FoundRecord[] {
  const { batch } = wrapper;
  if (!Array.isArray(batch)) {
    return [{ kind: 'web_events', unreadable: 'batch_not_array: "batch" is not an array', original, line }];
  }
  const shared = sharedBy(wrapper);
  const unfolded = original.length + batch.length * JSON.stringify(shared).length;
  if (unfolded > MAX_UNFOLDED) {
    const unreadable = `batch_too_large: with what its ${batch.length} messages share it comes to ${unfolded} characters; the limit is ${MAX_UNFOLDED}`;
    return [{ kind: 'web_events', unreadable, reason: 'too_large', original, line }];
  }
  return batch.map((message: unknown): FoundRecord => {
    if (typeof message !== 'object' || message === null || Array.isArray(message)) {
      const text = JSON.stringify(message);
      return { kind: 'web_events', unreadable: 'not_object: a message of the batch', original: text, line };
    }
    const whole: JsonObject = { ...shared, ...message };
    return recordOf(whole, JSON.stringify(whole), line);
  });
}

function recordOf(message: JsonObject, original: string, line: number): FoundRecord {
  const event = webEventOf(message);
  return typeof event === 'string'
    ? { kind: 'web_events', unreadable: event, original, line }
    : { kind: 'web_events', value: event, original, line };
}
