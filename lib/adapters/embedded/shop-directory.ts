import { randomBytes } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * The folder that holds one shop: raw tables, builds, seeds of its own and the secret of its identifiers.
 *
 *     identity.secret   lake/<raw table>/*.parquet   seeds/*.csv   builds/<id>/<table>.parquet   current
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
    if (name.startsWith('delivery-')) rmSync(join(spill, name), { recursive: true, force: true });
  }
}

/** The secret under which identifiers are hashed: made on first use, readable by the owner alone. */
export function identitySecret({ root }: ShopDirectory): string {
  const given = process.env.ROPO_IDENTITY_SECRET;
  if (given) return given;
  const file = join(root, 'identity.secret');
  if (!existsSync(file))
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

export class ShopBusy extends Error {}

/**
 * Lets one writer at a time into a shop and returns the way out. A lock whose process is gone is taken over.
 * @throws ShopBusy when another process holds it.
 */
export function lockShop({ root }: ShopDirectory, purpose: string): () => void {
  const lock = join(root, 'lock');
  const own = join(root, `lock.${process.pid}`);
  writeFileSync(own, `${process.pid} ${purpose}`);
  try {
    while (!linked(own, lock)) {
      const holder = holderOf(lock);
      if (holder === null) continue;
      if (isAlive(holder.pid)) {
        throw new ShopBusy(
          `${root} is in use: process ${holder.pid} is at "${holder.purpose}". Wait for it, or give --data another folder`,
        );
      }
      removeStale(lock, holder.pid);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(lock, { force: true });
}

/** Gives a file a second name, all at once; false where the name is taken. */
function linked(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function holderOf(lock: string): { pid: number; purpose: string } | null {
  try {
    const [pid = '', ...purpose] = readFileSync(lock, 'utf8').split(' ');
    return { pid: Number(pid), purpose: purpose.join(' ') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Takes away the lock of a process that is gone; puts it back where another took it over meanwhile. */
function removeStale(lock: string, pid: number): void {
  const aside = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (holderOf(aside)?.pid !== pid) linked(aside, lock);
  rmSync(aside, { force: true });
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
