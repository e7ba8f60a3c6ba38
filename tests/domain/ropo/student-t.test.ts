import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tQuantile, twoSidedTail } from '../../../lib/domain/ropo/student-t.ts';

describe('the t quantile', () => {
  // Percentage points as tables print them (for instance NIST/SEMATECH e-Handbook 1.3.6.7.2), the first two to more digits.
  test.each([
    [0.95, 1, 12.7062047, 7],
    [0.95, 2, 4.3026527, 7],
    [0.95, 3, 3.182, 3],
    [0.95, 5, 2.571, 3],
    [0.95, 10, 2.228, 3],
    [0.95, 29, 2.045, 3],
    [0.95, 30, 2.042, 3],
    [0.95, 60, 2.0, 3],
    [0.95, 100, 1.984, 3],
    [0.9, 10, 1.812, 3],
    [0.99, 10, 3.169, 3],
    [0.99, 1, 63.657, 3],
    [0.998, 5, 5.893, 3],
    [0.95, 1e6, 1.959966, 5],
    [0.95, 1e9, 1.959964, 6],
  ])('for %d and %i degrees of freedom is %d', (level, freedom, quantile, digits) => {
    expect(tQuantile(level, freedom)).toBeCloseTo(quantile, digits - 1);
    expect(Math.abs(tQuantile(level, freedom) - quantile)).toBeLessThan(0.6 * 10 ** -digits);
  });

  test('leaves what it promises on both sides', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 200_000 }),
        (level, freedom) => {
          expect(twoSidedTail(tQuantile(level, freedom), freedom)).toBeCloseTo(1 - level, 9);
        },
      ),
    );
  });
});

describe('the tail', () => {
  test('is that of the Cauchy law with one degree of freedom, and in closed form with two', () => {
    for (const t of [0, 0.1, 0.7, 1, 3, 40, 5_000]) {
      expect(twoSidedTail(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
      expect(twoSidedTail(t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
    }
  });

  test('is the same on either side of zero', () => {
    expect(twoSidedTail(-2.3, 17)).toBe(twoSidedTail(2.3, 17));
  });
});
