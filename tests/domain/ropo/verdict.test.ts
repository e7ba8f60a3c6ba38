import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { falseDiscoveryRates, isBehaviourDriven } from '../../../lib/domain/ropo/verdict.ts';

describe('false discovery rates', () => {
  test('call the first four of the fifteen comparisons of Benjamini and Hochberg 1995', () => {
    // Section 2.2 of the paper: thrombolysis trials, ordered p-values; at 0.05 the first four are rejected.
    const p = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ];
    const q = falseDiscoveryRates(p);
    expect(q.map((value) => value! <= 0.05)).toEqual(p.map((_, at) => at < 4));
    expect(q[0]).toBeCloseTo(0.0015, 10);
    expect(q[3]).toBeCloseTo(0.035625, 10);
    expect(q[4]).toBeCloseTo(0.0603, 10);
    // The sixth by its own place is 0.0695, the eighth's 0.0645 is less and counts for it too.
    expect(q[5]).toBeCloseTo(0.0638571, 6);
    expect(q[14]).toBe(1);
  });

  test('follow the rule: rejected is all up to the last that lies under its line', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 30 }),
        (p) => {
          const q = falseDiscoveryRates(p);
          const tested = p.filter((value) => value !== null).sort((one, other) => one - other);
          const last = tested.findLastIndex((value, at) => value * (tested.length / (at + 1)) <= 0.05);
          for (const [at, value] of p.entries()) {
            if (value === null) expect(q[at]).toBeNull();
            else {
              expect(q[at]).toBeGreaterThanOrEqual(value);
              // Values a rounding away from the line may fall on either side.
              if (Math.abs(q[at]! - 0.05) > 1e-9)
                expect(q[at]! <= 0.05).toBe(last >= 0 && value <= tested[last]!);
            }
          }
        },
      ),
    );
  });

  test('of a single test are its p-value, and do not depend on the order', () => {
    expect(falseDiscoveryRates([0.04])).toEqual([0.04]);
    expect(falseDiscoveryRates([null])).toEqual([null]);
    expect(falseDiscoveryRates([0.03, null, 0.01])).toEqual([0.03, null, 0.02]);
  });
});

describe('the bracket', () => {
  test.each([
    [{ ownItem: 0.1, weekShift: 0.2, mirror: 0.1 }, false],
    [{ ownItem: 0.1, weekShift: 0.21, mirror: 0.1 }, true],
    [{ ownItem: 0.1, weekShift: 0.1, mirror: -0.3 }, true],
    [{ ownItem: 0.1, weekShift: null, mirror: null }, false],
    [{ ownItem: null, weekShift: 0.5, mirror: 0.1 }, true],
    [{ ownItem: null, weekShift: null, mirror: null }, false],
  ])('of %o is driven by behaviour: %s', (bracket, isDriven) => {
    expect(isBehaviourDriven(bracket)).toBe(isDriven);
  });
});
