/** Starts of a cell that spreadsheets run as a formula (OWASP ASVS 1.2.10). */
const FORMULA = /^[=+\-@\t\r\0]/;

type CsvCell = string | number | bigint | boolean | null;

/**
 * RFC 4180 text. Numbers stay numbers; text that a spreadsheet would run as a formula gets a leading apostrophe.
 */
export function csvText(names: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return `${[names, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
