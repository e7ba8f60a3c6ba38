import type { Line, Order, Receipt, Refund } from '../contract/index.ts';
import type { IdentifierKeys } from '../identifier.ts';
import { utcText } from '../instant.ts';
import {
  addDecimals,
  currencyExponent,
  type Decimal,
  MAX_MINOR,
  negateDecimal,
  parseDecimal,
  splitByLargestRemainder,
  toMinor,
} from '../money.ts';
import type { RawLine, RawRow } from '../raw-tables.ts';
import {
  type AcceptContext,
  type Acceptor,
  fingerprintOf,
  instantOf,
  keysOf,
  Refusal,
  rawLine,
  storeOf,
} from './outcome.ts';

/** Documents of sale: orders, refunds and receipts become one row per line, the header repeated on each. */

export const acceptOrder: Acceptor<Order> = (value, context) => {
  const store = storeOf(value.store_id, context);
  return documentRows(value, value.lines, context, {
    document_kind: 'order',
    document_id: documentId('order', value.order_id),
    source: 'back_office',
    store_id: value.store_id,
    occurred_at: instantOf('occurred_at', value.occurred_at, store?.time_zone ?? null, context),
    currency: value.currency ?? store?.currency,
    keys: keysOf(value, store?.country ?? null, context),
    fulfilment: value.fulfilment ?? 'ship',
    order_id: value.order_id,
  });
};

export const acceptReceipt: Acceptor<Receipt> = (value, context) => {
  const store = storeOf(value.store_id, context)!;
  return documentRows(value, value.lines, context, {
    document_kind: 'receipt',
    document_id: documentId('receipt', value.store_id, value.till_id, value.business_date, value.receipt_id),
    source: 'till',
    receipt_id: value.receipt_id,
    store_id: value.store_id,
    till_id: value.till_id,
    business_date: value.business_date,
    occurred_at: instantOf('occurred_at', value.occurred_at, store.time_zone, context),
    currency: value.currency ?? store.currency,
    keys: keysOf(value, store.country, context),
    order_id: value.order_id,
    tender: value.tender,
    original_receipt_id: value.original_receipt_id,
  });
};

export const acceptRefund: Acceptor<Refund> = (value, context) => {
  const lines = value.lines?.length ? value.lines : value.amount == null ? [] : [{ amount: value.amount }];
  return documentRows(value, lines, context, {
    document_kind: 'refund',
    document_id: documentId('refund', value.refund_id),
    source: 'back_office',
    occurred_at: instantOf('occurred_at', value.occurred_at, null, context),
    currency: value.currency,
    keys: keysOf(value, null, context),
    order_id: value.order_id,
  });
};

