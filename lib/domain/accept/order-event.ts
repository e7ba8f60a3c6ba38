import type { Line, WebEvent } from '../contract/index.ts';
import type { IdentifierKeys } from '../identifier.ts';
import { addDecimals, currencyExponent, type Decimal, parseDecimal, toMinor } from '../money.ts';
import type { RawLine, RawRow } from '../raw-tables.ts';
import type { EventTime } from './clock.ts';
import type { AcceptContext } from './outcome.ts';
import { documentId, documentRows } from './sales.ts';

/**
 * The order or refund that an e-commerce event announces. The shop's back office, where it reports the same order,
 * goes before it; without one the event is all there is.
 */
export function orderOfEvent(
  event: string,
  value: WebEvent,
  { occurredAt, claimedAt, basis }: EventTime,
  row: RawRow,
  context: AcceptContext,
): RawLine[] | null {
  const isRefund = event === 'Order Refunded';
  if ((event !== 'Order Completed' && !isRefund) || !value.order_id) return null;
  if (value.currency == null || (value.value == null && !isRefund)) return null;
  return documentRows({}, linesOf(value), context, {
    document_kind: isRefund ? 'refund' : 'order',
    document_id: isRefund
      ? documentId('refund', `event:${value.event_id}`)
      : documentId('order', value.order_id),
    source: 'web_event',
    occurred_at: occurredAt,
    ...(basis === 'sender' ? {} : { said_at: claimedAt }),
    currency: value.currency,
    keys: keysIn(row),
    order_id: value.order_id,
    ...(isRefund ? {} : { fulfilment: 'ship' }),
  });
}

function keysIn(row: RawRow): IdentifierKeys & { consent: string } {
  const { customer_key, loyalty_key, email_key, phone_key, anonymous_key, consent } = row;
  return { customer_key, loyalty_key, email_key, phone_key, anonymous_key, consent } as IdentifierKeys & {
    consent: string;
  };
}

/** The products as lines where they come to the value of the event; else one line of that value. */
function linesOf(value: WebEvent): Line[] {
  const exponent = currencyExponent(value.currency!) ?? 2;
  const lines: Line[] = [];
  const amounts: Decimal[] = [];
  for (const product of value.products ?? []) {
    const price = product.price == null ? null : parseDecimal(product.price);
    const quantity = parseDecimal(product.quantity ?? 1);
    if (price === null || quantity === null || price.digits < 0n || quantity.digits <= 0n) break;
    const amount = { digits: price.digits * quantity.digits, scale: price.scale + quantity.scale };
    amounts.push(amount);
    lines.push({ ...product, amount: `${amount.digits}e-${amount.scale}` });
  }
  if (value.value == null) return lines.length === (value.products?.length ?? 0) ? lines : [];
  const stated = parseDecimal(value.value);
  const complete = lines.length > 0 && lines.length === value.products?.length && stated !== null;
  if (complete && toMinor(addDecimals(amounts), exponent) === toMinor(stated, exponent)) return lines;
  return [{ amount: value.value }];
}
