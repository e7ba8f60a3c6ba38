import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../lib/demo/random.ts';
import { poissonOne, poissonSum } from '../../../lib/domain/attribution/poisson.ts';
import {
  effectiveOf,
  type SumMoments,
  shareInterval,
  sumError,
  sumInterval,
} from '../../../lib/domain/attribution/sum-interval.ts';

/** Intervals of sums over persons, against resampling, exact intervals and truths that are known. */
const momentsOf = (parts: readonly number[]): SumMoments => {
  const moments = { up: 0, upSquares: 0, down: 0, downSquares: 0 };
  for (const part of parts) {
    if (part > 0) {
      moments.up += part;
      moments.upSquares += part * part;
    } else {
      moments.down -= part;
      moments.downSquares += part * part;
    }
  }
  return moments;
};

/** A few spend most: amounts that span three powers of ten, every seventh given back. */
const lopsided = Array.from({ length: 60 }, (_, n) => Math.round(100 * 1.13 ** n) * (n % 7 === 3 ? -1 : 1));

describe('the standard error of a sum', () => {
  test('is that of a Poisson bootstrap of its persons', () => {
    const replicates = 8000;
    const sums = Array.from({ length: replicates }, (_, replicate) =>
      lopsided.reduce((sum, part, person) => sum + part * poissonOne(7, person, replicate), 0),
    );
    const mean = sums.reduce((a, b) => a + b, 0) / replicates;
    const squares = sums.map((sum) => (sum - mean) ** 2);
    const variance = squares.reduce((a, b) => a + b, 0) / (replicates - 1);
    // What drawing leaves unsure of a variance, from the fourth moment of the draws.
    const fourth = squares.reduce((sum, square) => sum + square ** 2, 0) / replicates;
    const error = Math.sqrt((fourth - variance ** 2) / replicates);
    expect(Math.abs(variance - sumError(momentsOf(lopsided)) ** 2)).toBeLessThan(3 * error);
    expect(error / variance).toBeLessThan(0.03);
  });
});

describe('an interval of a sum', () => {
  test('of persons who are alike is nearly the exact one of a Poisson count', () => {
    // Garwood's bounds of 20 and 100 counted, at 95%, from tables; t instead of the normal quantile widens them.
    for (const [count, low, high] of [
      [20, 12.22, 30.89],
      [100, 81.36, 121.63],
    ] as const) {
      const found = sumInterval(momentsOf(Array.from({ length: count }, () => 1)), 0.95)!;
      expect(found.low).toBeLessThan(low);
      expect(found.low).toBeGreaterThan(low - 1.1);
      expect(found.high).toBeGreaterThan(high);
      expect(found.high).toBeLessThan(high + 1.6);
    }
  });

  test('of many persons is as wide as their standard error says, losses included', () => {
    const many = Array.from({ length: 40_000 }, (_, n) => (1 + (n % 17) ** 2) * (n % 5 === 2 ? -1 : 1));
    const { low, high } = sumInterval(momentsOf(many), 0.9)!;
    const ratio = (high - low) / (2 * 1.645 * sumError(momentsOf(many)));
    expect(ratio).toBeGreaterThan(0.99);
    expect(ratio).toBeLessThan(1.01);
  });

  test('holds the sum, is above zero without losses, and does not depend on units or order', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 12, maxLength: 80 });
    fc.assert(
      fc.property(amounts, amounts, fc.integer({ min: 2, max: 100 }), (gains, losses, factor) => {
        const all = [...gains, ...losses.map((loss) => -loss)];
        const found = sumInterval(momentsOf(all), 0.9);
        if (effectiveOf(momentsOf(all)) < 10) return expect(found).toBeNull();
        const sum = all.reduce((a, b) => a + b, 0);
        expect(found!.low).toBeLessThan(sum);
        expect(found!.high).toBeGreaterThan(sum);
        const scaled = sumInterval(momentsOf(all.toReversed().map((part) => part * factor)), 0.9)!;
        expect(scaled.low / factor).toBeCloseTo(found!.low, 3);
        expect(scaled.high / factor).toBeCloseTo(found!.high, 3);
        // Gains as losses and losses as gains: the same the other way round.
        const turned = sumInterval(momentsOf(all.map((part) => -part)), 0.9)!;
        expect(turned.low).toBeCloseTo(-found!.high, 3);
        expect(turned.high).toBeCloseTo(-found!.low, 3);
        const alone = sumInterval(momentsOf(gains), 0.9);
        if (alone) expect(alone.low).toBeGreaterThan(0);
        const wider = sumInterval(momentsOf(all), 0.95)!;
        expect(wider.low).toBeLessThan(found!.low);
        expect(wider.high).toBeGreaterThan(found!.high);
      }),
      { numRuns: 300, seed: 11 },
    );
  });

  test('is not there where few persons make the sum', () => {
    expect(sumInterval(momentsOf([]), 0.9)).toBeNull();
    expect(sumInterval(momentsOf(Array.from({ length: 9 }, () => 5)), 0.9)).toBeNull();
    expect(sumInterval(momentsOf([...Array.from({ length: 99 }, () => 1), 1000]), 0.9)).toBeNull();
    expect(sumInterval(momentsOf(Array.from({ length: 10 }, () => 5)), 0.9)).not.toBeNull();
  });
});

