/**
 * The file that Athena writes of a result: each value in quotes, quotes doubled, null as an empty cell without quotes.
 * A reader of CSV in general would take null and the empty text for the same.
 */

const QUOTE = 34;
const COMMA = 44;
const NEWLINE = 10;
const RETURN = 13;

/**
 * Rows of a result file in batches, the header row first. A row that is cut by the end of a piece is put together.
 * @throws Error when the file ends within quotes: it was not read whole
 */
export async function* readResultFile(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<(string | null)[][]> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  for await (const piece of pieces) {
    const text = rest + decoder.decode(piece, { stream: true });
    const { rows, end } = rowsOf(text, false);
    rest = text.slice(end);
    if (rows.length > 0) yield rows;
  }
  const text = rest + decoder.decode();
  if (text === '') return;
  const { rows, end } = rowsOf(text, true);
  if (end < text.length) throw new Error('A result file of Athena ends within a value; read it again');
  yield rows;
}

/** The whole rows of a text, and where they end. */
function rowsOf(text: string, isLast: boolean): { rows: (string | null)[][]; end: number } {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  let end = 0;
  let at = 0;
  while (at < text.length) {
    let cell: string | null;
    if (text.charCodeAt(at) === QUOTE) {
      const close = closingQuote(text, at + 1);
      // The quote may be the first of two, the other one in the next piece.
      if (close < 0 || (close === text.length - 1 && !isLast)) break;
      cell = text.slice(at + 1, close).replaceAll('""', '"');
      at = close + 1;
    } else {
      const from = at;
      while (at < text.length && !isEnd(text.charCodeAt(at))) at += 1;
      if (at === text.length && !isLast) break;
      cell = at === from ? null : text.slice(from, at);
    }
    row.push(cell);
    const mark = text.charCodeAt(at);
    if (at < text.length && mark === COMMA) {
      at += 1;
      // A comma at the very end of the file has an empty cell behind it.
      if (at === text.length && isLast) row.push(null);
      else continue;
    }
    if (mark === RETURN) {
      if (at + 1 === text.length && !isLast) break;
      if (text.charCodeAt(at + 1) === NEWLINE) at += 1;
    }
    if (at < text.length) at += 1;
    rows.push(row);
    row = [];
    end = at;
  }
  return { rows, end };
}

const isEnd = (code: number) => code === COMMA || code === NEWLINE || code === RETURN;

/** Where the quoted value that begins at `from` ends; -1 when it does not. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text.charCodeAt(at + 1) === QUOTE) at = text.indexOf('"', at + 2);
  return at;
}
