import { hash } from 'node:crypto';
import type { RecordKind } from '../contract/index.ts';
import type { IdentifierKeys, Identify } from '../identifier.ts';
import { hasOffset, type ParsedInstant, parseInstant, utcText } from '../instant.ts';
import type { RawLine, RawRow, RawTable } from '../raw-tables.ts';

/** Why a record was not stored. Records that wait for their store are tried again by themselves. */
export const REJECTION_REASONS = {
  unreadable: 'The text is not a record of its format',
  schema: 'A field is missing, of the wrong type or outside its limits',
  bad_time: 'A time is not an ISO 8601 instant of the calendar',
  naive_time: 'A time has no offset and the record names no known store',
  too_old: 'The time lies before 2000',
  in_future: 'The time lies more than a day after arrival',
  unknown_store: 'The store is not among the stores; tried again when stores arrive',
  unknown_currency: 'The code is no ISO 4217 currency',
  currency_mismatch: 'A currency differs from what the record must have',
  no_currency: 'The record has no currency and names no store that supplies one',
  bad_amount: 'An amount is not a number',
  amount_too_large: 'An amount is above what one line or document may hold',
  negative_amount: 'An amount is negative (or positive) where that cannot be',
  bad_score: 'A score lies outside its scale, or its kind of feedback has none',
  zero_quantity: 'A sold or returned line has quantity zero but an amount',
  total_mismatch: 'The total of the document is not the sum of its lines',
  store_changed: 'A known store comes with another time zone or currency',
  bad_time_zone: 'The time zone is not an IANA name',
  card_number: 'The payment token is a card number, which is not kept: send a token of the payment provider',
  bad_text: 'A text has unpaired surrogates or a NUL character',
  too_large: 'The record, one of its lists or its nesting is beyond the limits',
  duplicate_key: 'A name stands twice in one object, so that which value is meant cannot be told',
  wrong_store: 'The key that the record came with does not speak for its store',
  erased: 'The person of the record was erased; nothing of it is kept',
} as const;
export type RejectionReason = keyof typeof REJECTION_REASONS;

export interface StoreFacts {
  time_zone: string;
  currency: string;
  country: string | null;
}

/** What acceptance needs to know besides the record: all of it handed in, so that it stays a pure function. */
export interface AcceptContext {
  identify: Identify;
  store(storeId: string): StoreFacts | undefined;
  /** Time of arrival, milliseconds since 1970 UTC. */
  receivedAt: number;
  /** The same as ISO 8601 text. */
  receivedAtText: string;
  isBot(userAgent: string): boolean;
  /** Whether a key is of a person that was erased; without it nobody was. */
  isErased?: ((keys: IdentifierKeys) => boolean) | undefined;
}

export type Acceptance =
  | { ok: true; lines: RawLine[] }
  | { ok: false; reason: RejectionReason; detail: string };

/** Thrown inside `accept` only, where it becomes a rejected outcome. */
export class Refusal extends Error {
  readonly reason: RejectionReason;
  constructor(reason: RejectionReason, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** What was noticed of a record that is stored all the same. */
export type Remark = 'repeated_name' | 'mended_text';

export type Acceptor<T> = (
  value: T,
  context: AcceptContext,
  kind: RecordKind,
  remarks: readonly Remark[],
) => RawLine[];

/** Nothing that lies before it is taken. */
export const EARLIEST = Date.UTC(2000, 0, 1);
const DAY = 86_400_000;

/**
 * The instant of a record in milliseconds. Up to a day ahead of arrival is a clock that runs fast and is believed, so
 * that the record stays the same whenever it arrives; more than a day ahead is refused.
 */
export function instantOf(field: string, text: string, zone: string | null, context: AcceptContext): number {
  const parsed: ParsedInstant = parseInstant(text, zone);
  if (!parsed.ok) throw new Refusal(parsed.reason, `${field}: ${parsed.detail}`);
  if (parsed.epochMs < EARLIEST) throw new Refusal('too_old', `${field} ${text} lies before 2000-01-01`);
  const ahead = parsed.epochMs - context.receivedAt;
  if (ahead > DAY) throw new Refusal('in_future', `${field} ${text} lies more than 24 hours after arrival`);
  return parsed.epochMs;
}

export function storeOf(storeId: string | null | undefined, context: AcceptContext): StoreFacts | undefined {
  if (storeId == null) return undefined;
  const store = context.store(storeId);
  if (!store) throw new Refusal('unknown_store', `store_id "${storeId}" is not among the stores`);
  return store;
}

/**
 * The store that a web event or contact names, where it is known. One that is not known is no fault there, unless
 * the record leans on it: for the zone of its time or the country of its phone number.
 */
export function storeIfNamed(
  value: { store_id?: string | null; occurred_at: string; phone?: string | null },
  context: AcceptContext,
): StoreFacts | undefined {
  if (value.store_id == null) return undefined;
  const store = context.store(value.store_id);
  return !store && (value.phone || !hasOffset(value.occurred_at)) ? storeOf(value.store_id, context) : store;
}

export interface Consenting {
  consent?: 'granted' | 'denied' | 'unknown' | null;
}

/** The keys we may keep: none where consent was denied. */
export function keysOf(
  value: Parameters<Identify>[0] & Consenting,
  country: string | null,
  context: AcceptContext,
): IdentifierKeys & { consent: string } {
  const consent = value.consent ?? 'unknown';
  if (consent === 'denied') return { consent };
  const keys = context.identify(value, country) as IdentifierKeys & { consent: string };
  keys.consent = consent;
  return keys;
}

/** 128 bits of SHA-256 over what a record says, arrival time aside. */
export const fingerprintOf = (json: string) => hash('sha256', json, 'base64url').slice(0, 22);

/**
 * Columns that go with a row whose time was concluded: what its sender said. Where that is nothing, the row is told
 * apart for the lake, which looks for repeats around the time that a row says; this column itself is not stored.
 * @param claimedAt milliseconds since 1970 UTC; null where the sender said nothing of the time
 */
export const saidTime = (claimedAt: number | null): RawRow =>
  claimedAt === null ? { _says_no_time: true } : { said_at: utcText(claimedAt) };

/** A row as JSON. What is null is left out, so that a sender's null and its silence come to the same. */
export function saidIn(row: RawRow): string {
  for (const name in row) if (row[name] === null) row[name] = undefined;
  return JSON.stringify(row);
}

/**
 * Writes a row with the fingerprint of what it says (or of the document it belongs to) and its arrival.
 * @param said the row as JSON, from `saidIn`
 * @param concluded columns that we concluded ourselves: no part of the fingerprint, or better rules would make old
 *   records look new
 */
export function rawLine(
  table: RawTable,
  said: string,
  { receivedAtText }: AcceptContext,
  {
    fingerprint,
    concluded,
    row,
  }: { fingerprint?: string | undefined; concluded?: RawRow; row?: RawRow } = {},
): RawLine {
  const conclusions = concluded ? saidIn(concluded).slice(1, -1) : '';
  const more = conclusions ? `${conclusions},` : '';
  return {
    table,
    ...(row ? { row } : {}),
    json: `${said.slice(0, -1)},${more}"fingerprint":"${fingerprint ?? fingerprintOf(said)}","received_at":"${receivedAtText}"}`,
  };
}
