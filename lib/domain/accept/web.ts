import type { Touch, WebEvent } from '../contract/index.ts';
import { utcText } from '../instant.ts';
import { amountToMinor, currencyExponent, MAX_MINOR } from '../money.ts';
import type { RawRow } from '../raw-tables.ts';
import { orderOfEvent } from './order-event.ts';
import {
  type Acceptor,
  instantOf,
  keysOf,
  Refusal,
  rawLine,
  redact,
  saidIn,
  storeIfNamed,
} from './outcome.ts';

/** GA4's names for the events of the Segment E-Commerce V2 specification. */
const GA4_NAMES: Record<string, string> = {
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
};

/** Click identifiers that ad platforms append to the landing page. */
const CLICK_IDS = [
  'gclid',
  'gbraid',
  'wbraid',
  'dclid',
  'msclkid',
  'fbclid',
  'ttclid',
  'twclid',
  'li_fat_id',
  'epik',
];

const MOBILE = /Mobi|iPhone|Android(?!.*Tablet)/i;
const TABLET = /iPad|Tablet/i;

const devices = new Map<string, string>();

export function deviceOf(userAgent: string | null | undefined): string | null {
  if (!userAgent) return null;
  let device = devices.get(userAgent);
  if (device === undefined) {
    device = TABLET.test(userAgent) ? 'tablet' : MOBILE.test(userAgent) ? 'mobile' : 'desktop';
    if (devices.size >= REMEMBERED) devices.clear();
    devices.set(userAgent, device);
  }
  return device;
}

const HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i;

/** The host of an address without "www.", lower case, or null. */
export function hostOf(address: string | null | undefined): string | null {
  const host = address ? HOST.exec(address)?.[1]?.toLowerCase() : undefined;
  return host ? (host.startsWith('www.') ? host.slice(4) : host) : null;
}

const UTM_LENGTH = 200;
const REMEMBERED = 50_000;
const campaignTexts = new Map<string, string | null>();

/** Marks that paths and traffic keys are joined with. */
const JOINERS = /[|>]/g;

/** Campaign text as it is compared: trimmed, capped, without personal data or the marks that join paths. */
export function campaignText(value: string | null | undefined): string | null {
  if (value == null) return null;
  let clean = campaignTexts.get(value);
  if (clean === undefined) {
    const text = value.trim();
    clean = text ? redact(text).replace(JOINERS, '/').slice(0, UTM_LENGTH) : null;
    if (campaignTexts.size >= REMEMBERED) campaignTexts.clear();
    campaignTexts.set(value, clean);
  }
  return clean;
}

const NO_SEARCH = new URLSearchParams();
const CARRIES_TRAFFIC = new RegExp(['utm_', ...CLICK_IDS].join('|'));

/** The query of an address, where it holds campaign parameters or a click id. */
function searchOf(url: string | null | undefined): URLSearchParams {
  const question = url ? url.indexOf('?') : -1;
  if (!url || question < 0) return NO_SEARCH;
  const query = url.slice(question + 1).split('#', 1)[0]!;
  return CARRIES_TRAFFIC.test(query) ? new URLSearchParams(query) : NO_SEARCH;
}

function clickIdIn(search: URLSearchParams): string | null {
  return search === NO_SEARCH ? null : (CLICK_IDS.find((name) => search.get(name)) ?? null);
}

const PATH = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^?#]*)/i;

/** What the event is about: its own item, or the only product it lists. */
function itemOf(value: WebEvent): Pick<WebEvent, 'sku' | 'product_id' | 'category'> {
  if (value.sku || value.product_id || value.products?.length !== 1) return value;
  return value.products[0]!;
}

export const acceptWebEvent: Acceptor<WebEvent> = (value, context) => {
  const store = storeIfNamed(value, context);
  const occurredAt = instantOf('occurred_at', value.occurred_at, store?.time_zone ?? null, context);
  const event = GA4_NAMES[value.event] ?? value.event;
  const item = itemOf(value);
  const keys = keysOf(value, store?.country ?? null, context);
  const search = searchOf(value.url);
  const money = moneyOf(value);
  const row: RawRow = {
    record_id: value.event_id,
    occurred_at: utcText(occurredAt),
    event,
    customer_key: keys.customer_key,
    loyalty_key: keys.loyalty_key,
    email_key: keys.email_key,
    phone_key: keys.phone_key,
    anonymous_key: keys.anonymous_key,
    consent: keys.consent,
    page_host: hostOf(value.url),
    page_path: value.url ? redact(PATH.exec(value.url)?.[1] ?? '').slice(0, 500) || '/' : null,
    referrer_host: hostOf(value.referrer),
    utm_source: campaignText(value.utm_source ?? search.get('utm_source')),
    utm_medium: campaignText(value.utm_medium ?? search.get('utm_medium')),
    utm_campaign: campaignText(value.utm_campaign ?? search.get('utm_campaign')),
    utm_content: campaignText(value.utm_content ?? search.get('utm_content')),
    utm_term: campaignText(value.utm_term ?? search.get('utm_term')),
    click_id: clickIdIn(search),
    sku: item.sku,
    product_id: item.product_id,
    category: item.category,
    query: value.query ? redact(value.query).slice(0, UTM_LENGTH) : null,
    order_id: value.order_id,
    value_minor: money?.minor,
    currency: money?.currency,
    store_id: value.store_id,
  };
  const isBot = value.user_agent ? context.isBot(value.user_agent) : false;
  const line = rawLine('raw_events', saidIn(row), context, {
    row,
    concluded: { is_bot: isBot, device: deviceOf(value.user_agent) },
  });
  const document = isBot ? null : orderOfEvent(event, value, occurredAt, row, context);
  return document ? [line, ...document] : [line];
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
