import { createHash } from 'node:crypto';
import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RAW_TABLES } from '../../domain/raw-tables.ts';
import { readSqlFolder } from '../../pipeline/sql-files.ts';
import { openEngine } from './duckdb.ts';
import { createLake } from './lake.ts';
import { scanOf } from './raw-files.ts';
import type { ShopDirectory } from './shop-directory.ts';

/** A file with personal data, hashed or not, that was made of a shop and left it. */
export interface ExportEntry {
  /** Where it was written, absolute. */
  file: string;
  made_at: string;
  format: string;
  rows: number;
  persons: number;
  sha256: string;
}

/** Keys of all persons that were erased, from the raw tables: a build may be older. */
export async function erasedKeys(directory: ShopDirectory): Promise<Set<string>> {
  const engine = await openEngine({ spillDirectory: directory.spill });
  try {
    return await createLake(directory, engine, () => 'read').tombstones();
  } finally {
    engine.close();
  }
}

/** Identifiers whose latest word is that consent is denied, from the raw table as well. */
export async function withdrawnKeys(directory: ShopDirectory): Promise<Set<string>> {
  const engine = await openEngine({ spillDirectory: directory.spill });
  try {
    const { select } = readSqlFolder('staging').find(({ name }) => name === 'consent_words')!;
    const { raw_consents: columns } = RAW_TABLES;
    const words = scanOf(join(directory.lake, 'raw_consents'), columns);
    await engine.run(`CREATE TEMP VIEW raw_consents AS SELECT * FROM ${words}`);
    const rows = await engine.rows(`SELECT identifier_key FROM (${select}) words WHERE consent = 'denied'`);
    return new Set(rows.map(({ identifier_key }) => String(identifier_key)));
  } finally {
    engine.close();
  }
}

/**
 * Writes a file whole or not at all, readable by its owner alone, and the line in `exports.jsonl` by which an erasure
 * finds it. The line comes first: what is logged and not there does no harm.
 */
export function writeExport(
  { root }: ShopDirectory,
  path: string,
  text: string,
  about: Pick<ExportEntry, 'made_at' | 'format' | 'rows' | 'persons'>,
): ExportEntry {
  const file = resolve(path);
  const aside = `${file}.tmp`;
  const entry = { file, ...about, sha256: createHash('sha256').update(text).digest('hex') };
  try {
    // What lies there already would keep its own mode.
    rmSync(aside, { force: true });
    writeFileSync(aside, text, { mode: 0o600, flag: 'wx' });
    appendFileSync(join(root, 'exports.jsonl'), `${JSON.stringify(entry)}\n`, { mode: 0o600 });
    renameSync(aside, file);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
  return entry;
}