/** "receipt/s1/t2/2025-01-31/118": the kind and the parts of the natural key, absent parts empty. */
export function documentId(kind: string, ...parts: (string | null | undefined)[]): string {
  return [kind, ...parts.map((part) => (part ?? '').replace(/[%/#]/g, encodeURIComponent))].join('/');
}

export interface DocumentHeader {
  document_kind: 'order' | 'refund' | 'receipt';
  document_id: string;
  source: 'back_office' | 'till' | 'web_event';
  receipt_id?: string | null | undefined;
  store_id?: string | null | undefined;
  till_id?: string | null | undefined;
  business_date?: string | null | undefined;
  occurred_at: number;
  currency: string | null | undefined;
  keys: IdentifierKeys & { consent: string };
  fulfilment?: string | null | undefined;
  order_id?: string | null | undefined;
  tender?: string | null | undefined;
  original_receipt_id?: string | null | undefined;
}

export type DocumentBody = Pick<Order, 'total' | 'tax_included' | 'partial' | 'revision'>;

export function documentRows(
  body: DocumentBody,
  lines: readonly Line[],
  context: AcceptContext,
  { keys, occurred_at, original_receipt_id, ...header }: DocumentHeader,
): RawLine[] {
  const { currency, document_id: documentKey } = header;
  if (currency == null)
    throw new Refusal('no_currency', `${documentKey} has no currency and its store supplies none`);
  const exponent = currencyExponent(currency);
  if (exponent === null) throw new Refusal('unknown_currency', `currency "${currency}" is no ISO 4217 code`);
  const isRefund = header.document_kind === 'refund';
  const typed = lines.map((line, index) => typedLine(line, index, isRefund, body.tax_included !== false));
  const minors = amountsInMinor(typed, body.total, exponent, isRefund, documentKey);
  const common: RawRow = {
    ...header,
    ...keys,
    occurred_at: utcText(occurred_at),
    revision: body.revision ?? 0,
    is_partial: body.partial === true,
    is_whole_refund: isRefund && lines.length === 0,
  };
  const lineRows: RawRow[] = typed.map(({ line, kind, quantity }, index) => ({
    line_no: body.partial ? textOrNull(line.line_no) : String(line.line_no ?? index + 1),
    line_kind: kind,
    sku: line.sku,
    product_id: line.product_id,
    category: line.category,
    quantity,
    ...minors[index]!,
    original_receipt_id: line.original_receipt_id ?? original_receipt_id,
  }));
  if (lineRows.length === 0) lineRows.push({ line_no: '1', line_kind: 'return' });
  const whole = body.partial ? undefined : fingerprintOf(JSON.stringify([common, lineRows]));
  return lineRows.map((line, index) => {
    const record_id = `${documentKey}#${body.partial ? (line.line_no ?? '') : index + 1}`;
    return rawLine('raw_sales', { record_id, ...common, ...line }, context, whole);
  });
}

const textOrNull = (value: unknown) => (value == null ? null : String(value));

interface TypedLine {
  line: Line;
  kind: NonNullable<Line['line_kind']>;
  quantity: number;
  amount: Decimal;
  tax: Decimal;
}

const ZERO: Decimal = { digits: 0n, scale: 0 };

function decimalOf(field: string, value: string | number): Decimal {
  const decimal = parseDecimal(value);
  if (decimal === null) throw new Refusal('bad_amount', `${field} "${value}" is not a number`);
  return decimal;
}

/** Decides what a line is and checks that its signs can be; amounts come out signed and without their tax. */
function typedLine(line: Line, index: number, isRefund: boolean, taxIncluded: boolean): TypedLine {
  const name = `line ${line.line_no ?? index + 1}`;
  let amount = decimalOf(`${name} amount`, line.amount);
  let tax = line.tax == null ? ZERO : decimalOf(`${name} tax`, line.tax);
  const given = line.quantity == null ? null : Number(line.quantity);
  const kind = line.line_kind ?? (isRefund || (amount.digits < 0n && (given ?? -1) < 0) ? 'return' : 'sale');
  if (isRefund) {
    if (amount.digits < 0n)
      throw new Refusal(
        'negative_amount',
        `${name} of a refund has amount ${line.amount}; refunds are positive`,
      );
    amount = negateDecimal(amount);
    tax = negateDecimal(tax);
  } else if (kind === 'return' || kind === 'discount') {
    if (amount.digits > 0n)
      throw new Refusal(
        'negative_amount',
        `${name} is a ${kind} with amount ${line.amount}; it must be zero or less`,
      );
  } else if (kind === 'sale' && amount.digits < 0n) {
    throw new Refusal(
      'negative_amount',
      `${name} is a sale with amount ${line.amount}; it must be zero or more`,
    );
  }
  const quantity = given === null ? (kind === 'return' ? -1 : 1) : isRefund ? -Math.abs(given) : given;
  if (kind === 'sale' && quantity < 0)
    throw new Refusal('negative_amount', `${name} is a sale with quantity ${line.quantity}`);
  if (kind === 'return' && quantity > 0)
    throw new Refusal('negative_amount', `${name} is a return with quantity ${line.quantity}`);
  if (quantity === 0 && kind === 'sale' && toMinor(amount, 3) !== 0) {
    throw new Refusal('zero_quantity', `${name} has quantity 0 and amount ${line.amount}`);
  }
  return {
    line,
    kind,
    quantity,
    tax,
    amount: taxIncluded ? addDecimals([amount, negateDecimal(tax)]) : amount,
  };
}

/**
 * Lines in minor units. Where a total is given, lines finer than the minor unit are rounded so that they still sum
 * to it, and lines that do not are refused.
 */
function amountsInMinor(
  lines: readonly TypedLine[],
  total: string | number | null | undefined,
  exponent: number,
  isRefund: boolean,
  name: string,
): { amount_minor: number; tax_minor: number }[] {
  const parts = lines.flatMap(({ amount, tax }) => [amount, tax]);
  let minors = parts.map((part) => toMinor(part, exponent));
  if (total != null && parts.length > 0) {
    const given = decimalOf('total', total);
    const stated = toMinor(isRefund ? negateDecimal(given) : given, exponent);
    const exact = addDecimals(parts);
    if (toMinor(exact, exponent) !== stated) {
      throw new Refusal(
        'total_mismatch',
        `${name} has total ${total} but its lines come to ${decimalText(exact)}`,
      );
    }
    if (sum(minors) !== stated) minors = roundedTogether(parts, stated, exponent);
  }
  const largest = Math.max(0, ...minors.map(Math.abs), Math.abs(sum(minors)));
  if (largest > MAX_MINOR)
    throw new Refusal('amount_too_large', `${name} holds ${largest} minor units; the limit is ${MAX_MINOR}`);
  return lines.map((_, index) => ({ amount_minor: minors[2 * index]!, tax_minor: minors[2 * index + 1]! }));
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** Rounds each part down and hands the missing units to the largest remainders. */
function roundedTogether(parts: readonly Decimal[], stated: number, exponent: number): number[] {
  const scale = Math.max(exponent, ...parts.map((part) => part.scale));
  const unit = 10n ** BigInt(scale - exponent);
  const exact = parts.map((part) => part.digits * 10n ** BigInt(scale - part.scale));
  const floors = exact.map((value) => (value >= 0n ? value / unit : -((-value + unit - 1n) / unit)));
  const remainders = exact.map((value, index) => value - floors[index]! * unit);
  const missing = BigInt(stated) - floors.reduce((a, b) => a + b, 0n);
  const shares = remainders.some((r) => r > 0n) ? splitByLargestRemainder(missing, remainders) : remainders;
  return floors.map((floor, index) => Number(floor + shares[index]!));
}

function decimalText({ digits, scale }: Decimal): string {
  const negative = digits < 0n ? '-' : '';
  const text = String(digits)
    .replace('-', '')
    .padStart(scale + 1, '0');
  return scale === 0 ? negative + text : `${negative}${text.slice(0, -scale)}.${text.slice(-scale)}`;
}
