import { describe, expect, test } from 'vitest';
import { BRIDGING_LIMITS, type NamedLink, record, resolveNamed } from './identity-graph.ts';

/**
 * The shapes of histories that Snowplow names in the scenarios of its identities package, told in our identifiers:
 * a browser (d), an email (e), an account (c); persons A, B, C ... have d:A, e:A and, where it matters, c:A. Each
 * scenario is given in batches; after each batch it must be right, and it must be the same whatever the order. Merging
 * over a browser that met two persons is their point, so the shop is one that does.
 */
interface Scenario {
  name: string;
  batches: Batch[];
}
interface Batch {
  records: [at: number, ...identifiers: string[]][];
  /** Persons with more than one identifier, as words. */
  persons: string[];
  refused?: string[];
}

/** The records that make a person known: browser with email. */
const known = (at: number, who: string): Batch['records'][number] => [at, `d:${who}`, `e:${who}`];
/** A browser is seen with somebody else's email. */
const bridge = (at: number, who: string, whose: string): Batch['records'][number] => [
  at,
  `d:${who}`,
  `e:${whose}`,
];
const all = (...who: string[]) =>
  [...who.map((one) => `d:${one}`), ...who.map((one) => `e:${one}`)].sort().join(' ');

const SCENARIOS: Scenario[] = [
  {
    name: 'simple',
    batches: [
      {
        records: [[1, 'd:A', 'c:A', 'e:A'], known(2, 'B'), [3, 'd:B', 'c:A']],
        persons: ['c:A d:A d:B e:A e:B'],
      },
      { records: [[9, 'd:A', 'c:A', 'e:A']], persons: ['c:A d:A d:B e:A e:B'] },
    ],
  },
  {
    name: 'chain',
    batches: [
      { records: [known(1, 'A'), known(2, 'B'), bridge(3, 'B', 'A')], persons: [all('A', 'B')] },
      { records: [known(4, 'C'), bridge(5, 'C', 'B')], persons: [all('A', 'B', 'C')] },
      { records: [known(6, 'A')], persons: [all('A', 'B', 'C')] },
    ],
  },
  {
    name: 'fanin',
    batches: [
      {
        records: [known(1, 'A'), known(2, 'B'), known(3, 'C'), bridge(4, 'B', 'A'), bridge(5, 'C', 'A')],
        persons: [all('A', 'B', 'C')],
      },
      { records: [known(6, 'D'), bridge(7, 'D', 'A')], persons: [all('A', 'B', 'C', 'D')] },
    ],
  },
  {
    name: 'fanout',
    batches: [
      { records: [known(1, 'A'), known(2, 'X'), bridge(3, 'X', 'A')], persons: [all('A', 'X')] },
      {
        records: [known(4, 'B'), known(5, 'C'), bridge(6, 'B', 'X'), bridge(7, 'C', 'X')],
        persons: [all('A', 'B', 'C', 'X')],
      },
    ],
  },
  {
    name: 'diamond',
    batches: [
      {
        records: [
          ...[known(1, 'A'), known(2, 'B'), known(3, 'C'), known(4, 'D')],
          ...[bridge(5, 'B', 'A'), bridge(6, 'C', 'A'), bridge(7, 'D', 'B')],
        ],
        persons: [all('A', 'B', 'C', 'D')],
      },
      { records: [known(8, 'E'), bridge(9, 'E', 'D')], persons: [all('A', 'B', 'C', 'D', 'E')] },
    ],
  },
  {
    name: 'disjoint',
    batches: [
      {
        records: [
          ...[known(1, 'A'), known(2, 'B'), bridge(3, 'B', 'A')],
          ...[known(1, 'C'), known(2, 'D'), bridge(3, 'D', 'C')],
        ],
        persons: [all('A', 'B'), all('C', 'D')],
      },
      {
        records: [known(4, 'E'), known(5, 'F'), bridge(6, 'F', 'E')],
        persons: [all('A', 'B'), all('C', 'D'), all('E', 'F')],
      },
    ],
  },
  {
    name: 'longchain',
    batches: [
      {
        records: [
          ...[known(1, 'A'), known(2, 'B'), known(3, 'C'), known(4, 'D')],
          ...[bridge(5, 'D', 'C'), bridge(6, 'C', 'B'), bridge(7, 'B', 'A')],
        ],
        persons: [all('A', 'B', 'C', 'D')],
      },
    ],
  },
  {
    name: 'altchain',
    batches: [
      {
        records: [
          ...[known(1, 'A'), known(2, 'B'), bridge(3, 'B', 'A')],
          ...[known(1, 'C'), known(2, 'D'), bridge(3, 'D', 'C')],
          ...[known(1, 'E'), known(2, 'F'), bridge(3, 'F', 'E')],
        ],
        persons: [all('A', 'B'), all('C', 'D'), all('E', 'F')],
      },
      {
        records: [known(4, 'X'), bridge(5, 'C', 'B'), bridge(6, 'E', 'D'), bridge(7, 'X', 'A')],
        persons: [all('A', 'B', 'C', 'D', 'E', 'F', 'X')],
      },
    ],
  },
  {
    name: 'mergeonly',
    batches: [
      { records: [known(1, 'A'), known(2, 'B')], persons: [all('A'), all('B')] },
      { records: [bridge(3, 'B', 'A')], persons: [all('A', 'B')] },
    ],
  },
  {
    name: 'remap',
    batches: [
      {
        records: [known(1, 'A'), known(2, 'B'), known(3, 'C'), bridge(4, 'B', 'A')],
        persons: [all('A', 'B'), all('C')],
      },
      { records: [bridge(9, 'C', 'B')], persons: [all('A', 'B', 'C')] },
    ],
  },
  {
    name: 'multiid',
    batches: [
      { records: [known(1, 'A'), [2, 'd:ios', 'c:A'], [3, 'd:A', 'c:A']], persons: ['c:A d:A d:ios e:A'] },
      { records: [[9, 'd:mobile', 'c:A']], persons: ['c:A d:A d:ios d:mobile e:A'] },
    ],
  },
  {
    name: 'uid_conflict',
    batches: [
      {
        records: [
          [1, 'd:A', 'c:alice', 'e:A'],
          [2, 'd:B', 'c:bob', 'e:B'],
          [3, 'd:B', 'c:alice'],
        ],
        persons: ['c:alice d:A e:A', 'c:bob e:B'],
        refused: ['shared_device c:alice d:B', 'shared_device c:bob d:B'],
      },
    ],
  },
  {
    name: 'late',
    batches: [
      { records: [[200, 'd:A', 'c:A']], persons: ['c:A d:A'] },
      { records: [[100, 'd:A', 'c:A', 'e:A']], persons: ['c:A d:A e:A'] },
    ],
  },
  {
    name: 'stable',
    batches: [1, 2, 3, 4].map((at) => ({
      records: [[at, 'd:A', 'c:A', 'e:A'] as [number, ...string[]]],
      persons: ['c:A d:A e:A'],
    })),
  },
  {
    name: 'reobserve',
    batches: [
      { records: [known(1, 'A'), known(2, 'B'), bridge(3, 'B', 'A')], persons: [all('A', 'B')] },
      { records: [known(4, 'B')], persons: [all('A', 'B')] },
      { records: [known(5, 'B')], persons: [all('A', 'B')] },
    ],
  },
  {
    name: 'selfbridge',
    batches: [
      { records: [[1, 'd:A', 'c:A', 'e:A']], persons: ['c:A d:A e:A'] },
      { records: [known(2, 'A')], persons: ['c:A d:A e:A'] },
    ],
  },
  {
    name: 'rapid_remerge',
    batches: [
      { records: [known(2, 'A'), known(3, 'B'), bridge(4, 'B', 'A')], persons: [all('A', 'B')] },
      { records: [known(1, 'Z'), bridge(5, 'Z', 'A')], persons: [all('A', 'B', 'Z')] },
    ],
  },
  {
    name: 'highfanin',
    batches: [
      {
        records: ['A', 'B', 'C', 'D', 'E', 'F', 'G'].flatMap((who, at) => [
          known(at, who),
          bridge(10 + at, who, 'A'),
        ]),
        persons: [all('A', 'B', 'C', 'D', 'E', 'F', 'G')],
      },
    ],
  },
  {
    name: 'bridge_creates',
    batches: [
      { records: [known(1, 'A')], persons: [all('A')] },
      { records: [bridge(2, 'new', 'A')], persons: ['d:A d:new e:A'] },
    ],
  },
  {
    name: 'three_way_bridge',
    batches: [
      {
        records: [[1, 'd:A', 'l:A'], known(2, 'B'), [3, 'd:C', 'p:C'], [4, 'l:A', 'e:B', 'p:C']],
        persons: ['d:A d:B d:C e:B l:A p:C'],
      },
    ],
  },
  {
    name: 'cross_batch_triple',
    batches: [
      { records: [known(1, 'A')], persons: [all('A')] },
      { records: [known(2, 'B'), bridge(3, 'B', 'A')], persons: [all('A', 'B')] },
      { records: [known(4, 'C'), bridge(5, 'C', 'A')], persons: [all('A', 'B', 'C')] },
      { records: [known(6, 'D'), bridge(7, 'D', 'A')], persons: [all('A', 'B', 'C', 'D')] },
    ],
  },
  {
    name: 'shared_identifier_collision',
    batches: [
      {
        records: [
          [1, 'd:A', 'c:alice', 'e:A'],
          [2, 'd:B', 'c:bob', 'e:family'],
        ],
        persons: ['c:alice d:A e:A', 'c:bob d:B e:family'],
      },
      {
        records: [[3, 'c:alice', 'e:family']],
        persons: ['c:alice d:A e:A', 'c:bob d:B'],
        refused: ['shared_email c:alice e:family', 'shared_email c:bob e:family'],
      },
    ],
  },
  {
    name: 'late_merge',
    batches: [
      { records: [known(10, 'A'), known(11, 'B')], persons: [all('A'), all('B')] },
      { records: [bridge(1, 'B', 'A')], persons: [all('A', 'B')] },
    ],
  },
  {
    name: 'reverse_chain',
    batches: [
      { records: [known(10, 'A'), known(5, 'B'), known(1, 'C')], persons: [all('A'), all('B'), all('C')] },
      { records: [bridge(11, 'A', 'B')], persons: [all('A', 'B'), all('C')] },
      { records: [bridge(12, 'B', 'C')], persons: [all('A', 'B', 'C')] },
    ],
  },
  {
    // Two that are one turn out to be two: the browser that led from one to the other is then of neither.
    name: 'merge_then_uid',
    batches: [
      { records: [known(1, 'A'), known(2, 'B')], persons: [all('A'), all('B')] },
      { records: [bridge(3, 'A', 'B')], persons: [all('A', 'B')] },
      {
        records: [
          [4, 'd:A', 'c:alice', 'e:A'],
          [5, 'd:B', 'c:bob', 'e:B'],
        ],
        persons: ['c:alice e:A', 'c:bob d:B e:B'],
        refused: ['shared_device c:alice d:A', 'shared_device e:A d:A', 'shared_device e:B d:A'],
      },
    ],
  },
  {
    name: 'interleaved_merge',
    batches: [
      {
        records: ['A', 'B', 'C', 'D'].map((who, at) => known(at, who)),
        persons: ['A', 'B', 'C', 'D'].map((w) => all(w)),
      },
      { records: [bridge(5, 'B', 'A')], persons: [all('A', 'B'), all('C'), all('D')] },
      { records: [bridge(6, 'D', 'C')], persons: [all('A', 'B'), all('C', 'D')] },
      {
        records: [
          [7, 'e:B', 'p:both'],
          [8, 'e:D', 'p:both'],
        ],
        persons: [`${all('A', 'B', 'C', 'D')} p:both`],
      },
    ],
  },
  {
    name: 'deep_single_batch',
    batches: [
      {
        records: ['A', 'B', 'C', 'D', 'E', 'F'].map((who, at) => known(at, who)),
        persons: ['A', 'B', 'C', 'D', 'E', 'F'].map((who) => all(who)),
      },
      {
        records: [
          bridge(11, 'B', 'A'),
          bridge(12, 'C', 'B'),
          bridge(13, 'D', 'C'),
          bridge(14, 'E', 'D'),
          bridge(15, 'F', 'E'),
        ],
        persons: [all('A', 'B', 'C', 'D', 'E', 'F')],
      },
    ],
  },
];

const personsOf = (links: readonly NamedLink[]) => {
  const { groups, refused } = resolveNamed(links, [], BRIDGING_LIMITS);
  const persons = groups.filter((group) => group.length > 1).map((group) => group.join(' '));
  return { persons, refused };
};

describe('histories as others name them', () => {
  test('are twenty-seven', () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(27);
  });

  test.each(SCENARIOS)('$name', ({ batches }) => {
    const soFar: NamedLink[] = [];
    for (const { records, persons, refused = [] } of batches) {
      soFar.push(...records.flatMap((one) => record(...one)));
      const expected = { persons: persons.toSorted(), refused: refused.toSorted() };
      expect(personsOf(soFar)).toEqual(expected);
      // All at once, backwards, and everything twice.
      expect(personsOf([...soFar.toReversed(), ...soFar])).toEqual(expected);
    }
  });
});
