import { join } from 'node:path';
import { makePersonsNow } from '../../../pipeline/privacy/persons-now.ts';
import { readSeeds } from '../../../pipeline/seeds.ts';
import { type Engine, openEngine, pathLiteral } from '../duckdb.ts';
import type { ShopDirectory } from '../shop-directory.ts';
import { newFileId } from '../table-files.ts';
import { isSmallBuild, openBuild } from '../warehouse.ts';

/**
 * Shows `persons_now` to an engine: who is who by all records up to now, whatever the published build knows. It is
 * resolved in a build that is thrown away. Time: the part of a build up to the identity graph.
 */
export async function viewPersonsNow(engine: Engine, directory: ShopDirectory): Promise<void> {
  const buildId = newFileId();
  const own = await openEngine({ spillDirectory: directory.spill });
  try {
    const inMemory = await isSmallBuild(directory, own);
    const warehouse = await openBuild(directory, own, buildId, { inMemory });
    try {
      await makePersonsNow(warehouse, readSeeds(directory.seeds));
      const file = join(directory.builds, buildId, 'persons.parquet');
      await engine.run(
        `CREATE OR REPLACE TEMP TABLE persons_now AS SELECT identifier_key, person_id FROM read_parquet(${pathLiteral(file)})`,
      );
    } finally {
      await warehouse.discard();
    }
  } finally {
    own.close();
  }
}
