import { RAW_TABLE_NAMES } from '../../domain/raw-tables.ts';
import { inDependencyOrder } from '../../pipeline/build-step.ts';
import { readSqlFolder, type SqlFile, TABLE_FOLDERS } from '../../pipeline/sql-files.ts';

/** The KPIs that the ROPO part of a build answers; the rest of what it makes comes before. */
export const ROPO_KPIS = ['ropo', 'ropo-waterfall', 'ropo-grid', 'ropo-lags'] as const;

/** SQL files of a build, in its order: those that make the ROPO tables, and what they need that is not `given`. */
export function ropoPart(given: readonly string[]): { before: SqlFile[]; ropo: SqlFile[] } {
  const files = new Map(
    TABLE_FOLDERS.flatMap((folder) => readSqlFolder(folder)).map((file) => [file.name, file]),
  );
  const known = new Set([...given, ...RAW_TABLE_NAMES]);
  const needed = new Set<SqlFile>();
  const need = (name: string) => {
    const file = files.get(name);
    if (!file || known.has(name) || needed.has(file)) return;
    needed.add(file);
    for (const read of file.reads) need(read);
  };
  need('settings');
  for (const { name } of readSqlFolder('ropo')) need(name);
  for (const query of readSqlFolder('queries'))
    if ((ROPO_KPIS as readonly string[]).includes(query.name)) for (const read of query.reads) need(read);
  const ordered = inDependencyOrder([...needed], known);
  return {
    before: ordered.filter(({ folder }) => folder !== 'ropo'),
    ropo: ordered.filter(({ folder }) => folder === 'ropo'),
  };
}
