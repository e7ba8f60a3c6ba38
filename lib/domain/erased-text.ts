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

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * The values that a text may hold, whatever it is written in: the pieces between marks and those between blanks, with
 * escapes of JSON, XML and addresses undone. Too many rather than one too few.
 */
export function* valuesIn(text: string): Generator<string> {
  const seen = new Set<string>();
  for (const reading of readingsOf(text)) {
    for (const between of [BETWEEN_VALUES, BETWEEN_WORDS]) {
      for (const piece of reading.split(between)) {
        const value = piece.trim();
        if (value === '' || value.length > 512 || seen.has(value)) continue;
        seen.add(value);
        yield value;
      }
    }
  }
}

function readingsOf(text: string): string[] {
  const readings = [text];
  const add = (reading: string) => {
    if (reading !== text) readings.push(reading);
  };
  if (text.includes('\\'))
    add(
      text
        .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
        .replaceAll('\\/', '/'),
    );
  if (text.includes('&'))
    add(
      text
        .replace(/&#(x[0-9a-f]{1,6}|\d{1,7});/gi, (whole, code: string) => {
          const point = /^x/i.test(code) ? Number.parseInt(code.slice(1), 16) : Number(code);
          return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
        })
        .replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name]!),
    );
  if (text.includes('%'))
    add(
      text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
        try {
          return decodeURIComponent(run);
        } catch {
          return run;
        }
      }),
    );
  return readings;
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
    if (/^[\d\s().\-/]{5,20}$/.test(value)) {
      for (const country of countries) if (isErased(identify({ phone: value }, country))) return true;
    }
  }
  return false;
}
