import { createHash, createHmac } from 'node:crypto';
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/**
 * Identifiers at the door: normalised, junk refused, then turned into a keyed hash. Clear values go no further.
 */

/** Kinds of identifier, strongest first: a record that carries several belongs to the person of the first. */
export const IDENTIFIER_KINDS = ['customer', 'loyalty', 'email', 'phone', 'anonymous'] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/** Values that trackers and tills write when they know nobody; each would join strangers into one person. */
const JUNK = new Set([
  'null',
  'undefined',
  'none',
  'nil',
  'nan',
  'n/a',
  'na',
  'true',
  'false',
  'anonymous',
  'guest',
  'unknown',
  'void',
  'id',
  'distinct_id',
  'distinctid',
  'not_authenticated',
  'email',
  'user',
  'customer',
  'test',
  'abc123',
  '[object object]',
  '(not set)',
  '-1',
  '%email%',
  '{{email}}',
]);
const ONLY_ZEROS = /^[0\-.\s]*$/;
const INVISIBLE = /[\u0000-\u001f\u007f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/g;
const QUOTED = /^(['"])(.*)\1$/;

/** The identifier without invisible characters, outer blanks and quotes; null when it identifies nobody. */
export function cleanIdentifier(value: string): string | null {
  let text = value.replace(INVISIBLE, '').trim();
  const quoted = QUOTED.exec(text);
  if (quoted) text = quoted[2]!.trim();
  if (text === '' || ONLY_ZEROS.test(text) || JUNK.has(text.toLowerCase())) return null;
  return text.normalize('NFC');
}

const EMAIL = /^[^\s@"(),:;<>[\\\]]+@[^\s@.]+(\.[^\s@.]+)+$/;
const JUNK_MAILBOX = /^(no-?reply|do-?not-?reply|noemail|none|nobody|test|null)@/;

/** Trimmed and lower-case, as the ad platforms' hashes want it; null when it is no address or belongs to nobody. */
export function normaliseEmail(value: string): string | null {
  const text = cleanIdentifier(value)?.toLowerCase() ?? null;
  return text !== null && EMAIL.test(text) && !JUNK_MAILBOX.test(text) ? text : null;
}

/** E.164 with +. A national number needs a country and is otherwise left out, never guessed. */
export function normalisePhone(value: string, country: string | null): string | null {
  const text = cleanIdentifier(value);
  if (text === null) return null;
  const phone = parsePhoneNumberFromString(
    text,
    country ? { defaultCountry: country as CountryCode } : undefined,
  );
  return phone?.isPossible() ? phone.number : null;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const HASH_OF_NOTHING = sha256('');

export interface ClearIdentifiers {
  customer_id?: string | null;
  loyalty_id?: string | null;
  email?: string | null;
  email_sha256?: string | null;
  phone?: string | null;
  phone_sha256?: string | null;
  anonymous_id?: string | null;
}

/** Keyed hashes of the identifiers that a record carries; a kind it does not carry is absent. */
export type IdentifierKeys = Partial<Record<`${IdentifierKind}_key`, string>>;

export type Identify = (clear: ClearIdentifiers, country: string | null) => IdentifierKeys;

/** How many keys one importer remembers; a returning visitor then costs a look-up instead of a hash. */
const REMEMBERED = 200_000;

/**
 * Makes the function that turns clear identifiers into keys: HMAC-SHA-256 under the shop's secret, 128 bits in
 * base64url. Email and phone are hashed from their SHA-256, so that a clear value and a vendor's hash of it agree.
 */
export function createIdentify(secret: string | Buffer): Identify {
  if (secret.length < 16)
    throw new RangeError(`Identity secret has ${secret.length} bytes; it needs at least 16`);
  const remembered = new Map<string, string>();
  const keyOf = (kind: IdentifierKind, value: string): string => {
    const name = `${kind}:${value}`;
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const key = createHmac('sha256', secret).update(name).digest('base64url').slice(0, 22);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(name, key);
    return key;
  };
  const hashed = (clear: string | null, given: string | null | undefined): string | null => {
    if (clear !== null) return sha256(clear);
    const lower = given?.toLowerCase() ?? null;
    return lower === HASH_OF_NOTHING ? null : lower;
  };
  return (clear, country) => {
    const keys: IdentifierKeys = {};
    const put = (kind: IdentifierKind, value: string | null) => {
      if (value !== null) keys[`${kind}_key`] = keyOf(kind, value);
    };
    if (clear.customer_id != null) put('customer', cleanIdentifier(clear.customer_id));
    if (clear.loyalty_id != null) put('loyalty', cleanIdentifier(clear.loyalty_id));
    if (clear.email != null || clear.email_sha256 != null) {
      put('email', hashed(clear.email ? normaliseEmail(clear.email) : null, clear.email_sha256));
    }
    if (clear.phone != null || clear.phone_sha256 != null) {
      put('phone', hashed(clear.phone ? normalisePhone(clear.phone, country) : null, clear.phone_sha256));
    }
    if (clear.anonymous_id != null) put('anonymous', cleanIdentifier(clear.anonymous_id));
    return keys;
  };
}
