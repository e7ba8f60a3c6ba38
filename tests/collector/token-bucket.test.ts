import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokenBuckets } from '../../lib/domain/token-bucket.ts';

describe('a token bucket', () => {
  test('never lets through more than its burst, what time filled, and the last batch it let in', () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 5000 }),
      tokens: fc.integer({ min: 1, max: 30 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(step, { maxLength: 80 }),
        (perSecond, burst, steps) => {
          let now = 1000;
          const buckets = tokenBuckets({ perSecond, burst }, () => now);
          let taken = 0;
          let last = 0;
          for (const { wait, tokens: wanted } of steps) {
            now += wait;
            const tokens = Math.min(wanted, burst);
            if (buckets.take('k', tokens) > 0) continue;
            taken += tokens;
            last = tokens;
            expect(taken - last).toBeLessThanOrEqual(burst + ((now - 1000) / 1000) * perSecond + 1e-6);
          }
        },
      ),
    );
  });

  test('whoever waits as long as told is let in', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 30 }),
        (perSecond, burst, batches) => {
          let now = 0;
          const buckets = tokenBuckets({ perSecond, burst }, () => now);
          for (const tokens of batches) {
            const wait = buckets.take('k', tokens);
            if (wait === 0) continue;
            expect(Number.isInteger(wait)).toBe(true);
            now += wait * 1000;
            expect(buckets.take('k', tokens)).toBe(0);
          }
        },
      ),
    );
  });

  test('a batch beyond all measure shuts nobody out for longer than a bucket takes to fill', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 10_000_000 }),
        (perSecond, burst, tokens) => {
          const buckets = tokenBuckets({ perSecond, burst }, () => 0);
          expect(buckets.take('k', tokens)).toBe(0);
          expect(buckets.take('k', 1)).toBeLessThanOrEqual(Math.ceil((burst + 1) / perSecond));
        },
      ),
    );
  });

  test('a clock that is set back gives nothing and takes nothing', () => {
    let now = 100_000;
    const buckets = tokenBuckets({ perSecond: 1, burst: 2 }, () => now);
    expect(buckets.take('k', 1)).toBe(0);
    now = 0;
    expect(buckets.take('k', 1)).toBe(0);
    expect(buckets.take('k', 1)).toBeGreaterThan(0);
    expect(buckets.take('other', 1)).toBe(0);
  });
});
