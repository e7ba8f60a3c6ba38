import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ofFigure, percentileInterval } from '../../../lib/domain/attribution/intervals.ts';

describe('percentile interval', () => {
  test('by hand: of 1 to 199 the middle 90% runs from 10 to 190, whatever their order', () => {
    const numbers = Float64Array.from({ length: 199 }, (_, at) => ((at * 37) % 199) + 1);
    expect(percentileInterval(numbers, 0.9)).toEqual({
      low: expect.closeTo(10, 9),
      high: expect.closeTo(190, 9),
    });
    expect(numbers.slice(0, 4)).toEqual(Float64Array.from([1, 38, 75, 112]));
  });

  test('between two replicates the bound lies on the line between them, and never beyond all of them', () => {
    expect(percentileInterval(Float64Array.of(20, 10), 0.5)).toEqual({ low: 10, high: 20 });
    expect(percentileInterval(Float64Array.of(-10, 2, 9), 0.4)).toEqual({
      low: expect.closeTo(-7.6, 9),
      high: expect.closeTo(7.6, 9),
    });
  });

  test('replicates without a figure are left out; one alone is both bounds, none leaves none', () => {
    expect(percentileInterval(Float64Array.of(Number.NaN, 7, Number.NaN), 0.9)).toEqual({ low: 7, high: 7 });
    expect(percentileInterval(Float64Array.of(Number.NaN), 0.9)).toEqual({
      low: Number.NaN,
      high: Number.NaN,
    });
    expect(percentileInterval(new Float64Array(0), 0.9)).toEqual({ low: Number.NaN, high: Number.NaN });
  });

  test('lies within the replicates, low before high, and a higher level holds a lower one', () => {
    const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(numbers, fc.constantFrom(0.5, 0.8, 0.9, 0.99), (values, level) => {
        const inner = percentileInterval(Float64Array.from(values), level);
        const outer = percentileInterval(Float64Array.from(values), 0.999);
        expect(inner.low).toBeLessThanOrEqual(inner.high);
        expect(outer.low).toBeLessThanOrEqual(inner.low);
        expect(outer.high).toBeGreaterThanOrEqual(inner.high);
        expect(inner.low).toBeGreaterThanOrEqual(Math.min(...values));
        expect(inner.high).toBeLessThanOrEqual(Math.max(...values));
      }),
    );
  });

  test('a figure has its own replicates', () => {
    const replicates = { values: Float64Array.of(1, 2, 3, 4, 5, 6), replicates: 3 };
    expect(Array.from(ofFigure(replicates, 1))).toEqual([4, 5, 6]);
  });
});
