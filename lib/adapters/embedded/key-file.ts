import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  KEY_KINDS,
  type KeyKind,
  type ReaderToken,
  readerTokens,
  type SourceKey,
  type SourceKeys,
  sourceKeys,
} from '../../domain/source-keys.ts';
import type { ShopDirectory } from './shop-directory.ts';

/** A key as the file holds it. */
export interface KeptKey extends SourceKey {
  /** ISO 8601 UTC text. */
  created_at: string;
}

/** Thrown where a change of the keys cannot be made; the message says why. */
export class KeyProblem extends Error {}

/** The keys of a shop, in `keys.json`, readable by the owner alone. What other processes change shows at once. */
export interface KeyFile extends SourceKeys {
  /** All keys, those that were revoked too, in the order they were made. */
  list(): KeptKey[];
  /** The reader whose token has a hash. */
  reader(hash: string): ReaderToken | undefined;
  /**
   * Makes a key with a random id, and a secret unless it is a web key's.
   * @throws KeyProblem where the name is taken
   */
  add(key: Pick<KeptKey, 'name' | 'kind' | 'created_at'> & Partial<SourceKey>): KeptKey;
  /**
   * Changes the key of a name that was not revoked, and returns it as it is now.
   * @throws KeyProblem where there is none
   */
  change(name: string, changed: (key: KeptKey) => Partial<KeptKey>): KeptKey;
}

/** A secret for signatures: 256 random bits. */
export const newSecret = () => `ropo_sk_${randomBytes(32).toString('base64url')}`;

/** A token for reading figures, of which only the hash is kept: 256 random bits. */
export const newToken = () => `ropo_rt_${randomBytes(32).toString('base64url')}`;

/** The key file of a shop; there need be none yet. */
export function openKeyFile({ root }: ShopDirectory): KeyFile {
  const path = join(root, 'keys.json');
  let version = '';
  let kept: KeptKey[] = [];
  let good = sourceKeys([]);
  let readers = readerTokens([]);

  /** Reads the file when it is another than the one last read. Writers replace it whole. */
  const current = (): KeptKey[] => {
    const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
    const now = stat ? `${stat.ino} ${stat.mtimeNs} ${stat.size}` : '';
    if (now === version) return kept;
    kept = stat ? readKeys(path) : [];
    good = sourceKeys(kept);
    readers = readerTokens(kept);
    version = now;
    return kept;
  };

  /** The keys as they are now; as they were where the file is damaged, so that clients do not lose what they send. */
  const usable = () => {
    try {
      current();
    } catch (error) {
      if (!(error instanceof KeyProblem)) throw error;
    }
    return { good, readers };
  };

  const write = (change: (keys: KeptKey[]) => KeptKey[]) => {
    const aside = `${path}.new`;
    reserve(aside);
    try {
      writeFileSync(aside, `${JSON.stringify(change(current()), null, 2)}\n`);
      renameSync(aside, path);
    } catch (error) {
      rmSync(aside, { force: true });
      throw error;
    }
    current();
  };

  current();
  return {
    list: () => [...current()],
    reader: (hash) => usable().readers.get(hash),
    find: (id) => usable().good.find(id),
    all: () => usable().good.all(),
    add(wanted) {
      const key: KeptKey = {
        id: `${wanted.kind}_${randomBytes(15).toString('base64url')}`,
        secrets: wanted.kind === 'web' ? [] : [newSecret()],
        origins: [],
        store_id: null,
        revoked_at: null,
        ...wanted,
      };
      write((keys) => {
        if (keys.some(({ name, revoked_at }) => name === key.name && revoked_at === null))
          throw new KeyProblem(`A key is called "${key.name}" already; revoke it, or choose another name`);
        return [...keys, key];
      });
      return key;
    },
    change(name, changed) {
      const isMeant = (key: KeptKey) => key.name === name && key.revoked_at === null;
      if (!current().some(isMeant)) throw new KeyProblem(`No key is called "${name}"; ropo keys lists them`);
      write((keys) => keys.map((key) => (isMeant(key) ? { ...key, ...changed(key) } : key)));
      return kept.findLast((key) => key.name === name)!;
    },
  };
}

/** Takes the name that the next version is written under, so that of two writers one is told. */
function reserve(aside: string): void {
  try {
    writeFileSync(aside, '', { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new KeyProblem(`Another process changes the keys; where none does, remove ${aside} and try again`);
  }
}

function readKeys(path: string): KeptKey[] {
  let keys: unknown;
  try {
    keys = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new KeyProblem(
      `${path} cannot be read as JSON: ${(error as NodeJS.ErrnoException).code ?? 'not valid'}`,
    );
  }
  if (!Array.isArray(keys) || !keys.every(isKey)) {
    throw new KeyProblem(`${path} is no list of keys as "ropo keys" writes it`);
  }
  return keys;
}

const isTexts = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'string');

function isKey(value: unknown): value is KeptKey {
  const key = (value ?? {}) as Partial<KeptKey>;
  return (
    [key.id, key.name, key.created_at].every((text) => typeof text === 'string' && text !== '') &&
    KEY_KINDS.includes(key.kind as KeyKind) &&
    isTexts(key.secrets) &&
    isTexts(key.origins) &&
    (key.kind !== 'reader' || typeof key.role === 'string') &&
    [key.store_id, key.revoked_at].every((text) => text === null || typeof text === 'string')
  );
}
