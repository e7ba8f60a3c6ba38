import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minimise, type Smooth } from '../../../lib/domain/customers/minimise.ts';
import { parameterSpread, spreadOf } from '../../../lib/domain/customers/parameter-spread.ts';

const OPTIONS = { tolerance: 1e-8, maxIterations: 500 };

describe('BFGS', () => {
  test('Rosenbrock valley, from its usual start: the minimum is at (1, 1)', () => {
    const valley: Smooth = (at, gradient) => {
      const [x, y] = [at[0]!, at[1]!];
      gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
      gradient[1] = 200 * (y - x * x);
      return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    };
    const found = minimise(valley, Float64Array.of(-1.2, 1), OPTIONS);
    expect(found.converged).toBe(true);
    expect(found.point[0]).toBeCloseTo(1, 7);
    expect(found.point[1]).toBeCloseTo(1, 7);
  });

  test('bowls of any shape and place', () => {
    const number = fc.double({ min: -20, max: 20, noNaN: true });
    const width = fc.double({ min: 0.01, max: 1000, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(number, width), { minLength: 1, maxLength: 6 }), (axes) => {
        const bowl: Smooth = (at, gradient) => {
          let value = 0;
          for (const [index, [centre, steep]] of axes.entries()) {
            gradient[index] = steep * (at[index]! - centre);
            value += (steep * (at[index]! - centre) ** 2) / 2;
          }
          return value;
        };
        const found = minimise(bowl, new Float64Array(axes.length), OPTIONS);
        expect(found.converged).toBe(true);
        for (const [index, [centre]] of axes.entries()) expect(found.point[index]).toBeCloseTo(centre, 5);
      }),
    );
  });

  test('a function without a minimum is said not to have converged', () => {
    const slope: Smooth = (at, gradient) => {
      gradient[0] = -1;
      return -at[0]!;
    };
    expect(minimise(slope, Float64Array.of(0), { ...OPTIONS, maxIterations: 50 }).converged).toBe(false);
  });
});

describe('how sure parameters are', () => {
  test('means of two normal samples of unequal size: variances over sizes, and nothing between them', () => {
    const sizes = [40, 900];
    const deviations = [3, 0.5];
    // Negative log likelihood with unit variances, so that only the sandwich knows the deviations.
    const negative: Smooth = (at, gradient) => {
      let value = 0;
      for (const [index, size] of sizes.entries()) {
        gradient[index] = size * at[index]!;
        value += (size * at[index]! ** 2) / 2;
      }
      return value;
    };
    const scores = Float64Array.of(sizes[0]! * deviations[0]! ** 2, 0, 0, sizes[1]! * deviations[1]! ** 2);
    const factor = parameterSpread(negative, new Float64Array(2), scores)!;
    expect(Math.hypot(...spreadOf(factor, [1, 0]))).toBeCloseTo(3 / Math.sqrt(40), 6);
    expect(Math.hypot(...spreadOf(factor, [0, 1]))).toBeCloseTo(0.5 / 30, 6);
    expect(Math.hypot(...spreadOf(factor, [1, 1]))).toBeCloseTo(Math.hypot(3 / Math.sqrt(40), 0.5 / 30), 6);
  });

  test('a flat direction has no error that could be told', () => {
    const flat: Smooth = (at, gradient) => {
      gradient.set([at[0]!, 0]);
      return at[0]! ** 2 / 2;
    };
    expect(parameterSpread(flat, new Float64Array(2), Float64Array.of(1, 0, 0, 1))).toBeNull();
  });
});
