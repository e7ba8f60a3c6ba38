import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { readSqlFolder, SQL_DIRECTORY, type SqlFile, TABLE_FOLDERS } from './sql-files.ts';

/** Tables made between the SQL, described like it. */
const MADE_BETWEEN: Pick<SqlFile, 'name' | 'folder' | 'grain' | 'key'>[] = [
  {
    name: 'identity_partition',
    folder: 'staging',
    grain: 'One row per linked identifier: the identifier that stands for its person.',
    key: ['node'],
  },
  {
    name: 'identity_refusals',
    folder: 'staging',
    grain: 'One row per link between identifiers: whether it was followed, and if not, why.',
    key: ['link'],
  },
];

export interface TableGuide {
  name: string;
  folder: string;
  /** What one row is. */
  grain: string;
  key: string[];
}

/** Every table that a build makes of the data, in the order of the folders. */
export function describeTables(): TableGuide[] {
  const files: TableGuide[] = TABLE_FOLDERS.flatMap((folder) => readSqlFolder(folder));
  return TABLE_FOLDERS.flatMap((folder) =>
    [...files, ...MADE_BETWEEN]
      .filter((table) => table.folder === folder)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, grain, key }) => ({ name, folder, grain, key })),
  );
}

/** Meaning of each column by name; a name means the same in every table. */
export function columnMeanings(): Map<string, string> {
  const rows = parse(readFileSync(join(SQL_DIRECTORY, 'columns.csv'), 'utf8'), { columns: true }) as {
    column: string;
    meaning: string;
  }[];
  return new Map(rows.map(({ column, meaning }) => [column, meaning]));
}
