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
  const { original, line } = json;
  if (json.unreadable !== undefined) {
    return [{ kind: 'web_events', unreadable: json.unreadable, original, line }];
  }
  if (json.value.batch === undefined) return [recordOf(json.value, original, line)];
  return batchRecords(json.value, original, line);
}

/** What a batch says once for all of its messages. */
const SHARED = ['sentAt', 'receivedAt', 'context'] as const;

/** The messages of a batch; the original of each is the message with what it takes from its batch. */
function batchRecords(wrapper: JsonObject, original: string, line: number): FoundRecord[] {
  const { batch } = wrapper;
  if (!Array.isArray(batch)) {
    return [{ kind: 'web_events', unreadable: 'batch_not_array: "batch" is not an array', original, line }];
  }
  const shared: JsonObject = {};
  for (const name of SHARED) if (wrapper[name] != null) shared[name] = wrapper[name];
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
