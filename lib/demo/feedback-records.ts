import type { Feedback } from '../domain/contract/index.ts';
import { CALENDAR_END, DAY, localTime } from './calendar.ts';
import type { Plan, PlannedOrder, PlannedReceipt } from './plan.ts';
import type { Random } from './random.ts';

/** How many answer: of orders and of receipts whose person the till knows. */
const NPS = { order: 0.08, receipt: 0.05 };
const RATING = { order: 0.1, receipt: 0.03 };
const CONTACT = { order: 0.09, receipt: 0.012 };
const RETURN_REASON = { refund: 0.85, receipt: 0.6 };

/** Reasons with how often each is given. */
type Weighted = readonly (readonly [reason: string, weight: number])[];
const ONLINE_CONTACTS: Weighted = [
  ['where is my order', 46],
  ['return or refund', 24],
  ['invoice', 12],
  ['voucher did not work', 10],
  ['wrong or missing item', 8],
];
const STORE_CONTACTS: Weighted = [
  ['exchange', 50],
  ['repair', 30],
  ['invoice', 20],
];
const RETURN_REASONS: Weighted = [
  ['does not fit', 38],
  ['not as described', 22],
  ['changed my mind', 21],
  ['damaged', 12],
  ['too late', 7],
];

const drawn = (random: Random, reasons: Weighted): string =>
  reasons[random.weighted(reasons.map(([, weight]) => weight))]![0];

const within = (score: number, least: number, most: number) =>
  Math.min(most, Math.max(least, Math.round(score)));

type Said = Omit<Feedback, 'feedback_id' | 'occurred_at' | 'place'>;

/**
 * What people say of a plan's purchases, in the order of time. Those who sent goods back or had to get in touch are
 * harsher; the web shop is liked a little less than the stores. Receipts must have their numbers.
 */
export function feedbackRecords(plan: Plan, random: Random): Feedback[] {
  const said: { at: number; record: Feedback }[] = [];
  const say = (from: PlannedOrder | PlannedReceipt, days: number, what: Said) => {
    const at = Math.floor(from.at + days * DAY);
    if (at < CALENDAR_END) said.push({ at, record: recordOf(random, from, at, what) });
  };
  const sentBack = new Set(plan.refunds.map(({ order }) => order));
  for (const order of plan.orders) opinionsOn(order, sentBack.has(order), random, say);
  for (const receipt of plan.receipts) {
    if (receipt.className === 'return') {
      if (random.chance(RETURN_REASON.receipt))
        say(receipt, 0, { kind: 'return_reason', reason: drawn(random, RETURN_REASONS) });
    } else if (receipt.shows.loyalty || receipt.shows.email) opinionsOn(receipt, false, random, say);
  }
  for (const { order, at } of plan.refunds)
    if (random.chance(RETURN_REASON.refund))
      say(order, (at - order.at) / DAY, { kind: 'return_reason', reason: drawn(random, RETURN_REASONS) });
  return said.sort((a, b) => a.at - b.at).map(({ record }) => record);
}

function opinionsOn(
  purchase: PlannedOrder | PlannedReceipt,
  isSentBack: boolean,
  random: Random,
  say: (from: PlannedOrder | PlannedReceipt, days: number, what: Said) => void,
): void {
  const isOrder = 'fulfilment' in purchase;
  const rate = (rates: { order: number; receipt: number }) =>
    random.chance(isOrder ? rates.order : rates.receipt);
  const hasQuestion = rate(CONTACT);
  const trouble = (isSentBack ? 2 : 0) + (hasQuestion ? 1.5 : 0);
  if (hasQuestion)
    say(purchase, 0.2 + random.exponential(2), {
      kind: 'contact',
      reason: drawn(random, isOrder ? ONLINE_CONTACTS : STORE_CONTACTS),
      contact_by: isOrder ? random.pick(['phone', 'email', 'email', 'chat']) : 'counter',
      resolved_first_time: random.chance(isOrder ? 0.71 : 0.86),
    });
  if (rate(NPS))
    say(purchase, 2 + random.exponential(3), {
      kind: 'nps',
      score: within((isOrder ? 8.2 : 8.6) - trouble + 1.8 * random.normal(), 0, 10),
    });
  if (rate(RATING)) {
    const sku = purchase.lines.find((line) => line.sku !== null)?.sku;
    say(purchase, 3 + random.exponential(6), {
      kind: 'rating',
      ...(sku ? { sku: sku.id } : {}),
      score: within(4.4 - trouble / 2 + 0.8 * random.normal(), 1, 5),
      score_max: 5,
    });
  }
}

function recordOf(random: Random, from: PlannedOrder | PlannedReceipt, at: number, what: Said): Feedback {
  const { person } = from;
  const feedback_id = random.uuid();
  if ('fulfilment' in from) {
    const record: Feedback = {
      feedback_id,
      ...what,
      occurred_at: new Date(at).toISOString(),
      place: 'online',
      order_id: from.id,
      email_sha256: person.emailSha256,
    };
    if (person.customerId) record.customer_id = person.customerId;
    return record;
  }
  const record: Feedback = {
    feedback_id,
    ...what,
    occurred_at: localTime(at, from.store.zone),
    place: 'store',
    store_id: from.store.id,
    receipt_id: from.id,
  };
  if (from.shows.loyalty && person.loyaltyId) record.loyalty_id = person.loyaltyId;
  if (from.shows.email) record.email_sha256 = person.emailSha256;
  return record;
}
