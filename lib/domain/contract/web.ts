import { type Static, Type } from '@sinclair/typebox';
import {
  amount,
  choice,
  currency,
  id,
  identifiers,
  instant,
  maybe,
  quantity,
  text,
  traffic,
} from './fields.ts';

export const TOUCH_TYPES = [
  'click',
  'impression',
  'email_open',
  'email_click',
  'sms',
  'push',
  'direct_mail',
  'store_leaflet',
  'coupon',
  'call',
  'event',
] as const;

/** Any marketing contact that is not itself a page view: an ad shown, an email opened, a letter, a leaflet. */
export const Touch = Type.Object(
  {
    touch_id: id('Unique per contact; repeats of it are the same contact'),
    occurred_at: instant('When the person had the contact'),
    touch_type: choice(TOUCH_TYPES, 'What kind of contact'),
    channel: maybe(text('Channel by name, where the shop knows better than the channel rules', 100)),
    ...traffic,
    store_id: maybe(id('Store the contact happened in or advertised')),
    ...identifiers,
  },
  { $id: 'ropo/touches/1', title: 'touches', description: 'A marketing contact of one person' },
);
export type Touch = Static<typeof Touch>;

/** A line of an order or receipt, or a product of an e-commerce event. */
export const EventProduct = Type.Object({
  sku: maybe(id('Stock keeping unit: the exact variant')),
  product_id: maybe(id('Product: all its variants')),
  category: maybe(text('Category', 400)),
  quantity: maybe(quantity('Pieces')),
  price: maybe(amount('Price of one piece')),
});

/**
 * A page or e-commerce event. `event` takes the names of the Segment E-Commerce V2 specification
 * ("Product Viewed", "Order Completed") and their GA4 equals ("view_item", "purchase").
 */
export const WebEvent = Type.Object(
  {
    event_id: id('Unique per event; a retry repeats it'),
    event: text('Name of the event', 200),
    occurred_at: instant('When it happened, by the clock of the sender'),
    sent_at: maybe(
      instant('When it was sent, by the same clock; with `received_at` it tells how wrong that clock is'),
    ),
    received_at: maybe(instant('When a server took it in, by the clock of the server')),
    url: maybe(text('Address of the page', 20_000)),
    referrer: maybe(text('Address of the page before', 20_000)),
    user_agent: maybe(text('User agent of the browser', 4000)),
    ...traffic,
    sku: maybe(id('Stock keeping unit the event is about')),
    product_id: maybe(id('Product the event is about')),
    category: maybe(text('Category the event is about', 400)),
    products: maybe(
      Type.Array(EventProduct, { maxItems: 500, description: 'Products of a list, cart or order' }),
    ),
    query: maybe(text('What was searched for')),
    order_id: maybe(id('Order the event belongs to')),
    value: maybe(amount('Value of the event; for "Order Completed" the total of the order')),
    currency: maybe(currency),
    store_id: maybe(
      id('Store: of a store page, a stock check, a pick-up, or the store the person stands in'),
    ),
    ...identifiers,
  },
  { $id: 'ropo/web_events/1', title: 'web_events', description: 'A page view or e-commerce event' },
);
export type WebEvent = Static<typeof WebEvent>;
