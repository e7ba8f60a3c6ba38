import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareAll } from '../../../lib/domain/attribution/differences.ts';

/** Replicates given by figure. */
const of = (...figures: number[][]) => ({
  values: Float64Array.from(figures.flat()),
  replicates: figures[0]!.length,
});

describe('every pair of figures compared', () => {
  test('by hand: three figures, four replicates', () => {
    // Differences 6, 9 and 3. Deviations in the replicates: +-2, 0; +-2, +-4; 0, +-4 (see below).
    const replicates = of([12, 8, 10, 10], [4, 4, 4, 4], [1, 1, 5, -3]);
    const [ab, ac, bc] = compareAll(Float64Array.of(10, 4, 1), replicates, 0.6);
    // First less second: 8, 4, 6, 6 around 6: squares 4 + 4, mean 2.
    // First less third: 11, 7, 5, 13 around 9: 4 + 4 + 16 + 16, mean 10. Second less third: 3, 3, -1, 7: mean 8.
    const errors = [Math.SQRT2, Math.sqrt(10), Math.sqrt(8)];
    // Largest of 2 / 1.414, 2 / 3.162, 0 in the first two: 1.414; of 0, 4 / 3.162, 4 / 2.828 in the others: 1.414.
    const critical = Math.SQRT2;
    expect([ab, ac, bc].map((pair) => [pair!.first, pair!.second, pair!.difference])).toEqual([
      [0, 1, 6],
      [0, 2, 9],
      [1, 2, 3],
    ]);
    for (const [at, pair] of [ab, ac, bc].entries()) {
      expect(pair!.low).toBeCloseTo(pair!.difference - critical * errors[at]!, 12);
      expect(pair!.high).toBeCloseTo(pair!.difference + critical * errors[at]!, 12);
    }
    // 6 / 1.414 and 9 / 3.162 are beyond 1.414 in no replicate: one of five. 3 / 2.828 is passed by all four.
    expect([ab, ac, bc].map((pair) => pair!.adjustedP)).toEqual([0.2, 0.2, 1]);
    expect([ab, ac, bc].map((pair) => pair!.isDistinguishable)).toEqual([true, true, false]);
  });

  test('with the pairs around it, what chance alone would pass is no longer far enough', () => {
    const wobble = Array.from({ length: 99 }, (_, at) => at - 49);
    const still = wobble.map(() => 0);
    const alone = compareAll(
      Float64Array.of(47, 0),
      of(
        wobble.map((w) => 47 + w),
        still,
      ),
      0.9,
    );
    expect(alone[0]!.isDistinguishable).toBe(true);
    // The third figure wobbles in other replicates: the most extreme of three pairs is more extreme.
    const others = wobble.map((_, at) => 300 * (((at * 37) % 99) - 49));
    const among = compareAll(
      Float64Array.of(47, 0, 0),
      of(
        wobble.map((w) => 47 + w),
        still,
        others,
      ),
      0.9,
    );
    expect(among[0]!.adjustedP).toBeGreaterThan(alone[0]!.adjustedP);
    expect(among[0]!.high - among[0]!.low).toBeGreaterThan(alone[0]!.high - alone[0]!.low);
  });

  test('figures that no replicate moves are equal, or differ for certain', () => {
    const many = Array.from({ length: 40 }, () => 5);
    const [same] = compareAll(Float64Array.of(5, 5), of(many, many), 0.9);
    expect(same).toMatchObject({ difference: 0, low: 0, high: 0, adjustedP: 1, isDistinguishable: false });
    const [apart] = compareAll(
      Float64Array.of(5, 3),
      of(
        many,
        many.map(() => 3),
      ),
      0.9,
    );
    expect(apart).toMatchObject({ difference: 2, low: 2, high: 2, isDistinguishable: true });
  });

  test.each([0, 1, 8])('%i replicates are too few to tell anything apart at 90%%', (count) => {
    const replicates = of(
      Array.from({ length: count }, () => 1001),
      Array.from({ length: count }, () => 0),
    );
    const [pair] = compareAll(Float64Array.of(1000, 0), replicates, 0.9);
    expect(pair).toMatchObject({
      difference: 1000,
      low: Number.NaN,
      high: Number.NaN,
      isDistinguishable: false,
    });
  });

  test('one figure makes no pair', () => {
    expect(compareAll(Float64Array.of(1), of([1, 2]), 0.9)).toEqual([]);
    expect(compareAll(new Float64Array(0), { values: new Float64Array(0), replicates: 3 }, 0.9)).toEqual([]);
  });

  const data = fc
    .record({ figures: fc.integer({ min: 2, max: 5 }), count: fc.integer({ min: 1, max: 60 }) })
    .chain(({ figures, count }) => {
      const row = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: count, maxLength: count });
      return fc.record({
        points: fc.array(fc.integer({ min: -50, max: 50 }), { minLength: figures, maxLength: figures }),
        rows: fc.array(row, { minLength: figures, maxLength: figures }),
        level: fc.constantFrom(0.5, 0.8, 0.9, 0.95),
      });
    });

  test('verdict, bounds and chance agree with each other; each pair stands there once', () => {
    fc.assert(
      fc.property(data, ({ points, rows, level }) => {
        const count = rows[0]!.length;
        const pairs = compareAll(Float64Array.from(points), of(...rows), level);
        expect(pairs).toHaveLength((points.length * (points.length - 1)) / 2);
        for (const { first, second, difference, low, high, adjustedP, isDistinguishable } of pairs) {
          expect(first).toBeLessThan(second);
          expect(difference).toBe(points[first]! - points[second]!);
          expect(adjustedP).toBeGreaterThanOrEqual(1 / (count + 1));
          expect(adjustedP).toBeLessThanOrEqual(1);
          expect(isDistinguishable).toBe(adjustedP <= 1 - level + 1e-12);
          if (Number.isNaN(low)) continue;
          expect(low).toBeLessThanOrEqual(high);
          // Zero is outside the bounds exactly where the pair can be told apart.
          if (Math.abs(low) > 1e-9 && Math.abs(high) > 1e-9)
            expect(low > 0 || high < 0).toBe(isDistinguishable);
        }
      }),
    );
  });

  test('the other way round, everything is the same with the sign turned', () => {
    fc.assert(
      fc.property(data, ({ points, rows, level }) => {
        const forth = compareAll(Float64Array.from(points), of(...rows), level);
        const back = compareAll(Float64Array.from(points.toReversed()), of(...rows.toReversed()), level);
        const last = points.length - 1;
        for (const pair of forth) {
          const turned = back.find(
            ({ first, second }) => first === last - pair.second && second === last - pair.first,
          )!;
          expect(turned.difference + pair.difference).toBe(0);
          expect(turned.adjustedP).toBe(pair.adjustedP);
          expect(turned.isDistinguishable).toBe(pair.isDistinguishable);
          if (!Number.isNaN(pair.low)) expect(turned.low + pair.high).toBeCloseTo(0, 9);
        }
      }),
    );
  });
});
