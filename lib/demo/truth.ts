import { productViews } from './browsing.ts';
import { MINUTE } from './calendar.ts';
import { type Cents, euros } from './catalogue.ts';
import type { PlannedLine, PlannedOrder, PlannedReceipt } from './plan.ts';
import {
  daysBetween,
  isInReach,
  MATCH_LEVELS,
  type MatchLevel,
  type ViewedDays,
  viewedDays,
  type WebViews,
} from './truth-views.ts';

/**
 * What really happened, known only because the shop is made up. It is written apart from the input files, and only
 * tests read it.
 */
export interface LineTruth {
  line_no: number;
  sku: string | null;
  amount: string;
  /** How the line fits the research that led to it; null when no research did. */
  ropo_level: MatchLevel | null;
  /** Days from that research to the purchase. */
  ropo_lag_days: number | null;
  /** How it fits product views of the 30 days before that had nothing to do with it; null when there are none. */
  chance_level: MatchLevel | null;
  /** Days since any product view that fits, its cause or not; null for what is no store purchase of its own. */
  viewed_days: ViewedDays | null;
  /** On a return: what the goods were really bought with, whether or not the till is told. */
  returned: {
    document_id: string;
    is_stated: boolean;
    is_of_web_order: boolean;
    /** To another store than that of the purchase. */
    is_elsewhere: boolean;
    is_too_much: boolean;
    after_days: number;
  } | null;
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
  /** By a card, an address or the number of an order; the token of a payment card is told apart. */
  identified: boolean;
  shows_payment_token: boolean;
  is_member: boolean;
  /** Whether the person shows a card or an address at no other store purchase. */
  is_only_known_one: boolean;
  /** Sales and discounts, VAT included, without returns, gift cards, deposits and shipping. */
  revenue: string;
  ropo: boolean;
  level: MatchLevel | null;
  /** Whether it only looks like research online and purchase offline. */
  chance: boolean;
  lag_days: number | null;
  research_event_ids: string[];
  /** Whether the shop can know whose research that was: some of it with consent, on what one account has used. */
  research_in_reach: boolean;
  /** Product views afterwards of what was bought, because it was bought. */
  read_up_event_ids: string[];
  /** Web orders: looked at in a store first; the visit, where the person's app noticed it. */
  showroomed: boolean;
  showroom_visit_id: string | null;
  /** Contacts without which it would not have happened; empty when it would have anyway. */
  caused_by: { id: string; channel: string; campaign: string | null }[];
  lines: LineTruth[];
}

const CHANCE_WINDOW_DAYS = 30;

/** Finest level at which a view of the last 30 days fits. */
const chanceLevel = (days: ViewedDays): MatchLevel | null =>
  MATCH_LEVELS.findLast((level) => days[level] !== null && days[level] <= CHANCE_WINDOW_DAYS) ?? null;

const revenueOf = (lines: readonly PlannedLine[]): Cents =>
  lines.reduce((sum, line) => sum + (line.kind === 'sale' || line.kind === 'discount' ? line.cents : 0), 0);

/** Whether the person shows a key of their own at the till. */
export const showsKey = ({ shows, person }: PlannedReceipt): boolean =>
  (shows.loyalty && person.loyaltyId !== null) || shows.email !== null;

/** A store purchase of its own: goods that were not ordered on the web. */
export const isStorePurchase = ({ order, lines }: PlannedReceipt): boolean =>
  order === null && lines.some((line) => line.kind === 'sale');

