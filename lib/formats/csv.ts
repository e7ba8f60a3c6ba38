import { CONTRACTS, type RecordKind } from '../domain/contract/index.ts';
import { Line } from '../domain/contract/sales.ts';
import { cellReaders, readCells } from './csv-cells.ts';
import { createDocuments, isSales } from './csv-documents.ts';
import { type CsvHeader, csvBatches, csvOriginal } from './csv-rows.ts';
import type { FoundRecord, InputFile } from './format.ts';

/**
 * The reader of a CSV file of one contract kind. Column names are the contract's; others are ignored. An empty cell
 * is an absent field, cells of array fields hold JSON, and amounts stay text. Orders, refunds and receipts have a
 * row per line, the rows of a document one after the other; or a row per document, where there is a column `lines`.
 */
export function csvRecords(kind: RecordKind): (file: InputFile) => AsyncGenerator<FoundRecord[]> {
  return async function* read(file) {
    const readers = cellReaders(CONTRACTS[kind]);
    let documents: ReturnType<typeof createDocuments> | null = null;
    let isFirst = true;
    for await (const { header, rows } of csvBatches(file)) {
      if (isFirst) {
        requireKnownColumn(file, header, kind);
        if (isSales(kind) && !header.names.includes('lines')) documents = createDocuments(kind, header);
        isFirst = false;
      }
      const found: FoundRecord[] = [];
      for (const row of rows) {
        // A row of separators only, as spreadsheets append them, is as blank as a blank line.
        if (row.cells?.every((cell) => cell === '')) continue;
        if (row.unreadable !== undefined) {
          found.push({
            kind,
            unreadable: row.unreadable,
            original: csvOriginal(header, row),
            line: row.line,
          });
        } else if (documents === null) {
          const value = readCells(header.names, row.cells, readers);
          found.push({ kind, value, original: csvOriginal(header, row), line: row.line });
        } else {
          const complete = documents.add(row);
          if (complete !== null) found.push(complete);
        }
      }
      if (found.length > 0) yield found;
    }
    const last = documents?.end();
    if (last) yield [last];
  };
}

/** A file without any column of its contract is not of that kind: better one error than a rejection per row. */
function requireKnownColumn(file: InputFile, header: CsvHeader, kind: RecordKind): void {
  const known = { ...CONTRACTS[kind].properties, ...(isSales(kind) ? Line.properties : {}) };
  if (header.names.some((name) => Object.hasOwn(known, name))) return;
  throw new Error(
    `${file.name}: none of its ${header.names.length} columns is one of ${kind}, which are ${Object.keys(known).join(', ')}. Does it have a header line?`,
  );
}
