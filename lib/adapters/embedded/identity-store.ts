import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import type { IdentityLink, IdentityStore } from '../../ports.ts';
import type { ShopDirectory } from './shop-directory.ts';

/** Stands between the two identifiers of an entry; below every character of a key, so that ranges end where they should. */
const BETWEEN = '\u0001';
const AFTER = '\u0002';
/** Which way an entry is written. */
const FORWARD = '>';
const BACKWARD = '<';

/** A store that a process has opened. */
export interface OpenIdentityStore extends IdentityStore {
  /** All links, each once, read as they are asked for. */
  all(): Iterable<IdentityLink>;
  close(): Promise<void>;
}

/**
 * The links of a shop in `identity/` of its folder, in a memory-mapped B-tree (LMDB): the system's page cache holds what
 * is in use, the process almost nothing. Any number of processes may read and write at once; a write is there for all of
 * them, and on disk, when `put` resolves. Each link is two entries, one under either identifier, made in one transaction.
 */
export function openIdentityStore({ root }: Pick<ShopDirectory, 'root'>): OpenIdentityStore {
  const folder = join(root, 'identity');
  mkdirSync(folder, { recursive: true });
  // With overlapping sync a commit is told before it is on disk.
  const links = open<string, string>(join(folder, 'links.mdb'), {
    encoding: 'string',
    overlappingSync: false,
  });

  const putNow = (link: IdentityLink): boolean => {
    const key = entryKey(link.strong_key, link.weak_key);
    const known = links.get(key);
    if (known !== undefined && known.slice(3) <= link.first_seen) return false;
    const kinds = `${link.strong_kind}${link.weak_kind}`;
    links.putSync(entryKey(link.weak_key, link.strong_key), `${BACKWARD}${kinds}${link.first_seen}`);
    links.putSync(key, `${FORWARD}${kinds}${link.first_seen}`);
    return true;
  };
  /** What is asked for in one turn of the loop is written in one transaction: one wait for the disk. */
  let waiting: { asked: IdentityLink[]; told: Promise<boolean[]> } | null = null;

  return {
    async firstSeen(pairs) {
      return pairs.map(({ strong_key, weak_key }) => {
        const entry = links.get(entryKey(strong_key, weak_key));
        return entry === undefined ? null : entry.slice(3);
      });
    },
    async put(link) {
      if (waiting === null) {
        const asked: IdentityLink[] = [];
        const told = Promise.resolve().then(() => {
          waiting = null;
          return links.transaction(() => asked.map(putNow));
        });
        waiting = { asked, told };
      }
      const place = waiting.asked.push(link) - 1;
      return (await waiting.told)[place]!;
    },
    async linksOf(identifierKey, limit) {
      return Array.from(
        links
          .getRange({ start: identifierKey + BETWEEN, end: identifierKey + AFTER, limit })
          .map(({ key, value }) => linkOf(key, value)),
      );
    },
    async forget(identifierKeys) {
      await links.transaction(() => {
        for (const identifier of identifierKeys) {
          const range = { start: identifier + BETWEEN, end: identifier + AFTER };
          for (const key of Array.from(links.getKeys(range))) {
            const [one, other] = key.split(BETWEEN) as [string, string];
            links.removeSync(key);
            links.removeSync(entryKey(other, one));
          }
        }
      });
    },
    *all() {
      for (const { key, value } of links.getRange()) if (value[0] === FORWARD) yield linkOf(key, value);
    },
    close: () => links.close(),
  };
}

const entryKey = (one: string, other: string) => one + BETWEEN + other;

function linkOf(key: string, value: string): IdentityLink {
  const [one, other] = key.split(BETWEEN) as [string, string];
  const [strong_key, weak_key] = value[0] === FORWARD ? [one, other] : [other, one];
  return {
    strong_key,
    strong_kind: Number(value[1]),
    weak_key,
    weak_kind: Number(value[2]),
    first_seen: value.slice(3),
  };
}
