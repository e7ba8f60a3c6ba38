import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openIdentityStore } from '../../lib/adapters/embedded/identity-store.ts';
import { forgetIdentities } from '../../lib/adapters/embedded/privacy/erasure-places.ts';
import { openShopDirectory, type ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';

const LINKS = 3000;
const keyOf = (kind: string, number: number) => `${kind}${String(number * 7919).padStart(21, 'x')}`;

let directory: ShopDirectory;
beforeEach(() => {
  directory = openShopDirectory(mkdtempSync(join(tmpdir(), 'ropo-forget-')));
});
afterEach(() => rmSync(directory.root, { recursive: true, force: true }));

const bytesOfStore = () =>
  Buffer.concat(
    readdirSync(join(directory.root, 'identity')).map((name) =>
      readFileSync(join(directory.root, 'identity', name)),
    ),
  );

test('what is forgotten is in no byte of the store, and all else is there', { timeout: 60_000 }, async () => {
  const store = openIdentityStore(directory);
  for (let at = 0; at < LINKS; at += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, more) =>
        store.put({
          strong_key: keyOf('c', (at + more) % 400),
          strong_kind: 0,
          weak_key: keyOf('d', at + more),
          weak_kind: 4,
          first_seen: new Date(Date.UTC(2025, 0, 1, 0, 0, at + more)).toISOString(),
        }),
      ),
    );
  await store.close();
  const forgotten = [keyOf('c', 7), keyOf('d', 7), keyOf('d', 2407), keyOf('c', 311), keyOf('d', 1234)];
  for (const key of forgotten) expect(bytesOfStore().includes(key)).toBe(true);
  await forgetIdentities(directory, forgotten);
  const bytes = bytesOfStore();
  for (const key of forgotten) expect(bytes.includes(key)).toBe(false);
  const after = openIdentityStore(directory);
  const links = Array.from(after.all());
  await after.close();
  const isGone = (at: number) => [7, 311].includes(at % 400) || at === 1234;
  expect(links).toHaveLength(Array.from({ length: LINKS }, (_, at) => at).filter((at) => !isGone(at)).length);
});
