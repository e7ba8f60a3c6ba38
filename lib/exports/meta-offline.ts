import { createHmac } from 'node:crypto';
import { currencyExponent } from '../domain/money.ts';
import type { ChosenPurchase } from './choose-purchases.ts';
import type { Contact } from './contacts.ts';
import { personalization } from './google-store-sales.ts';
import type { PurchaseLine } from './store-purchases.ts';
import {
  metaCity,
  metaCountry,
  metaEmail,
  metaExternalId,
  metaName,
  metaPhone,
  metaPostalCode,
} from './vendor-hashes.ts';

/** Offline events as Meta's Conversions API takes them: bodies of requests with at most 1,000 events each. */

/** Events of one request. */
const EVENTS_PER_REQUEST = 1000;
/** One event that is older refuses its whole request. */
export const META_MAX_AGE_DAYS = 7;

export interface MetaEvent {
  event_name: 'Purchase';
  event_time: number;
  event_id: string;
  action_source: 'physical_store';
  /** Set where the person did not grant ads made for them: the event is then used to measure, not to choose. */
  opt_out?: true;
  user_data: Record<string, string[]>;
  custom_data: {
    value: number;
    currency: string;
    order_id: string;
    contents?: { id: string; quantity: number; item_price: number }[];
  };
}

/**
 * @param secret the shop's: the id of an event is the same in every export, and tells nobody else the receipt
 */
export function metaEvent(
  purchase: ChosenPurchase,
  lines: readonly PurchaseLine[],
  secret: string,
): MetaEvent | null {
  const userData = userDataOf(purchase.contacts);
  if (Object.keys(userData).length === 0) return null;
  const unit = 10 ** (currencyExponent(purchase.currency) ?? 2);
  const id = createHmac('sha256', secret).update(`meta-event:${purchase.conversion_id}`).digest('base64url');
  const contents = lines.map(({ sku, quantity, net_minor }) => {
    // Weights and lengths are no pieces: the whole line is then one.
    const pieces = Number.isInteger(quantity) && quantity > 0 ? quantity : 1;
    return { id: sku, quantity: pieces, item_price: Math.round(net_minor / pieces) / unit };
  });
  return {
    event_name: 'Purchase',
    event_time: purchase.at,
    event_id: id.slice(0, 32),
    action_source: 'physical_store',
    ...(personalization(purchase.contacts) === 'granted' ? {} : { opt_out: true }),
    user_data: userData,
    custom_data: {
      value: purchase.net_minor / unit,
      currency: purchase.currency,
      order_id: purchase.conversion_id,
      ...(contents.length > 0 ? { contents } : {}),
    },
  };
}

function userDataOf(contacts: readonly Contact[]): Record<string, string[]> {
  const data: Record<string, string[]> = {};
  const add = (name: string, hash: string | null | undefined) => {
    if (!hash) return;
    data[name] ??= [];
    if (!data[name].includes(hash)) data[name].push(hash);
  };
  for (const contact of contacts) {
    const { country = null } = contact;
    add('em', contact.email && metaEmail(contact.email));
    add('ph', contact.phone && metaPhone(contact.phone, country));
    add('external_id', contact.customer_id && metaExternalId(contact.customer_id));
  }
  // A name or place alone is nobody.
  if (Object.keys(data).length === 0) return data;
  for (const { first_name, last_name, city, postal_code, country } of contacts) {
    add('fn', first_name && metaName(first_name));
    add('ln', last_name && metaName(last_name));
    add('ct', city && metaCity(city));
    add('zp', postal_code && metaPostalCode(postal_code, country ?? null));
    add('country', country && metaCountry(country));
  }
  return data;
}

/** JSON Lines, each line the body of one request. */
export function metaRequests(events: readonly MetaEvent[]): string {
  const requests: string[] = [];
  for (let at = 0; at < events.length; at += EVENTS_PER_REQUEST) {
    requests.push(`${JSON.stringify({ data: events.slice(at, at + EVENTS_PER_REQUEST) })}\n`);
  }
  return requests.join('');
}
