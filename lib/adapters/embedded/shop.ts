import { availableParallelism } from 'node:os';
import { isBot } from '../../domain/bots.ts';
import { createIdentify } from '../../domain/identifier.ts';
import { type BuildOptions, buildTables } from '../../pipeline/build-tables.ts';
import { closePeriod } from '../../pipeline/close-period.ts';
import type { Importer } from '../../pipeline/import-files.ts';
import { readSeeds } from '../../pipeline/seeds.ts';
import type { BuildManifest, Closing } from '../../ports.ts';
import { createAcceptPool } from './accept-pool.ts';
import { createClosedPeriods } from './closed-periods.ts';
import { openEngine } from './duckdb.ts';
import { createLake } from './lake.ts';
import {
  identitySecret,
  lockShop,
  openShopDirectory,
  removeAbandonedDeliveries,
  type ShopDirectory,
} from './shop-directory.ts';
import { newFileId, removeHalfWritten } from './table-files.ts';
import { isSmallBuild, openBuild, openPublished } from './warehouse.ts';

/** A shop on this machine, open for writing: one writer at a time. */
export interface WritableShop {
  directory: ShopDirectory;
  importer: Importer;
  build(onTable?: BuildOptions['onTable']): Promise<BuildManifest>;
  /**
   * Keeps what the published build reports of all days up to one that are not closed yet.
   * @throws CannotClose when that cannot be
   */
  closePeriod(through: string): Promise<Closing & { figures: number }>;
  close(): void;
}

/**
 * Opens the shop in a folder for imports and builds, making it where there is none.
 * @throws ShopBusy when another process writes to it
 */
export async function openShop(
  root: string,
  purpose: string,
  now: () => number = Date.now,
): Promise<WritableShop> {
  const directory = openShopDirectory(root);
  const unlock = await lockShop(directory, purpose);
  try {
    removeAbandonedDeliveries(directory);
    removeHalfWritten(directory.lake);
    const engine = await openEngine({ spillDirectory: directory.spill });
    const secret = identitySecret(directory);
    const pool = createAcceptPool(secret, Math.min(4, availableParallelism()));
    return {
      directory,
      importer: {
        lake: createLake(directory, engine, newFileId),
        identify: createIdentify(secret),
        sideBySide: pool.sideBySide,
        isBot,
        now,
      },
      async build(onTable) {
        const buildId = newFileId();
        const buildEngine = await openEngine({ spillDirectory: directory.spill });
        try {
          const seeds = readSeeds(directory.seeds);
          const inMemory = await isSmallBuild(directory, buildEngine);
          const warehouse = await openBuild(directory, buildEngine, buildId, { inMemory });
          const builtAt = new Date(now()).toISOString();
          return await buildTables({ warehouse, seeds, buildId, builtAt, ...(onTable ? { onTable } : {}) });
        } finally {
          buildEngine.close();
        }
      },
      async closePeriod(through) {
        const closingEngine = await openEngine({ spillDirectory: directory.spill });
        try {
          const periods = createClosedPeriods(directory, closingEngine);
          const published = await openPublished(directory, closingEngine);
          return await closePeriod({ periods, build: published?.manifest ?? null, through, now: now() });
        } finally {
          closingEngine.close();
        }
      },
      close() {
        pool.close();
        engine.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}
