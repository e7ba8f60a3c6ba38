import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { correctedRate, correctedShare, type Moments } from '../../../lib/domain/ropo/corrected-share.ts';

interface Person {
  lines: number;
  researched: number;
  chance: number;
}

const momentsOf = (persons: readonly Person[]): Moments => {
  const pairs = persons.map(
    ({ lines, researched, chance }) => [researched - chance, lines - chance] as const,
  );
  const sum = (of: (x: number, y: number) => number) => pairs.reduce((total, [x, y]) => total + of(x, y), 0);
  return {
    persons: persons.length,
    x: sum((x) => x),
    y: sum((_, y) => y),
    xx: sum((x) => x * x),
    xy: sum((x, y) => x * y),
    yy: sum((_, y) => y * y),
  };
};

const person = fc
  .record({ lines: fc.integer({ min: 1, max: 12 }), part: fc.nat(12), quarters: fc.nat(40) })
  .map(({ lines, part, quarters }) => ({
    lines,
    researched: Math.min(lines, part),
    chance: Math.min(lines, quarters / 4) / 2,
  }));

describe('the corrected share', () => {
  test('of a worked example: three persons of 2, 5 and 1 lines', () => {
    // x = 2 - 0.5, 2 - 1, 0 - 0.25 = 1.5, 1, -0.25; y = 1.5, 4, 0.75. theta = 2.25 / 6.25 = 0.36.
    // Residuals 1.5 - 0.54, 1 - 1.44, -0.25 - 0.27 = 0.96, -0.44, -0.52; squares 0.9216 + 0.1936 + 0.2704 = 1.3856.
    // Effective persons 39.0625 / 18.8125 = 2.0764120; var = 2.0764120 / 1.0764120 * 1.3856 / 39.0625, error 0.2615811;
    // t with 1.0764120 degrees is 10.7609533, and beyond 0.36 / 0.2615811 on either side lies 0.3879826.
    const estimate = correctedShare(
      momentsOf([
        { lines: 2, researched: 2, chance: 0.5 },
        { lines: 5, researched: 2, chance: 1 },
        { lines: 1, researched: 0, chance: 0.25 },
      ]),
    )!;
    expect(estimate.share).toBeCloseTo(0.36, 12);
    expect(estimate.error).toBeCloseTo(0.2615811, 7);
    expect(estimate.low).toBeCloseTo(-2.4548625, 6);
    expect(estimate.high).toBe(1);
    expect(estimate.p).toBeCloseTo(0.3879826, 6);
  });

  test('is what was put in: theta always matched, the rest as often as chance', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.95, noNaN: true }),
        (theta, chance) => {
          expect(correctedRate(1000, 1000 * (theta + (1 - theta) * chance), 1000 * chance)).toBeCloseTo(
            theta,
            9,
          );
        },
      ),
    );
  });

  test('has the spread that leaving out one person after the other has', () => {
    fc.assert(
      fc.property(fc.array(person, { minLength: 200, maxLength: 400 }), (persons) => {
        const estimate = correctedShare(momentsOf(persons))!;
        const whole = momentsOf(persons);
        const left = persons.map(({ lines, researched, chance }) => {
          return (whole.x - (researched - chance)) / (whole.y - (lines - chance));
        });
        const mean = left.reduce((sum, value) => sum + value, 0) / left.length;
        const spread = left.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        const jackknife = Math.sqrt((spread * (left.length - 1)) / left.length);
        fc.pre(estimate.error !== null);
        expect(estimate.error! / jackknife).toBeGreaterThan(0.93);
        expect(estimate.error! / jackknife).toBeLessThan(1.07);
      }),
    );
  });

  test('is the same in cents as in euros, and with all persons twice less uncertain by the root of two', () => {
    fc.assert(
      fc.property(fc.array(person, { minLength: 40, maxLength: 80 }), (persons) => {
        const { persons: count, ...sums } = momentsOf(persons);
        const estimate = correctedShare({ persons: count, ...sums })!;
        const cents = correctedShare({
          persons: count,
          x: sums.x * 100,
          y: sums.y * 100,
          xx: sums.xx * 1e4,
          xy: sums.xy * 1e4,
          yy: sums.yy * 1e4,
        })!;
        expect(cents.share).toBeCloseTo(estimate.share, 10);
        fc.pre(estimate.error !== null);
        expect(cents.low).toBeCloseTo(estimate.low!, 10);
        const twice = correctedShare(momentsOf([...persons, ...persons]))!;
        const effective = sums.y ** 2 / sums.yy;
        const factor = Math.sqrt(2 * ((2 * effective - 1) / (2 * effective)) * (effective / (effective - 1)));
        expect(estimate.error! / twice.error!).toBeCloseTo(factor, 8);
      }),
    );
  });

  test('is never above one, and its interval holds it', () => {
    fc.assert(
      fc.property(fc.array(person, { minLength: 1, maxLength: 30 }), (persons) => {
        const estimate = correctedShare(momentsOf(persons));
        if (!estimate) return;
        expect(estimate.share).toBeLessThanOrEqual(1 + 1e-12);
        if (estimate.low === null) return;
        expect(estimate.low).toBeLessThanOrEqual(estimate.share);
        expect(estimate.high!).toBeGreaterThanOrEqual(estimate.share - 1e-12);
        expect(estimate.high!).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('does not exist where chance explains every line', () => {
    expect(correctedShare(momentsOf([{ lines: 2, researched: 2, chance: 2 }]))).toBeNull();
    expect(correctedShare(momentsOf([]))).toBeNull();
    expect(correctedRate(3, 3, 3)).toBeNull();
    expect(correctedRate(0, 0, 0)).toBeNull();
  });

  test('of one person, or of persons all alike, claims no certainty', () => {
    const alike = { lines: 3, researched: 3, chance: 0 };
    for (const persons of [[alike], Array.from({ length: 50 }, () => alike)])
      expect(correctedShare(momentsOf(persons))).toEqual({
        share: 1,
        error: null,
        low: null,
        high: null,
        p: null,
      });
    const none = Array.from({ length: 40 }, () => ({ lines: 2, researched: 0, chance: 0 }));
    expect(correctedShare(momentsOf(none))).toMatchObject({ share: 0, low: null });
  });
});
