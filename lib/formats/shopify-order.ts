import { addDecimals, currencyExponent, type Decimal, negateDecimal, toMinor } from '../domain/money.ts';
import { decimalOf, decimalText, multiplyExactly } from './decimal-text.ts';
import { objectOf, objectsOf, textOf, withoutAbsent } from './json-fields.ts';
import type { JsonObject } from './jsonl.ts';
import type { Made } from './shopify-orders.ts';

const ZERO: Decimal = { digits: 0n, scale: 0 };

/** Thrown inside the reading of one order or refund, where it becomes its reason. */
export class NoNumber extends Error {}

/** @throws NoNumber */
export function moneyOf(value: unknown, field: string): Decimal {
  const money = decimalOf(textOf(value));
  if (money === null) throw new NoNumber(`bad_number: ${field} is no number`);
  return money;
}

/** An amount in the shop's currency: of a `..._set` where there is one, else the plain field, which is the same. */
export function shopMoney(holder: JsonObject, field: string): Decimal {
  const set = objectOf(objectOf(holder[`${field}_set`]).shop_money).amount;
  const value = set ?? holder[field];
  return value == null ? ZERO : moneyOf(value, field);
}

const sum = (values: Decimal[]) => addDecimals(values);
const sumOf = (list: unknown, field: string) => sum(objectsOf(list).map((item) => shopMoney(item, field)));

/**
 * An order as a receipt (`source_name` "pos") or order. Its id is the id of both, and a receipt carries it as its order
 * number too, so that refunds find either. Consent to marketing is not consent to measurement: it stays unknown.
 */
export function orderRecord(order: JsonObject): Made {
  const id = textOf(order.id);
  if (id === undefined) return { unreadable: 'no_order_id: the order has no id' };
  try {
    const { lines, total } = linesAndTotal(order);
    const document = {
      occurred_at: order.processed_at ?? order.created_at,
      ...personOf(order),
      currency: textOf(order.currency),
      total,
      tax_included: order.taxes_included === true,
      revision: revisionOf(order),
      lines,
    };
    if (textOf(order.source_name) !== 'pos') {
      return { kind: 'orders', value: withoutAbsent({ order_id: id, ...document }) };
    }
    const receipt = { receipt_id: id, order_id: id, store_id: textOf(order.location_id) };
    const till = textOf(order.device_id);
    return {
      kind: 'receipts',
      value: withoutAbsent({ ...receipt, till_id: till, tender: tenderOf(order), ...document }),
    };
  } catch (error) {
    if (error instanceof NoNumber) return { unreadable: error.message };
    throw error;
  }
}

/** A cancelled order gives back, after its refunds, what they have left of it; null where that is nothing. */
export function cancellationOf(order: JsonObject): Made | null {
  const [id, cancelled] = [textOf(order.id), textOf(order.cancelled_at)];
  if (id === undefined || cancelled === undefined) return null;
  const refunds = objectsOf(order.refunds);
  const pieces = (lists: unknown[]) =>
    lists.flatMap(objectsOf).reduce((total, { quantity }) => total + (Number(quantity) || 0), 0);
  const isWhole =
    pieces(refunds.map((refund) => refund.refund_line_items)) >= pieces([order.line_items]) &&
    refunds.length > 0;
  if (isWhole) return null;
  const times = [cancelled, ...refunds.flatMap((refund) => textOf(refund.created_at) ?? [])];
  const value = {
    refund_id: `${id}:cancelled`,
    order_id: id,
    occurred_at: times.reduce((last, time) => (Date.parse(time) > Date.parse(last) ? time : last)),
    currency: textOf(order.currency),
  };
  return { kind: 'refunds', value: withoutAbsent(value) };
}

/** Milliseconds of the last change, so that the later state of an order counts, whatever comes first. */
function revisionOf({ updated_at }: JsonObject): number | undefined {
  const changed = Date.parse(textOf(updated_at) ?? '');
  return Number.isNaN(changed) ? undefined : changed;
}

