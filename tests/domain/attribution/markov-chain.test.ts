import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CONVERSION,
  countChain,
  countTransitions,
  finalValues,
  indexChain,
  NULL,
  START,
  stateName,
} from '../../../lib/domain/attribution/markov-chain.ts';
import { pathTable, someRows } from './path-table.ts';

/** Transitions in words with their counts, those that were walked. */
function inWords(index: ReturnType<typeof indexChain>, counts: Float64Array) {
  return Array.from(counts.keys())
    .filter((t) => counts[t] !== 0)
    .map((t) => [stateName(index, index.from[t]!), stateName(index, index.to[t]!), counts[t]]);
}

const orders = fc.constantFrom(1, 2, 3, 4);
/** So many channels that states do not fit a table. */
const MANY = Array.from({ length: 5000 }, (_, number) => `x${number}`);

describe('states and transitions', () => {
  const paths = pathTable([
    ['A > B > B', 2, 1, 500],
    ['B', 0, 4],
    ['A > B', 1, 0, 70],
  ]);

  test('order 1, by hand', () => {
    const index = indexChain(paths, 1);
    expect(inWords(index, countTransitions(index, paths.conversions, paths.nulls))).toEqual([
      ['(start)', 'A', 4],
      ['(start)', 'B', 4],
      ['A', 'B', 4],
      ['B', 'B', 3],
      ['B', '(conversion)', 3],
      ['B', '(null)', 5],
    ]);
  });

  test('order 2, by hand: states are shorter only at the start', () => {
    const index = indexChain(paths, 2);
    const states = Array.from({ length: index.stateCount }, (_, state) => stateName(index, state));
    expect(states).toEqual(['A', 'B', 'A > B', 'B > B']);
    expect(inWords(index, countTransitions(index, paths.conversions, paths.nulls))).toEqual([
      ['(start)', 'A', 4],
      ['(start)', 'B', 4],
      ['A', 'A > B', 4],
      ['A > B', 'B > B', 3],
      ['B', '(null)', 4],
      ['A > B', '(conversion)', 1],
      ['B > B', '(conversion)', 2],
      ['B > B', '(null)', 1],
    ]);
    const values = finalValues(index, paths.values);
    expect(inWords(index, values)).toEqual([
      ['A > B', '(conversion)', 70],
      ['B > B', '(conversion)', 500],
    ]);
  });

  test.each([0, 5, 1.5, Number.NaN])('order %s is refused', (order) => {
    expect(() => indexChain(paths, order)).toThrow(`Order ${order}`);
    expect(() => countChain(paths, order, paths.conversions, paths.nulls)).toThrow(RangeError);
  });

  test('every journey that enters a state leaves it, and all end', () => {
    fc.assert(
      fc.property(someRows(), orders, (rows, order) => {
        const table = pathTable(rows);
        const index = indexChain(table, order);
        const counts = countTransitions(index, table.conversions, table.nulls);
        const balance = new Float64Array(index.stateCount);
        let started = 0;
        let ended = 0;
        counts.forEach((count, t) => {
          if (index.from[t] === START) started += count;
          else balance[index.from[t]!]! -= count;
          if (index.to[t] === CONVERSION || index.to[t] === NULL) ended += count;
          else balance[index.to[t]!]! += count;
        });
        expect(balance.every((left) => left === 0)).toBe(true);
        expect(ended).toBe(started);
      }),
    );
  });

  test('the order of the rows changes no number', () => {
    fc.assert(
      fc.property(someRows(), orders, fc.boolean(), (rows, order, many) => {
        const forth = pathTable(rows, many ? MANY : []);
        const back = pathTable(rows.toReversed(), many ? MANY : []);
        const a = indexChain(forth, order);
        const b = indexChain(back, order);
        expect([b.stateStarts, b.stateChannels, b.from, b.to]).toEqual([
          a.stateStarts,
          a.stateChannels,
          a.from,
          a.to,
        ]);
        expect(countTransitions(b, back.conversions, back.nulls)).toEqual(
          countTransitions(a, forth.conversions, forth.nulls),
        );
      }),
      { numRuns: 30 },
    );
  });

  test('codes and hash find the same chain, and channels that nobody touched change nothing', () => {
    fc.assert(
      fc.property(someRows(), orders, (rows, order) => {
        const few = indexChain(pathTable(rows), order);
        const many = indexChain(pathTable(rows, MANY), order);
        for (const part of [
          'stateStarts',
          'stateChannels',
          'from',
          'to',
          'pathTransitions',
          'toNull',
        ] as const) {
          expect(many[part]).toEqual(few[part]);
        }
      }),
      { numRuns: 30 },
    );
  });

  test('a hash that has to grow still tells all pairs apart', () => {
    const rows = Array.from(
      { length: 9000 },
      (_, row) => [`c${row % 97} > c${row % 89} > d${row}`, 1, 0] as const,
    );
    const table = pathTable(rows);
    const index = indexChain(table, 4);
    const counts = countTransitions(index, table.conversions, table.nulls);
    const last = counts.filter((_, t) => index.to[t] === CONVERSION && index.stateChannels.length > 0);
    expect(last.reduce((a, b) => a + b, 0)).toBe(9000);
    expect(Math.max(...last)).toBe(1);
  });

  test('counting in one pass gives the transitions that were walked', () => {
    fc.assert(
      fc.property(someRows(), orders, fc.boolean(), (rows, order, many) => {
        const table = pathTable(rows, many ? MANY : []);
        const index = indexChain(table, order);
        const counted = countChain(table, order, table.conversions, table.nulls, table.values);
        const walk = (chain: typeof index, numbers: Float64Array) => inWords(chain, numbers);
        expect(walk({ ...index, ...counted }, counted.counts)).toEqual(
          walk(index, countTransitions(index, table.conversions, table.nulls)),
        );
        const values = finalValues(index, table.values);
        expect(walk({ ...index, ...counted }, counted.finalValues!)).toEqual(walk(index, values));
      }),
      { numRuns: 50 },
    );
  });
});
