import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IdentityLink, IdentityStore } from '../../lib/ports.ts';

/** A store that the contract may fill; `reopen` shows another process, or a later one, on the same links. */
export interface StoreUnderTest {
  store: IdentityStore;
  reopen(): Promise<IdentityStore>;
  close(): Promise<void>;
}

let made = 0;
/** Identifiers that no other test has, as long as real ones: stores that are shared by tests stay usable. */
export const newKey = (name: string) => `${name}-${++made}-`.padEnd(22, 'x');

export const link = (
  strong_key: string,
  weak_key: string,
  first_seen = '2025-03-01T10:00:00.000Z',
): IdentityLink => ({ strong_key, strong_kind: 0, weak_key, weak_kind: 4, first_seen });

/** What every identity store must do, wherever its links rest. */
export function identityStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} is an identity store`, () => {
    let under: StoreUnderTest;
    let store: IdentityStore;
    beforeAll(async () => {
      under = await open();
      store = under.store;
    });
    afterAll(() => under.close());

    test('tells of pairs in the order asked, null for what is not there', async () => {
      const [a, b, c] = [newKey('a'), newKey('b'), newKey('c')];
      expect(await store.put(link(a, b, '2025-03-01T10:00:00.001Z'))).toBe(true);
      const pairs = [
        { strong_key: a, weak_key: c },
        { strong_key: a, weak_key: b },
        { strong_key: a, weak_key: b },
      ];
      const at = '2025-03-01T10:00:00.001Z';
      expect(await store.firstSeen(pairs)).toEqual([null, at, at]);
      expect(await store.firstSeen([])).toEqual([]);
    });

    test('keeps the earliest time and tells whether it wrote', async () => {
      const [a, b] = [newKey('a'), newKey('b')];
      const times = ['2025-03-02', '2025-03-03', '2025-03-02', '2024-12-31', '2025-01-01'];
      const wrote: boolean[] = [];
      for (const day of times) wrote.push(await store.put(link(a, b, `${day}T00:00:00.000Z`)));
      expect(wrote).toEqual([true, false, false, true, false]);
      const kept = link(a, b, '2024-12-31T00:00:00.000Z');
      expect(await store.linksOf(a, 10)).toEqual([kept]);
      expect(await store.linksOf(b, 10)).toEqual([kept]);
    });

    test('shows a link from both ends, with its kinds and the right way round', async () => {
      const [email, phone] = [newKey('email'), newKey('phone')];
      const made = { ...link(email, phone), strong_kind: 2, weak_kind: 3 };
      await store.put(made);
      expect(await store.linksOf(email, 10)).toEqual([made]);
      expect(await store.linksOf(phone, 10)).toEqual([made]);
      expect(await store.linksOf(newKey('nobody'), 10)).toEqual([]);
    });

    test('gives at most so many links, the first in the order of their keys', async () => {
      const hub = newKey('hub');
      const others = Array.from({ length: 7 }, () => newKey('leaf')).sort();
      for (const other of others.toReversed()) await store.put(link(other, hub));
      const keysOf = async (limit: number) => (await store.linksOf(hub, limit)).map((one) => one.strong_key);
      expect(await keysOf(3)).toEqual(others.slice(0, 3));
      expect(await keysOf(7)).toEqual(others);
      expect(await keysOf(100)).toEqual(others);
    });

    test('an identifier that begins like another has its own links', async () => {
      const short = newKey('same');
      const long = `${short}-and-more`;
      const [a, b] = [newKey('a'), newKey('b')];
      await store.put(link(short, a));
      await store.put(link(long, b));
      expect((await store.linksOf(short, 10)).map((one) => one.weak_key)).toEqual([a]);
      expect((await store.linksOf(long, 10)).map((one) => one.weak_key)).toEqual([b]);
    });

    test('many writers of one pair at once leave the earliest', async () => {
      const [a, b] = [newKey('a'), newKey('b')];
      const minute = (n: number) => `2025-03-01T10:${String(n).padStart(2, '0')}:00.000Z`;
      const order = Array.from({ length: 60 }, (_, n) => (n * 37) % 60);
      await Promise.all(order.map((n) => store.put(link(a, b, minute(n)))));
      expect(await store.linksOf(b, 10)).toEqual([link(a, b, minute(0))]);
    });

    test('forgets identifiers with all their links and no others', async () => {
      const [a, b, c, d] = [newKey('a'), newKey('b'), newKey('c'), newKey('d')];
      for (const [one, other] of [
        [a, b],
        [a, c],
        [d, b],
        [d, c],
      ] as const)
        await store.put(link(one, other));
      await store.forget([a, newKey('never there')]);
      expect(await store.linksOf(a, 10)).toEqual([]);
      expect((await store.linksOf(b, 10)).map((one) => one.strong_key)).toEqual([d]);
      expect((await store.linksOf(c, 10)).map((one) => one.strong_key)).toEqual([d]);
      expect(await store.firstSeen([{ strong_key: a, weak_key: b }])).toEqual([null]);
      expect(await store.put(link(a, b))).toBe(true);
    });

    test('what was written is there for whoever opens it next', async () => {
      const [a, b] = [newKey('a'), newKey('b')];
      await store.put(link(a, b));
      const again = await under.reopen();
      expect(await again.linksOf(b, 10)).toEqual([link(a, b)]);
    });
  });
}
