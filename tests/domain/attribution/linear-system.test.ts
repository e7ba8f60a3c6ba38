import fc from 'fast-check';
import { expect, test } from 'vitest';
import { invert, solve } from '../../../lib/domain/attribution/linear-system.ts';
import { numbersFrom } from './path-table.ts';

/** A matrix as a Markov chain gives it: negative beside the diagonal, which outweighs its row. */
function chainMatrix(n: number, seed: number, density: number): Float64Array {
  const random = numbersFrom(seed);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    let out = 0.01 + random();
    for (let j = 0; j < n; j++) {
      if (i === j || random() > density) continue;
      matrix[i * n + j] = -Math.ceil(50 * random());
      out -= matrix[i * n + j]!;
    }
    matrix[i * n + i] = out;
  }
  return matrix;
}

test('a matrix times its inverse is one, for every size around the blocks', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 25 }),
      fc.nat(1000),
      fc.double({ min: 0, max: 1 }),
      (n, seed, density) => {
        const matrix = chainMatrix(n, seed, density);
        const inverse = matrix.slice();
        invert(inverse, n);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            let sum = 0;
            for (let k = 0; k < n; k++) sum += matrix[i * n + k]! * inverse[k * n + j]!;
            expect(Math.abs(sum - (i === j ? 1 : 0))).toBeLessThan(1e-9);
          }
        }
      },
    ),
  );
});

test('solve needs row exchanges and makes them', () => {
  // y = 3, x + y = 5.
  expect(Array.from(solve(Float64Array.from([0, 1, 1, 1]), 2, Float64Array.from([3, 5])))).toEqual([2, 3]);
});

test('what has no inverse is refused', () => {
  expect(() => invert(Float64Array.from([1, -1, -1, 1]), 2)).toThrow(/Pivot 0 of row 1 must be above zero/);
  expect(() => solve(Float64Array.from([1, 2, 2, 4]), 2, Float64Array.from([1, 1]))).toThrow(
    'Pivot 0 in column 1 of 2',
  );
});
