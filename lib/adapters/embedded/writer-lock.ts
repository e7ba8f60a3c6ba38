import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isRunning, ownStart } from './process-start.ts';

/** Who holds a lock, and what for. */
export interface LockHolder {
  pid: number;
  purpose: string;
}

/**
 * Takes a lock, a file that one process at a time can make, and returns the way out; or tells who holds it. A lock
 * whose process is gone is taken over. All that share a lock must see each other's processes.
 */
export function takeLock(lock: string, purpose: string): (() => void) | LockHolder {
  const own = `${lock}.${process.pid}`;
  const mark = markOf(purpose);
  // A process of this number that is gone may have left the file as another name of its lock.
  rmSync(own, { force: true });
  writeFileSync(own, mark, { flag: 'wx' });
  try {
    while (!linked(own, lock)) {
      const found = textOf(lock);
      if (found === null) continue;
      const other = isHeld(found) ? holderIn(found) : removeStale(lock, purpose);
      if (other !== null) return other;
    }
  } finally {
    rmSync(own, { force: true });
  }
  let isGiven = true;
  return () => {
    if (isGiven && textOf(lock) === mark) rmSync(lock, { force: true });
    isGiven = false;
  };
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
      if (!isMarked) writeFileSync(wanted, markOf(purpose));
      isMarked = true;
      await pause(LOOK_AGAIN_MS);
    }
  } finally {
    if (isMarked) rmSync(wanted, { force: true });
  }
}

/** Whether a process that lives waits for the lock. */
export function isWanted(lock: string): boolean {
  const folder = dirname(lock);
  const marks = `${basename(lock)}${WANTED}`;
  return readdirSync(folder).some(
    (name) => name.startsWith(marks) && isHeld(textOf(join(folder, name)) ?? ''),
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

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** What a process writes into its lock: "4711@1a2b3c4d-88210 build", its number, its start and what it is at. */
const markOf = (purpose: string) => `${process.pid}@${ownStart()} ${purpose}`;

function holderIn(mark: string): LockHolder {
  const [process = '', ...purpose] = mark.split(' ');
  return { pid: Number.parseInt(process, 10), purpose: purpose.join(' ') };
}

const isHeld = (mark: string) => isRunning(holderIn(mark).pid, /^\d+@(\S+)/.exec(mark)?.[1] ?? null);

/**
 * Takes away the lock of a process that is gone, unless another is at that: tells who. Under a lock of its own, so that
 * what is taken away is what was looked at: nobody else can put another in its place between the two. Where that lock's
 * process is gone in turn, it is taken over in the same way.
 */
function removeStale(lock: string, purpose: string): LockHolder | null {
  const taken = takeLock(`${lock}.takeover`, purpose);
  if (typeof taken !== 'function') return taken;
  const found = textOf(lock);
  if (found !== null && !isHeld(found)) rmSync(lock, { force: true });
  taken();
  return null;
}
