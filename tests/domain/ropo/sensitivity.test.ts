import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { excessEnds, isWindowDriven, worstCase } from '../../../lib/domain/ropo/sensitivity.ts';

describe('the excess ends', () => {
  test.each([
    [[0.1, 0.05, 0.01, -0.01, 0, 0.02], 3],
    [[0.1, -0.01, 0.05, 0.01, -0.01, -0.01], 4],
    [[0.1, 0.05], 2],
    [[0.1, 0.05, -0.01], 2],
    [[null, null, 0.3], 0],
    [[-0.1, 0.2, 0.1], 3],
    [[], 0],
  ])('of %j after %i days', (lows, days) => {
    expect(excessEnds(lows)).toBe(days);
  });
});

describe('a window', () => {
  test.each([
    [0.2, 0.25, false],
    [0.2, 0.26, true],
    [0.3, 0.2, true],
    [null, 0.9, false],
  ])('of 7 days with %s and of 30 with %s drives the share: %s', (week, month, isDriven) => {
    expect(isWindowDriven(week, month)).toBe(isDriven);
  });
});

test('the worst case holds whatever share the part that is not known has', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, share, share, (known, part, other) => {
      const { low, high } = worstCase(known, part);
      const truth = known * part + other * (1 - part);
      expect(truth).toBeGreaterThanOrEqual(low - 1e-12);
      expect(truth).toBeLessThanOrEqual(high + 1e-12);
      expect(high - low).toBeCloseTo(1 - part, 10);
    }),
  );
});
