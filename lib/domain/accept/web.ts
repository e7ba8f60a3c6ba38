import type { Touch, WebEvent } from '../contract/index.ts';
import { utcText } from '../instant.ts';
import { amountToMinor, currencyExponent, MAX_MINOR } from '../money.ts';
import type { RawRow } from '../raw-tables.ts';
import { eventTimeOf } from './clock.ts';
import { consentOfEvent } from './consents.ts';
import { deviceOf } from './device.ts';
import { orderOfEvent } from './order-event.ts';
import {
  type Acceptor,
  fingerprintOf,
  instantOf,
  keysOf,
  Refusal,
  rawLine,
  saidIn,
  saidTime,
  storeIfNamed,
} from './outcome.ts';
import { campaignText, cleanText, clickIdIn, comparedText, hostOf, pathOf, searchOf } from './page.ts';

/** GA4's names for the events of the Segment E-Commerce V2 specification. */
const GA4_NAMES = new Map(
  Object.entries({
    page_view: 'Page Viewed',
    screen_view: 'Screen Viewed',
    view_item_list: 'Product List Viewed',
    select_item: 'Product Clicked',
    view_item: 'Product Viewed',
    search: 'Products Searched',
    view_search_results: 'Products Searched',
    add_to_cart: 'Product Added',
    remove_from_cart: 'Product Removed',
    view_cart: 'Cart Viewed',
    add_to_wishlist: 'Product Added to Wishlist',
    begin_checkout: 'Checkout Started',
    add_shipping_info: 'Checkout Step Completed',
    add_payment_info: 'Payment Info Entered',
    purchase: 'Order Completed',
    refund: 'Order Refunded',
  }),
);

/** What the event is about: its own item, or the only product it lists. */
function itemOf(value: WebEvent): Pick<WebEvent, 'sku' | 'product_id' | 'category'> {
  if (value.sku || value.product_id || value.products?.length !== 1) return value;
  return value.products[0]!;
}

const textOrNull = (value: string | null | undefined) => (value ? cleanText(value) : null);

export const acceptWebEvent: Acceptor<WebEvent> = (value, context, _, remarks) => {
  const store = storeIfNamed(value, context);
  const time = eventTimeOf(value, store?.time_zone ?? null, context);
  const { claimedAt } = time;
  const event = GA4_NAMES.get(value.event) ?? cleanText(value.event) ?? '';
  const item = itemOf(value);
  const country = store?.country ?? null;
  const keys = keysOf(value, country, context);
  const search = searchOf(value.url);
  const money = moneyOf(value);
  const claimed: RawRow = {
    record_id: value.event_id,
    occurred_at: claimedAt === null ? null : utcText(claimedAt),
    event,
    customer_key: keys.customer_key,
    loyalty_key: keys.loyalty_key,
    email_key: keys.email_key,
    phone_key: keys.phone_key,
    anonymous_key: keys.anonymous_key,
    consent: keys.consent,
    page_host: hostOf(value.url),
    page_path: pathOf(value.url),
    referrer_host: hostOf(value.referrer),
    utm_source: campaignText(value.utm_source ?? search.get('utm_source')),
    utm_medium: campaignText(value.utm_medium ?? search.get('utm_medium')),
    utm_campaign: campaignText(value.utm_campaign ?? search.get('utm_campaign')),
    utm_content: campaignText(value.utm_content ?? search.get('utm_content')),
    utm_term: campaignText(value.utm_term ?? search.get('utm_term')),
    click_id: clickIdIn(search),
    sku: item.sku,
    product_id: item.product_id,
    category: comparedText(item.category),
    query: textOrNull(value.query),
    order_id: value.order_id,
    value_minor: money?.minor,
    currency: money?.currency,
    store_id: value.store_id,
  };
  const isBot = value.user_agent ? context.isBot(value.user_agent) : false;
  const concluded: RawRow = {
    is_bot: isBot,
    device: deviceOf(value.user_agent),
    time_basis: time.basis,
    remarks: remarks.join(' ') || null,
  };
  const claimedText = saidIn(claimed);
  let row = claimed;
  let said = claimedText;
  if (time.basis !== 'sender') {
    row = { ...claimed, occurred_at: utcText(time.occurredAt) };
    said = saidIn(row);
    Object.assign(concluded, saidTime(claimedAt));
  }
  // A retry arrives at another time and may be corrected by another amount: only what the sender said tells repeats.
  const line = rawLine('raw_events', said, context, {
    row,
    concluded,
    fingerprint: fingerprintOf(claimedText),
  });
  if (isBot) return [line];
  const consent = consentOfEvent(event, value, time, country, context);
  const document = orderOfEvent(event, value, time, row, context);
  return [line, ...(consent ? [consent] : []), ...(document ?? [])];
};

function moneyOf({ value, currency }: WebEvent): { minor: number | null; currency: string } | null {
  if (value == null || currency == null) return null;
  const exponent = currencyExponent(currency);
  if (exponent === null) throw new Refusal('unknown_currency', `currency "${currency}" is no ISO 4217 code`);
  const minor = amountToMinor(value, exponent);
  if (minor !== null && Math.abs(minor) > MAX_MINOR) {
    throw new Refusal('amount_too_large', `value ${value} is above ${MAX_MINOR} minor units`);
  }
  return { minor, currency };
}

export const acceptTouch: Acceptor<Touch> = (value, context) => {
  const store = storeIfNamed(value, context);
  const keys = keysOf(value, store?.country ?? null, context);
  const row: RawRow = {
    record_id: value.touch_id,
    occurred_at: utcText(instantOf('occurred_at', value.occurred_at, store?.time_zone ?? null, context)),
    touch_type: value.touch_type,
    channel: campaignText(value.channel),
    utm_source: campaignText(value.utm_source),
    utm_medium: campaignText(value.utm_medium),
    utm_campaign: campaignText(value.utm_campaign),
    utm_content: campaignText(value.utm_content),
    utm_term: campaignText(value.utm_term),
    store_id: value.store_id,
    ...keys,
  };
  return [rawLine('raw_touches', saidIn(row), context, { row })];
};