function receiptLine(receipt: PlannedReceipt, views: WebViews, line: PlannedLine, index: number): LineTruth {
  const { person, className, at, order, store } = receipt;
  const fits = className === 'ropo' ? line.researched : null;
  const isGoods = !order && line.kind === 'sale' && line.sku !== null;
  const viewed = isGoods ? viewedDays(views, person, line.sku!, at) : null;
  const byChance =
    isGoods && className === 'in_aisle' ? viewedDays(views, person, line.sku!, at - 40 * MINUTE) : viewed;
  const { returned } = line;
  return {
    line_no: index + 1,
    sku: line.sku?.id ?? null,
    amount: euros(line.cents),
    ropo_level: fits?.fit ?? null,
    ropo_lag_days: fits ? daysBetween(fits.at, at) : null,
    chance_level: byChance && !fits ? chanceLevel(byChance) : null,
    viewed_days: viewed,
    returned: returned && {
      document_id: returned.from.id,
      is_stated: returned.isStated,
      is_of_web_order: !('store' in returned.from),
      is_elsewhere: 'store' in returned.from && returned.from.store !== store,
      is_too_much: returned.isTooMuch,
      after_days: daysBetween(returned.from.at, at),
    },
  };
}

/** `knownReceipts` is how often the person showed a key at a store purchase. */
export function receiptTruth(receipt: PlannedReceipt, views: WebViews, knownReceipts: number): PurchaseTruth {
  const { className, at, reason, order, person } = receipt;
  const isRopo = className === 'ropo';
  const lines = receipt.lines.map((line, index) => receiptLine(receipt, views, line, index));
  const lastView = Math.max(...reason.research.flatMap(viewTimes));
  return {
    document_kind: 'receipt',
    document_id: receipt.id,
    store_id: receipt.store.id,
    occurred_at: new Date(at).toISOString(),
    person_id: person.id,
    class: className,
    is_counted: className !== 'click_and_collect',
    identified: showsKey(receipt) || order !== null,
    shows_payment_token: receipt.shows.token,
    is_member: person.loyaltyId !== null,
    is_only_known_one: isStorePurchase(receipt) && showsKey(receipt) && knownReceipts === 1,
    revenue: euros(revenueOf(receipt.lines)),
    ropo: isRopo,
    level: lines[0]?.ropo_level ?? null,
    chance: !isRopo && lines.some((line) => line.chance_level !== null),
    lag_days: lastView === -Infinity ? null : daysBetween(lastView, at),
    research_event_ids: reason.research.flatMap(productViews),
    research_in_reach: reason.research.some((session) => isInReach(session, views)),
    read_up_event_ids: receipt.readUp ? productViews(receipt.readUp) : [],
    showroomed: false,
    showroom_visit_id: null,
    caused_by: reason.causedBy,
    lines,
  };
}

const viewTimes = ({ steps }: PlannedReceipt['reason']['research'][number]): number[] =>
  steps.flatMap((step) => (step.kind === 'product' ? [step.at] : []));

export function orderTruth(order: PlannedOrder): PurchaseTruth {
  const { person, reason, fulfilment, showroom } = order;
  const isReserved = fulfilment === 'reserve_and_collect';
  return {
    document_kind: 'order',
    document_id: order.id,
    store_id: fulfilment === 'ship' ? null : person.store.id,
    occurred_at: new Date(order.at).toISOString(),
    person_id: person.id,
    class: fulfilment === 'ship' ? 'web' : fulfilment,
    is_counted: !isReserved,
    identified: true,
    shows_payment_token: false,
    is_member: person.loyaltyId !== null,
    is_only_known_one: false,
    revenue: euros(revenueOf(order.lines)),
    ropo: false,
    level: null,
    chance: false,
    lag_days: null,
    research_event_ids: reason.research.flatMap(productViews),
    research_in_reach: false,
    read_up_event_ids: [],
    showroomed: showroom !== null,
    showroom_visit_id: showroom?.noticed?.id ?? null,
    caused_by: reason.causedBy,
    lines: order.lines.map((line, index) => ({
      line_no: index + 1,
      sku: line.sku?.id ?? null,
      amount: euros(line.cents),
      ropo_level: null,
      ropo_lag_days: null,
      chance_level: null,
      viewed_days: null,
      returned: null,
    })),
  };
}
