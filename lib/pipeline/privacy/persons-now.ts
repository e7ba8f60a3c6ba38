import { RAW_TABLE_NAMES } from '../../domain/raw-tables.ts';
import type { Warehouse } from '../../ports.ts';
import { type BuildStep, inDependencyOrder } from '../build-step.ts';
import { buildSteps } from '../build-tables.ts';
import { PREVIOUS_TABLES } from '../previous-tables.ts';
import { type Seed, seedSelect } from '../seeds.ts';
import { readSqlFolder, type SqlFile, TABLE_FOLDERS } from '../sql-files.ts';

/**
 * Makes `persons` of the raw tables as they are now, and of a build nothing else but what that takes. Nothing is
 * published.
 */
export async function makePersonsNow(warehouse: Warehouse, seeds: readonly Seed[]): Promise<void> {
  const files = TABLE_FOLDERS.flatMap((folder) => readSqlFolder(folder));
  const given = new Set<string>([
    ...RAW_TABLE_NAMES,
    ...Object.keys(PREVIOUS_TABLES),
    ...seeds.map(({ name }) => name),
  ]);
  const makers = inDependencyOrder<SqlFile | BuildStep>([...files, ...buildSteps()], given);
  const needed = new Set(['persons']);
  for (const maker of makers.toReversed())
    if (maker.makes.some((table) => needed.has(table))) for (const table of maker.reads) needed.add(table);
  for (const seed of seeds)
    if (needed.has(seed.name)) await warehouse.createTable(seed.name, seedSelect(seed));
  for (const maker of makers.filter(({ makes }) => makes.some((table) => needed.has(table)))) {
    if ('select' in maker) await warehouse.createTable(maker.name, maker.select);
    else
      await maker.run(
        warehouse,
        async (name, columns) => void (await warehouse.createColumns(name, columns)),
      );
  }
}
