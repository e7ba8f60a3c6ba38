import type { JsonObject } from './jsonl.ts';

/** Times of a message in the words of the contract. */
export interface MessageTimes {
  occurred_at?: unknown;
  sent_at?: string;
  received_at?: string;
}

/**
 * When a message says that its event happened, was sent and was received. `timestamp` is the time of the event, also
 * where the sender set it back; without it the device's own word, `originalTimestamp`; of a message that says nothing
 * of the event, when it was received.
 *
 * `sent_at` is left out where it says nothing of the clock that `occurred_at` is by: where `timestamp` is not the
 * device's (the caller set it, or Segment has corrected it already: it then differs from `originalTimestamp`). Not every
 * sender renews it when it sends again (RudderStack's SDKs do not), so it may lie long before the arrival.
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
  if (isDevices) times.sent_at = sent;
  return times;
}

/** Only text with an offset tells an instant: JavaScript would read other text in this machine's zone. */
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T[\d:.]{5,18}(?:Z|[+-]\d{2}:?\d{2})$/;

function instantText(value: unknown): string | undefined {
  return typeof value === 'string' && WITH_OFFSET.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
}
