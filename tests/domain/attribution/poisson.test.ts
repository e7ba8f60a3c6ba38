import { describe, expect, test } from 'vitest';
import { poissonOne, poissonSum, uniform32 } from '../../../lib/domain/attribution/poisson.ts';

const UNITS = 4000;
const REPLICATES = 40;

type Weight = (unit: number, replicate: number) => number;

function correlation(a: number[], b: number[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, at) => {
    ab += (value - meanA) * (b[at]! - meanB);
    aa += (value - meanA) ** 2;
    bb += (b[at]! - meanB) ** 2;
  });
  return ab / Math.sqrt(aa * bb);
}

/** Largest correlation between any two replicates over all units, in units of its noise. */
function betweenReplicates(weight: Weight): number {
  const rows = Array.from({ length: REPLICATES }, (_, r) =>
    Array.from({ length: UNITS }, (_, u) => weight(u, r)),
  );
  let largest = 0;
  for (let a = 0; a < REPLICATES; a++) {
    for (let b = 0; b < a; b++) largest = Math.max(largest, Math.abs(correlation(rows[a]!, rows[b]!)));
  }
  return largest * Math.sqrt(UNITS);
}

/** Largest correlation between any two of 40 units over many replicates, in units of its noise. */
const betweenUnits = (weight: Weight) => betweenReplicates((replicate, unit) => weight(unit, replicate));

/** A Poisson(1) count from a uniform number of 32 bits. */
function inverted(u: number): number {
  let k = 0;
  for (let mass = Math.exp(-1), sum = mass; u / 4294967296 >= sum && k < 13; sum += mass) {
    k += 1;
    mass /= k;
  }
  return k;
}

describe('Poisson(1) weights', () => {
  test('mean, variance and the chance of each count', () => {
    const counts = new Float64Array(14);
    for (let u = 0; u < UNITS; u++) for (let r = 0; r < REPLICATES; r++) counts[poissonOne(42, u, r)]! += 1;
    const draws = UNITS * REPLICATES;
    let [mean, square] = [0, 0];
    counts.forEach((count, k) => {
      mean += (k * count) / draws;
      square += (k * k * count) / draws;
    });
    // Standard errors: 1 / sqrt(draws) of the mean, sqrt(3 / draws) of the variance.
    expect(Math.abs(mean - 1)).toBeLessThan(4 / Math.sqrt(draws));
    expect(Math.abs(square - mean * mean - 1)).toBeLessThan(4 * Math.sqrt(3 / draws));
    expect(chiSquare(counts, 1, draws)).toBeLessThan(1);
  });

  test.each([0, 1, 42, -7, 2_000_000_011])(
    'seed %i: replicates and units know nothing of each other',
    (seed) => {
      // The largest of 780 correlations is about 3.2 times its noise.
      expect(betweenReplicates((unit, replicate) => poissonOne(seed, unit, replicate))).toBeLessThan(4.8);
      expect(betweenUnits((unit, replicate) => poissonOne(seed, unit, replicate))).toBeLessThan(4.8);
    },
  );

  test('other seeds give other weights', () => {
    expect(betweenReplicates((unit, replicate) => poissonOne(replicate, unit, 3))).toBeLessThan(4.8);
  });

  test('the same test finds out a linear congruential generator and one round of mixing', () => {
    const congruential: Weight = (unit, replicate) =>
      inverted((Math.imul(1664525, unit + replicate * 7919) + 1013904223) >>> 0);
    expect(betweenReplicates(congruential)).toBeGreaterThan(20);
    const plainSum: Weight = (unit, replicate) =>
      inverted(Math.imul(unit ^ (replicate << 16), 0x9e3779b1) >>> 0);
    expect(betweenReplicates(plainSum)).toBeGreaterThan(20);
  });

  test('a weight depends on seed, unit and replicate alone', () => {
    expect([uniform32(1, 2, 3), uniform32(1, 2, 3)]).toEqual([uniform32(1, 2, 3), uniform32(1, 2, 3)]);
    // Known values: another figure here means other intervals in every report.
    expect([uniform32(0, 0, 0), uniform32(1, 2, 3)]).toEqual([1_042_135_696, 1_756_238_309]);
  });
});

