import fc from 'fast-check';
import { expect, test } from 'vitest';
import { channelShares } from '../../../lib/domain/attribution/path-shares.ts';
import { indexSets, shapleyConversions, sumBySet } from '../../../lib/domain/attribution/shapley.ts';
import { pathTable, someRows } from './path-table.ts';

const sets = indexSets(
  pathTable([
    ['A', 1, 0],
    ['A > B', 1, 0],
    ['B > C', 1, 0],
  ]),
);

test('by hand: each set is split in proportion to its members', () => {
  // A 10; A and B 8 by 3 to 1; B and C 6 by 1 to 2.
  expect(Array.from(channelShares(sets, [3, 1, 2], [10, 8, 6]))).toEqual([16, 4, 4]);
});

test('negative weights count as nothing, and members that all weigh nothing share alike', () => {
  expect(Array.from(channelShares(sets, [3, -1, 0], [10, 8, 6]))).toEqual([18, 3, 3]);
  expect(Array.from(channelShares(sets, [0, 0, 0], [10, 8, 6]))).toEqual([14, 7, 3]);
});

test('sums to the amounts; equal weights are the Shapley values of conversions', () => {
  fc.assert(
    fc.property(
      someRows(),
      fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
      (rows, weights) => {
        const table = pathTable(rows);
        const found = indexSets(table);
        const bySet = sumBySet(found, table.conversions);
        const all = bySet.reduce((a, b) => a + b, 0);
        expect(channelShares(found, weights, bySet).reduce((a, b) => a + b, 0)).toBeCloseTo(all, 10);
        const equal = channelShares(found, [1, 1, 1, 1], bySet);
        shapleyConversions(found, bySet).forEach((value, channel) => {
          expect(equal[channel]).toBeCloseTo(value, 10);
        });
      },
    ),
  );
});
