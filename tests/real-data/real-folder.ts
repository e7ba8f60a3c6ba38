import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const DATA = join(process.cwd(), '..', 'shared', 'data');

export const SKIPPED = 'skipped: the folder ../shared/data with the real files is not here';

/** Paths of the files of a real data set, or null where the folder is absent. */
export function realPaths(dataSet: string, pattern = /./): string[] | null {
  const folder = join(DATA, dataSet);
  if (!existsSync(folder)) return null;
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(folder, name));
}
