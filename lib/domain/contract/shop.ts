import { type Static, Type } from '@sinclair/typebox';
import {
  amount,
  currency,
  date,
  id,
  identifiers,
  instant,
  maybe,
  revision,
  text,
  traffic,
} from './fields.ts';

/** One person in one store. Never mixed with `footfall`, which counts heads and knows nobody. */
export const StoreVisit = Type.Object(
  {
    visit_id: id('Unique per visit'),
    store_id: id('Store; must be one of the stores'),
    entered_at: instant('When the person came in'),
    left_at: maybe(instant('When the person left')),
    method: maybe(text('How it was seen: app check-in, Wi-Fi, beacon, appointment', 60)),
    ...identifiers,
  },
  { $id: 'ropo/store_visits/1', title: 'store_visits', description: 'A visit of one person to one store' },
);
export type StoreVisit = Static<typeof StoreVisit>;

/** Heads counted at a door in an interval. Aggregate, never joined to a person. */
export const Footfall = Type.Object(
  {
    store_id: id('Store; must be one of the stores'),
    door: maybe(id('Door or counter')),
    interval_start: instant('Start of the interval'),
    interval_minutes: Type.Integer({ minimum: 1, maximum: 1440, description: 'Length of the interval' }),
    entries: Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'People who came in' }),
    exits: maybe(Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'People who left' })),
    modelled: maybe(Type.Boolean({ description: 'Estimated by a vendor, not counted' })),
    revision,
  },
  { $id: 'ropo/footfall/1', title: 'footfall', description: 'Door counts of a store in an interval' },
);
export type Footfall = Static<typeof Footfall>;

/** Media cost of a day. Its key is date, channel, source, medium, campaign and currency. */
export const Spend = Type.Object(
  {
    date: date('Day the money was spent, in the time zone of the report'),
    channel: maybe(
      text('Channel by name; absent: found from source, medium and campaign by the channel rules', 100),
    ),
    utm_source: traffic.utm_source,
    utm_medium: traffic.utm_medium,
    utm_campaign: traffic.utm_campaign,
    cost: amount('Media cost'),
    currency: currency,
    clicks: maybe(Type.Integer({ minimum: 0, maximum: 1e12, description: 'Clicks bought' })),
    impressions: maybe(Type.Integer({ minimum: 0, maximum: 1e15, description: 'Impressions bought' })),
    revision,
  },
  {
    $id: 'ropo/spend/1',
    title: 'spend',
    description: 'Media cost of a day by channel or source and campaign',
  },
);
export type Spend = Static<typeof Spend>;

export const Product = Type.Object(
  {
    sku: id('Stock keeping unit: the exact variant'),
    product_id: maybe(id('Product: all its variants; absent: the SKU')),
    category: maybe(text('Category', 400)),
    name: maybe(text('Name')),
    brand: maybe(text('Brand', 400)),
    unit_cost: maybe(amount('Cost of goods of one piece')),
    currency: maybe(currency),
    revision,
  },
  { $id: 'ropo/products/1', title: 'products', description: 'A SKU of the catalogue' },
);
export type Product = Static<typeof Product>;

export const Store = Type.Object(
  {
    store_id: id('Unique per store'),
    name: maybe(text('Name', 200)),
    region: maybe(text('Region', 200)),
    time_zone: text('IANA time zone of the store, as Europe/Rome', 60),
    currency: currency,
    country: maybe(
      Type.String({
        pattern: '^[A-Z]{2}$',
        description: 'ISO 3166 country; national phone numbers are read in it',
      }),
    ),
    revision,
  },
  { $id: 'ropo/stores/1', title: 'stores', description: 'A store, with its time zone and currency' },
);
export type Store = Static<typeof Store>;
