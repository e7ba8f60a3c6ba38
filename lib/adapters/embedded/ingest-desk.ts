import { setTimeout as pause } from 'node:timers/promises';
import { isBot } from '../../domain/bots.ts';
import { createIdentify } from '../../domain/identifier.ts';
import { type IngestDeps, type Ingested, ingest, setAside } from '../../pipeline/ingest.ts';
import { readSeeds } from '../../pipeline/seeds.ts';
import type { StreamRecord } from '../../ports.ts';
import { hasFilesToMerge, mergeSmallFiles } from './compaction.ts';
import { type Engine, openEngine } from './duckdb.ts';
import { openIdentityStore } from './identity-store.ts';
import { createLake } from './lake.ts';
import {
  INGEST,
  identitySecret,
  removeAbandonedDeliveries,
  ShopBusy,
  type ShopDirectory,
  shopLock,
} from './shop-directory.ts';
import { newFileId, removeHalfWritten } from './table-files.ts';
import { isWanted, takeLockWhenFree } from './writer-lock.ts';

export interface IngestDeskOptions {
  /** Of how many records of a delivery the fates are told, the last; 1000 unless told. */
  lastFates?: number;
  now?: () => number;
  /** Memory that the engine may use, as DuckDB writes it; 1 GB unless told. */
  memoryLimit?: string;
  threads?: number;
}

/** Lake and identity store of a shop, for one batch at a time. */
export interface IngestDesk {
  /**
   * Takes records in, holding the shop's lock as long as that takes.
   * @param takesApart whether to find and set aside the records that fail by themselves
   * @param done called once they are in, with the lock still held
   * @param patienceMs how long to wait for the lock, asked again and again
   * @throws ShopBusy when the lock was not free that long
   */
  deliver(
    records: readonly StreamRecord[],
    takesApart: boolean,
    done: () => Promise<void>,
    patienceMs: () => number,
  ): Promise<Ingested[]>;
  /** Merges the small files of the lake, where there are many and nobody else wants the shop. */
  mergeFiles(): Promise<void>;
  close(): Promise<void>;
}

/** How long those that wait for the lock may go first. */
const COURTESY_MS = 10_000;

export function openIngestDesk(directory: ShopDirectory, options: IngestDeskOptions): IngestDesk {
  const identities = openIdentityStore(directory);
  const identify = createIdentify(identitySecret(directory));
  const matchesUnknownConsent = mayMatchUnknownConsent(directory);
  let engine: Engine | null = null;
  let isTidy = false;

  const depsOf = (opened: Engine): IngestDeps => ({
    lake: createLake(directory, opened, newFileId),
    identities,
    identify,
    isBot,
    now: options.now ?? Date.now,
    lastFates: options.lastFates ?? 1000,
    matchesUnknownConsent,
  });

  const openedEngine = async () => {
    engine ??= await openEngine({
      spillDirectory: directory.spill,
      memoryLimit: options.memoryLimit ?? '1GB',
      ...(options.threads ? { threads: options.threads } : {}),
    });
    return engine;
  };

  /** An engine that failed may be of no more use. */
  const closeEngine = () => {
    engine?.close();
    engine = null;
  };

  return {
    async deliver(records, takesApart, done, patienceMs) {
      await letOthersGoFirst(shopLock(directory));
      const lock = await takeLockWhenFree(shopLock(directory), INGEST, patienceMs);
      if (typeof lock !== 'function')
        throw new ShopBusy(`${directory.root} is in use: process ${lock.pid} is at "${lock.purpose}"`);
      try {
        if (!isTidy) {
          removeAbandonedDeliveries(directory);
          removeHalfWritten(directory.lake);
          isTidy = true;
        }
        const opened = await openedEngine();
        const deps = depsOf(opened);
        const ingested = takesApart ? await ingestApart(records, deps) : [await ingest(records, deps)];
        await done();
        return ingested;
      } catch (error) {
        closeEngine();
        throw error;
      } finally {
        lock();
      }
    },
    async mergeFiles() {
      if (isWanted(shopLock(directory))) return;
      const lock = await takeLockWhenFree(shopLock(directory), INGEST, () => 0);
      if (typeof lock !== 'function') return;
      try {
        if (hasFilesToMerge(directory)) await mergeSmallFiles(await openedEngine(), directory, newFileId);
      } catch (error) {
        closeEngine();
        throw error;
      } finally {
        lock();
      }
    },
    async close() {
      closeEngine();
      await identities.close();
    },
  };
}

/**
 * The shop's setting match_unknown_consent. Where its seeds cannot be read, which a build tells, it counts as false: what
 * comes in is stored all the same, and links can be added later, but not taken back.
 */
function mayMatchUnknownConsent({ seeds }: ShopDirectory): boolean {
  try {
    const settings = readSeeds(seeds).find(({ name }) => name === 'seed_settings');
    return settings?.rows.find(([name]) => name === 'match_unknown_consent')?.[1] === 'true';
  } catch {
    return false;
  }
}

async function letOthersGoFirst(lock: string): Promise<void> {
  const began = performance.now();
  while (isWanted(lock) && performance.now() - began < COURTESY_MS) await pause(10);
}

/** Takes a batch in by halves, down to the records that fail by themselves: those are set aside. */
async function ingestApart(records: readonly StreamRecord[], deps: IngestDeps): Promise<Ingested[]> {
  try {
    return [await ingest(records, deps)];
  } catch (error) {
    const [first] = records;
    // When the lake does not take the rejection either, this throws, and nothing is given up.
    if (first && records.length === 1) return [await setAside(first, error, deps)];
    const half = records.length >> 1;
    return [
      ...(await ingestApart(records.slice(0, half), deps)),
      ...(await ingestApart(records.slice(half), deps)),
    ];
  }
}
