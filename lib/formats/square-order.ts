import { addDecimals, currencyExponent, type Decimal, negateDecimal } from '../domain/money.ts';
import { decimalText } from './decimal-text.ts';
import { objectOf, objectsOf, textOf, withoutAbsent } from './json-fields.ts';
import type { JsonObject } from './jsonl.ts';

type Document = { kind: 'receipts' | 'orders' | 'refunds'; value: JsonObject };

class BadMoney extends Error {}

/** Items that are no merchandise. */
const KIND_OF_ITEM = new Map([
  ['GIFT_CARD', 'gift_card'],
  ['DONATION', 'donation'],
]);
const ZERO: Decimal = { digits: 0n, scale: 0 };

/**
 * A completed order as records, or the reason why it is none: what it sold as one, what it took back as one each. Sold at
 * a till it is a receipt, and so are returns at a till; online it is an order and refunds. A receipt carries the id of
 * its own or, a return, of its source order as order number, so that a return finds its purchase in either channel.
 */
export function documentsOf(order: JsonObject): Document[] | string {
  const id = textOf(order.id);
  if (id === undefined) return 'no_order_id: the order has no id';
  try {
    const isOnline = soldOnline(order);
    const common = withoutAbsent({
      occurred_at: order.closed_at ?? order.created_at,
      customer_id: textOf(order.customer_id) ?? customerOfTenders(order),
      tax_included: true,
      revision: revisionOf(order),
    });
    const sale = saleOf(order, id, isOnline, common);
    const returns = objectsOf(order.returns).map((entry, index) =>
      returnOf(entry, order, `${id}:${textOf(entry.uid) ?? index + 1}`, isOnline, common),
    );
    return [...(sale ? [sale] : []), ...returns];
  } catch (error) {
    if (error instanceof BadMoney) return error.message;
    throw error;
  }
}

function saleOf(order: JsonObject, id: string, isOnline: boolean, common: JsonObject): Document | null {
  const lines = linesOf(order, 'line_items', 'service_charges');
  if (lines.length === 0 && objectsOf(order.returns).length > 0) return null;
  const tip = moneyOf(order, 'total_tip_money');
  if (tip.digits !== 0n) lines.push(line({ line_kind: 'tip' }, tip));
  const document = {
    ...common,
    currency: currencyOf(order),
    total: totalOf(order, tip, lines),
    lines: lines.map(({ said }) => said),
  };
  if (!isOnline) {
    const at = { receipt_id: id, order_id: id, store_id: textOf(order.location_id), tender: tenderOf(order) };
    return { kind: 'receipts', value: withoutAbsent({ ...at, ...document }) };
  }
  const isCollected = fulfilmentTypes(order).includes('PICKUP');
  const place = isCollected
    ? { fulfilment: 'click_and_collect', store_id: textOf(order.location_id) }
    : { fulfilment: 'ship' };
  return { kind: 'orders', value: withoutAbsent({ order_id: id, ...place, ...document }) };
}

function returnOf(
  entry: JsonObject,
  order: JsonObject,
  id: string,
  isOnline: boolean,
  common: JsonObject,
): Document {
  const lines = linesOf(entry, 'return_line_items', 'return_service_charges');
  for (const tip of objectsOf(entry.return_tips)) {
    lines.push(line({ line_kind: 'tip' }, moneyOf(tip, 'applied_money')));
  }
  const source = textOf(entry.source_order_id);
  const stated = objectOf(entry.return_amounts).total_money;
  const total = stated === undefined ? undefined : moneyOf(objectOf(entry.return_amounts), 'total_money');
  const currency = currencyOf(entry) ?? currencyOf(order);
  if (isOnline) {
    const value = {
      refund_id: id,
      order_id: source,
      ...common,
      currency,
      total: total && decimalText(total),
      lines: lines.map(({ said }) => said),
    };
    return { kind: 'refunds', value: withoutAbsent(value) };
  }
  const value = {
    receipt_id: id,
    order_id: source,
    store_id: textOf(order.location_id),
    ...common,
    currency,
    total: total && decimalText(negateDecimal(total)),
    lines: lines.map(({ said, amount, tax }) => takenBack(said, amount, tax)),
  };
  return { kind: 'receipts', value: withoutAbsent(value) };
}

interface MoneyLine {
  said: JsonObject;
  amount: Decimal;
  tax: Decimal;
}

function line(said: JsonObject, amount: Decimal, tax: Decimal = ZERO): MoneyLine {
  const taxText = tax.digits === 0n ? undefined : decimalText(tax);
  return { said: withoutAbsent({ ...said, amount: decimalText(amount), tax: taxText }), amount, tax };
}

