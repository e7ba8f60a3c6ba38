import { objectOf, textOf } from './json-fields.ts';
import type { JsonObject } from './jsonl.ts';

/** Times of a message in the words of the contract. */
export interface MessageTimes {
  occurred_at?: unknown;
  sent_at?: string;
  received_at?: string;
}

/** Behind by more than this is a message that was sent again, where the sender does not renew `sentAt`. */
const HOUR = 3_600_000;

/**
 * When a message says that its event happened, was sent and was received. `timestamp` is the time of the event, also
 * where the sender set it back; without it the device's own word, `originalTimestamp`; of a message that says nothing
 * of the event, when it was received.
 *
 * `sent_at` is left out where it says nothing of the clock that `occurred_at` is by: where `timestamp` is not the
 * device's (the caller set it, or Segment has corrected it already: it then differs from `originalTimestamp`); and
 * where RudderStack's SDK may have sent the message a second time, with the time of the first.
 */
export function timesOf(message: JsonObject): MessageTimes {
  const { timestamp, originalTimestamp: original } = message;
  const received = instantText(message.receivedAt);
  const times: MessageTimes = { occurred_at: timestamp ?? original ?? received };
  if (received === undefined) return times;
  times.received_at = received;
  const sent = instantText(message.sentAt);
  if (sent === undefined) return times;
  const isDevices = timestamp == null || original == null || timestamp === original;
  const isLate = Date.parse(received) - Date.parse(sent) > HOUR;
  if (isDevices && !(isLate && isRudder(message))) times.sent_at = sent;
  return times;
}

/** RudderStack's SDKs name the device's own time; Segment's do not. */
function isRudder(message: JsonObject): boolean {
  const library = textOf(objectOf(objectOf(message.context).library).name);
  return message.originalTimestamp != null || /rudder/i.test(library ?? '');
}

/** Only text with an offset tells an instant: JavaScript would read other text in this machine's zone. */
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T[\d:.]{5,18}(?:Z|[+-]\d{2}:?\d{2})$/;

function instantText(value: unknown): string | undefined {
  return typeof value === 'string' && WITH_OFFSET.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
}
