import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isWanted, takeLock, takeLockWhenFree } from '../../lib/adapters/embedded/writer-lock.ts';

let folder: string;
let lock: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ropo-lock-'));
  lock = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** No system gives a process such a number. */
const GONE = 2 ** 30;
const taken = (name = lock) => {
  const unlock = takeLock(name, 'build');
  if (typeof unlock !== 'function') throw new Error(`${JSON.stringify(unlock)} holds ${name}`);
  return unlock;
};
/** What a process before this one, with another start, would have left. */
const ofEarlierProcess = (text: string) => text.replace(/@\S+/, '@0');

describe('a lock', () => {
  test('has one holder, whom the others see', () => {
    const unlock = taken();
    expect(takeLock(lock, 'import')).toEqual({ pid: process.pid, purpose: 'build' });
    unlock();
    taken()();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is taken over from a process that is gone, and from one that went while it took over', () => {
    writeFileSync(lock, `${GONE} build all`);
    writeFileSync(`${lock}.takeover`, `${GONE} build`);
    writeFileSync(`${lock}.takeover.takeover`, `${GONE} build`);
    taken()();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is left to the one that takes it over already', () => {
    writeFileSync(lock, `${GONE} build`);
    const unlock = taken(`${lock}.takeover`);
    expect(takeLock(lock, 'import')).toEqual({ pid: process.pid, purpose: 'build' });
    expect(readFileSync(lock, 'utf8')).toBe(`${GONE} build`);
    unlock();
    taken()();
  });

  test('is not given free for the next holder', () => {
    const first = taken();
    rmSync(lock);
    writeFileSync(lock, `${process.ppid} import`);
    first();
    expect(readFileSync(lock, 'utf8')).toBe(`${process.ppid} import`);
    rmSync(lock);
    const second = taken();
    first();
    expect(existsSync(lock)).toBe(true);
    second();
    expect(existsSync(lock)).toBe(false);
  });
});

describe('a number that a process had before', () => {
  test('is not the process that has it now, be that this one', () => {
    writeFileSync(lock, `${process.pid} collect`);
    taken()();
    const unlock = taken();
    const text = readFileSync(lock, 'utf8');
    unlock();
    writeFileSync(lock, ofEarlierProcess(text));
    taken()();
  });

  test.runIf(existsSync('/proc/self/stat'))('or another', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    try {
      await once(child, 'spawn');
      writeFileSync(lock, `${child.pid}@0 collect`);
      taken()();
      writeFileSync(lock, `${child.pid} collect`);
      expect(takeLock(lock, 'build')).toEqual({ pid: child.pid, purpose: 'collect' });
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  });

  test('does not make its lock this one’s where it was killed before it was done', () => {
    // The two names of one file, as between linking the lock and removing the other name.
    writeFileSync(`${lock}.${process.pid}`, `${GONE} collect`);
    linkSync(`${lock}.${process.pid}`, lock);
    taken()();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('does not wait for the lock', async () => {
    const unlock = taken();
    let marked = '';
    const given = await takeLockWhenFree(lock, 'build', () => {
      const name = readdirSync(folder).find((each) => each.includes('wanted'));
      if (name) marked = readFileSync(join(folder, name), 'utf8');
      return marked === '' ? 60_000 : 0;
    });
    expect(given).toEqual({ pid: process.pid, purpose: 'build' });
    unlock();
    const mark = `${lock}.wanted.${process.pid}`;
    writeFileSync(mark, marked);
    expect(isWanted(lock)).toBe(true);
    writeFileSync(mark, ofEarlierProcess(marked));
    expect(isWanted(lock)).toBe(false);
  });
});

test('four processes that take over from each other never hold it at once', async () => {
  const program = fileURLToPath(new URL('./lock-and-crash.ts', import.meta.url));
  const clashes = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const child = spawn(process.execPath, ['--import', 'tsx', program, lock, '80'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      expect(await once(child, 'close')).toEqual([0, null]);
      return Number(text);
    }),
  );
  expect(clashes).toEqual([0, 0, 0, 0]);
  expect(readdirSync(folder)).toEqual(['lock']);
});
