import { createHash } from 'node:crypto';
import { CARD_NUMBER_REMOVED, isCardNumber, withoutCardNumbers } from './card-number.ts';
import { beyondLimits } from './record-limits.ts';

/** What may be kept of a record that was set aside: no card number, and not more than can be looked at. */

/** Of what is longer, only the head is kept. */
export const MAX_KEPT_CHARACTERS = 1_048_576;
/** A record in the words of its contract is all that a replay needs, so more of it is kept. */
const MAX_RECORD_CHARACTERS = 4_194_304;
export const HEAD_CHARACTERS = 4096;

export interface KeptAside {
  /** The record in the words of its contract, as JSON: enough to try it again. Null where it could not be read, or is too large. */
  record: string | null;
  original: string;
}

/**
 * The record and the text it came as, without card numbers. A record whose payment token is a card number is kept in
 * the words of its contract alone: its own text may spell the number in many ways.
 */
export function keptAside(value: unknown, original: string): KeptAside {
  const text = original.length > MAX_KEPT_CHARACTERS ? headOf(original) : original;
  const kept = withoutCardNumbers(text);
  if (value === undefined || value === null || beyondLimits(value, original) !== null)
    return { record: null, original: kept };
  const token = (value as { payment_token?: unknown }).payment_token;
  const isCard = holdsCardNumber(token);
  const clean = withoutCards(isCard ? { ...value, payment_token: CARD_NUMBER_REMOVED } : value);
  const record = JSON.stringify(clean);
  if (record.length > MAX_RECORD_CHARACTERS)
    return { record: null, original: isCard ? headOf(record) : kept };
  return { record, original: isCard ? withoutCardNumbers(record) : kept };
}

/** The head of a text that is too long to keep, the size of the whole and its SHA-256. */
function headOf(text: string): string {
  const hash = createHash('sha256').update(text).digest('hex');
  return cutText(text.slice(0, HEAD_CHARACTERS), Buffer.byteLength(text), hash);
}

/**
 * A head that says that it is one. Where the cut went through a number, its digits go: half a card number is one too
 * many.
 * @param head the first characters of the text
 * @param bytes size of the whole
 * @param sha256 of the whole, as hex
 */
export function cutText(head: string, bytes: number, sha256: string): string {
  let end = head.length;
  while (end > 0 && '0123456789 -'.includes(head[end - 1]!)) end--;
  return `${head.slice(0, end).toWellFormed()}\n[cut here: ${bytes} bytes in all, SHA-256 ${sha256}]`;
}

/** Whether anything in a value is a card number. Long numbers lose digits when they are read: each may have been one. */
function holdsCardNumber(value: unknown): boolean {
  if (typeof value === 'string') return isCardNumber(value);
  if (typeof value === 'number') return Math.abs(value) >= 1e12;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsCardNumber);
}

/** Names by which records are told apart. One number in ten looks like a card's by chance, and a replay needs them all. */
const IDS =
  /^(?:(?:anonymous|customer|loyalty|order|receipt|original_receipt|refund|store|till|product|event|touch|visit|consent|feedback)_id|sku|line_no|door)$/;

function withoutCards(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return IDS.test(name) ? value : withoutCardNumbers(value);
  if (typeof value === 'number') return isCardNumber(String(value)) ? CARD_NUMBER_REMOVED : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => withoutCards(inner));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [withoutCardNumbers(key), withoutCards(inner, key)]),
  );
}