/** Exact probabilities of Poisson(n), by logarithms. */
function poissonMass(n: number, k: number): number {
  let log = k * Math.log(n) - n;
  for (let i = 2; i <= k; i++) log -= Math.log(i);
  return Math.exp(log);
}

/** Chi-square of counts against Poisson(n), cells of 10 or more expected, by its 99.99% bound (Wilson, Hilferty). */
function chiSquare(counts: ArrayLike<number>, n: number, draws: number): number {
  let [sum, cells, observed, expected] = [0, 0, 0, 0];
  let left = draws;
  let seen = 0;
  for (let k = 0; k < counts.length; k++) {
    observed += counts[k]!;
    expected += draws * poissonMass(n, k);
    if (expected < 10) continue;
    if (left - expected < 10) break;
    sum += (observed - expected) ** 2 / expected;
    left -= expected;
    seen += observed;
    cells += 1;
    [observed, expected] = [0, 0];
  }
  sum += (draws - seen - left) ** 2 / left;
  const bound = cells * (1 - 2 / (9 * cells) + 3.72 * Math.sqrt(2 / (9 * cells))) ** 3;
  return sum / bound;
}

describe('sums of Poisson(1) weights', () => {
  test.each([2, 30, 700])('of %i units have the law of Poisson(n)', (n) => {
    const draws = 40_000;
    const counts = new Float64Array(3 * n + 40);
    for (let draw = 0; draw < draws; draw++)
      counts[poissonSum(n, 9, draw % 200, Math.floor(draw / 200))]! += 1;
    expect(chiSquare(counts, n, draws)).toBeLessThan(1);
    // The test would see a sum of half the units, rounded up and doubled.
    const wrong = new Float64Array(counts.length);
    for (let draw = 0; draw < draws; draw++)
      wrong[2 * poissonSum(n / 2, 9, draw % 200, Math.floor(draw / 200))]! += 1;
    expect(chiSquare(wrong, n, draws)).toBeGreaterThan(1);
  });

  test('one unit is the weight itself, none is nothing', () => {
    expect(poissonSum(1, 5, 6, 7)).toBe(poissonOne(5, 6, 7));
    expect(poissonSum(0, 5, 6, 7)).toBe(0);
  });

  test('replicates and units are independent for large sums too', () => {
    expect(betweenReplicates((unit, replicate) => poissonSum(1200, 3, unit, replicate))).toBeLessThan(4.8);
    expect(betweenUnits((unit, replicate) => poissonSum(1200, 3, unit, replicate))).toBeLessThan(4.8);
  });
});

describe('seeds', () => {
  test.each([400, 5_000, 90_000])('give counts of %d that have nothing to do with each other', (n) => {
    const draws = (seed: number) =>
      Array.from({ length: 2000 }, (_, replicate) => (poissonSum(n, seed, 7, replicate) - n) / Math.sqrt(n));
    const first = draws(1);
    for (const seed of [2, 3, 5, 101]) {
      const other = draws(seed);
      const product = first.reduce((sum, value, at) => sum + value * other[at]!, 0) / first.length;
      expect(Math.abs(product), `seeds 1 and ${seed}`).toBeLessThan(4.5 / Math.sqrt(first.length));
    }
  });
});

describe('counts beyond a hundred thousand', () => {
  test('have the mean and the variance of a Poisson count, and take no longer', () => {
    for (const n of [100_001, 4e9, 9_007_199_254_740_990]) {
      const deviations = Array.from(
        { length: 2000 },
        (_, replicate) => (poissonSum(n, 5, 77, replicate) - n) / Math.sqrt(n),
      );
      const mean = deviations.reduce((a, b) => a + b, 0) / deviations.length;
      const variance = deviations.reduce((a, b) => a + (b - mean) ** 2, 0) / deviations.length;
      expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(2000));
      expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 2000));
      expect(new Set(deviations).size).toBeGreaterThan(500);
    }
  });
});
