import { addDecimals, type Decimal, negateDecimal, splitByLargestRemainder } from '../domain/money.ts';
import { decimalText } from './decimal-text.ts';
import { isObject, objectOf, objectsOf, textOf, withoutAbsent } from './json-fields.ts';
import type { JsonObject } from './jsonl.ts';
import { lineOf, NoNumber, shopMoney } from './shopify-order.ts';
import type { Made } from './shopify-orders.ts';

interface Given {
  line: JsonObject;
  amount: Decimal;
  tax: Decimal;
}

const isPositive = ({ digits }: Decimal) => digits > 0n;
const magnitude = (amount: Decimal) => (amount.digits < 0n ? negateDecimal(amount) : amount);
const minus = (a: Decimal, b: Decimal) => addDecimals([a, negateDecimal(b)]);

/**
 * A refund, from its order or alone, as the same record: it names its order and nobody, so that it makes no difference
 * which comes first. What was paid back is what counts: lines for which less was given are cut in proportion, what was
 * given beyond them is listed as service. Null where nothing was given back.
 * @param order the order it stands in; null where it came alone
 */
export function refundRecord(refund: JsonObject, order: JsonObject | null): Made | null {
  const id = isObject(refund) ? textOf(refund.id) : undefined;
  if (id === undefined) return { unreadable: 'no_refund_id: a refund has no id' };
  try {
    const given = givenOf(refund);
    const currency = currencyOf(refund) ?? textOf(order?.currency) ?? paidCurrency(refund);
    const paid = paidOf(refund, currency);
    const shown = isTaxIncluded(given, paid);
    const isIncluded = shown ?? (order === null || order.taxes_included === true);
    const lines = linesFor(given, paid, isIncluded);
    const amount = lines.length === 0 && paid !== null && isPositive(paid) ? decimalText(paid) : undefined;
    if (lines.length === 0 && amount === undefined) return null;
    const value = {
      refund_id: id,
      order_id: textOf(refund.order_id) ?? textOf(order?.id),
      occurred_at: refund.processed_at ?? refund.created_at,
      currency,
      tax_included: lines.length === 0 ? undefined : isIncluded,
      total: lines.length === 0 || paid === null ? undefined : decimalText(paid),
      amount,
      // What only the order could tell goes before what was guessed without it.
      revision: shown === null && order !== null ? 1 : undefined,
      lines: lines.length === 0 ? undefined : lines,
    };
    return { kind: 'refunds', value: withoutAbsent(value) };
  } catch (error) {
    if (error instanceof NoNumber) return { unreadable: error.message };
    throw error;
  }
}

/**
 * Goods and shipping costs as they were reckoned, before what was really paid.
 * @throws NoNumber
 */
function givenOf(refund: JsonObject): Given[] {
  const goods = objectsOf(refund.refund_line_items).map((item) => ({
    line: { ...lineOf(objectOf(item.line_item)), quantity: textOf(item.quantity) },
    amount: shopMoney(item, 'subtotal'),
    tax: shopMoney(item, 'total_tax'),
  }));
  const shipping = objectsOf(refund.order_adjustments)
    .filter(({ kind }) => kind === 'shipping_refund')
    .map((item) => ({
      line: { line_kind: 'shipping' },
      amount: magnitude(shopMoney(item, 'amount')),
      tax: magnitude(shopMoney(item, 'tax_amount')),
    }));
  const given = [...goods, ...shipping];
  if (given.some(({ amount, tax }) => amount.digits < 0n || tax.digits < 0n)) {
    throw new NoNumber('bad_number: a refunded line is below zero');
  }
  return given;
}

/**
 * What was paid back; null where the refund does not say, or says it in the currency that the customer was shown. No
 * transaction and a discrepancy is nothing.
 */
function paidOf(refund: JsonObject, currency: string | undefined): Decimal | null {
  const done = objectsOf(refund.transactions).filter(
    ({ kind, status }) => kind === 'refund' && (status === undefined || status === 'success'),
  );
  if (done.some((transaction) => (textOf(transaction.currency) ?? currency) !== currency)) return null;
  if (done.length > 0) return addDecimals(done.map((transaction) => shopMoney(transaction, 'amount')));
  const isUnpaid = objectsOf(refund.order_adjustments).some(({ kind }) => kind === 'refund_discrepancy');
  return isUnpaid ? { digits: 0n, scale: 0 } : null;
}

/** Whether amounts contain their tax, which no refund says: what was paid shows it; null where it does not. */
function isTaxIncluded(given: Given[], paid: Decimal | null): boolean | null {
  const amounts = addDecimals(given.map(({ amount }) => amount));
  const taxes = addDecimals(given.map(({ tax }) => tax));
  if (taxes.digits === 0n) return true;
  if (paid !== null && minus(paid, amounts).digits === 0n) return true;
  if (paid !== null && minus(paid, addDecimals([amounts, taxes])).digits === 0n) return false;
  return null;
}

/** Lines that come to what was paid. */
function linesFor(given: Given[], paid: Decimal | null, isIncluded: boolean): JsonObject[] {
  if (paid !== null && paid.digits === 0n) return [];
  const parts = given.flatMap(({ amount, tax }) => (isIncluded ? [amount] : [amount, tax]));
  const reckoned = addDecimals(parts);
  if (!isPositive(reckoned)) return [];
  const beyond = paid === null ? null : minus(paid, reckoned);
  const isLess = beyond !== null && beyond.digits < 0n;
  const cut = isLess ? cutTo(given, paid!, isIncluded) : given;
  const lines = cut.map(({ line, amount, tax }) =>
    withoutAbsent({
      ...line,
      amount: decimalText(amount),
      tax: tax.digits === 0n ? undefined : decimalText(tax),
    }),
  );
  if (beyond !== null && isPositive(beyond))
    lines.push({ line_kind: 'service', amount: decimalText(beyond) });
  return lines;
}

/** Amounts and taxes in the proportion of what was paid to what was reckoned; they come to what was paid exactly. */
function cutTo(given: Given[], paid: Decimal, isIncluded: boolean): Given[] {
  const scale = Math.max(paid.scale, ...given.flatMap(({ amount, tax }) => [amount.scale, tax.scale]));
  const whole = (value: Decimal) => value.digits * 10n ** BigInt(scale - value.scale);
  // A tax that is inside its amount is no part of its own.
  const weights = given.flatMap(({ amount, tax }) => [whole(amount), isIncluded ? 0n : whole(tax)]);
  const reckoned = weights.reduce((a, b) => a + b, 0n);
  const parts = splitByLargestRemainder(whole(paid), weights);
  return given.map(({ line, tax }, index) => {
    const inside = (whole(tax) * whole(paid)) / reckoned;
    return {
      line,
      amount: { digits: parts[2 * index]!, scale },
      tax: { digits: isIncluded ? inside : parts[2 * index + 1]!, scale },
    };
  });
}

function currencyOf(refund: JsonObject): string | undefined {
  for (const item of objectsOf(refund.refund_line_items)) {
    const currency = textOf(objectOf(objectOf(item.subtotal_set).shop_money).currency_code);
    if (currency !== undefined) return currency;
  }
  return undefined;
}

const paidCurrency = (refund: JsonObject) => textOf(objectsOf(refund.transactions)[0]?.currency);
