import { createHash } from 'node:crypto';
import { cleanIdentifier, normaliseEmail, normalisePhone } from '../../domain/identifier.ts';

/** What somebody asked to erase or to see, in clear. */
export interface AskedFor {
  email?: string | undefined;
  phone?: string | undefined;
  customer_id?: string | undefined;
  loyalty_id?: string | undefined;
  anonymous_id?: string | undefined;
  /** A keyed hash as it stands in the raw tables. */
  key?: string | undefined;
  /** ISO 3166 code for a phone number without country code. */
  country?: string | undefined;
}

/** Something that must be nowhere any more. */
export interface Needle {
  what: 'clear value' | 'sha256' | 'keyed hash';
  /** Lower-case where case does not matter. */
  text: string;
  anyCase: boolean;
  /** What must not stand beside it: it would be part of somebody else's address, or of another number or id. */
  apart: 'anything' | 'letters and digits' | 'more of an address';
  /** Whether it may be the name of something else as well, as 100001 may be an account and an order. */
  isCommonId: boolean;
}

/** A shorter clear value stands in too many texts by chance; rejections alone are searched for it, value by value. */
export const SHORTEST_SEARCHED = 6;

/** So many characters of a keyed hash tell it: names of persons and devices are made of its first 11 and 12. */
const HASH_CHARACTERS = 11;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * What the proof of an erasure looks for: the values as given and normalised, their SHA-256 as ad platforms take it (of
 * an email also as Google wants those of Gmail, of a phone with and without +), and the keyed hashes.
 * @returns also how many clear values are too short to be searched for in every file
 */
export function needlesOf(asked: AskedFor, keys: Iterable<string>): { needles: Needle[]; short: number } {
  const email = asked.email === undefined ? null : normaliseEmail(asked.email);
  const phone = asked.phone === undefined ? null : normalisePhone(asked.phone, asked.country ?? null);
  const ids = [asked.customer_id, asked.loyalty_id, asked.anonymous_id].flatMap((value) =>
    value === undefined ? [] : [value.trim(), cleanIdentifier(value)],
  );
  const clear = new Map<string, Pick<Needle, 'apart' | 'isCommonId'>>();
  const add = (values: (string | null | undefined)[], how: Pick<Needle, 'apart' | 'isCommonId'>) => {
    for (const value of values) if (value) clear.set(value.toLowerCase(), how);
  };
  add(ids, { apart: 'letters and digits', isCommonId: true });
  add([phone, phone?.slice(1)], { apart: 'letters and digits', isCommonId: true });
  add([asked.email?.trim(), email], { apart: 'more of an address', isCommonId: false });
  const hashed = new Set([
    ...(email === null ? [] : [email, withoutGmailDots(email)]),
    ...(phone === null ? [] : [phone, phone.slice(1)]),
  ]);
  const long = Array.from(clear).filter(([value]) => value.length >= SHORTEST_SEARCHED);
  const hash = (what: Needle['what'], text: string, anyCase: boolean): Needle => ({
    what,
    text,
    anyCase,
    apart: 'anything',
    isCommonId: false,
  });
  return {
    needles: [
      ...long.map(([text, how]): Needle => ({ what: 'clear value', text, anyCase: true, ...how })),
      ...Array.from(hashed, (value) => hash('sha256', sha256(value), true)),
      ...Array.from(new Set(Array.from(keys, (key) => key.slice(0, HASH_CHARACTERS))), (text) =>
        hash('keyed hash', text, false),
      ),
    ],
    short: clear.size - long.length,
  };
}

const withoutGmailDots = (email: string) => {
  const [name = '', host = ''] = email.split('@');
  return /^(gmail|googlemail)\.com$/.test(host)
    ? `${name.replace(/\+.*$/, '').replaceAll('.', '')}@${host}`
    : email;
};
