import { basename } from 'node:path';
import type { WritableShop } from '../../lib/adapters/embedded/shop.ts';
import { expandPaths, inputFile } from '../../lib/formats/files.ts';
import type { ImportFormat } from '../../lib/formats/format.ts';
import { FORMATS } from '../../lib/formats/index.ts';
import { type ImportResult, importFiles } from '../../lib/pipeline/import-files.ts';
import { printable, textTable } from '../../lib/report/text-table.ts';
import { EXIT, remark, say, UserError } from './context.ts';
import { progressBar } from './progress.ts';

export function formatNamed(name: string): ImportFormat {
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (!format)
    throw new UserError(
      `There is no format "${name}". The formats are: ${Object.keys(FORMATS).sort().join(', ')}`,
    );
  return format;
}

/**
 * Imports files one by one, or together where the format reads them so.
 * @param results gets what came of each source as it comes, also of those before one that fails
 */
export async function importPaths(
  shop: WritableShop,
  formatName: string,
  patterns: readonly string[],
  results: ImportResult[] = [],
): Promise<ImportResult[]> {
  const format = formatNamed(formatName);
  const paths = expandPaths(patterns);
  if (paths.length === 0) throw new UserError(`${patterns.join(' ')} holds no file`);
  const groups = format.together ? [paths] : paths.map((path) => [path]);
  for (const group of groups) {
    const bar = progressBar(group.length === 1 ? basename(group[0]!) : format.name);
    let bytes = 0;
    let records = 0;
    const total = group.map((path) => inputFile(path).bytes).reduce((a, b) => a + b, 0);
    const show = () => bar.show(bytes, total, `${records.toLocaleString('en-US')} records`);
    const files = group.map((path) =>
      inputFile(path, (read) => {
        bytes += read;
        show();
      }),
    );
    try {
      results.push(
        await importFiles(shop.importer, format, files, (done) => {
          records = done;
          show();
        }),
      );
    } finally {
      bar.end();
    }
  }
  return results;
}

/** Imports, shows what came of each source, also when one fails, and closes the shop. */
export async function runImport(
  shop: WritableShop,
  formatName: string,
  patterns: readonly string[],
): Promise<void> {
  const results: ImportResult[] = [];
  try {
    await importPaths(shop, formatName, patterns, results);
  } finally {
    shop.close();
    if (results.length > 0) showImports(results);
    if (results.some(({ rejected, waiting }) => waiting > 0 || Object.keys(rejected).length > 0)) {
      remark('Records were set aside; see: npx ropo rejections');
      process.exitCode = EXIT.rejected;
    }
  }
}

/** A line per source: received = stored + duplicates + rejected + waiting. */
export function showImports(results: readonly ImportResult[]): void {
  const count = (n: number) => n.toLocaleString('en-US');
  const rejectedOf = (r: ImportResult) => Object.values(r.rejected).reduce((a, b) => a + b, 0);
  const rows = results.map((r) => [
    printable(r.source, 44),
    count(r.received),
    count(r.stored),
    count(r.duplicates),
    count(rejectedOf(r)),
    count(r.waiting),
    reasons(r),
  ]);
  if (results.length > 1) {
    const all = (of: (r: ImportResult) => number) => count(results.reduce((sum, r) => sum + of(r), 0));
    rows.push([
      'total',
      all((r) => r.received),
      all((r) => r.stored),
      all((r) => r.duplicates),
      all(rejectedOf),
      all((r) => r.waiting),
      '',
    ]);
  }
  const left = (title: string) => ({ title, align: 'left' as const });
  const right = (title: string) => ({ title, align: 'right' as const });
  say(
    textTable(
      [
        left('Source'),
        right('Received'),
        right('Stored'),
        right('Duplicates'),
        right('Rejected'),
        right('Waiting'),
        left(''),
      ],
      rows,
    ),
  );
}

function reasons(result: ImportResult): string {
  const parts = Object.entries(result.rejected).map(([reason, n]) => `${n} ${reason}`);
  if (result.waiting > 0) parts.push(`${result.waiting} wait for their store`);
  if (result.released > 0) parts.push(`${result.released} that waited are stored now`);
  return parts.join(', ');
}
