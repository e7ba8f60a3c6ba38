import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitsOf } from '../../lib/cost/limits.ts';
import { amountText, headroomText } from '../../lib/cost/show-cost.ts';
import { workloadOf } from '../../lib/cost/workload.ts';
import { DEPLOYMENT } from '../../lib/stacks/deployment.ts';

const limitNamed = (events: number, what: RegExp) =>
  limitsOf(workloadOf(events)).find((limit) => what.test(limit.what))!;

describe('limits', () => {
  test('the busiest second, by hand', () => {
    // 2,628,000 seconds a month, at five times the mean.
    expect(limitNamed(2_628_000 * 400, /of the account/).load).toBeCloseTo(2_000, 9);
    expect(limitNamed(2_628_000 * 400, /records into a stream/).load).toBeCloseTo(2_000, 9);
  });

  test('a workload at the size where a limit binds asks for just that limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 40 }), (events) => {
        for (const { bindsAt, limit, what } of limitsOf(workloadOf(events))) {
          if (!Number.isFinite(bindsAt)) continue;
          const there = limitsOf(workloadOf(bindsAt)).find((other) => other.what === what)!;
          expect(there.load / limit).toBeCloseTo(1, 6);
        }
      }),
    );
  });

  test('come with the one that binds first at the top, and each says what to change', () => {
    const limits = limitsOf(workloadOf(1e10));
    const shares = limits.map(({ load, limit }) => load / limit);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    for (const { change } of limits) expect(change.length).toBeGreaterThan(10);
    expect(limits[0]!.load).toBeGreaterThan(limits[0]!.limit);
  });

  test('those that are settings are the ones of the deployment', () => {
    expect(limitNamed(1e6, /as the stack throttles/).limit).toBe(DEPLOYMENT.collectorRate.perSecond);
    expect(limitNamed(1e6, /the SELECT that reads most/).limit * 2 ** 30).toBe(DEPLOYMENT.bytesPerQuery);
    expect(limitNamed(1e6, /memory of the steps/).limit).toBe(DEPLOYMENT.modelMemoryMb);
    expect(limitNamed(1e6, /cost guard/).limit * 2 ** 30).toBe(DEPLOYMENT.bytesPerDay);
  });

  test('headroom is told as a factor, and what does not fit as such', () => {
    expect(headroomText({ load: 2, limit: 10 })).toBe('5 x');
    expect(headroomText({ load: 25, limit: 10 })).toBe('OVER, 2.5 x too much');
    expect(headroomText({ load: 0, limit: 10 })).toBe('-');
    expect(amountText(1_234_567)).toBe('1,230,000');
    expect(amountText(Number.POSITIVE_INFINITY)).toBe('-');
  });
});
