import { createHash } from 'node:crypto';
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { isHashOfNobody, isJunk } from './junk-identifiers.ts';
import { keyedHash } from './keyed-hash.ts';

/**
 * Identifiers at the door: normalised, junk refused, then turned into a keyed hash. Clear values go no further.
 */

/** Kinds of identifier, strongest first: a record that carries several belongs to the person of the first. */
export const IDENTIFIER_KINDS = ['customer', 'loyalty', 'email', 'phone', 'anonymous', 'payment'] as const;
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/** What can link a document of sale to a person, strongest first; `order_id` is the person of the order it names. */
export const IDENTIFIED_BY = [
  'customer_id',
  'loyalty_id',
  'email',
  'phone',
  'order_id',
  'anonymous_id',
  'payment_token',
] as const;

/** How surely a key is its person's own: rows of sql/seeds/identifier_evidence.csv say which is which. */
export const EVIDENCE_STRENGTHS = ['strong', 'medium', 'weak'] as const;

/** Control and format characters, and the line separators: none is part of an identifier. */
const INVISIBLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
/** Quotes of one pair around it, as they are left over where text was written as JSON twice. */
const QUOTED = /^(?:(['"`]|\\["'])(.*)\1|[“”„‘’](.*)[“”‘’])$/s;

/** What nothing can be taken from: most ids of trackers and shops are so. */
const PLAIN = /^[\w-]+$/;

/** The identifier without invisible characters, outer blanks and quotes; null when it identifies nobody. */
export function cleanIdentifier(value: string): string | null {
  if (PLAIN.test(value)) return isJunk(value) ? null : value;
  let text = value.replace(INVISIBLE, '').trim();
  for (let quoted = QUOTED.exec(text); quoted; quoted = QUOTED.exec(text)) {
    text = (quoted[2] ?? quoted[3])!.trim();
  }
  return isJunk(text) ? null : text.normalize('NFC');
}

