import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { linksOf } from '../../lib/domain/link-evidence.ts';
import { rememberLinks } from '../../lib/pipeline/remember-links.ts';
import type { IdentityLink } from '../../lib/ports.ts';
import {
  adversarialStore,
  type Items,
  SeededScheduler,
  Throttled,
} from '../adapters/adversarial-identity-store.ts';
import { link } from '../adapters/identity-store-contract.ts';

const day = (n: number) => `2025-03-${String(n).padStart(2, '0')}T10:00:00.000Z`;

/** Runs one worker on items of its own, counting its requests. */
async function counted(items: Items, batches: readonly (readonly IdentityLink[])[]) {
  const scheduler = new SeededScheduler(1);
  const requests = { reads: 0, writes: 0 };
  const store = adversarialStore(items, scheduler, { failing: 0, requests });
  const told = { reads: 0, writes: 0 };
  await scheduler.run([
    async () => {
      for (const batch of batches) {
        const { reads, writes } = await rememberLinks(store, batch);
        told.reads += reads;
        told.writes += writes;
      }
    },
  ]);
  return { requests, told };
}

/** 1,000 events of 40 visitors who are logged in with a customer number, in batches of 100. */
const audience = (name: string, from: number) =>
  Array.from({ length: 10 }, (_, batch) =>
    Array.from({ length: 100 }, (_, event) => {
      const visitor = (batch * 100 + event) % 40;
      return linksOf(
        { customer_key: `${name}-c${visitor}`, anonymous_key: `${name}-d${visitor}` },
        day(from + batch),
      );
    }).flat(),
  );

describe('requests to the store per 1,000 events', () => {
  test('a new audience costs a write per link once, a known one reads only', async () => {
    const items: Items = new Map();
    const first = await counted(items, audience('x', 2));
    expect(first.requests).toEqual({ reads: 10, writes: 40 });
    expect(first.told).toEqual({ reads: 400, writes: 40 });
    const known = await counted(items, audience('x', 5));
    expect(known.requests).toEqual({ reads: 10, writes: 0 });
    const late = await counted(items, audience('x', 1));
    expect(late.requests).toEqual({ reads: 10, writes: 40 });
  });

  test('visitors with one identifier cost nothing', async () => {
    const alone = Array.from({ length: 1000 }, (_, n) => linksOf({ anonymous_key: `d${n}` }, day(1)));
    expect((await counted(new Map(), [alone.flat()])).requests).toEqual({ reads: 0, writes: 0 });
  });
});

describe('a link half of which was written', () => {
  test.each([
    ['new', []],
    ['earlier than before', [link('c', 'd', day(9))]],
  ])('is made whole when it comes again (%s)', async (_, before) => {
    const items: Items = new Map();
    await counted(items, [before]);
    const whole = link('c', 'd', day(3));
    // The process ended here: one of the two entries is as it should be.
    items.set('d|c', whole);
    await counted(items, [[link('c', 'd', day(4)), whole]]);
    expect(Array.from(items)).toEqual(
      expect.arrayContaining([
        ['d|c', whole],
        ['c|d', whole],
      ]),
    );
    expect(items.size).toBe(2);
  });
});

const links = fc.array(
  fc
    .record({
      strong: fc.integer({ min: 0, max: 4 }),
      weak: fc.integer({ min: 0, max: 4 }),
      on: fc.integer({ min: 1, max: 6 }),
    })
    .map(({ strong, weak, on }) => link(`c${strong}`, `d${weak}`, day(on))),
  { maxLength: 30 },
);

describe('any order, any batches, any number of workers, repeats and crashes', () => {
  test('come to the set of all links with their earliest times', async () => {
    await fc.assert(
      fc.asyncProperty(
        links,
        fc.integer(),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(0, 0.1, 0.3),
        async (evidence, seed, workers, failing) => {
          const scheduler = new SeededScheduler(seed);
          const { random } = scheduler;
          const items: Items = new Map();
          const shares = Array.from({ length: workers }, (): IdentityLink[] => []);
          for (const one of evidence) {
            const copies = random() < 0.3 ? 2 : 1;
            for (let n = 0; n < copies; n++) shares[Math.floor(random() * workers)]!.push(one);
          }
          for (const share of shares) share.sort(() => random() - 0.5);
          await scheduler.run(
            shares.map((share) => async () => {
              for (let at = 0; at < share.length; ) {
                const size = 1 + Math.floor(random() * 6);
                const batch = share.slice(at, at + size);
                const store = adversarialStore(items, scheduler, { failing });
                const done = await rememberLinks(store, batch).then(
                  () => true,
                  (error: unknown) => {
                    if (!(error instanceof Throttled)) throw error;
                    return false;
                  },
                );
                if (done) at += size;
              }
            }),
          );
          const expected = new Map<string, IdentityLink>();
          for (const one of evidence) {
            for (const key of [`${one.strong_key}|${one.weak_key}`, `${one.weak_key}|${one.strong_key}`]) {
              if (!expected.has(key) || one.first_seen < expected.get(key)!.first_seen)
                expected.set(key, one);
            }
          }
          expect(new Map(Array.from(items).sort())).toEqual(new Map(Array.from(expected).sort()));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
