import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { openIdentityStore } from '../../lib/adapters/embedded/identity-store.ts';
import type { IdentityLink } from '../../lib/ports.ts';
import { BATCHES, batchOf, WRITER } from './identity-writer.ts';

const WORKERS = 3;
/** Batches, counted over all runs of a worker, at whose beginning it is killed. */
const KILLED_AT = [
  [2, 3, 17, 40],
  [5, 30, 31],
  [1, 59],
];
const writer = fileURLToPath(new URL('identity-writer.ts', import.meta.url));

let root: string | undefined;
const children = new Set<ChildProcess>();
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  if (root) rmSync(root, { recursive: true, force: true });
});

/** Lets a worker write its evidence, killing it on the way; it begins again where it was known to be done. */
async function deliver(folder: string, worker: number): Promise<number> {
  const kills = [...KILLED_AT[worker]!];
  let done = -1;
  let killed = 0;
  while (done < BATCHES - 1) {
    const child = fork(writer, [WRITER], { execArgv: ['--import', 'tsx'] });
    children.add(child);
    child.on('message', (message: { begun?: number; done?: number }) => {
      if (message.done !== undefined) done = message.done;
      // The word of it comes while the batch is on its way: which of its links are written is chance.
      if (message.begun !== undefined && message.begun >= (kills[0] ?? Number.POSITIVE_INFINITY)) {
        kills.shift();
        child.kill('SIGKILL');
      }
    });
    child.send({ root: folder, worker, from: done + 1 });
    const signal = await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)));
    children.delete(child);
    if (signal === 'SIGKILL') killed += 1;
    else expect(signal).toBeNull();
  }
  return killed;
}

test('processes that write side by side and are killed leave, after redelivery, all links with their earliest times', async () => {
  root = mkdtempSync(join(tmpdir(), 'ropo-identity-'));
  const folder = root;
  const killed = await Promise.all(Array.from({ length: WORKERS }, (_, worker) => deliver(folder, worker)));
  expect(killed.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(5);

  const expected = new Map<string, IdentityLink>();
  for (let worker = 0; worker < WORKERS; worker++) {
    for (let batch = 0; batch < BATCHES; batch++) {
      for (const one of batchOf(worker, batch)) {
        const known = expected.get(one.weak_key);
        if (!known || one.first_seen < known.first_seen) expected.set(one.weak_key, one);
      }
    }
  }
  const store = openIdentityStore({ root: folder });
  try {
    for (const one of expected.values()) {
      expect(await store.linksOf(one.weak_key, 10)).toEqual([one]);
      expect(await store.linksOf(one.strong_key, 10)).toContainEqual(one);
    }
    expect(expected.size).toBeGreaterThan(1000);
  } finally {
    await store.close();
  }
}, 240_000);