describe('an interval of a share', () => {
  test('lies between nothing and all; that of the rest is the same turned round', () => {
    const persons = fc.array(
      fc.record({ part: fc.integer({ min: 0, max: 1000 }), rest: fc.integer({ min: 0, max: 1000 }) }),
      { minLength: 25, maxLength: 60 },
    );
    fc.assert(
      fc.property(persons, (all) => {
        const of = (pick: (one: { part: number; rest: number }) => number) => {
          const sum = (f: (one: { part: number; rest: number }) => number) =>
            all.reduce((total, one) => total + f(one), 0);
          const whole = (one: { part: number; rest: number }) => one.part + one.rest;
          return shareInterval(
            {
              part: sum(pick),
              partSquares: sum((one) => pick(one) ** 2),
              products: sum((one) => pick(one) * whole(one)),
              whole: sum(whole),
              wholeSquares: sum((one) => whole(one) ** 2),
            },
            0.9,
          );
        };
        const [part, rest] = [of((one) => one.part), of((one) => one.rest)];
        if (part === null || rest === null) return expect(part).toBe(rest);
        expect(part.low).toBeGreaterThan(0);
        expect(part.high).toBeLessThan(1);
        expect(part.low + rest.high).toBeCloseTo(1, 9);
        expect(part.high + rest.low).toBeCloseTo(1, 9);
      }),
      { numRuns: 200, seed: 5 },
    );
  });
});

describe('coverage, where the truth is known', () => {
  /** Buyers come at random and bring lopsided amounts; some take goods back. Part of 90% intervals that hold the truth. */
  function covered(buyers: number, returning: number, spread: number): number {
    const random = createRandom('coverage', buyers, returning);
    const mean = Math.exp((spread * spread) / 2);
    const truth = (buyers - returning) * mean;
    let [held, all] = [0, 0];
    for (let sample = 0; sample < 1500; sample++) {
      const draw = (count: number, sign: number, unit: number) =>
        Array.from(
          { length: poissonSum(count, 3, unit, sample) },
          () => sign * Math.exp(spread * random.normal()),
        );
      const found = sumInterval(momentsOf([...draw(buyers, 1, 1), ...draw(returning, -1, 2)]), 0.9);
      if (!found) continue;
      all += 1;
      if (found.low <= truth && truth <= found.high) held += 1;
    }
    expect(all).toBeGreaterThan(500);
    return held / all;
  }

  test.each([
    { buyers: 30, returning: 0, spread: 0.6 },
    { buyers: 60, returning: 0, spread: 1 },
    { buyers: 200, returning: 20, spread: 1 },
    { buyers: 100, returning: 100, spread: 1 },
  ])('$buyers buyers, $returning who give back, spread $spread', ({ buyers, returning, spread }) => {
    const part = covered(buyers, returning, spread);
    expect(part).toBeGreaterThan(0.87);
    expect(part).toBeLessThan(0.95);
  });
});
