import { parse } from 'csv-parse/sync';
import type { InputFile } from './format.ts';
import { lineBatches, MAX_LINE_BYTES, type TextLine } from './lines.ts';

const SEPARATORS = [',', ';', '\t'] as const;
/** A row may go over this many lines; a quote that is open for longer was never meant to open. */
const MAX_ROW_LINES = 1000;
const MAX_COLUMNS = 1000;
/** Every row that is set aside takes the header along, so the header may not be long; nor may many rows be held at once. */
const MAX_HEADER_CHARACTERS = 16_384;
const HELD_CHARACTERS = 16_777_216;

/** The header of a CSV file: its names, the line as it stands there, and the separator found in it. */
export interface CsvHeader {
  names: string[];
  text: string;
  separator: string;
}

/** A row of a CSV file with as many cells as its header has names, or the reason why it is none. */
export type CsvRow = { line: number; text: string } & (
  | { cells: string[]; unreadable?: undefined }
  | { cells?: undefined; unreadable: string }
);

export interface CsvBatch {
  header: CsvHeader;
  rows: CsvRow[];
}

/**
 * Reads a CSV file (RFC 4180; separated by comma, semicolon or tab, whichever its header holds most of) in batches.
 * Blank lines are no rows. A bad row is a value with a reason and its neighbours go on; also after a quote that is
 * never closed. The first batch may be empty: it tells the header.
 * @throws Error when the header is missing, has an empty name or a name twice.
 */
export async function* csvBatches(file: InputFile): AsyncGenerator<CsvBatch> {
  let header: CsvHeader | null = null;
  let open: TextLine[] = [];
  for await (let lines of lineBatches(file)) {
    if (header === null) {
      const first = lines.findIndex((line) => line.text.trim() !== '');
      if (first < 0) continue;
      header = headerOf(file.name, lines[first]!);
      lines = lines.slice(first + 1);
    }
    const split: Split = splitRows(open.concat(lines), header.separator, false);
    open = split.open;
    yield* inPortions(header, split.rows);
  }
  if (header === null) throw new Error(`${file.name}: no header line; the file is empty`);
  if (open.length > 0) {
    yield* inPortions(header, splitRows(open, header.separator, true).rows);
  }
}

function* inPortions(header: CsvHeader, rows: RawRow[]): Generator<CsvBatch> {
  const portion = Math.floor(HELD_CHARACTERS / (header.text.length + 1));
  for (let from = 0; from < rows.length || from === 0; from += portion) {
    yield { header, rows: cellsOf(rows.slice(from, from + portion), header) };
  }
}

/**
 * The position of each named column.
 * @throws Error that lists the columns that the header lacks.
 */
export function columnsOf<const Name extends string>(
  file: InputFile,
  header: CsvHeader,
  names: readonly Name[],
): Record<Name, number> {
  const missing = names.filter((name) => !header.names.includes(name));
  if (missing.length > 0) {
    throw new Error(
      `${file.name}: no column ${missing.join(', ')}; its header has ${header.names.length} others`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, header.names.indexOf(name)])) as Record<Name, number>;
}

/** What reads a row again: the header and the row's own text. */
export function csvOriginal(header: CsvHeader, ...rows: CsvRow[]): string {
  return [header.text, ...rows.map((row) => row.text)].join('\n');
}

function headerOf(fileName: string, line: TextLine): CsvHeader {
  if (line.unreadable !== undefined) throw new Error(`${fileName}: header line: ${line.unreadable}`);
  if (line.text.length > MAX_HEADER_CHARACTERS) {
    const limits = `${line.text.length} characters; the limit is ${MAX_HEADER_CHARACTERS}`;
    throw new Error(`${fileName}: header line: ${limits}`);
  }
  const counts = SEPARATORS.map((separator) => outsideQuotes(line.text, separator));
  const separator = SEPARATORS[counts.indexOf(Math.max(...counts))]!;
  if (scanQuotes(line.text, separator, false) !== 'closed') {
    throw new Error(`${fileName}: header line: a quote is not closed`);
  }
  const names = parseCells([line.text], separator)[0]!.map((name) => name.trim());
  const empty = names.indexOf('');
  if (empty >= 0)
    throw new Error(`${fileName}: header line: column ${empty + 1} of ${names.length} has no name`);
  if (names.length > MAX_COLUMNS)
    throw new Error(`${fileName}: header line: ${names.length} columns; the limit is ${MAX_COLUMNS}`);
  const places = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    // Names are not quoted in errors: where the header is missing, they are somebody's data.
    const before = places.get(name);
    if (before !== undefined)
      throw new Error(`${fileName}: header line: columns ${before + 1} and ${index + 1} have the same name`);
    places.set(name, index);
  }
  return { names, text: line.text, separator };
}

