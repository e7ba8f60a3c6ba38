import { linkSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Who holds a lock, and what for. */
export interface LockHolder {
  pid: number;
  purpose: string;
}

/**
 * Takes a lock, a file that one process at a time can make, and returns the way out; or tells who holds it. A lock
 * whose process is gone is taken over.
 */
export function takeLock(lock: string, purpose: string): (() => void) | LockHolder {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, `${process.pid} ${purpose}`);
  try {
    while (!linked(own, lock)) {
      const holder = holderOf(lock);
      if (holder === null) continue;
      if (isAlive(holder.pid)) return holder;
      removeStale(lock, holder.pid);
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => rmSync(lock, { force: true });
}

const WANTED = '.wanted.';
const LOOK_AGAIN_MS = 20;

/**
 * Takes a lock as soon as it is free. While it waits, the holder sees that somebody does (`isWanted`).
 * @param mayWait how long for a holder, in milliseconds since the waiting began
 * @returns the way out, or the holder for whom it waited long enough
 */
export async function takeLockWhenFree(
  lock: string,
  purpose: string,
  mayWait: (holder: LockHolder) => number,
): Promise<(() => void) | LockHolder> {
  const wanted = `${lock}${WANTED}${process.pid}`;
  const began = performance.now();
  let isMarked = false;
  try {
    for (;;) {
      const taken = takeLock(lock, purpose);
      if (typeof taken === 'function') return taken;
      if (performance.now() - began >= mayWait(taken)) return taken;
      if (!isMarked) writeFileSync(wanted, purpose);
      isMarked = true;
      await pause(LOOK_AGAIN_MS);
    }
  } finally {
    if (isMarked) rmSync(wanted, { force: true });
  }
}

/** Whether a process that lives waits for the lock. */
export function isWanted(lock: string): boolean {
  const marks = `${basename(lock)}${WANTED}`;
  return readdirSync(dirname(lock)).some(
    (name) => name.startsWith(marks) && isAlive(Number(name.slice(marks.length))),
  );
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

function holderOf(lock: string): LockHolder | null {
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
