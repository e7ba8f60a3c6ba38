import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIdentityStore } from '../../lib/adapters/embedded/identity-store.ts';
import { adversarialStore, type Items, SeededScheduler } from './adversarial-identity-store.ts';
import { identityStoreContract } from './identity-store-contract.ts';

identityStoreContract('the embedded one', async () => {
  const root = mkdtempSync(join(tmpdir(), 'ropo-identity-'));
  const opened = [openIdentityStore({ root })];
  return {
    store: opened[0]!,
    async reopen() {
      opened.push(openIdentityStore({ root }));
      return opened.at(-1)!;
    },
    async close() {
      for (const store of opened.toReversed()) await store.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
});

identityStoreContract('the adversarial one', async () => {
  const items: Items = new Map();
  const scheduler = new SeededScheduler(1);
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const running = scheduler.run([() => ended]);
  return {
    store: adversarialStore(items, scheduler, { failing: 0 }),
    reopen: async () => adversarialStore(items, scheduler, { failing: 0 }),
    async close() {
      end();
      await running;
    },
  };
});
