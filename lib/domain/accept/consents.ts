import type { Consent } from '../contract/index.ts';
import { IDENTIFIER_KINDS, type IdentifierKeys } from '../identifier.ts';
import { utcText } from '../instant.ts';
import type { RawLine, RawRow } from '../raw-tables.ts';
import { type AcceptContext, type Acceptor, instantOf, Refusal, rawLine, saidIn } from './outcome.ts';

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
  return [
    consentLine(value.consent_id ?? `${strongest}|${occurredAt}`, occurredAt, value.consent, keys, context),
  ];
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

/** The consent that an event reports, where it is such an event and says whose; its own row is apart from it. */
export function consentOfEvent(
  event: string,
  clear: Parameters<AcceptContext['identify']>[0] & { consent?: string | null },
  { record_id, occurred_at }: RawRow,
  context: AcceptContext,
): RawLine | null {
  const { consent } = clear;
  if ((consent !== 'granted' && consent !== 'denied') || !CONSENT_EVENTS.has(event.toLowerCase()))
    return null;
  const keys = context.identify(clear, null);
  if (strongestOf(keys) === undefined) return null;
  return consentLine(`event:${record_id}`, String(occurred_at), consent, keys, context);
}

function strongestOf(keys: IdentifierKeys): string | undefined {
  for (const kind of IDENTIFIER_KINDS) {
    const key = keys[`${kind}_key`];
    if (key !== undefined) return key;
  }
  return undefined;
}

function consentLine(
  recordId: string,
  occurredAt: string,
  consent: string,
  keys: IdentifierKeys,
  context: AcceptContext,
): RawLine {
  const { customer_key, loyalty_key, email_key, phone_key, anonymous_key } = keys;
  const row: RawRow = {
    record_id: recordId,
    occurred_at: occurredAt,
    customer_key,
    loyalty_key,
    email_key,
    phone_key,
    anonymous_key,
    consent,
  };
  return rawLine('raw_consents', saidIn(row), context, { row });
}
