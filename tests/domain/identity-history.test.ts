import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolvePersons } from '../../lib/domain/identity.ts';
import { personHistory } from '../../lib/domain/identity-history.ts';
import { BRIDGING_LIMITS, graphOf, kindOf, type NamedLink, policyFor, record } from './identity-graph.ts';

/** Who each identifier was at each time, and how many past stages there are. */
function historyOf(links: readonly NamedLink[]) {
  const graph = graphOf(links);
  const { evidence, names } = graph;
  const partition = resolvePersons(evidence, policyFor(graph, BRIDGING_LIMITS, []));
  const history = personHistory(evidence, partition);
  const timeOf = (link: number) => (link < 0 ? Number.NEGATIVE_INFINITY : evidence.firstSeen[link]!);
  const at = (name: string, time: number): string => {
    const node = graph.nodeOf(name);
    if (time >= timeOf(history.since[node]!)) return names[partition.person[node]!]!;
    for (let stage = 0; stage < history.node.length; stage++)
      if (
        history.node[stage] === node &&
        time >= timeOf(history.fromLink[stage]!) &&
        time < timeOf(history.untilLink[stage]!)
      )
        return names[history.person[stage]!]!;
    return name;
  };
  const now = (name: string) => names[partition.person[graph.nodeOf(name)]!]!;
  const stagesOf = (name: string) => history.node.filter((node) => node === graph.nodeOf(name)).length;
  return { names, at, now, stagesOf, refused: partition.refused };
}

describe('who identifiers stood for', () => {
  test('a browser is a person of its own until somebody logs in on it', () => {
    const { at, now } = historyOf([...record(5, 'c:1', 'e:1'), ...record(10, 'c:1', 'd:1')]);
    expect([0, 9.9, 10, 11].map((time) => at('d:1', time))).toEqual(['d:1', 'd:1', 'c:1', 'c:1']);
    expect([0, 4, 5].map((time) => at('e:1', time))).toEqual(['e:1', 'e:1', 'c:1']);
    expect([0, 99].map((time) => at('c:1', time))).toEqual(['c:1', 'c:1']);
    expect(now('d:1')).toBe('c:1');
  });

  test('of two persons that become one the larger goes on under the name of today', () => {
    const { at } = historyOf([
      ...record(1, 'e:1', 'd:1'),
      ...record(2, 'e:1', 'd:2'),
      ...record(3, 'c:1', 'e:1'),
      ...record(4, 'e:2', 'd:3'),
      ...record(5, 'e:2', 'd:1'),
    ]);
    // The account came last and to the larger part: that part has had its name all along, the account none of its own.
    expect([1, 3, 5].map((time) => at('d:1', time))).toEqual(['c:1', 'c:1', 'c:1']);
    expect([2, 3].map((time) => at('c:1', time))).toEqual(['e:1', 'c:1']);
    expect([3, 4, 5].map((time) => at('d:3', time))).toEqual(['d:3', 'e:2', 'c:1']);
    expect([4, 5].map((time) => at('e:2', time))).toEqual(['e:2', 'c:1']);
  });

  test('what turned out to be shared was nobody of those who used it, from the start', () => {
    const { at } = historyOf([...record(1, 'c:1', 'd:1'), ...record(9, 'c:2', 'd:1')]);
    expect([1, 5, 9].map((time) => at('d:1', time))).toEqual(['d:1', 'd:1', 'd:1']);
  });

  test('a payment token never joins persons before they are one', () => {
    const { at } = historyOf([
      ...record(1, 'e:1', 't:1'),
      ...record(2, 'l:1', 't:1'),
      ...record(3, 'l:1', 'e:1'),
    ]);
    expect(at('e:1', 2)).not.toBe(at('l:1', 2));
    expect(at('t:1', 2)).toBe(at('e:1', 2));
    expect(new Set(['e:1', 'l:1', 't:1'].map((name) => at(name, 3)))).toEqual(new Set(['l:1']));
  });

  test('at every time it is the parts of what was known then, in few stages, whatever the history', () => {
    const names = fc
      .tuple(fc.constantFrom('c', 'l', 'e', 'e', 'p', 'd', 'd', 'd', 't'), fc.nat(4))
      .map(([letter, number]) => `${letter}:${number}`);
    const links = fc.array(
      fc.tuple(names, names, fc.nat(9)).filter(([one, other]) => one[0] !== other[0]),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(links, (evidence) => {
        const history = historyOf(evidence);
        const followed = evidence.filter((_, link) => history.refused[link] === 0);
        for (let time = 0; time <= 9; time++) {
          const parts = partsOf(
            history.names,
            followed.filter(([, , at]) => at <= time),
          );
          const then = (name: string) => history.at(name, time);
          // Two identifiers are one person then exactly where they are one part.
          const persons = new Map<object, string>();
          for (const [name, part] of parts) persons.set(part, then(name));
          expect([...parts].map(([name]) => then(name))).toEqual(
            [...parts.values()].map((part) => persons.get(part)),
          );
          expect(new Set(persons.values()).size).toBe(persons.size);
        }
        for (const name of history.names) {
          expect(history.at(name, 9)).toBe(history.now(name));
          const size = history.names.filter((other) => history.now(other) === history.now(name)).length;
          expect(history.stagesOf(name)).toBeLessThanOrEqual(Math.log2(size));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

/** The connected part of each identifier; tokens are left out. */
function partsOf(names: readonly string[], links: readonly NamedLink[]): Map<string, object> {
  const parts = new Map<string, Set<string>>();
  for (const name of names) if (kindOf(name) !== 5) parts.set(name, new Set([name]));
  for (const [one, other] of links) {
    const [a, b] = [parts.get(one), parts.get(other)];
    if (!a || !b || a === b) continue;
    for (const name of b) {
      a.add(name);
      parts.set(name, a);
    }
  }
  return parts;
}
