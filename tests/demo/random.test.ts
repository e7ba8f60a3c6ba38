import { describe, expect, it } from 'vitest';
import { createRandom, uuidOf } from '../../lib/demo/random.ts';

const DRAWS = 40_000;

function meanOf(draw: () => number): number {
  let sum = 0;
  for (let count = 0; count < DRAWS; count++) sum += draw();
  return sum / DRAWS;
}

describe('createRandom', () => {
  it('repeats itself for the same keys and only for them', () => {
    const draws = (...keys: (string | number)[]) => {
      const random = createRandom(...keys);
      return Array.from({ length: 8 }, random.float);
    };
    expect(draws(7, 'household', 12)).toEqual(draws(7, 'household', 12));
    expect(draws(7, 'household', 12)).not.toEqual(draws(7, 'household', 13));
    expect(draws(7, 'household', 12)).not.toEqual(draws(7, 'household1', 2));
  });

  it('gives neighbouring keys unrelated streams', () => {
    const firsts = Array.from({ length: 4000 }, (_, index) => createRandom(1, index).float());
    expect(new Set(firsts).size).toBeGreaterThan(3990);
    const mean = firsts.reduce((a, b) => a + b, 0) / firsts.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  });

  it('fills the unit interval evenly', () => {
    const random = createRandom('even');
    const bins = new Array<number>(20).fill(0);
    for (let count = 0; count < DRAWS; count++) bins[Math.floor(random.float() * 20)]!++;
    const expected = DRAWS / 20;
    const chiSquare = bins.reduce((sum, bin) => sum + (bin - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(43.8); // 19 degrees of freedom, p = 0.001
  });

  it('draws the distributions that it names', () => {
    const random = createRandom('distributions');
    expect(meanOf(() => random.exponential(4))).toBeCloseTo(4, 0);
    expect(meanOf(() => random.gamma(2.2))).toBeCloseTo(2.2, 1);
    expect(meanOf(() => random.gamma(0.6))).toBeCloseTo(0.6, 1);
    expect(meanOf(() => random.poisson(1.3))).toBeCloseTo(1.3, 1);
    expect(meanOf(random.normal)).toBeCloseTo(0, 1);
    expect(meanOf(() => random.weighted([1, 0, 3]))).toBeCloseTo(1.5, 1);
  });

  it('writes version 4 UUIDs', () => {
    expect(uuidOf('0123456789abcdef0123456789abcdef')).toBe('01234567-89ab-4def-8123-456789abcdef');
    expect(createRandom(1).uuid()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});
