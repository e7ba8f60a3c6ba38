import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type IdentityLimits, limitsOf, noLimits } from '../../lib/domain/identity-policy.ts';
import { kindOf, type NamedLink, type NamedRule, resolveNamed } from './identity-graph.ts';
import { slowPersons } from './slow-persons.ts';

/** Thousands of made-up histories of few identifiers that meet often, with limits low enough to be hit. */
interface History {
  links: NamedLink[];
  rules: NamedRule[];
  limits: IdentityLimits;
}

const names = fc
  .tuple(fc.constantFrom('c', 'c', 'l', 'l', 'e', 'e', 'p', 'd', 'd', 'd', 't'), fc.nat(3))
  .map(([letter, number]) => `${letter}:${number}`);
const link: fc.Arbitrary<NamedLink> = fc
  .tuple(names, names, fc.nat(6))
  .filter(([one, other]) => one[0] !== other[0]);
const rule: fc.Arbitrary<NamedRule> = fc.oneof(
  names.map((name) => ['block', name] as const),
  names.map((name) => ['allow', name] as const),
  fc
    .tuple(names, names)
    .filter(([one, other]) => one !== other)
    .map(([one, other]) => ['separate', one, other] as const),
);
const KINDS = ['customer', 'loyalty', 'email', 'phone', 'anonymous', 'payment'];
const limits = fc
  .array(
    fc.oneof(
      fc
        .tuple(
          fc.constantFrom(...KINDS),
          fc.constantFrom(...KINDS, 'links', 'persons', 'payers'),
          fc.integer({ min: 1, max: 3 }),
        )
        .filter(
          ([kind, counted]) =>
            (counted !== 'persons' || kind === 'loyalty' || kind === 'anonymous') &&
            (counted !== 'payers' || kind === 'loyalty'),
        )
        .map(([kind, counted, most]) => ({ limit_name: '', kind, counted, most })),
      fc.integer({ min: 2, max: 6 }).map((most) => ({
        limit_name: '',
        kind: 'person',
        counted: 'identifiers',
        most,
      })),
    ),
    { maxLength: 5 },
  )
  .map(limitsOf);
const histories: fc.Arbitrary<History> = fc.record({
  links: fc.array(link, { maxLength: 24 }),
  rules: fc.array(rule, { maxLength: 3 }),
  limits,
});
const shuffledBy = (random: number[], links: readonly NamedLink[]) =>
  links
    .map((one, at) => ({ one, at: random[at % random.length]! * (at + 1) }))
    .sort((a, b) => (a.at % 97) - (b.at % 97))
    .map(({ one }) => one);

const always = (check: (history: History) => void, numRuns = 1000) =>
  fc.assert(fc.property(histories, check), { numRuns });
const resolve = ({ links, rules, limits: most }: History) => resolveNamed(links, rules, most);

describe('whatever the history', () => {
  test('a slow resolver that works on sets comes to the same', () => {
    always((history) => {
      expect(resolve(history)).toEqual(slowPersons(history));
    }, 3000);
  });

  test('order, repeats and direction of the links change nothing', () => {
    fc.assert(
      fc.property(histories, fc.array(fc.nat(96), { minLength: 1, maxLength: 24 }), (history, random) => {
        const straight = resolve(history);
        const turned = history.links.map(([a, b, at]): NamedLink => [b, a, at]);
        const mixed = shuffledBy(random, [...history.links, ...turned, ...history.links]);
        expect(resolve({ ...history, links: mixed })).toEqual(straight);
        // A later sighting of the same pair says nothing new.
        const later = history.links.map(([a, b, at]): NamedLink => [a, b, at + 10]);
        expect(resolve({ ...history, links: [...later, ...history.links] })).toEqual(straight);
      }),
      { numRuns: 1000 },
    );
  });

  test('the links that were followed come to the same persons again, and none of them is refused', () => {
    always((history) => {
      const { groups, refused } = resolve(history);
      const not = new Set(refused.map((text) => text.split(' ').slice(1).sort().join(' ')));
      const followed = history.links.filter(([a, b]) => !not.has([a, b].sort().join(' ')));
      const again = resolve({ ...history, links: followed });
      expect(again.refused).toEqual([]);
      const joined = (all: string[][]) => all.filter((group) => group.length > 1);
      expect(joined(again.groups)).toEqual(joined(groups));
    });
  });

  test('no person has two accounts or two cards, nor identifiers that were told apart, nor too many', () => {
    always((history) => {
      const { of, groups } = resolve(history);
      for (const group of groups) {
        for (const letter of ['c', 'l'])
          expect(group.filter((name) => name.startsWith(letter)).length).toBeLessThanOrEqual(1);
        const counted = group.filter((name) => !name.startsWith('t'));
        expect(counted.length).toBeLessThanOrEqual(history.limits.personSize);
        for (const name of group) expect(kindOf(of[name]!)).toBeLessThanOrEqual(kindOf(name));
      }
      for (const [word, one, other] of history.rules)
        if (word === 'separate' && of[one] && of[other!]) expect(of[one]).not.toBe(of[other!]);
    });
  });

  test('each connected part of the evidence comes to the same by itself', () => {
    always((history) => {
      const { of } = resolve(history);
      const alone = connectedParts(history.links).map((links) => resolve({ ...history, links }).of);
      expect(Object.assign({}, ...alone)).toEqual(of);
    });
  });

  test('block is the evidence without the links of that identifier', () => {
    fc.assert(
      fc.property(histories, names, (history, name) => {
        const blocked = resolve({ ...history, rules: [...history.rules, ['block', name]] });
        const without = resolve({
          ...history,
          links: history.links.filter(([a, b]) => a !== name && b !== name),
        });
        const others = (all: string[][]) => all.filter((group) => group.length > 1);
        expect(others(blocked.groups)).toEqual(others(without.groups));
      }),
      { numRuns: 1000 },
    );
  });

  test('allow keeps an identifier from being shared', () => {
    always((history) => {
      const { shared } = resolve(history);
      for (const [word, name] of history.rules)
        if (word === 'allow' && !name.startsWith('t')) expect(shared).not.toHaveProperty([name]);
    });
  });

  test('where no limit is hit, more evidence never takes persons apart', () => {
    const free = fc
      .array(
        link.filter(([a, b]) => ![a, b].some((name) => 'clt'.includes(name[0]!))),
        { maxLength: 24 },
      )
      .chain((links) => fc.tuple(fc.constant(links), fc.nat(links.length)));
    fc.assert(
      fc.property(free, ([links, first]) => {
        const some = resolveNamed(links.slice(0, first), [], noLimits());
        const all = resolveNamed(links, [], noLimits());
        expect(all.refused).toEqual([]);
        for (const group of some.groups) expect(new Set(group.map((name) => all.of[name])).size).toBe(1);
        for (const [a, b] of links) expect(all.of[a]).toBe(all.of[b]);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Links by connected part, whatever becomes of them. */
function connectedParts(links: readonly NamedLink[]): NamedLink[][] {
  const parts: { names: Set<string>; links: NamedLink[] }[] = [];
  for (const one of links) {
    const met = parts.filter(({ names: known }) => known.has(one[0]) || known.has(one[1]));
    const part = {
      names: new Set([one[0], one[1], ...met.flatMap(({ names: known }) => [...known])]),
      links: [...met.flatMap((other) => other.links), one],
    };
    for (const other of met) parts.splice(parts.indexOf(other), 1);
    parts.push(part);
  }
  return parts.map((part) => part.links);
}
