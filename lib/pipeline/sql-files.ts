import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TableMaker } from './build-step.ts';

/** One file of sql/: one SELECT, named like its file, with its grain and key in the first lines. */
export interface SqlFile extends TableMaker {
  name: string;
  folder: string;
  select: string;
  /** What one row is, in words. */
  grain: string;
  key: string[];
  /** Names that it reads from. */
  reads: string[];
}

export const SQL_DIRECTORY = fileURLToPath(new URL('../../sql', import.meta.url));

/** Folders whose files become tables, in reading order; order of building follows from what reads what. */
export const TABLE_FOLDERS = ['staging', 'journeys', 'attribution', 'ropo', 'ledger', 'marts'] as const;

export function readSqlFolder(folder: string, root = SQL_DIRECTORY): SqlFile[] {
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) =>
      parseSqlFile(basename(file, '.sql'), folder, readFileSync(join(root, folder, file), 'utf8')),
    );
}

/**
 * @throws Error when the first comment lines do not state grain and key.
 */
export function parseSqlFile(name: string, folder: string, text: string): SqlFile {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  const header = lines.slice(0, end).map((line) => line.slice(2).trim());
  const keyLine = header.find((line) => line.startsWith('key:'));
  const grain = header.filter((line) => !line.startsWith('key:')).join(' ');
  if (!keyLine || !grain.startsWith('One row')) {
    throw new Error(
      `sql/${folder}/${name}.sql must begin with "-- One row per ..." and "-- key: column, ..."`,
    );
  }
  const select = lines.slice(end).join('\n').trim();
  return {
    name,
    folder,
    makes: [name],
    select,
    grain,
    key: keyLine
      .slice(4)
      .split(',')
      .map((column) => column.trim()),
    reads: readsOf(select),
  };
}

const READS = /\b(?:from|join)\s+([a-z_][a-z0-9_]*)/gi;
const CTE = /(?:\bwith|,)\s+([a-z_][a-z0-9_]*)\s+as\s*\(/gi;

/** Tables that a SELECT names after FROM or JOIN, its own WITH names left out. */
function readsOf(select: string): string[] {
  const bare = select.replace(/--.*$/gm, '').replace(/'(?:[^']|'')*'/g, "''");
  const own = new Set(Array.from(bare.matchAll(CTE), (match) => match[1]!.toLowerCase()));
  const names = new Set(Array.from(bare.matchAll(READS), (match) => match[1]!.toLowerCase()));
  return [...names].filter((name) => !own.has(name) && name !== 'unnest').sort();
}
