import type { Consent, WebEvent } from '../contract/index.ts';
import { IDENTIFIER_KINDS, type IdentifierKeys } from '../identifier.ts';
import { utcText } from '../instant.ts';
import type { RawLine, RawRow } from '../raw-tables.ts';
import type { EventTime } from './clock.ts';
import {
  type AcceptContext,
  type Acceptor,
  fingerprintOf,
  instantOf,
  Refusal,
  rawLine,
  saidIn,
  saidTime,
} from './outcome.ts';

/** What people say about measurement. The keys are kept when they say no as well: it is about them. */

export const acceptConsent: Acceptor<Consent> = (value, context) => {
  const occurredAt = utcText(instantOf('occurred_at', value.occurred_at, null, context));
  const keys = context.identify(value, null);
  const strongest = strongestOf(keys);
  if (strongest === undefined)
    throw new Refusal(
      'schema',
      'it names nobody: it needs an identifier, and none that stands for everybody',
    );
  const row = consentRow(value.consent_id ?? `${strongest}|${occurredAt}`, occurredAt, value.consent, keys);
  return [rawLine('raw_consents', saidIn(row), context, { row })];
};

/** Events by which consent banners report what was chosen (Segment's consent wrapper, and what shops name them). */
const CONSENT_EVENTS = new Set([
  'segment consent preference',
  'segment consent preference updated',
  'consent preference updated',
  'consent updated',
  'consent granted',
  'consent denied',
  'consent withdrawn',
]);

/**
 * The consent that an event reports, where it is such an event and says whose; its own row is apart from it. Everybody
 * can send an event, with whatever identifiers: so a no is believed of all that it names, and a yes only of the browser
 * that it comes from, or strangers could undo somebody's no.
 * @param country of the store that the event names, for national phone numbers
 */
export function consentOfEvent(
  event: string,
  value: WebEvent,
  { occurredAt, claimedAt, basis }: EventTime,
  country: string | null,
  context: AcceptContext,
): RawLine | null {
  const { consent } = value;
  if ((consent !== 'granted' && consent !== 'denied') || !CONSENT_EVENTS.has(event.toLowerCase()))
    return null;
  const named = consent === 'granted' ? { anonymous_id: value.anonymous_id ?? null } : value;
  const keys = context.identify(named, country);
  if (strongestOf(keys) === undefined) return null;
  const recordId = `event:${value.event_id}`;
  const row = consentRow(recordId, utcText(occurredAt), consent, keys);
  if (basis === 'sender') return rawLine('raw_consents', saidIn(row), context, { row });
  // As of the event itself: only what the sender said tells repeats, or a retry would be a new word, and the latest.
  const saidAt = claimedAt === null ? null : utcText(claimedAt);
  return rawLine('raw_consents', saidIn(row), context, {
    row,
    concluded: saidTime(claimedAt),
    fingerprint: fingerprintOf(saidIn({ ...row, occurred_at: saidAt })),
  });
}

function strongestOf(keys: IdentifierKeys): string | undefined {
  for (const kind of IDENTIFIER_KINDS) {
    const key = keys[`${kind}_key`];
    if (key !== undefined) return key;
  }
  return undefined;
}

function consentRow(recordId: string, occurredAt: string, consent: string, keys: IdentifierKeys): RawRow {
  const { customer_key, loyalty_key, email_key, phone_key, anonymous_key } = keys;
  return {
    record_id: recordId,
    occurred_at: occurredAt,
    customer_key,
    loyalty_key,
    email_key,
    phone_key,
    anonymous_key,
    consent,
  };
}
