import { currencyExponent } from '../domain/money.ts';
import type { ChosenPurchase } from './choose-purchases.ts';
import type { AdConsent, Contact } from './contacts.ts';
import type { StorePurchase } from './store-purchases.ts';
import { googleEmail, googleName, googlePhone } from './vendor-hashes.ts';

/**
 * Store sales as the Google Ads API takes them: an OfflineUserDataJob of the type STORE_SALES_UPLOAD_FIRST_PARTY with
 * its StoreSalesMetadata, and one UserData a purchase. Names of fields are the API's.
 */

/** The API takes no more identifiers for one person. */
const MOST_IDENTIFIERS = 20;
/** Amounts must be above this. */
const SMALLEST_MICROS = 1000n;

export interface GoogleUserData {
  user_identifiers: Record<string, unknown>[];
  transaction_attribute: {
    conversion_action?: string;
    transaction_date_time: string;
    transaction_amount_micros: number;
    currency_code: string;
    order_id: string;
    store_attribute?: { store_code: string };
  };
  consent: { ad_user_data: GoogleConsent; ad_personalization: GoogleConsent };
}

type GoogleConsent = 'GRANTED' | 'DENIED' | 'UNSPECIFIED';

export interface GoogleFractions {
  /** Part of all transactions whose buyer is known. */
  loyalty_fraction: number;
  /** Part of those that is uploaded. */
  transaction_upload_fraction: number;
}

const CONSENT: Record<AdConsent, GoogleConsent> = {
  granted: 'GRANTED',
  denied: 'DENIED',
  unknown: 'UNSPECIFIED',
};

/** A millionth of the currency's unit. */
function microsOf({ net_minor, currency }: StorePurchase): bigint {
  return BigInt(net_minor) * 10n ** BigInt(6 - (currencyExponent(currency) ?? 2));
}

export const isTooSmallForGoogle = (purchase: StorePurchase) => microsOf(purchase) <= SMALLEST_MICROS;

export function googleUserData(
  purchase: ChosenPurchase,
  conversionAction: string | null,
): GoogleUserData | null {
  const identifiers = purchase.contacts.flatMap(identifiersOf);
  if (identifiers.length === 0) return null;
  const distinct = new Map(identifiers.map((identifier) => [JSON.stringify(identifier), identifier]));
  return {
    user_identifiers: [...distinct.values()].slice(0, MOST_IDENTIFIERS),
    transaction_attribute: {
      ...(conversionAction === null ? {} : { conversion_action: conversionAction }),
      transaction_date_time: purchase.local_at,
      transaction_amount_micros: Number(microsOf(purchase)),
      currency_code: purchase.currency,
      order_id: purchase.conversion_id,
      ...(purchase.store_id === null ? {} : { store_attribute: { store_code: purchase.store_id } }),
    },
    consent: { ad_user_data: 'GRANTED', ad_personalization: CONSENT[personalization(purchase.contacts)] },
  };
}

/** What all contacts of a person say; the strictest counts. */
export function personalization(contacts: readonly Contact[]): AdConsent {
  const said = new Set(contacts.map(({ ad_personalization }) => ad_personalization));
  return said.has('denied') ? 'denied' : said.has('unknown') ? 'unknown' : 'granted';
}

function identifiersOf(contact: Contact): Record<string, unknown>[] {
  const { country = null } = contact;
  const email = contact.email ? googleEmail(contact.email) : null;
  const phone = contact.phone ? googlePhone(contact.phone, country) : null;
  const address = addressOf(contact);
  return [
    ...(email ? [{ hashed_email: email }] : []),
    ...(phone ? [{ hashed_phone_number: phone }] : []),
    ...(address ? [{ address_info: address }] : []),
  ];
}

/** Only whole: names are hashed, country and postal code are not. */
function addressOf({ first_name, last_name, country, postal_code }: Contact): Record<string, string> | null {
  if (!first_name || !last_name || !country || !postal_code) return null;
  const [first, last] = [googleName(first_name), googleName(last_name)];
  if (!first || !last) return null;
  return { hashed_first_name: first, hashed_last_name: last, country_code: country, postal_code };
}

/** The job and its operations as one JSON text. */
export function googleJson(users: readonly GoogleUserData[], fractions: GoogleFractions): string {
  const job = { type: 'STORE_SALES_UPLOAD_FIRST_PARTY', store_sales_metadata: fractions };
  const operations = users.map((user) => `{"create":${JSON.stringify(user)}}`).join(',\n');
  return `{"job":${JSON.stringify(job)},\n"operations":[\n${operations}\n]}\n`;
}

const COLUMNS = [
  'hashed_email',
  'hashed_phone_number',
  'hashed_first_name',
  'hashed_last_name',
  'country_code',
  'postal_code',
  'conversion_action',
  'transaction_date_time',
  'transaction_amount_micros',
  'currency_code',
  'order_id',
  'store_code',
  'ad_user_data',
  'ad_personalization',
] as const;

/** The same as a table: a row has one email, phone and address, so that a person with several takes the first of each. */
export function googleTable(users: readonly GoogleUserData[]): {
  names: readonly string[];
  rows: (string | number | null)[][];
} {
  const rows = users.map(({ user_identifiers, transaction_attribute, consent }) => {
    const { store_attribute, ...transaction } = transaction_attribute;
    const first: Record<string, unknown> = {};
    for (const { address_info, ...identifier } of user_identifiers) {
      for (const [name, value] of Object.entries({ ...identifier, ...(address_info as object | undefined) }))
        first[name] ??= value;
    }
    const row: Record<string, unknown> = {
      ...first,
      ...transaction,
      store_code: store_attribute?.store_code,
      ...consent,
    };
    return COLUMNS.map((name) => (row[name] as string | number | undefined) ?? null);
  });
  return { names: COLUMNS, rows };
}
