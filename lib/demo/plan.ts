import type { Campaign } from './campaign.ts';
import type { Cents, DemoCategory, Sku } from './catalogue.ts';
import type { Device, Person } from './people.ts';
import { uuidOf } from './random.ts';
import type { DemoStore } from './stores.ts';

/**
 * What happens in a block of people before it is written: small objects, no text. Writing turns them into records.
 */

/** A marketing contact as the truth names it: a touch, or the page event that a visit began with. */
export interface Contact {
  id: string;
  channel: string;
  campaign: string | null;
}

export type Step = { at: number } & (
  | { kind: 'home' | 'help' }
  | { kind: 'list'; category: DemoCategory }
  | { kind: 'search'; query: string; category: DemoCategory }
  | { kind: 'product' | 'add'; sku: Sku }
  | { kind: 'stock'; sku: Sku; store: DemoStore }
  | { kind: 'store'; store: DemoStore }
  | { kind: 'checkout' | 'order'; order: PlannedOrder }
);

export interface Session {
  /** 28 hex digits: identifiers of the events are made from it. */
  id: string;
  /** Null for a crawler. */
  person: Person | null;
  device: Device;
  anonymousId: string;
  entry: Campaign;
  /** Where the tracker shows the campaign. */
  tagging: 'context' | 'url' | 'click_id';
  /** Step before which the person logs in; null without login. */
  loginAt: number | null;
  steps: Step[];
  isLate: boolean;
}

/** The event of a step: 0 its page, 1 what happened on it. */
export function eventId(session: Session, step: number, part: 0 | 1): string {
  return uuidOf(session.id + (step * 2 + part).toString(16).padStart(4, '0'));
}

/** Steps that have a page of their own; the others only happen on the page before. */
export const opensPage = (step: Step): boolean => step.kind !== 'add' && step.kind !== 'stock';

export interface PlannedTouch {
  id: string;
  at: number;
  type: 'impression' | 'email_open' | 'email_click' | 'sms' | 'push' | 'direct_mail' | 'store_leaflet';
  campaign: Campaign;
  person: Person;
  anonymousId: string | null;
}

/** The research that led to a line: the finest thing that the two have in common, and when that was last looked at. */
export interface Research {
  fit: 'sku' | 'product' | 'category';
  at: number;
}

/** What a return line gives back: a purchase, and whether the till is told which. */
export interface Returned {
  from: PlannedReceipt | PlannedOrder;
  isStated: boolean;
  /** More pieces than had been bought. */
  isTooMuch: boolean;
}

export interface PlannedLine {
  kind: 'sale' | 'return' | 'discount' | 'gift_card' | 'deposit' | 'shipping';
  sku: Sku | null;
  quantity: number;
  cents: Cents;
  researched: Research | null;
  returned: Returned | null;
}

/** Why a purchase happened. */
export interface Reason {
  /** Contacts without which it would not have happened; empty when it would have anyway. */
  causedBy: Contact[];
  /** Visits to the web shop whose product views led to it. */
  research: Session[];
}

export const NO_REASON: Reason = { causedBy: [], research: [] };

export type PurchaseClass =
  | 'ropo'
  | 'store'
  | 'in_aisle'
  | 'return'
  | 'click_and_collect'
  | 'reserve_and_collect'
  | 'web';

export interface PlannedReceipt {
  /** Given when written: tills number in the order of time. */
  id: string;
  at: number;
  store: DemoStore;
  person: Person;
  className: PurchaseClass;
  lines: PlannedLine[];
  tender: string;
  shows: { loyalty: boolean; email: 'clear' | 'sha256' | null; token: boolean };
  /** The web order that it names: what it hands over, takes the money for, or takes goods back of. */
  order: PlannedOrder | null;
  reason: Reason;
  /** Where the goods were looked up after they were bought. */
  readUp: Session | null;
  isLate: boolean;
}

export interface PlannedOrder {
  id: string;
  at: number;
  person: Person;
  fulfilment: 'ship' | 'click_and_collect' | 'reserve_and_collect';
  lines: PlannedLine[];
  reason: Reason;
  /** The look at the goods in a store before they were ordered on the web; null where there was none. */
  showroom: StoreLook | null;
}

export interface PlannedRefund {
  id: string;
  at: number;
  order: PlannedOrder;
  /** Null for the whole order. */
  lines: PlannedLine[] | null;
  /** Said as one amount, without its lines. */
  asAmount: boolean;
}

/** A visit to a store that the person's app noticed. */
export interface PlannedVisit {
  id: string;
  at: number;
  leftAt: number | null;
  store: DemoStore;
  person: Person;
  /** To buy or fetch something; to look round; to look at what had been researched; and then order that on the web. */
  purpose: 'purchase' | 'browse' | 'inspect' | 'showroom';
  /** What was bought then or after it. */
  document: PlannedReceipt | PlannedOrder | null;
}

/** A visit that ended without a purchase, noticed or not. */
export interface StoreLook {
  leftAt: number;
  noticed: PlannedVisit | null;
}

/** Everything that a block of people does in the half-year. */
export interface Plan {
  sessions: Session[];
  touches: PlannedTouch[];
  receipts: PlannedReceipt[];
  orders: PlannedOrder[];
  refunds: PlannedRefund[];
  visits: PlannedVisit[];
}

export const emptyPlan = (): Plan => ({
  sessions: [],
  touches: [],
  receipts: [],
  orders: [],
  refunds: [],
  visits: [],
});

export const totalOf = (lines: readonly PlannedLine[]): Cents =>
  lines.reduce((sum, line) => sum + line.cents, 0);
