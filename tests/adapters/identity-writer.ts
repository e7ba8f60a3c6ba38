import { openIdentityStore } from '../../lib/adapters/embedded/identity-store.ts';
import { rememberLinks } from '../../lib/pipeline/remember-links.ts';
import type { IdentityLink } from '../../lib/ports.ts';
import { seededRandom } from './adversarial-identity-store.ts';

/** What a writing process is told. */
export interface WriterOrder {
  root: string;
  worker: number;
  /** The batch to begin with: those before it were told to be done. */
  from: number;
}

export const BATCHES = 60;
const BATCH = 40;

/** Evidence of one worker: a few people, seen again and again by several workers, in no order of time. */
export function batchOf(worker: number, batch: number): IdentityLink[] {
  const random = seededRandom(worker * 1000 + batch);
  return Array.from({ length: BATCH }, () => {
    const person = Math.floor(random() * 400);
    return {
      strong_key: `customer-${person}`,
      strong_kind: 0,
      weak_key: `device-${person}-${Math.floor(random() * 3)}`,
      weak_kind: 4,
      first_seen: new Date(Date.UTC(2025, 2, 1) + Math.floor(random() * 1e9)).toISOString(),
    };
  });
}

/** Argument of a process that writes, rather than imports this file. */
export const WRITER = 'identity-writer';

if (process.argv.includes(WRITER)) {
  process.once('message', (order: WriterOrder) => void write(order));
}

async function write({ root, worker, from }: WriterOrder): Promise<void> {
  const store = openIdentityStore({ root });
  for (let batch = from; batch < BATCHES; batch++) {
    process.send!({ begun: batch });
    await rememberLinks(store, batchOf(worker, batch));
    process.send!({ done: batch });
  }
  await store.close();
  process.disconnect();
}
