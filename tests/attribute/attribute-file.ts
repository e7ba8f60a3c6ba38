import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Attribution, attribute } from '../../lib/attribute/attribute.ts';
import { MODELS } from '../../lib/attribute/model-credit.ts';
import { packingOf } from '../../lib/attribute/path-file.ts';
import { type ReadOptions, readPaths } from '../../lib/attribute/read-paths.ts';
import type { AttributeSettings } from '../../lib/attribute/settings.ts';
import { type Exact, resultTable, TABLES, type TableName } from '../../lib/attribute/tables.ts';
import { tablesJson } from '../../lib/attribute/write-tables.ts';

/** All models, so that whatever holds of a result holds of each. */
export const SETTINGS: AttributeSettings = {
  models: MODELS,
  order: 1,
  transforms: ['unique'],
  intervals: 0,
  level: 0.9,
  seed: 1,
};

export const COUNTS = 'path,total_conversions,total_conversion_value,total_null';

/** A folder of files to attribute; it goes away with `remove`. */
export function pathFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'ropo-paths-'));
  let files = 0;
  return {
    folder,
    write(content: string | Buffer, name = `paths-${files++}.csv`): string {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export async function attributeFile(
  file: string,
  settings: Partial<AttributeSettings> = {},
  read: Partial<ReadOptions> = {},
): Promise<Attribution> {
  const source = await readPaths(file, packingOf(file), { kind: 'counts', threads: 1, ...read });
  try {
    return await attribute(
      source,
      { ...SETTINGS, ...settings },
      { threads: read.threads ?? 1, withPositions: true },
    );
  } finally {
    await source.close();
  }
}

/** All tables of a result as JSON: what must be the same to the last byte. */
export function allBytes(result: Attribution): string {
  const tables = (Object.keys(TABLES) as TableName[]).map((name) => resultTable(name, result));
  return tablesJson(
    result,
    tables.filter((table) => table !== null),
  );
}

/** Credit by model and channel, in conversions or value, as it is written. */
export function creditOf(result: Attribution, column: 'conversions' | 'value' = 'conversions') {
  const { columns, rows } = resultTable('credit', result)!;
  const place = columns.indexOf(column);
  const credit: Record<string, Record<string, string>> = {};
  for (const row of rows) {
    credit[String(row[0])] ??= {};
    credit[String(row[0])]![String(row[1])] = (row[place] as Exact).digits;
  }
  return credit;
}
