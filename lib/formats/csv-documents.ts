import { hash } from 'node:crypto';
import { CONTRACTS, type RecordKind } from '../domain/contract/index.ts';
import { Line } from '../domain/contract/sales.ts';
import { type CellReaders, cellReaders, readCells } from './csv-cells.ts';
import { type CsvHeader, type CsvRow, csvOriginal } from './csv-rows.ts';
import type { FoundRecord } from './format.ts';

export type SalesKind = 'orders' | 'refunds' | 'receipts';
type Cells = Extract<CsvRow, { cells: string[] }>;

/** What the rows of one document share. */
const KEYS: Record<SalesKind, string[]> = {
  orders: ['order_id'],
  refunds: ['refund_id'],
  receipts: ['receipt_id', 'store_id', 'till_id', 'business_date'],
};

/** A document with more rows is cut here: no contract takes it whole, and it must not fill the memory. */
const MAX_ROWS = 5001;

const LINE_READERS = cellReaders(Line);

/** The fields that are the document's alone: a name that lines have too is the line's. */
function headerReadersOf(kind: SalesKind): CellReaders {
  const readers = cellReaders(CONTRACTS[kind]);
  for (const name of Object.keys(LINE_READERS)) delete readers[name];
  return readers;
}

export const isSales = (kind: RecordKind): kind is SalesKind => Object.hasOwn(KEYS, kind);

/** Gathers the rows of documents that stand one after the other; each call returns a document that is complete. */
export function createDocuments(kind: SalesKind, header: CsvHeader) {
  const headerReaders = headerReadersOf(kind);
  const keyPositions = KEYS[kind].map((name) => header.names.indexOf(name));
  let rows: Cells[] = [];
  let key: string | null = null;
  /** Keys of documents that are over, shortened: a row of one that comes again stands apart from its document. */
  const over = new Set<number>();
  const take = (): FoundRecord | null => {
    const taken = rows;
    rows = [];
    if (taken.length === 0) return null;
    const document = documentOf(kind, header, taken, headerReaders);
    const isApart =
      key !== null &&
      over.has(shortened(key)) &&
      (document.value as { partial?: boolean } | undefined)?.partial !== true;
    return isApart ? rowsApart(document) : document;
  };
  return {
    add(row: Cells): FoundRecord | null {
      const parts = keyPositions.map((position) => row.cells[position] ?? '');
      const rowKey = parts[0] === '' ? null : JSON.stringify(parts);
      const before = rowKey === null || rowKey !== key || rows.length >= MAX_ROWS ? take() : null;
      if (rowKey !== key && key !== null) over.add(shortened(key));
      rows.push(row);
      key = rowKey;
      return before;
    },
    end: take,
  };
}

/** 52 bits of a key: a file may hold millions. */
const shortened = (key: string) => Number.parseInt(hash('md5', key, 'hex').slice(0, 13), 16);

function rowsApart({ kind, original, line }: FoundRecord): FoundRecord {
  const unreadable =
    'rows_not_together: rows of this document stand elsewhere in the file too; keep them together';
  return { kind, original, line, unreadable };
}

/**
 * A document from its rows: each row is a line, and what belongs to the document is said on any of them, on all
 * alike. `original_receipt_id` is the line's; so is a refund's `amount` on a row that says anything else of a line.
 */
function documentOf(
  kind: SalesKind,
  header: CsvHeader,
  rows: Cells[],
  headerReaders: CellReaders,
): FoundRecord {
  const place = { kind, original: csvOriginal(header, ...rows), line: rows[0]!.line };
  const value: Record<string, unknown> = {};
  const lines: unknown[] = [];
  for (const row of rows) {
    const line = readCells(header.names, row.cells, LINE_READERS);
    const said = readCells(header.names, row.cells, headerReaders);
    const isAmountAlone = Object.keys(line).length === 1 && line.amount !== undefined;
    if (kind === 'refunds' && isAmountAlone) said.amount = line.amount;
    else if (Object.keys(line).length > 0) lines.push(line);
    for (const [name, field] of Object.entries(said)) {
      if (value[name] !== undefined && value[name] !== field) {
        return { ...place, unreadable: `rows_disagree: the document's rows differ in ${name}` };
      }
      value[name] = field;
    }
  }
  if (lines.length > 0) value.lines = lines;
  return { ...place, value };
}
