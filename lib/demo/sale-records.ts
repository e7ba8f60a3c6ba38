import type { Line, Order, Receipt, Refund } from '../domain/contract/index.ts';
import { dateText, localDay, localTime, naiveLocalTime } from './calendar.ts';
import { type Cents, euros } from './catalogue.ts';
import type { PlannedLine, PlannedOrder, PlannedReceipt, PlannedRefund } from './plan.ts';
import { totalOf } from './plan.ts';
import { STORES } from './stores.ts';

const ITALIAN_VAT = 22;

/** Tax inside an amount. Gift cards and deposits carry none. */
function taxInside(line: PlannedLine, vat: number): Cents {
  if (line.kind === 'gift_card' || line.kind === 'deposit') return 0;
  return Math.round((line.cents * vat) / (100 + vat));
}

function lineRecord(line: PlannedLine, index: number, vat: number): Line {
  const record: Line = { line_no: index + 1, amount: euros(line.cents), quantity: line.quantity };
  if (line.kind !== 'sale') record.line_kind = line.kind;
  if (line.sku) {
    record.sku = line.sku.id;
    record.product_id = line.sku.product.id;
  }
  const from = line.returned?.from;
  const isOfOrder = from !== undefined && 'fulfilment' in from;
  record.tax = euros(taxInside(line, isOfOrder ? ITALIAN_VAT : vat));
  if (from && !isOfOrder && line.returned?.isStated) record.original_receipt_id = from.id;
  return record;
}

const documentOf = (lines: readonly PlannedLine[], vat: number) => ({
  currency: 'EUR',
  total: euros(totalOf(lines)),
  tax_included: true,
  lines: lines.map((line, index) => lineRecord(line, index, vat)),
});

/** Numbers receipts as tills do: store, till, day and a count that starts anew every day. */
export function createTillNumbers(): (receipt: PlannedReceipt) => { till: string; number: string } {
  const counts = new Map<string, number>();
  return ({ store, at }) => {
    const day = dateText(localDay(at, store.zone));
    const key = `${store.id} ${day}`;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    const till = String(1 + (count % store.tills));
    const number = String(1 + Math.floor(count / store.tills)).padStart(4, '0');
    return { till, number: `${store.id}-${till}-${day.slice(2).replaceAll('-', '')}-${number}` };
  };
}

/**
 * A receipt as its till sends it. The tills of Portugal send local time without an offset, which is enough because
 * their store is known; the others add theirs.
 */
export function receiptRecord(receipt: PlannedReceipt, till: string): Receipt {
  const { store, person, at, shows } = receipt;
  const record: Receipt = {
    receipt_id: receipt.id,
    store_id: store.id,
    till_id: till,
    business_date: dateText(localDay(at, store.zone)),
    occurred_at: store.country === 'PT' ? naiveLocalTime(at, store.zone) : localTime(at, store.zone),
    tender: receipt.tender,
    ...documentOf(receipt.lines, store.vat),
  };
  if (receipt.order) record.order_id = receipt.order.id;
  if (shows.loyalty && person.loyaltyId) record.loyalty_id = person.loyaltyId;
  // Typed in at the till, and so now and then in capitals.
  if (shows.email === 'clear') record.email = at % 5000 === 0 ? person.email.toUpperCase() : person.email;
  if (shows.email === 'sha256') record.email_sha256 = person.emailSha256;
  if (shows.token) record.payment_token = person.paymentToken;
  return record;
}

export function orderRecord(order: PlannedOrder): Order {
  const { person } = order;
  const store = order.fulfilment === 'ship' ? null : person.store;
  const record: Order = {
    order_id: order.id,
    occurred_at: new Date(order.at).toISOString(),
    fulfilment: order.fulfilment,
    email: person.email,
    ...documentOf(order.lines, ITALIAN_VAT),
  };
  if (store) record.store_id = store.id;
  if (person.customerId) record.customer_id = person.customerId;
  if (person.customerId && person.loyaltyId) record.loyalty_id = person.loyaltyId;
  return record;
}

export function refundRecord({ id, at, order, lines, asAmount }: PlannedRefund): Refund {
  const record: Refund = {
    refund_id: id,
    order_id: order.id,
    occurred_at: new Date(at).toISOString(),
    currency: 'EUR',
  };
  if (order.person.customerId) record.customer_id = order.person.customerId;
  if (lines && asAmount) record.amount = euros(totalOf(lines));
  else if (lines) record.lines = lines.map((line, index) => lineRecord(line, index, ITALIAN_VAT));
  return record;
}

/** Rows of stores.csv. */
export const storeRecords = () =>
  STORES.map((store) => ({
    store_id: store.id,
    name: store.name,
    region: store.region,
    time_zone: store.zone,
    currency: 'EUR',
    country: store.country,
  }));
