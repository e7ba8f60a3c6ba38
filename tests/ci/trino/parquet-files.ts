import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, literal, openEngine } from '../../../lib/adapters/embedded/duckdb.ts';

/** The data files of a table below its folder, as the last try left them. */
export function parquetFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const tries = readdirSync(folder).filter((name) => /^try-\d+$/.test(name));
  const last = tries.sort((a, b) => Number(a.slice(4)) - Number(b.slice(4))).at(-1);
  return readdirSync(join(folder, last ?? '.'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => join(folder, last ?? '.', name));
}

/** DuckDB for the length of some work. */
export async function withDuckDb<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const spillDirectory = mkdtempSync(join(tmpdir(), 'ropo-compared-'));
  const engine = await openEngine({ spillDirectory });
  try {
    return await work(engine);
  } finally {
    engine.close();
    rmSync(spillDirectory, { recursive: true, force: true });
  }
}

/** How an engine reads files as rows. */
export const filesAsRows = (files: readonly string[]) =>
  `SELECT * FROM read_parquet([${files.map(literal).join(', ')}])`;