/** On a receipt what goes back is negative. */
function takenBack({ quantity, line_kind, ...said }: JsonObject, amount: Decimal, tax: Decimal): JsonObject {
  return withoutAbsent({
    ...said,
    line_kind: line_kind ?? 'return',
    quantity: typeof quantity === 'string' && !/^[-0.]*$/.test(quantity) ? `-${quantity}` : quantity,
    amount: decimalText(negateDecimal(amount)),
    tax: tax.digits === 0n ? undefined : decimalText(negateDecimal(tax)),
  });
}

/** Lines with their discounts off and their tax in, then charges that are not in the lines, and cash rounding. */
function linesOf(holder: JsonObject, items: string, charges: string): MoneyLine[] {
  const lines = objectsOf(holder[items]).map((item) => {
    const said = {
      line_kind: KIND_OF_ITEM.get(textOf(item.item_type) ?? ''),
      sku: textOf(item.catalog_object_id),
      quantity: textOf(item.quantity),
    };
    return line(said, moneyOf(item, 'total_money'), moneyOf(item, 'total_tax_money'));
  });
  for (const charge of objectsOf(holder[charges])) {
    if (charge.treatment_type === 'APPORTIONED_TREATMENT') continue;
    const kind = charge.type === 'AUTO_GRATUITY' ? 'tip' : 'service';
    lines.push(line({ line_kind: kind }, moneyOf(charge, 'total_money'), moneyOf(charge, 'total_tax_money')));
  }
  const rounding = moneyOf(objectOf(holder.rounding_adjustment), 'amount_money');
  if (rounding.digits !== 0n) lines.push(line({ line_kind: 'service' }, rounding));
  return lines;
}

/** The total with the tip in it: accounts differ in whether Square's own total holds it. */
function totalOf(order: JsonObject, tip: Decimal, lines: MoneyLine[]): string | undefined {
  if (order.total_money === undefined) return undefined;
  const total = moneyOf(order, 'total_money');
  const withTip = addDecimals([total, tip]);
  const sum = addDecimals(lines.map(({ amount }) => amount));
  return decimalText(addDecimals([sum, negateDecimal(withTip)]).digits === 0n ? withTip : total);
}

/**
 * Whole minor units as an exact decimal of the currency; an absent amount is zero.
 * @throws BadMoney
 */
function moneyOf(holder: JsonObject, field: string): Decimal {
  const money = holder[field];
  if (money == null) return ZERO;
  const { amount, currency } = objectOf(money);
  if (!Number.isSafeInteger(amount)) throw new BadMoney(`bad_number: ${field} is no whole number`);
  return { digits: BigInt(amount as number), scale: currencyExponent(textOf(currency) ?? '') ?? 2 };
}

function currencyOf(holder: JsonObject): string | undefined {
  const items = [...objectsOf(holder.line_items), ...objectsOf(holder.return_line_items)];
  const found = [holder.total_money, ...items.map(({ total_money }) => total_money)];
  for (const money of found) {
    const currency = textOf(objectOf(money).currency);
    if (currency !== undefined) return currency;
  }
  return undefined;
}

const fulfilmentTypes = (order: JsonObject) => objectsOf(order.fulfillments).map(({ type }) => textOf(type));

/** By what it was made with ("Square Online"), or because it is sent. */
function soldOnline(order: JsonObject): boolean {
  const source = textOf(objectOf(order.source).name) ?? '';
  return /\bonline\b/i.test(source) || fulfilmentTypes(order).includes('SHIPMENT');
}

/** Types only ("CARD+CASH"); what stands beside them is not looked at. */
function tenderOf(order: JsonObject): string | undefined {
  const types = objectsOf(order.tenders).flatMap(({ type }) => textOf(type) ?? []);
  return types.length > 0 ? [...new Set(types)].sort().join('+').slice(0, 60) : undefined;
}

/** The customer of the payment, where all payments are of one. */
function customerOfTenders(order: JsonObject): string | undefined {
  const customers = new Set(objectsOf(order.tenders).flatMap(({ customer_id }) => textOf(customer_id) ?? []));
  return customers.size === 1 ? [...customers][0] : undefined;
}

/** Milliseconds of the last change, so that the later state counts, whatever comes first. */
function revisionOf({ updated_at, version }: JsonObject): number | undefined {
  const changed = Date.parse(textOf(updated_at) ?? '');
  if (!Number.isNaN(changed)) return changed;
  return typeof version === 'number' ? version : undefined;
}
