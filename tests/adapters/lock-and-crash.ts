import { closeSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { takeLock } from '../../lib/adapters/embedded/writer-lock.ts';

/**
 * Takes a lock again and again, each time over from a process that is gone, and writes how often somebody else held it
 * at the same time.
 */
const [, , lock = '', times = ''] = process.argv;
/** No system gives a process such a number. */
const GONE = `${2 ** 30} build`;
const holding = `${lock}-holding`;
let clashes = 0;

const leave = (name: string) => {
  const aside = `${name}-left-by-${process.pid}`;
  writeFileSync(aside, GONE);
  renameSync(aside, name);
};

for (let taken = 0; taken < Number(times); ) {
  const unlock = takeLock(lock, 'build');
  if (typeof unlock !== 'function') continue;
  taken++;
  try {
    closeSync(openSync(holding, 'wx'));
  } catch {
    clashes++;
  }
  for (let n = 0; n < 2000; n++) Math.sqrt(n);
  rmSync(holding, { force: true });
  leave(lock);
}
writeSync(1, String(clashes));
