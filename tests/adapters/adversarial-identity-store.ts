import type { IdentityLink, IdentityStore } from '../../lib/ports.ts';

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Lets one waiting step go on at a time, drawn by the seed: every interleaving can come, and comes again. */
export class SeededScheduler {
  readonly random: () => number;
  readonly #waiting: (() => void)[] = [];
  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** Resolves when it is this step's turn. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Runs works side by side until all are done. */
  async run(works: readonly (() => Promise<void>)[]): Promise<void> {
    let open = works.length;
    const all = works.map((work) => work().finally(() => open--));
    while (open > 0) {
      await new Promise(setImmediate);
      const [next] = this.#waiting.splice(Math.floor(this.random() * this.#waiting.length), 1);
      next?.();
    }
    await Promise.all(all);
  }
}

/** The store turned a request down; nothing of it was done, or only its first half. */
export class Throttled extends Error {}

/**
 * Single items by "one|other", as a table of a database in the cloud has them: a link is two of them, written one
 * after the other, each at once and on its condition; what lies between two steps is anybody's turn.
 */
export type Items = Map<string, IdentityLink>;

export interface Requests {
  reads: number;
  writes: number;
}

/** A worker's way to the items: late, out of order, sometimes turned down before, between or after the two halves. */
export function adversarialStore(
  items: Items,
  scheduler: SeededScheduler,
  { failing, requests = { reads: 0, writes: 0 } }: { failing: number; requests?: Requests },
): IdentityStore {
  const step = async () => {
    await scheduler.turn();
    if (scheduler.random() < failing) throw new Throttled('Throttled by the test');
  };
  const lower = (key: string, link: IdentityLink): boolean => {
    const known = items.get(key);
    if (known && known.first_seen <= link.first_seen) return false;
    items.set(key, { ...link });
    return true;
  };
  return {
    async firstSeen(pairs) {
      if (pairs.length === 0) return [];
      requests.reads += 1;
      await step();
      const seen = pairs.map((pair) => items.get(`${pair.strong_key}|${pair.weak_key}`)?.first_seen ?? null);
      await step();
      return seen;
    },
    async put(link) {
      requests.writes += 1;
      await step();
      // The half that `firstSeen` reads comes last: while it is missing, the link counts as not written.
      lower(`${link.weak_key}|${link.strong_key}`, link);
      await step();
      const wrote = lower(`${link.strong_key}|${link.weak_key}`, link);
      await step();
      return wrote;
    },
    async linksOf(identifierKey, limit) {
      await step();
      return Array.from(items)
        .filter(([key]) => key.startsWith(`${identifierKey}|`))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, limit)
        .map(([, link]) => ({ ...link }));
    },
    async forget(identifierKeys) {
      await step();
      for (const key of items.keys()) {
        const [one, other] = key.split('|') as [string, string];
        if (identifierKeys.includes(one) || identifierKeys.includes(other)) items.delete(key);
      }
    },
  };
}
