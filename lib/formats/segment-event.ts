import { objectOf, textOf } from './json-fields.ts';
import type { JsonObject } from './jsonl.ts';
import { consentOf } from './segment-consent.ts';
import { timesOf } from './segment-time.ts';

/** What the calls that carry no event name become. */
const EVENT_OF_TYPE = new Map([
  ['page', 'Page Viewed'],
  ['screen', 'Screen Viewed'],
  ['identify', 'Identified'],
  ['alias', 'Aliased'],
  ['group', 'Grouped'],
]);

/** What a message is and is called, or the reason why it is no event: all that is told without looking further. */
export function callOf(message: JsonObject): { eventId: string; event: string; type: string } | string {
  const type = textOf(message.type) ?? (message.event === undefined ? 'none' : 'track');
  const eventId = textOf(message.messageId);
  if (eventId === undefined)
    return 'no_message_id: the message has no messageId, so a repeat could not be told';
  const event = type === 'track' ? textOf(message.event) : EVENT_OF_TYPE.get(type);
  if (event !== undefined) return { eventId, event, type };
  return type === 'track' ? 'no_event_name: a track message without an event' : `unknown_type: ${type}`;
}

/**
 * A message of the Segment specification as a `web_events` record, or the reason why it is none.
 * Sources: Segment's specs "Common Fields" and "E-Commerce V2"; RudderStack's deviations as its SDKs send them.
 */
export function webEventOf(message: JsonObject): JsonObject | string {
  const call = callOf(message);
  if (typeof call === 'string') return call;
  const { eventId, event, type } = call;
  const context = objectOf(message.context);
  const properties = objectOf(message.properties);
  const page = objectOf(context.page);
  const campaign = objectOf(context.campaign);
  const traits = [objectOf(message.traits), objectOf(context.traits), properties];
  return withoutAbsent({
    event_id: eventId,
    event,
    ...timesOf(message),
    url: urlOf(page, properties),
    referrer: referrerOf(page, properties),
    user_agent: textOf(context.userAgent),
    utm_source: textOf(campaign.source),
    utm_medium: textOf(campaign.medium),
    utm_campaign: textOf(campaign.name),
    utm_content: textOf(campaign.content),
    utm_term: textOf(campaign.term),
    ...productOf(properties),
    products: productsOf(properties.products),
    query: textOf(properties.query),
    ...moneyOf(properties),
    store_id: textOf(properties.store_id) ?? textOf(properties.location_id),
    anonymous_id: type === 'alias' ? textOf(message.previousId) : textOf(message.anonymousId),
    customer_id: textOf(message.userId),
    loyalty_id: firstText(traits, 'loyalty_id'),
    email: firstText(traits, 'email'),
    phone: firstText(traits, 'phone'),
    consent: consentOf(context),
  });
}

/** The page's address; trackers may send a canonical one and its query, where the click ids are, apart. */
function urlOf(page: JsonObject, properties: JsonObject): string | undefined {
  const source = textOf(page.url) === undefined ? properties : page;
  const url = textOf(source.url);
  const query = textOf(source.search);
  if (url === undefined || query === undefined || !query.startsWith('?') || url.includes('?')) return url;
  const [address, ...fragment] = url.split('#');
  return [address + query, ...fragment].join('#');
}

/** RudderStack writes "$direct" where there was no page before. */
function referrerOf(page: JsonObject, properties: JsonObject): string | undefined {
  const referrer = textOf(page.referrer) ?? textOf(properties.referrer);
  return referrer === '$direct' ? undefined : referrer;
}

function productOf(source: JsonObject): JsonObject {
  return {
    sku: textOf(source.sku),
    product_id: textOf(source.product_id),
    category: textOf(source.category),
  };
}

const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const CURRENCY = /^[A-Z]{3}$/;

/**
 * What an order says stands as it is, for its contract to judge. Elsewhere `value` and `currency` are anybody's
 * property names, and what is no amount there must not cost the event.
 */
function moneyOf(properties: JsonObject): JsonObject {
  const value = properties.total ?? properties.revenue ?? properties.value;
  const { currency } = properties;
  const orderId = textOf(properties.order_id);
  if (orderId !== undefined) return { order_id: orderId, value, currency };
  return {
    value: NUMBER.test(textOf(value) ?? '') ? value : undefined,
    currency: CURRENCY.test(textOf(currency) ?? '') ? currency : undefined,
  };
}

function productsOf(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((product: unknown) => {
    const source = objectOf(product);
    return withoutAbsent({ ...productOf(source), quantity: source.quantity, price: source.price });
  });
}

function firstText(sources: JsonObject[], name: string): string | undefined {
  for (const source of sources) {
    const text = textOf(source[name]);
    if (text !== undefined) return text;
  }
  return undefined;
}

function withoutAbsent(record: JsonObject): JsonObject {
  const present: JsonObject = {};
  for (const name of Object.keys(record)) if (record[name] != null) present[name] = record[name];
  return present;
}
