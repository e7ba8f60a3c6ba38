import type { WebEvent } from '../contract/index.ts';
import { parseInstant } from '../instant.ts';
import { type AcceptContext, EARLIEST, instantOf, Refusal } from './outcome.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A clock that is this far ahead is not merely ahead. */
const AHEAD = 5 * MINUTE;

/**
 * When an event happened. `sender` believes its clock; `corrected` moves it by how wrong the clock was when it sent
 * (the rule of Segment's "Common Fields": received - (sent - occurred)); `received` takes the server's time, where an
 * event would lie in the future and nothing says by how much its clock is wrong.
 */
export interface EventTime {
  /** Milliseconds since 1970 UTC. */
  occurredAt: number;
  basis: 'sender' | 'corrected' | 'received';
  /** What the sender said: what makes two deliveries of an event the same. Null where it said nothing of the time. */
  claimedAt: number | null;
}

type Times = Pick<WebEvent, 'occurred_at' | 'sent_at' | 'received_at'>;

/**
 * The time of a web event. Without `received_at`, as in a file, there is nothing to hold the sender's clock against.
 * With it, a clock that was ahead when it sent is set right: by more than an hour always, by less only where the event
 * would lie in the future. A time of sending that lies before the arrival is believed, however long before: a slow
 * clock and a delivery that was long on its way look the same, and a retry with the time of its first sending would be
 * moved by its delay. Only where it lies before all times that are taken (1970, of a device that never knew the date)
 * is the clock surely wrong, and set right too. An event more than a day older than its sending was set back by its
 * sender on purpose (an order of January, imported in November) and stays where it is.
 */
export function eventTimeOf(value: Times, zone: string | null, context: AcceptContext): EventTime {
  if (value.received_at == null) {
    const occurredAt = instantOf('occurred_at', value.occurred_at, zone, context);
    return { occurredAt, basis: 'sender', claimedAt: occurredAt };
  }
  const receivedAt = instantOf('received_at', value.received_at, null, context);
  const sentAt = value.sent_at == null ? null : parsed('sent_at', value.sent_at, zone);
  const claimedAt = parsed('occurred_at', value.occurred_at, zone);
  if (value.occurred_at === value.received_at)
    return { occurredAt: receivedAt, basis: 'received', claimedAt: null };
  const ahead = claimedAt - receivedAt;
  if (sentAt !== null) {
    const underWay = sentAt - claimedAt;
    const isOfThatClock = underWay >= -MINUTE && underWay <= DAY;
    const fast = sentAt - receivedAt;
    const isWrong = fast > HOUR || (fast > 0 && ahead > AHEAD) || sentAt < EARLIEST;
    if (isOfThatClock && isWrong) return { occurredAt: claimedAt - fast, basis: 'corrected', claimedAt };
  }
  if (ahead > AHEAD && ahead <= DAY) return { occurredAt: receivedAt, basis: 'received', claimedAt };
  if (ahead > DAY) {
    throw new Refusal(
      'in_future',
      `occurred_at ${value.occurred_at} lies more than 24 hours after it was received`,
    );
  }
  return {
    occurredAt: instantOf('occurred_at', value.occurred_at, zone, context),
    basis: 'sender',
    claimedAt,
  };
}

function parsed(field: string, text: string, zone: string | null): number {
  const instant = parseInstant(text, zone);
  if (!instant.ok) throw new Refusal(instant.reason, `${field}: ${instant.detail}`);
  return instant.epochMs;
}