function personOf(order: JsonObject): JsonObject {
  const customer = objectOf(order.customer);
  return {
    customer_id: textOf(customer.id),
    email: textOf(order.email) ?? textOf(order.contact_email) ?? textOf(customer.email),
    phone: textOf(order.phone) ?? textOf(customer.phone),
  };
}

/** Names of the ways of payment; cards are not looked at. */
function tenderOf({ payment_gateway_names: names }: JsonObject): string | undefined {
  const tenders = Array.isArray(names) ? names.map(textOf).filter((name) => name !== undefined) : [];
  return tenders.length > 0 ? [...new Set(tenders)].sort().join('+').slice(0, 60) : undefined;
}

/** Goods after their discounts, then shipping, fees and tips, such that they come to the total of the order. */
function linesAndTotal(order: JsonObject): { lines: JsonObject[]; total: string | undefined } {
  const isOnTop = order.taxes_included !== true;
  const lines: JsonObject[] = [];
  const parts: Decimal[] = [];
  const add = (line: JsonObject, amount: Decimal, tax: Decimal = ZERO) => {
    parts.push(amount, ...(isOnTop ? [tax] : []));
    const said = {
      ...line,
      amount: decimalText(amount),
      tax: tax.digits === 0n ? undefined : decimalText(tax),
    };
    lines.push(withoutAbsent(said));
  };
  for (const item of objectsOf(order.line_items)) {
    const amount = sum([grossOf(item), negateDecimal(sumOf(item.discount_allocations, 'amount'))]);
    add(lineOf(item), amount, sumOf(item.tax_lines, 'price'));
  }
  for (const item of objectsOf(order.shipping_lines)) {
    const off = negateDecimal(sumOf(item.discount_allocations, 'amount'));
    const amount = sum([shopMoney(item, 'price'), off]);
    add({ line_kind: 'shipping' }, amount, sumOf(item.tax_lines, 'price'));
  }
  for (const fee of ['original_total_duties', 'original_total_additional_fees']) {
    const amount = shopMoney(order, fee);
    if (amount.digits !== 0n) add({ line_kind: 'service' }, amount);
  }
  if (order.total_price == null) return { lines, total: undefined };
  const total = shopMoney(order, 'total_price');
  const tip = shopMoney(order, 'total_tip_received');
  const hasTipLine = lines.some(({ line_kind }) => line_kind === 'tip');
  if (tip.digits !== 0n && !hasTipLine) add({ line_kind: 'tip' }, tip);
  const rest = roundingOf(order, sum([total, negateDecimal(sum(parts))]), lines.length);
  if (rest !== null) add({ line_kind: 'service' }, rest);
  return { lines, total: decimalText(total) };
}

/** Without a SKU the variant's number stands for it. */
export function lineOf(item: JsonObject): JsonObject {
  const isTip = item.tip != null;
  return {
    line_kind: item.gift_card === true ? 'gift_card' : isTip ? 'tip' : undefined,
    sku: textOf(item.sku) ?? textOf(item.variant_id),
    product_id: textOf(item.product_id),
    quantity: textOf(item.quantity),
  };
}

/** @throws NoNumber */
function grossOf(item: JsonObject): Decimal {
  const price = decimalText(shopMoney(item, 'price'));
  const gross = decimalOf(multiplyExactly(textOf(item.quantity) ?? '1', price) ?? undefined);
  if (gross === null) throw new NoNumber('bad_number: quantity of a line item is no number');
  return gross;
}

/**
 * What is missing to the total of an order that was shown in another currency: each of its amounts was converted and
 * rounded by itself. Null where it is more than a minor unit a line: then the total is left to be refused.
 */
function roundingOf(order: JsonObject, rest: Decimal, lines: number): Decimal | null {
  const currency = textOf(order.currency) ?? '';
  const shown = textOf(order.presentment_currency) ?? currency;
  const minor = toMinor(rest, currencyExponent(currency) ?? 2);
  return shown !== currency && minor !== 0 && Math.abs(minor) <= lines ? rest : null;
}
