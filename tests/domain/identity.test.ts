import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KIND_CODES, type Partition, REFUSED_LINKS, resolvePersons } from '../../lib/domain/identity.ts';

const { customer, loyalty, email, phone, anonymous, payment } = KIND_CODES;

function resolve(kinds: number[], links: [number, number][]): Partition {
  return resolvePersons({
    kinds: Int32Array.from(kinds),
    from: Int32Array.from(links, ([a]) => a),
    to: Int32Array.from(links, ([, b]) => b),
  });
}

describe('who is who', () => {
  test('a chain of links is one person, named after its strongest identifier', () => {
    const { person } = resolve(
      [customer, email, phone, anonymous],
      [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    );
    expect([...person]).toEqual([0, 0, 0, 0]);
  });

  test('two accounts never come together, and the oldest evidence wins', () => {
    const { person, refused } = resolve(
      [customer, customer, email, anonymous],
      [
        [0, 2],
        [2, 3],
        [1, 3],
      ],
    );
    expect([...person]).toEqual([0, 1, 0, 0]);
    expect([...refused]).toEqual([0, 0, REFUSED_LINKS.conflict]);
  });

  test('a device that two accounts used joins neither, nor anyone else', () => {
    const { person, refused } = resolve(
      [customer, customer, email, anonymous],
      [
        [0, 3],
        [1, 3],
        [2, 3],
      ],
    );
    expect([...person]).toEqual([0, 1, 2, 3]);
    expect([...refused]).toEqual([REFUSED_LINKS.shared, REFUSED_LINKS.shared, REFUSED_LINKS.shared]);
  });

  test('an account with its own card and device is one person', () => {
    expect([
      ...resolve(
        [customer, loyalty, anonymous],
        [
          [0, 1],
          [0, 2],
          [1, 2],
        ],
      ).person,
    ]).toEqual([0, 0, 0]);
  });

  const worlds = fc.integer({ min: 2, max: 25 }).chain((n) =>
    fc.record({
      kinds: fc
        .array(fc.constantFrom(customer, loyalty, email, phone, anonymous), { minLength: n, maxLength: n })
        .map((k) => k.sort((a, b) => a - b)),
      links: fc.array(
        fc.tuple(fc.nat(n - 1), fc.nat(n - 1)).filter(([a, b]) => a !== b),
        { maxLength: 60 },
      ),
    }),
  );

  test('a payment token belongs to the one person that it leads to, by whichever of their keys', () => {
    const { person, refused } = resolve(
      [customer, email, anonymous, payment, payment],
      [
        [0, 3],
        [1, 3],
        [0, 1],
        [2, 4],
      ],
    );
    expect([...person]).toEqual([0, 0, 2, 0, 2]);
    expect([...refused]).toEqual([0, 0, 0, 0]);
  });

  test('a payment token never joins persons: one that leads to several is none of theirs', () => {
    const { person, refused } = resolve(
      [loyalty, email, anonymous, payment],
      [
        [1, 3],
        [0, 3],
        [1, 2],
      ],
    );
    expect([...person]).toEqual([0, 1, 1, 3]);
    expect([...refused]).toEqual([REFUSED_LINKS.shared, REFUSED_LINKS.shared, 0]);
  });

  test('with payment tokens everybody else is who they are without them, and a token follows its links alone', () => {
    fc.assert(
      fc.property(worlds, ({ kinds, links }) => {
        const withTokens = kinds.map((kind, node) => (kind === anonymous && node % 2 ? payment : kind));
        const toToken = ([a, b]: [number, number]) => withTokens[a] === payment || withTokens[b] === payment;
        const { person } = resolve(withTokens, links);
        const bare = resolve(
          withTokens,
          links.filter((link) => !toToken(link)),
        ).person;
        for (const [node, kind] of withTokens.entries())
          if (kind !== payment) expect(person[node]).toBe(bare[node]);
          else expect(person[node] === node || withTokens[person[node]!] !== payment).toBe(true);
        const reversed = resolve(withTokens, links.toReversed()).person;
        if (!withTokens.some((kind) => kind === customer || kind === loyalty))
          expect([...reversed]).toEqual([...person]);
      }),
      { numRuns: 300 },
    );
  });

  test('no person has two accounts or two cards, a name is its own name, and repeats change nothing', () => {
    fc.assert(
      fc.property(worlds, ({ kinds, links }) => {
        const { person } = resolve(kinds, links);
        for (const kind of [customer, loyalty]) {
          const owners = [...person].filter((_, node) => kinds[node] === kind);
          expect(new Set(owners).size).toBe(owners.length);
        }
        for (const [node, name] of person.entries()) {
          expect(person[name]).toBe(name);
          expect(name).toBeLessThanOrEqual(node);
        }
        expect([
          ...resolve(
            kinds,
            links.flatMap((link) => [link, link]),
          ).person,
        ]).toEqual([...person]);
        expect([
          ...resolve(
            kinds,
            links.map(([a, b]) => [b, a]),
          ).person,
        ]).toEqual([...person]);
      }),
      { numRuns: 500 },
    );
  });

  test('without accounts and cards persons are exactly the connected components, in any order of links', () => {
    const plain = worlds.map(({ kinds, links }) => ({ kinds: kinds.map(() => anonymous), links }));
    fc.assert(
      fc.property(
        plain,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        ({ kinds, links }, random) => {
          const shuffled = links
            .map((link) => ({ link, at: random.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ link }) => link);
          const { person } = resolve(kinds, links);
          expect([...resolve(kinds, shuffled).person]).toEqual([...person]);
          for (const [a, b] of links) expect(person[a]).toBe(person[b]);
          expect(new Set(person).size).toBe(kinds.length - spanningLinks(kinds.length, links));
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Links that a flood fill crosses into unseen nodes: nodes less components, counted another way. */
function spanningLinks(nodes: number, links: [number, number][]): number {
  const seen = new Set<number>();
  let crossed = 0;
  for (let start = 0; start < nodes; start++) {
    if (seen.has(start)) continue;
    seen.add(start);
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const [a, b] of links) {
        const next = a === at ? b : b === at ? a : -1;
        if (next < 0 || seen.has(next)) continue;
        seen.add(next);
        open.push(next);
        crossed += 1;
      }
    }
  }
  return crossed;
}
