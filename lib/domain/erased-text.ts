import { readingsOf } from './erased-readings.ts';
import { type ClearIdentifiers, IDENTIFIER_KINDS, type IdentifierKeys, type Identify } from './identifier.ts';

/** The field of a record that each kind of identifier comes in. */
const FIELDS: Record<(typeof IDENTIFIER_KINDS)[number], readonly (keyof ClearIdentifiers)[]> = {
  customer: ['customer_id'],
  loyalty: ['loyalty_id'],
  email: ['email', 'email_sha256'],
  phone: ['phone', 'phone_sha256'],
  anonymous: ['anonymous_id'],
  payment: ['payment_token'],
};

/** What stands between values in JSON, CSV, XML, addresses and running text. */
const BETWEEN_VALUES = /["'<>,;|\t\r\n{}[\]()\\]+/;
const BETWEEN_WORDS = /[\s"'<>,;|{}[\]()\\=&?#/:]+/;

/** What a sentence leaves at the ends of a value. */
const OUTER_MARKS = /^[^\p{L}\p{N}+]+|[^\p{L}\p{N}]+$/gu;

/** Digits as somebody may have written a phone number among words. */
const WRITTEN_PHONE = /\+?\(?\d[\d ().\-/\u00a0]{4,22}\d/g;

/**
 * The values that a text may hold, whatever it is written in: in every reading of it the pieces between marks, those
 * between blanks, each also without the marks at its ends, and what may be a phone number. Too many rather than one too
 * few.
 */
export function* valuesIn(text: string): Generator<string> {
  const seen = new Set<string>();
  for (const reading of readingsOf(text)) {
    for (const piece of piecesOf(reading)) {
      const value = piece.trim();
      if (value === '' || value.length > 512 || seen.has(value)) continue;
      seen.add(value);
      yield value;
    }
  }
}

function* piecesOf(reading: string): Generator<string> {
  for (const between of [BETWEEN_VALUES, BETWEEN_WORDS]) {
    for (const piece of reading.split(between)) {
      yield piece;
      if (piece.length <= 512) yield piece.replace(OUTER_MARKS, '');
    }
  }
  for (const [written] of reading.matchAll(WRITTEN_PHONE)) yield written;
}

/**
 * Tells whether a text that nobody could read as a record holds an identifier of an erased person: every value in it is
 * tried as each kind of identifier. Time: values x 8 keyed hashes, remembered by `identify`.
 * @param countries in which a phone number without country code may have been dialled
 */
export function holdsErased(
  text: string,
  identify: Identify,
  isErased: (keys: IdentifierKeys) => boolean,
  countries: readonly string[] = [],
): boolean {
  for (const value of valuesIn(text)) {
    for (const kind of IDENTIFIER_KINDS) {
      for (const field of FIELDS[kind]) if (isErased(identify({ [field]: value }, null))) return true;
    }
    if (/^[\d\s().\-/]{5,25}$/.test(value)) {
      for (const country of countries) if (isErased(identify({ phone: value }, country))) return true;
    }
  }
  return false;
}
