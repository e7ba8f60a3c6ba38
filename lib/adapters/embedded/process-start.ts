import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Tells a process from those that had its number before it. */

/** Where no start can be read: this process knows itself, and nobody else. */
const OWN_TOKEN = randomBytes(8).toString('hex');

/** The boot of the system and the start of a process in it, without spaces; null where that cannot be read. */
function startOf(pid: number | 'self'): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, which stands in brackets, may hold spaces and brackets. Behind it: state, and the start as field 22 of all.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return ENDED;
    return fields[19] === undefined ? null : `${boot}-${fields[19]}`;
  } catch {
    return null;
  }
}

/** In place of a start: one that was killed keeps its number until somebody asks for its end. */
const ENDED = 'ended';

let own: string | undefined;

/** The start of this process, as `isRunning` takes it. */
export function ownStart(): string {
  own ??= startOf('self') ?? OWN_TOKEN;
  return own;
}

/**
 * Whether a process is still there, and is the one that started then. Without a start, as in locks of earlier versions,
 * any other of its number counts as it. Where the starts of others cannot be read, their number is all there is to go by.
 */
export function isRunning(pid: number, start: string | null): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return start === ownStart();
  if (!hasProcess(pid)) return false;
  const now = startOf(pid);
  if (now === ENDED) return false;
  return now === null || start === null || now === start;
}

function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
