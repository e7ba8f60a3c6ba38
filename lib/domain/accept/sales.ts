import { CARD_NUMBER_REMOVED, isCardNumber } from '../card-number.ts';
import type { Line, Order, Receipt, Refund } from '../contract/index.ts';
import type { IdentifierKeys } from '../identifier.ts';
import { isDay, utcText } from '../instant.ts';
import { currencyExponent } from '../money.ts';
import type { RawLine, RawRow } from '../raw-tables.ts';
import {
  type AcceptContext,
  type Acceptor,
  fingerprintOf,
  instantOf,
  keysOf,
  Refusal,
  rawLine,
  saidIn,
  saidTime,
  storeOf,
} from './outcome.ts';
import { comparedText } from './page.ts';
import { amountsInMinor, typedLine } from './sale-lines.ts';

/** Documents of sale: orders, refunds and receipts become one row per line, the header repeated on each. */

/** @throws Refusal where a card number stands in place of its token; the message does not repeat it */
function refuseCardNumber({ payment_token: token }: Pick<Receipt, 'payment_token'>): void {
  if (token != null && (token === CARD_NUMBER_REMOVED || isCardNumber(token))) {
    throw new Refusal(
      'card_number',
      'payment_token looks like a card number (13 to 19 digits that pass the Luhn check); it was not kept. Send the token or PAR of the payment provider, and import the file again',
    );
  }
}

export const acceptOrder: Acceptor<Order> = (value, context) => {
  refuseCardNumber(value);
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
  refuseCardNumber(value);
  const store = storeOf(value.store_id, context)!;
  if (value.business_date && !isDay(value.business_date)) {
    throw new Refusal('bad_time', `business_date "${value.business_date}" is no day of the calendar`);
  }
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
    tender: comparedText(value.tender),
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
  /** What the sender's clock said, where `occurred_at` is not that; null where it said nothing. */
  said_at?: number | null | undefined;
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
  { keys, occurred_at, said_at, original_receipt_id, ...header }: DocumentHeader,
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
    category: comparedText(line.category),
    quantity,
    ...minors[index]!,
    original_receipt_id: line.original_receipt_id ?? original_receipt_id,
  }));
  if (lineRows.length === 0) lineRows.push({ line_no: '1', line_kind: 'return' });
  // What all lines share is written once; the text is what JSON.stringify makes of the whole.
  const commonText = saidIn(common);
  const lineTexts = lineRows.map(saidIn);
  // What the sender said tells repeats, and not the time that we concluded.
  const saidAt = said_at == null ? null : utcText(said_at);
  const claimed = said_at === undefined ? commonText : saidIn({ ...common, occurred_at: saidAt });
  const concluded = said_at === undefined ? undefined : saidTime(said_at);
  const whole = body.partial ? undefined : fingerprintOf(`[${claimed},[${lineTexts.join(',')}]]`);
  return lineRows.map((line, index) => {
    const record_id = JSON.stringify(`${documentKey}#${body.partial ? (line.line_no ?? '') : index + 1}`);
    const said = `{"record_id":${record_id},${commonText.slice(1, -1)},${lineTexts[index]!.slice(1)}`;
    return rawLine('raw_sales', said, context, {
      fingerprint: whole,
      row: common,
      ...(concluded ? { concluded } : {}),
    });
  });
}

const textOrNull = (value: unknown) => (value == null ? null : String(value));
