import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { open } from 'lmdb';
import type { ExportChecked } from '../../../pipeline/privacy/certificate.ts';
import type { Needle } from '../../../pipeline/privacy/needles.ts';
import { openIdentityStore } from '../identity-store.ts';
import { startIngest } from '../ingest-loop.ts';
import { ShopBusy, type ShopDirectory } from '../shop-directory.ts';
import { currentBuild } from '../warehouse.ts';
import { takeLock } from '../writer-lock.ts';
import { searchFile } from './proof.ts';

/**
 * Brings what waits in the stream into the lake and keeps collectors out until it is given free: what waits holds
 * identifiers in clear. Called before the shop is opened.
 * @throws ShopBusy when a collector runs
 */
export async function quietStream(directory: ShopDirectory): Promise<() => void> {
  const folder = join(directory.root, 'stream');
  const waits = existsSync(folder) && readdirSync(folder).some((name) => name !== 'lock');
  if (waits) {
    const loop = await startIngest(directory);
    try {
      await loop.drained();
    } finally {
      await loop.close();
    }
  }
  mkdirSync(folder, { recursive: true });
  const taken = takeLock(join(folder, 'lock'), 'erase');
  if (typeof taken === 'function') return taken;
  throw new ShopBusy(
    `${directory.root} has a collector at work: process ${taken.pid}. Stop it, erase, and start it again; its clients try again by themselves`,
  );
}

/**
 * Takes identifiers out of the identity store. Its file is then written anew: a database leaves what it deletes in pages
 * that it may use again some day.
 */
export async function forgetIdentities(directory: ShopDirectory, keys: readonly string[]): Promise<void> {
  const folder = join(directory.root, 'identity');
  if (!existsSync(folder)) return;
  const store = openIdentityStore(directory);
  try {
    await store.forget(keys);
  } finally {
    await store.close();
  }
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.mdb'))) {
    const aside = join(folder, `${name}.anew`);
    rmSync(aside, { recursive: true, force: true });
    const database = open({ path: join(folder, name) });
    try {
      await database.backup(aside, true);
    } finally {
      await database.close();
    }
    renameSync(aside, join(folder, name));
    rmSync(join(folder, `${name}-lock`), { force: true });
  }
}

/** Takes away every build but the published one; returns how many. */
export function removeOtherBuilds(directory: ShopDirectory): number {
  const current = currentBuild(directory);
  const others = readdirSync(directory.builds).filter((name) => name !== current);
  for (const name of others) rmSync(join(directory.builds, name), { recursive: true, force: true });
  return others.length;
}

/** Takes away what processes that are gone left of their work; readers keep theirs. */
export function emptySpill({ spill }: ShopDirectory): void {
  for (const name of readdirSync(spill))
    if (name !== 'readers') rmSync(join(spill, name), { recursive: true, force: true });
}

/** What was given out of the shop before, and whether the files that are still there hold the person. */
export async function checkExports(
  { root }: ShopDirectory,
  needles: readonly Needle[],
): Promise<ExportChecked[]> {
  const log = join(root, 'exports.jsonl');
  if (!existsSync(log)) return [];
  const made = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as { file: string; made_at: string; format: string });
  return Promise.all(
    made.map(async ({ file, made_at, format }) => {
      const path = [resolve(file), resolve(root, file)].find((each) => existsSync(each));
      const holds = path === undefined ? null : (await searchFile(path, needles)).found.size > 0;
      return { file, made_at, format, holds_person: holds };
    }),
  );
}
