import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeLockWhenFree } from './writer-lock.ts';

/**
 * The folder that holds one shop: raw tables, builds, seeds of its own and the secret of its identifiers.
 *
 *     identity.secret   lake/<raw table>/*.parquet   seeds/*.csv   builds/<id>/<table>.parquet   current
 *     stream/*.log, what came over HTTP and is not in the lake yet   identity/, links between identifiers   keys.json
 */
export interface ShopDirectory {
  root: string;
  lake: string;
  builds: string;
  seeds: string;
  spill: string;
  /** Names the published build. */
  current: string;
}

/** Makes the folders that are not there yet. */
export function openShopDirectory(root: string): ShopDirectory {
  const directory = shopDirectory(root);
  for (const folder of [directory.lake, directory.builds, directory.spill])
    mkdirSync(folder, { recursive: true });
  return directory;
}

/** Names the folders and makes none: for those who only read. */
export function shopDirectory(root: string): ShopDirectory {
  return {
    root,
    lake: join(root, 'lake'),
    builds: join(root, 'builds'),
    seeds: join(root, 'seeds'),
    spill: join(root, 'spill'),
    current: join(root, 'current'),
  };
}

/** Takes away what a delivery that was killed had not written yet; only for who holds the lock. */
export function removeAbandonedDeliveries({ spill }: ShopDirectory): void {
  for (const name of readdirSync(spill)) {
    if (/^(delivery|forget)-/.test(name)) rmSync(join(spill, name), { recursive: true, force: true });
  }
}

/** The secret under which identifiers are hashed: made on first use, readable by the owner alone. */
export function identitySecret({ root }: ShopDirectory): string {
  const given = process.env.ROPO_IDENTITY_SECRET;
  if (given) return given;
  const file = join(root, 'identity.secret');
  if (!existsSync(file)) {
    // Written aside and linked: of two processes that begin at once both get the same.
    const own = `${file}.${process.pid}`;
    writeFileSync(own, randomBytes(32).toString('base64url'), { mode: 0o600 });
    try {
      linkSync(own, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    rmSync(own);
  }
  return readFileSync(file, 'utf8').trim();
}

export class ShopBusy extends Error {}

/** What a collector says it is at while it delivers, a second at a time: worth waiting for. */
export const INGEST = 'ingest';
const INGEST_PATIENCE_MS = 30_000;

export const shopLock = ({ root }: ShopDirectory) => join(root, 'lock');

/**
 * Lets one writer at a time into a shop and returns the way out. A lock whose process is gone is taken over; a
 * collector that delivers is waited for.
 * @throws ShopBusy when another process holds it.
 */
export async function lockShop(directory: ShopDirectory, purpose: string): Promise<() => void> {
  const taken = await takeLockWhenFree(shopLock(directory), purpose, (holder) =>
    holder.purpose === INGEST ? INGEST_PATIENCE_MS : 0,
  );
  if (typeof taken === 'function') return taken;
  throw new ShopBusy(
    `${directory.root} is in use: process ${taken.pid} is at "${taken.purpose}". Wait for it, or give --data another folder`,
  );
}