const outsideQuotes = (text: string, character: string) =>
  text.split('"').reduce((sum, part, index) => sum + (index % 2 ? 0 : part.split(character).length - 1), 0);

type RawRow = { line: number; text: string; unreadable?: string };
type Split = { rows: RawRow[]; open: TextLine[] };

/**
 * Joins lines to rows: a row goes on over lines while a quoted cell is open. `open` are the lines of a row whose
 * end may come with the next batch; at the end of the file there is none.
 */
function splitRows(lines: TextLine[], separator: string, isEnd: boolean): Split {
  const rows: RawRow[] = [];
  for (let at = 0; at < lines.length; at++) {
    const { number: line, text, unreadable } = lines[at]!;
    if (unreadable !== undefined) {
      rows.push({ line, text, unreadable });
      continue;
    }
    let state = scanQuotes(text, separator, false);
    if (state === 'broken') {
      rows.push({ line, text, unreadable: 'bad_quotes: a quoted cell goes on after its closing quote' });
      continue;
    }
    let last = at;
    let room = MAX_LINE_BYTES - text.length;
    const hasRoom = () => room > 0 && last - at < MAX_ROW_LINES;
    while (state === 'open' && last + 1 < lines.length && hasRoom()) {
      const next = lines[++last]!;
      room -= next.text.length;
      state = next.unreadable === undefined ? scanQuotes(next.text, separator, true) : 'broken';
    }
    if (state === 'closed') {
      if (last > at || text.trim() !== '') {
        const joined =
          last === at
            ? text
            : lines
                .slice(at, last + 1)
                .map((part) => part.text)
                .join('\n');
        rows.push({ line, text: joined });
      }
      at = last;
    } else if (state === 'open' && hasRoom() && !isEnd) {
      return { rows, open: lines.slice(at) };
    } else {
      // The quote never closes as a quote does: this line is bad, and the next one is a row again.
      rows.push({ line, text, unreadable: 'bad_quotes: a quote opens a cell and is not closed' });
    }
  }
  return { rows, open: [] };
}

/** Whether a line leaves a quoted cell open (`inside`: it begins in one), or closes a quote in mid cell. */
function scanQuotes(text: string, separator: string, inside: boolean): 'open' | 'closed' | 'broken' {
  if (!inside && !text.includes('"')) return 'closed';
  let at = 0;
  for (;;) {
    if (!inside) {
      if (text[at] === '"') {
        inside = true;
        at++;
        continue;
      }
      const next = text.indexOf(separator, at);
      if (next < 0) return 'closed';
      at = next + 1;
    } else {
      const quote = text.indexOf('"', at);
      if (quote < 0) return 'open';
      const after = text[quote + 1];
      if (after === undefined) return 'closed';
      if (after !== '"' && after !== separator) return 'broken';
      if (after === separator) inside = false;
      at = quote + 2;
    }
  }
}

function cellsOf(rows: RawRow[], header: CsvHeader): CsvRow[] {
  const readable = rows.filter((row) => row.unreadable === undefined);
  const parsed = parseCells(
    readable.map((row) => row.text),
    header.separator,
  );
  let at = 0;
  return rows.map(({ line, text, unreadable }): CsvRow => {
    if (unreadable !== undefined) return { line, text, unreadable };
    const cells = parsed[at++]!;
    if (cells.length === header.names.length) return { line, text, cells };
    const counts = `the row has ${cells.length} cells and the header ${header.names.length}`;
    return { line, text, unreadable: `wrong_column_count: ${counts}` };
  });
}

/** The cells of whole rows. In a row without a quote, a separator is all there is to see. */
function parseCells(rows: string[], separator: string): string[][] {
  const quoted = rows.filter((row) => row.includes('"'));
  const parsed: string[][] =
    quoted.length === 0
      ? []
      : parse(quoted.join('\n'), {
          delimiter: separator,
          record_delimiter: '\n',
          relax_column_count: true,
          relax_quotes: true,
        });
  if (parsed.length !== quoted.length) {
    throw new Error(`CSV: ${quoted.length} rows were parsed to ${parsed.length}`);
  }
  let at = 0;
  return rows.map((row) => (row.includes('"') ? parsed[at++]! : row.split(separator)));
}
