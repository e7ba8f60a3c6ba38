import { RAW_TABLE_NAMES } from '../../domain/raw-tables.ts';
import { type BuildStep, inDependencyOrder } from '../../pipeline/build-step.ts';
import { resolveIdentity } from '../../pipeline/resolve-identity.ts';
import { type Seed, seedSelect } from '../../pipeline/seeds.ts';
import { readSqlFolder, type SqlFile } from '../../pipeline/sql-files.ts';
import type { Warehouse } from '../../ports.ts';

/** Makes the tables of a build that say who is who, and no others. */
export async function createIdentityTables(warehouse: Warehouse, seeds: readonly Seed[]): Promise<void> {
  for (const seed of seeds) await warehouse.createTable(seed.name, seedSelect(seed));
  for (const maker of identityMakers(seeds.map(({ name }) => name))) {
    if ('select' in maker) await warehouse.createTable(maker.name, maker.select);
    else
      await maker.run(warehouse, async (name, columns) => {
        await warehouse.createColumns(name, columns);
      });
  }
}

function identityMakers(seedNames: readonly string[]): (SqlFile | BuildStep)[] {
  const makers = new Map<string, SqlFile | BuildStep>();
  for (const maker of [...readSqlFolder('staging'), resolveIdentity])
    for (const table of maker.makes) makers.set(table, maker);
  const needed = new Set<SqlFile | BuildStep>();
  const need = (table: string) => {
    const maker = makers.get(table);
    if (!maker || needed.has(maker)) return;
    needed.add(maker);
    for (const read of maker.reads) need(read);
  };
  need('persons');
  return inDependencyOrder([...needed], new Set([...RAW_TABLE_NAMES, ...seedNames]));
}
