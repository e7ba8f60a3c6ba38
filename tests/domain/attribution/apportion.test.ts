import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apportion, unitsText } from '../../../lib/domain/attribution/apportion.ts';

describe('apportion', () => {
  test('gives what is left over to the largest remainders, ties to the first', () => {
    expect(apportion([1 / 3, 2 / 3], 1, 10)).toEqual([3n, 7n]);
    expect(apportion([1 / 3, 1 / 3, 1 / 3], 1, 10)).toEqual([4n, 3n, 3n]);
    expect(apportion([0, 0.5, 0.5], 1, 1)).toEqual([0n, 1n, 0n]);
    expect(apportion([], 0, 10)).toEqual([]);
    expect(apportion([0, 0], 0, 10)).toEqual([0n, 0n]);
  });

  test('credit below zero stays below zero', () => {
    expect(apportion([-0.55, 1.55], 1, 10)).toEqual([-5n, 15n]);
  });

  test('sums to the total, each part within a unit of its credit, however large', () => {
    const weights = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 30 });
    const totals = fc.oneof(fc.nat(), fc.maxSafeNat());
    fc.assert(
      fc.property(weights, totals, fc.constantFrom(1, 100, 1e9), (some, total, unitsPerWhole) => {
        const sum = some.reduce((a, b) => a + b, 0);
        fc.pre(sum > 0);
        const credits = some.map((weight) => (weight / sum) * total);
        const parts = apportion(credits, total, unitsPerWhole);
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(BigInt(total) * BigInt(unitsPerWhole));
        for (const [at, part] of parts.entries()) {
          if (some[at] === 0) expect(part).toBe(0n);
          const slack = 1 + 4e-15 * total * unitsPerWhole;
          expect(Math.abs(Number(part) - credits[at]! * unitsPerWhole)).toBeLessThanOrEqual(slack);
        }
      }),
    );
  });

  test('credits that are no credits of the total are refused', () => {
    expect(() => apportion([1, 2], 4, 10)).toThrow('Credits miss their total of 4 by 1');
    expect(() => apportion([Number.NaN], 1, 10)).toThrow('Credit NaN of channel 0 must be a number');
  });
});

test.each([
  [-1530n, 2, '-15.30'],
  [5n, 3, '0.005'],
  [0n, 2, '0.00'],
  [12n, 0, '12'],
  [-7n, 1, '-0.7'],
  [123456789012345678901n, 9, '123456789012.345678901'],
])('%s units with %i decimals are %s', (units, decimals, text) => {
  expect(unitsText(units, decimals)).toBe(text);
});
