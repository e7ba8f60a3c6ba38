import type { Smooth } from './minimise.ts';

/**
 * How sure fitted parameters are: a factor F of their covariance V = F F', one column per independent source of error.
 * What is computed from the parameters with gradient g has the standard error |F' g|, and sums of such figures that of
 * the summed F' g: so errors of groups follow from those of their members.
 *
 * V is the sandwich H^-1 M H^-1 of the log likelihood's second derivatives H and the persons' summed squares of scores M
 * (Huber 1967; White 1982): it holds where the model is not quite right, and is what resampling persons comes to.
 * @param negative the negative log likelihood; H is from central differences of its gradient
 * @param scores M, row by row: sums over persons of the products of their gradients
 * @returns F, row by row, n x n; null where H does not turn upwards, so that nothing can be said
 */
export function parameterSpread(
  negative: Smooth,
  point: Float64Array,
  scores: Float64Array,
): Float64Array | null {
  const n = point.length;
  const curvature = hessian(negative, point);
  const lower = cholesky(curvature, n);
  if (lower === null) return null;
  // A trace of the diagonal makes M positive where persons are fewer than parameters.
  const padded = scores.map((value, at) => (at % (n + 1) === 0 ? value * (1 + 1e-10) + 1e-300 : value));
  const outer = cholesky(padded, n);
  if (outer === null) return null;
  const factor = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    const solved = solve(
      lower,
      outer.filter((_, at) => at % n === column),
      n,
    );
    for (let row = 0; row < n; row++) factor[row * n + column] = solved[row]!;
  }
  return factor;
}

/** F' g. */
export function spreadOf(factor: Float64Array, gradient: ArrayLike<number>): Float64Array {
  const n = gradient.length;
  const spread = new Float64Array(n);
  for (let row = 0; row < n; row++)
    for (let column = 0; column < n; column++) spread[column]! += factor[row * n + column]! * gradient[row]!;
  return spread;
}

/** Step of the central differences in log-parameters: their error is about its square. */
const STEP = 1e-4;

function hessian(f: Smooth, point: Float64Array): Float64Array {
  const n = point.length;
  const matrix = new Float64Array(n * n);
  const [above, below] = [new Float64Array(n), new Float64Array(n)];
  for (let at = 0; at < n; at++) {
    f(
      point.map((x, index) => (index === at ? x + STEP : x)),
      above,
    );
    f(
      point.map((x, index) => (index === at ? x - STEP : x)),
      below,
    );
    for (let other = 0; other < n; other++) {
      const slope = (above[other]! - below[other]!) / (2 * STEP);
      matrix[at * n + other]! += slope / 2;
      matrix[other * n + at]! += slope / 2;
    }
  }
  return matrix;
}

/** L with L L' = matrix; null where the matrix is not positive. */
function cholesky(matrix: Float64Array, n: number): Float64Array | null {
  const lower = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * n + column]!;
      for (let k = 0; k < column; k++) rest -= lower[row * n + k]! * lower[column * n + k]!;
      if (row === column && !(rest > 0)) return null;
      lower[row * n + column] = row === column ? Math.sqrt(rest) : rest / lower[column * n + column]!;
    }
  }
  return lower;
}

/** The solution of L L' x = right. */
function solve(lower: Float64Array, right: Float64Array, n: number): Float64Array {
  const x = Float64Array.from(right);
  for (let row = 0; row < n; row++) {
    for (let k = 0; k < row; k++) x[row]! -= lower[row * n + k]! * x[k]!;
    x[row]! /= lower[row * n + row]!;
  }
  for (let row = n - 1; row >= 0; row--) {
    for (let k = row + 1; k < n; k++) x[row]! -= lower[k * n + row]! * x[k]!;
    x[row]! /= lower[row * n + row]!;
  }
  return x;
}
