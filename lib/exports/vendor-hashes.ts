import { createHash } from 'node:crypto';
import { cleanIdentifier, normaliseEmail, normalisePhone } from '../domain/identifier.ts';

/**
 * Identifiers as each ad platform wants them: its own normalisation, then SHA-256 as hex. Made here and nowhere else, at
 * export: what ropo stores are keyed hashes. Values that are none, stand for nobody or are hashes already come to null,
 * as a hash of nothing would make one person of many.
 * Sources: Google, "Formatting" of the Data Manager API and "TransactionAttribute" of the Google Ads API; Meta,
 * "Customer Information Parameters" of the Conversions API.
 */

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hashed = (text: string | null) => (text === null || text === '' ? null : sha256(text));

const GMAIL = /^(gmail|googlemail)\.com$/;
/** Titles that are no part of a name; M without its dot is an initial. */
const TITLE = /^(?:(?:mr|mrs|ms|miss|dr|prof|herr|frau|sig|sig\.ra|mme)\.?|m\.)\s+/;
const SUFFIX = /,?\s+(?:jr|sr|ii|iii|iv|phd|md)\.?$/;

/**
 * Google: lower case, no blanks anywhere; at Gmail's two hosts no dots before the @ and nothing from a + on. The host
 * stays as it is.
 * @example googleEmail('Cloudy.SanFrancisco+shopping@gmail.com') // SHA-256 of cloudysanfrancisco@gmail.com
 */
export function googleEmail(clear: string): string | null {
  const email = normaliseEmail(clear.replace(/\s+/g, ''));
  if (email === null) return null;
  const [name = '', host = ''] = email.split('@');
  if (!GMAIL.test(host)) return sha256(email);
  const bare = name.replace(/\+.*$/, '').replaceAll('.', '');
  return bare === '' ? null : sha256(`${bare}@${host}`);
}

/** Google: E.164 with its +. */
export const googlePhone = (clear: string, country: string | null) => hashed(normalisePhone(clear, country));

/** Google: lower case, without titles and suffixes. */
export function googleName(clear: string): string | null {
  const name = cleanIdentifier(clear)?.toLowerCase() ?? null;
  return hashed(name === null ? null : name.replace(TITLE, '').replace(SUFFIX, '').trim());
}

/** Meta: lower case, outer blanks off; dots and + stay. */
export const metaEmail = (clear: string) => hashed(normaliseEmail(clear));

/** Meta: digits alone, country code first, no leading zeros. */
export function metaPhone(clear: string, country: string | null): string | null {
  return hashed(normalisePhone(clear, country)?.replace(/\D/g, '').replace(/^0+/, '') ?? null);
}

/** Meta: lower case, no punctuation; letters of any script as UTF-8. */
export function metaName(clear: string): string | null {
  const name = cleanIdentifier(clear)?.toLowerCase() ?? null;
  return hashed(name === null ? null : name.replace(/[\p{P}\p{S}]/gu, '').trim());
}

/** Meta: lower case, letters and digits alone. */
export function metaCity(clear: string): string | null {
  return hashed(
    cleanIdentifier(clear)
      ?.toLowerCase()
      .replace(/[\p{P}\p{S}\s]/gu, '') ?? null,
  );
}

/** Meta: lower case, no blanks or dashes; of the USA the first five digits. */
export function metaPostalCode(clear: string, country: string | null): string | null {
  const code = cleanIdentifier(clear)?.toLowerCase().replace(/[\s-]/g, '') ?? null;
  return hashed(country === 'US' ? (code?.slice(0, 5) ?? null) : code);
}

/** Meta: two letters, lower case, hashed like the rest. */
export const metaCountry = (country: string) => hashed(country.toLowerCase());

/** Meta: the shop's own number of the customer. */
export const metaExternalId = (clear: string) => hashed(cleanIdentifier(clear));
