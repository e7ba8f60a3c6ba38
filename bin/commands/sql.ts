import { writeFileSync } from 'node:fs';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import type { ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import type { Cell } from '../../lib/ports.ts';
import { csvText } from '../../lib/report/csv.ts';
import { printable, textTable } from '../../lib/report/text-table.ts';
import { UserError } from './context.ts';

export const SQL_FORMATS = ['table', 'json', 'csv', 'parquet'] as const;
export type SqlFormat = (typeof SQL_FORMATS)[number];

/** Runs one SELECT on the published tables and writes its rows. */
export async function runSql(
  directory: ShopDirectory,
  select: string,
  format: SqlFormat,
  out?: string,
): Promise<void> {
  if (format === 'parquet' && !out)
    throw new UserError('Parquet is no text: say where to write it with --out FILE');
  const reader = await openReader(directory, { outputFile: out });
  try {
    if (!(await reader.published())) throw new UserError('Nothing has been built yet. Run: npx ropo build');
    if (format === 'parquet') {
      await reader.sqlToParquet(select);
      return;
    }
    const { columns, rows } = await reader.sql(select);
    const text = written(columns, rows, format);
    if (out) writeFileSync(out, text);
    else process.stdout.write(text);
  } finally {
    reader.close();
  }
}

function written(columns: readonly string[], cells: readonly Cell[][], format: SqlFormat): string {
  if (format === 'csv') return csvText(columns, cells);
  if (format === 'json') {
    const objects = cells.map((row) =>
      Object.fromEntries(columns.map((name, at) => [name, jsonCell(row[at] ?? null)])),
    );
    return `${JSON.stringify(objects, null, 2)}\n`;
  }
  const isNumber = columns.map(
    (_, at) =>
      cells.some((row) => row[at] !== null) &&
      cells.every((row) => row[at] === null || typeof row[at] === 'number' || typeof row[at] === 'bigint'),
  );
  const table = textTable(
    columns.map((title, at) => ({ title, align: isNumber[at] ? 'right' : 'left' })),
    cells.map((row) => row.map((cell) => (cell === null ? '' : printable(String(cell), 80)))),
  );
  return `${table}\n`;
}

const jsonCell = (cell: Cell) => (typeof cell === 'bigint' ? String(cell) : cell);
