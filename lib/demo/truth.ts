import { DAY, MINUTE } from './calendar.ts';
import { type Cents, euros, type Sku } from './catalogue.ts';
import type { Person } from './people.ts';
import type { PlannedLine, PlannedOrder, PlannedReceipt, Session } from './plan.ts';

/**
 * What really happened, known only because the shop is made up. It is written apart from the input files, and only
 * tests read it.
 */
export interface PersonTruth {
  person_id: string;
  household_id: string;
  persona: string;
  home_store_id: string;
  customer_id: string | null;
  /** The card in the person's purse, which may be somebody else's in the household. */
  loyalty_id: string | null;
  email: string;
  anonymous_ids: string[];
}

export type MatchLevel = 'sku' | 'product' | 'category';

export interface LineTruth {
  line_no: number;
  sku: string | null;
  amount: string;
  /** How the line fits the research that led to it; null when no research did. */
  ropo_level: MatchLevel | null;
  /** How it fits product views of the 30 days before that had nothing to do with it; null when there are none. */
  chance_level: MatchLevel | null;
}

export interface PurchaseTruth {
  document_kind: 'receipt' | 'order';
  document_id: string;
  store_id: string | null;
  occurred_at: string;
  person_id: string;
  class: PlannedReceipt['className'];
  /** False where another document stands for the same purchase: hand-overs, reservations. */
  is_counted: boolean;
  identified: boolean;
  /** Sales and discounts, VAT included, without returns, gift cards, deposits and shipping. */
  revenue: string;
  ropo: boolean;
  level: MatchLevel | null;
  /** Whether it only looks like research online and purchase offline. */
  chance: boolean;
  lag_days: number | null;
  research_event_ids: string[];
  /** Contacts without which it would not have happened; empty when it would have anyway. */
  caused_by: { id: string; channel: string; campaign: string | null }[];
  lines: LineTruth[];
}

export type Views = Map<Person, { at: number; sku: Sku }[]>;

/** Product views of each person, whatever browser they came from. */
export function viewsByPerson(sessions: readonly Session[]): Views {
  const views: Views = new Map();
  for (const { person, steps } of sessions) {
    if (!person) continue;
    const known = views.get(person) ?? [];
    views.set(person, known);
    for (const step of steps) if (step.kind === 'product') known.push({ at: step.at, sku: step.sku });
  }
  return views;
}

const CHANCE_WINDOW = 30 * DAY;
const LEVELS: readonly MatchLevel[] = ['category', 'product', 'sku'];

/** Finest level at which the views of the 30 days before `until` fit the SKU. */
function levelByChance(views: Views, person: Person, sku: Sku, until: number): MatchLevel | null {
  let finest = -1;
  for (const view of views.get(person) ?? []) {
    if (view.at >= until || view.at < until - CHANCE_WINDOW) continue;
    if (view.sku === sku) return 'sku';
    if (view.sku.product === sku.product) finest = Math.max(finest, 1);
    else if (view.sku.product.category === sku.product.category) finest = Math.max(finest, 0);
  }
  return LEVELS[finest] ?? null;
}

const revenueOf = (lines: readonly PlannedLine[]): Cents =>
  lines.reduce((sum, line) => sum + (line.kind === 'sale' || line.kind === 'discount' ? line.cents : 0), 0);

export function receiptTruth(receipt: PlannedReceipt, views: Views): PurchaseTruth {
  const { person, className, at, reason, order, shows } = receipt;
  const isRopo = className === 'ropo';
  const until = className === 'in_aisle' ? at - 40 * MINUTE : at;
  const lines = receipt.lines.map((line, index): LineTruth => {
    const fits = isRopo ? line.researched : null;
    const mayBeChance = !fits && !order && line.kind === 'sale' && line.sku !== null;
    return {
      line_no: index + 1,
      sku: line.sku?.id ?? null,
      amount: euros(line.cents),
      ropo_level: fits,
      chance_level: mayBeChance ? levelByChance(views, person, line.sku!, until) : null,
    };
  });
  return {
    document_kind: 'receipt',
    document_id: receipt.id,
    store_id: receipt.store.id,
    occurred_at: new Date(at).toISOString(),
    person_id: person.id,
    class: className,
    is_counted: className !== 'click_and_collect',
    identified: (shows.loyalty && person.loyaltyId !== null) || shows.email !== null || order !== null,
    revenue: euros(revenueOf(receipt.lines)),
    ropo: isRopo,
    level: isRopo ? (receipt.lines[0]?.researched ?? null) : null,
    chance: !isRopo && lines.some((line) => line.chance_level !== null),
    lag_days:
      reason.lastResearchAt === null ? null : Math.round(((at - reason.lastResearchAt) / DAY) * 1000) / 1000,
    research_event_ids: reason.research,
    caused_by: reason.causedBy,
    lines,
  };
}

export function orderTruth(order: PlannedOrder): PurchaseTruth {
  const reserved = order.fulfilment === 'reserve_and_collect';
  return {
    document_kind: 'order',
    document_id: order.id,
    store_id: order.fulfilment === 'ship' ? null : order.person.store.id,
    occurred_at: new Date(order.at).toISOString(),
    person_id: order.person.id,
    class: order.fulfilment === 'ship' ? 'web' : order.fulfilment,
    is_counted: !reserved,
    identified: true,
    revenue: euros(revenueOf(order.lines)),
    ropo: false,
    level: null,
    chance: false,
    lag_days: null,
    research_event_ids: order.reason.research,
    caused_by: order.reason.causedBy,
    lines: order.lines.map((line, index) => ({
      line_no: index + 1,
      sku: line.sku?.id ?? null,
      amount: euros(line.cents),
      ropo_level: null,
      chance_level: null,
    })),
  };
}

export function personTruth(person: Person): PersonTruth {
  const devices = person.app ? [...person.devices, person.app] : person.devices;
  return {
    person_id: person.id,
    household_id: person.household,
    persona: person.persona.name,
    home_store_id: person.store.id,
    customer_id: person.customerId,
    loyalty_id: person.loyaltyId,
    email: person.email,
    anonymous_ids: devices.flatMap((device) => device.ids.map((known) => known.id)),
  };
}
