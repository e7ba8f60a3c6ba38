import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
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

export function openShopDirectory(root: string): ShopDirectory {
  const directory = {
    root,
    lake: join(root, 'lake'),
    builds: join(root, 'builds'),
    seeds: join(root, 'seeds'),
    spill: join(root, 'spill'),
    current: join(root, 'current'),
  };
  for (const folder of [directory.lake, directory.builds, directory.spill])
    mkdirSync(folder, { recursive: true });
  return directory;
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
  const file = join(root, 'lock');
  for (;;) {
    try {
      const handle = openSync(file, 'wx');
      writeFileSync(handle, `${process.pid} ${purpose}`);
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const [pid = '', ...other] = readFileSync(file, 'utf8').split(' ');
      if (isAlive(Number(pid))) {
        throw new ShopBusy(
          `${root} is in use: process ${pid} is at "${other.join(' ')}". Wait for it, or give --data another folder`,
        );
      }
      rmSync(file, { force: true });
    }
  }
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
