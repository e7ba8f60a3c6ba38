import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ExportChecked } from '../../../pipeline/privacy/certificate.ts';
import { needlesIn } from '../../../pipeline/privacy/find-needles.ts';
import type { Needle } from '../../../pipeline/privacy/needles.ts';
import { openIdentityStore } from '../identity-store.ts';
import { startIngest } from '../ingest-loop.ts';
import { openRuleFile } from '../rule-file.ts';
import { ShopBusy, type ShopDirectory } from '../shop-directory.ts';
import { currentBuild } from '../warehouse.ts';
import { takeLock } from '../writer-lock.ts';
import { searchFile } from './proof.ts';
import type { PersonMarks } from './rejections-of.ts';

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

/** Links that are copied in one transaction. */
const COPIED_AT_ONCE = 5_000;

/**
 * Takes identifiers out of the identity store. What is left is then copied into a new file: a database leaves what it
 * deletes in pages that it may use again some day, and in the unused ends of pages that it does use, which a compacting
 * backup copies too.
 */
export async function forgetIdentities(directory: ShopDirectory, keys: readonly string[]): Promise<void> {
  const folder = join(directory.root, 'identity');
  if (!existsSync(folder)) return;
  const anew = join(directory.root, 'identity.anew');
  rmSync(anew, { recursive: true, force: true });
  const [store, copy] = [openIdentityStore(directory), openIdentityStore({ root: anew })];
  try {
    await store.forget(keys);
    let copied: Promise<boolean>[] = [];
    for (const link of store.all()) {
      copied.push(copy.put(link));
      if (copied.length < COPIED_AT_ONCE) continue;
      await Promise.all(copied);
      copied = [];
    }
    await Promise.all(copied);
  } finally {
    await store.close();
    await copy.close();
  }
  rmSync(folder, { recursive: true });
  renameSync(join(anew, 'identity'), folder);
  rmSync(anew, { recursive: true });
}

/**
 * Takes away the rules about who is who that name the person, and of the others a reason that does; returns how many
 * went.
 */
export function forgetRules(directory: ShopDirectory, { keys, needles }: PersonMarks): number {
  const file = openRuleFile(directory);
  let removed = 0;
  for (const rule of file.list()) {
    if (keys.has(rule.identifier_key) || keys.has(rule.other_key)) {
      file.remove(rule.rule_id);
      removed += 1;
    } else if (needlesIn(rule.reason, needles).size > 0) file.add({ ...rule, reason: '' });
  }
  return removed;
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
