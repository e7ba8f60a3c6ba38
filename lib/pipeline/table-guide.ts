import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { buildSteps } from './build-tables.ts';
import { readSqlFolder, SQL_DIRECTORY, TABLE_FOLDERS } from './sql-files.ts';

export interface TableGuide {
  name: string;
  folder: string;
  /** What one row is. */
  grain: string;
  key: readonly string[];
}

/** Every table that a build makes of the data, in the order of the folders. */
export function describeTables(): TableGuide[] {
  const files: TableGuide[] = TABLE_FOLDERS.flatMap((folder) => readSqlFolder(folder));
  return TABLE_FOLDERS.flatMap((folder) =>
    [...files, ...buildSteps().flatMap(({ tables }) => tables)]
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
