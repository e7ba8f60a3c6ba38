import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CanonicalPaths, canonicalPaths } from '../../../lib/domain/attribution/canonical-paths.ts';
import { pathTable, type Row, someRows } from './path-table.ts';

const inWords = ({ channels, starts, steps, conversions, nulls, values }: CanonicalPaths): Row[] =>
  Array.from(conversions, (count, path) => [
    Array.from(steps.subarray(starts[path], starts[path + 1]), (step) => channels[step]).join(' > '),
    count,
    nulls[path]!,
    values[path]!,
  ]);

const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });

describe('paths in an order of their own', () => {
  test('are each there once, whatever the order in which they came and how often', () => {
    fc.assert(
      fc.property(
        someRows().chain((rows) => fc.tuple(fc.constant(rows), shuffled([...rows, ...rows, ...rows]))),
        ([rows, repeated]) => {
          const once = inWords(canonicalPaths({ ...pathTable(rows), persons: null }));
          expect(new Set(once.map(([path]) => path)).size).toBe(rows.length);
          expect(new Map(once.map((row) => [row[0], row]))).toEqual(
            new Map(rows.map((row) => [row[0], row])),
          );
          const thrice = canonicalPaths({ ...pathTable(repeated), persons: null });
          expect(inWords(thrice)).toEqual(
            once.map(([path, ...counts]) => [path, ...counts.map((n) => 3 * n!)]),
          );
        },
      ),
    );
  });

  test('are kept apart by person', () => {
    const paths = pathTable([
      ['A', 1, 0],
      ['A', 0, 1],
      ['A', 0, 1],
      ['A > B', 1, 0],
    ]);
    const merged = canonicalPaths({ ...paths, persons: Uint32Array.of(7, 8, 7, 8) });
    const rows = inWords(merged).map((row, at) => [merged.persons![at], ...row.slice(0, 3)]);
    expect(rows.sort()).toEqual([
      [7, 'A', 1, 1],
      [8, 'A > B', 1, 0],
      [8, 'A', 0, 1],
    ]);
  });

  test('many paths are sorted as few are', () => {
    const rows = Array.from({ length: 5000 }, (_, at): Row => [`c${(at * 7919) % 3000} > c${at % 11}`, 1, 0]);
    const a = inWords(canonicalPaths({ ...pathTable(rows), persons: null }));
    const b = inWords(canonicalPaths({ ...pathTable(rows.toReversed()), persons: null }));
    expect(b).toEqual(a);
    expect(a.reduce((sum, [, count]) => sum + count, 0)).toBe(5000);
  });
});
