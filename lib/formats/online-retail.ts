import { parseInstant } from '../domain/instant.ts';
import { type CsvRow, columnsOf, csvBatches, csvOriginal } from './csv-rows.ts';
import { multiplyExactly } from './decimal-text.ts';
import type { FoundRecord, ImportFormat, InputFile } from './format.ts';

const ZONE = 'Europe/London';
const COLUMNS = ['InvoiceNo', 'StockCode', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID'] as const;
type Positions = Record<(typeof COLUMNS)[number], number>;

/** Stock codes that are no merchandise. */
const LINE_KINDS = new Map([
  ['POST', 'shipping'],
  ['DOT', 'shipping'],
  ['C2', 'shipping'],
  ['AMAZONFEE', 'service'],
  ['BANK CHARGES', 'service'],
  ['CRUK', 'service'],
  ['B', 'service'],
  ['M', 'service'],
  ['S', 'service'],
  ['D', 'discount'],
]);

/**
 * UCI "Online Retail": invoices of a British web shop, a row per line. Rows are partial orders of one line, for the
 * lines of an invoice may be cut over files; an `InvoiceNo` with a leading C is money given back.
 */
export const onlineRetail: ImportFormat = {
  name: 'online-retail',
  describes: 'UCI Online Retail (CSV): invoices become orders, cancellations refunds; times are British',
  async *read(files) {
    for (const file of files) yield* readInvoices(file);
  },
};

async function* readInvoices(file: InputFile): AsyncGenerator<FoundRecord[]> {
  for await (const { header, rows } of csvBatches(file)) {
    const at = columnsOf(file, header, COLUMNS);
    yield rows.map((row) => recordOf(row, csvOriginal(header, row), at));
  }
}

function recordOf(row: CsvRow, original: string, at: Positions): FoundRecord {
  const { line } = row;
  if (row.unreadable !== undefined) return { kind: null, unreadable: row.unreadable, original, line };
  const { cells } = row;
  const invoice = cells[at.InvoiceNo]!;
  const isRefund = /^c/i.test(invoice);
  const kind = isRefund ? 'refunds' : 'orders';
  const [quantity, price] = [cells[at.Quantity]!, cells[at.UnitPrice]!];
  const amount = multiplyExactly(quantity, price);
  if (amount === null) {
    return { kind, unreadable: 'bad_number: Quantity or UnitPrice is no number', original, line };
  }
  const sku = cells[at.StockCode]!;
  const document = {
    occurred_at: utcOf(cells[at.InvoiceDate]!),
    customer_id: customerOf(cells[at.CustomerID]!),
    currency: 'GBP',
    partial: true,
    lines: [
      {
        line_kind: lineKind(sku, quantity, amount, isRefund),
        sku: sku || null,
        quantity: isRefund ? negated(quantity) : quantity,
        amount: isRefund ? negated(amount) : amount,
      },
    ],
  };
  const value = isRefund ? { refund_id: invoice, ...document } : { order_id: invoice, ...document };
  return { kind, value, original, line };
}

/**
 * Merchandise is left for the contract to name. A negative quantity without a price, on an invoice that gives no
 * money back, is a correction of the stock ("thrown away", "damages"): listed as `service`, so that it is neither a
 * sale nor a return.
 */
function lineKind(sku: string, quantity: string, amount: string, isRefund: boolean): string | null {
  const known = LINE_KINDS.get(sku.toUpperCase());
  if (known !== undefined) return known;
  if (sku.toLowerCase().startsWith('gift_')) return 'gift_card';
  const isStockCorrection = !isRefund && quantity.startsWith('-') && Number(amount) === 0;
  return isStockCorrection ? 'service' : null;
}

/** Customers are written as numbers with a decimal, `17850.0`. */
const customerOf = (cell: string) => (cell.endsWith('.0') ? cell.slice(0, -2) : cell) || null;

const negated = (number: string) =>
  number.startsWith('-') ? number.slice(1) : /^[0.]*$/.test(number) ? number : `-${number}`;

/** British local time as UTC; text that is no such time stays and is refused. */
function utcOf(local: string): string {
  const instant = parseInstant(local, ZONE);
  return instant.ok ? new Date(instant.epochMs).toISOString() : local;
}
