/**
 * Starts of a cell that spreadsheets run as a formula (OWASP ASVS 1.2.10), also in the wide forms of East Asian input;
 * and NUL anywhere, after which some programs read on as if it were the start.
 */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]|\0/;
/** Programs that separate by semicolon or tab would make two cells of one. */
const NEEDS_QUOTES = /[",;\t\r\n]/;

/** A number given by its digits, of which there may be more than a double holds. */
interface Digits {
  digits: string;
}

type CsvCell = string | number | bigint | boolean | Digits | null;

/**
 * RFC 4180 text. Numbers stay numbers; text that a spreadsheet would run as a formula gets a leading apostrophe.
 */
export function csvText(names: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return `${[names, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'object') return cell.digits;
  if (typeof cell !== 'string') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