const EMAIL = /^[^\s@"(),:;<>[\\\]]+@[^\s@.]+(\.[^\s@.]+)+$/;
const JUNK_MAILBOX = /^(no-?reply|do-?not-?reply|noemail|none|nobody|test|null)@/;

/** Trimmed and lower-case, as the ad platforms' hashes want it; null when it is no address or belongs to nobody. */
export function normaliseEmail(value: string): string | null {
  const text = cleanIdentifier(value)?.toLowerCase() ?? null;
  return text !== null && EMAIL.test(text) && !JUNK_MAILBOX.test(text) ? text : null;
}

/**
 * E.164 with +. A national number needs a country and is otherwise left out, never guessed; so is one with an
 * extension, which everybody behind the same switchboard shares.
 */
export function normalisePhone(value: string, country: string | null): string | null {
  const text = cleanIdentifier(value);
  if (text === null) return null;
  const phone = parsePhoneNumberFromString(
    text,
    country ? { defaultCountry: country as CountryCode } : undefined,
  );
  return phone?.isPossible() && !phone.ext ? phone.number : null;
}

/** A card number with its middle hidden, which many cards share. */
const MASKED = /[*•]{2}|x{4}/i;

/** The token as it came; null when it stands for nobody's card or for those of many. */
export function normalisePaymentToken(value: string): string | null {
  const text = cleanIdentifier(value);
  return text !== null && !MASKED.test(text) ? text : null;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export interface ClearIdentifiers {
  customer_id?: string | null;
  loyalty_id?: string | null;
  email?: string | null;
  email_sha256?: string | null;
  phone?: string | null;
  phone_sha256?: string | null;
  anonymous_id?: string | null;
  payment_token?: string | null;
}

/** Keyed hashes of the identifiers that a record carries; a kind it does not carry is absent. */
export type IdentifierKeys = { [K in `${IdentifierKind}_key`]?: string | undefined };

export type Identify = (clear: ClearIdentifiers, country: string | null) => IdentifierKeys;

/** How many keys of a kind one importer remembers; a returning visitor then costs a look-up instead of a hash. */
const REMEMBERED = 200_000;
/** Longer values are no visitor's and are not remembered: many of them would fill the memory. */
const LONGEST_REMEMBERED = 128;

/**
 * Makes the function that turns clear identifiers into keys: HMAC-SHA-256 under the shop's secret, 128 bits in
 * base64url. Email and phone are hashed from their SHA-256, so that a clear value and a vendor's hash of it agree.
 * @throws RangeError when the secret is shorter than 16 bytes
 */
export function createIdentify(secret: string): Identify {
  if (secret.length < 16)
    throw new RangeError(`Identity secret has ${secret.length} bytes; it needs at least 16`);
  const customer = new KeyMaker(secret, 'customer', cleanIdentifier);
  const loyalty = new KeyMaker(secret, 'loyalty', cleanIdentifier);
  const anonymous = new KeyMaker(secret, 'anonymous', cleanIdentifier);
  const payment = new KeyMaker(secret, 'payment', normalisePaymentToken);
  const email = new KeyMaker(
    secret,
    'email',
    (clear) => vendorHash(clear) ?? sha256OrNull(normaliseEmail(clear)),
  );
  const hashedEmail = new KeyMaker(secret, 'email', vendorHash);
  const hashedPhone = new KeyMaker(secret, 'phone', vendorHash);
  const phones = new Map<string, KeyMaker>();
  const phoneOf = (country: string | null) => {
    const name = country ?? '';
    let maker = phones.get(name);
    if (!maker) {
      maker = new KeyMaker(
        secret,
        'phone',
        (clear) => vendorHash(clear) ?? sha256OrNull(normalisePhone(clear, country)),
      );
      phones.set(name, maker);
    }
    return maker;
  };
  return (clear, country) => {
    const keys: IdentifierKeys = {
      customer_key: clear.customer_id ? customer.keyOf(clear.customer_id) : undefined,
      loyalty_key: clear.loyalty_id ? loyalty.keyOf(clear.loyalty_id) : undefined,
      email_key:
        (clear.email ? email.keyOf(clear.email) : undefined) ??
        (clear.email_sha256 ? hashedEmail.keyOf(clear.email_sha256) : undefined),
      phone_key:
        (clear.phone ? phoneOf(country).keyOf(clear.phone) : undefined) ??
        (clear.phone_sha256 ? hashedPhone.keyOf(clear.phone_sha256) : undefined),
      anonymous_key: clear.anonymous_id ? anonymous.keyOf(clear.anonymous_id) : undefined,
    };
    if (clear.payment_token) keys.payment_key = payment.keyOf(clear.payment_token);
    return keys;
  };
}

/** Keys of one kind of identifier, remembered by the value as it came. */
class KeyMaker {
  readonly #hash: (text: string) => string;
  readonly #kind: IdentifierKind;
  readonly #normalise: (clear: string) => string | null;
  readonly #known = new Map<string, string | undefined>();

  constructor(secret: string, kind: IdentifierKind, normalise: (clear: string) => string | null) {
    this.#hash = keyedHash(secret);
    this.#kind = kind;
    this.#normalise = normalise;
  }

  keyOf(clear: string): string | undefined {
    const known = this.#known.get(clear);
    if (known !== undefined || this.#known.has(clear)) return known;
    const value = this.#normalise(clear);
    const key = value === null ? undefined : this.#hash(`${this.#kind}:${value}`).slice(0, 22);
    if (clear.length > LONGEST_REMEMBERED) return key;
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(clear, key);
    return key;
  }
}

const sha256OrNull = (value: string | null) => (value === null ? null : sha256(value));

const HEX_HASH = /^[0-9a-f]{64}$/i;
/** The 32 bytes of a hash, as UID2 and Google also take them. */
const BASE64_HASH = /^[A-Za-z0-9+/_-]{43}=$/;

/**
 * A vendor's SHA-256 in lower-case hex, unless it is the hash of nobody; null for anything else. A hash that comes
 * where a clear value belongs is known by its form, and not hashed once more.
 */
function vendorHash(value: string): string | null {
  const text = value.trim();
  let hex: string;
  if (HEX_HASH.test(text)) hex = text.toLowerCase();
  else if (BASE64_HASH.test(text)) hex = Buffer.from(text, 'base64').toString('hex');
  else return null;
  return isHashOfNobody(hex) ? null : hex;
}
