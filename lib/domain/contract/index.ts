import type { TSchema } from '@sinclair/typebox';
import { Consent } from './consents.ts';
import { Feedback } from './feedback.ts';
import { Order, Receipt, Refund } from './sales.ts';
import { Footfall, Product, Spend, Store, StoreVisit } from './shop.ts';
import { Touch, WebEvent } from './web.ts';

/** Version of the contracts below; a rejected record keeps the version that refused it. */
export const CONTRACT_VERSION = '1';

/** Every kind of record that ropo takes, with its schema. Reference data first: others lean on it. */
export const CONTRACTS = {
  stores: Store,
  products: Product,
  web_events: WebEvent,
  touches: Touch,
  orders: Order,
  refunds: Refund,
  receipts: Receipt,
  store_visits: StoreVisit,
  consents: Consent,
  feedback: Feedback,
  footfall: Footfall,
  spend: Spend,
} as const satisfies Record<string, TSchema>;

export type RecordKind = keyof typeof CONTRACTS;
export const RECORD_KINDS = Object.keys(CONTRACTS) as RecordKind[];

export type { Consent } from './consents.ts';
export type { Feedback } from './feedback.ts';
export type { Line, Order, Receipt, Refund } from './sales.ts';
export type { Footfall, Product, Spend, Store, StoreVisit } from './shop.ts';
export type { Touch, WebEvent } from './web.ts';
