/** A smooth function to be made small: its value at a point, with the gradient written into `gradient`. */
export type Smooth = (point: Float64Array, gradient: Float64Array) => number;

export interface Minimum {
  point: Float64Array;
  value: number;
  /** Largest part of the gradient that is left. */
  slope: number;
  iterations: number;
  /** Whether the slope came below the tolerance; without that the point is only the best one found. */
  converged: boolean;
}

export interface MinimiseOptions {
  /** Slope at which it is done, in units of the function. */
  tolerance: number;
  maxIterations: number;
}

/** Decrease that a step must bring, as a part of what the slope promises (Nocedal and Wright 2006, 3.1). */
const ARMIJO = 1e-4;
/**
 * Close to the minimum what a step brings is less than the rounding of a sum over thousands of people: differences
 * below this part of the value say nothing, and the slope decides (Hager and Zhang 2005, approximate Wolfe conditions).
 */
const ROUNDING = 1e-12;
/** No parameter moves further than this in one step: log-parameters would leave the range of numbers. */
const LONGEST_STEP = 2;

/**
 * BFGS with backtracking (Nocedal and Wright 2006, algorithm 6.1), the inverse Hessian updated where curvature is above
 * zero. Deterministic. Time: some tens of evaluations for a handful of parameters; memory: n^2.
 */
export function minimise(f: Smooth, start: Float64Array, options: MinimiseOptions): Minimum {
  const n = start.length;
  let point = Float64Array.from(start);
  let gradient = new Float64Array(n);
  let value = f(point, gradient);
  let inverse = identity(n);
  let isFresh = true;
  let iterations = 0;
  for (; iterations < options.maxIterations && largest(gradient) > options.tolerance; iterations++) {
    let direction = times(inverse, gradient, -1);
    if (dot(direction, gradient) >= 0) {
      inverse = identity(n);
      direction = gradient.map((g) => -g);
      isFresh = true;
    }
    const longest = largest(direction);
    if (longest > LONGEST_STEP) direction = direction.map((d) => (d * LONGEST_STEP) / longest);
    const promised = dot(direction, gradient);
    const after = new Float64Array(n);
    let step = 1;
    let next = point;
    let lower = Number.NaN;
    let isDown = false;
    const slack = ROUNDING * Math.abs(value);
    for (; step > 1e-12; step /= 2) {
      next = point.map((x, at) => x + step * direction[at]!);
      lower = f(next, after);
      const isFlat = Math.abs(lower - value) <= slack && largest(after) < largest(gradient);
      isDown = isFlat || lower <= value + ARMIJO * step * promised;
      if (isDown) break;
    }
    if (!isDown) {
      // No way down along this direction: once more along the gradient itself, then it is as good as it gets.
      if (isFresh) break;
      inverse = identity(n);
      isFresh = true;
      continue;
    }
    const moved = next.map((x, at) => x - point[at]!);
    const turned = after.map((g, at) => g - gradient[at]!);
    const curvature = dot(moved, turned);
    if (curvature > 1e-12 * Math.sqrt(dot(moved, moved) * dot(turned, turned))) {
      if (isFresh) inverse = identity(n, curvature / dot(turned, turned));
      update(inverse, moved, turned, curvature);
      isFresh = false;
    }
    [point, gradient, value] = [next, after, lower];
  }
  const slope = largest(gradient);
  return { point, value, slope, iterations, converged: slope <= options.tolerance };
}

/** H becomes (I - s y'/y's) H (I - y s'/y's) + s s'/y's. */
function update(inverse: Float64Array, s: Float64Array, y: Float64Array, curvature: number): void {
  const n = s.length;
  const hy = times(inverse, y, 1);
  const factor = (1 + dot(y, hy) / curvature) / curvature;
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < n; column++) {
      inverse[row * n + column]! +=
        factor * s[row]! * s[column]! - (hy[row]! * s[column]! + s[row]! * hy[column]!) / curvature;
    }
  }
}

function identity(n: number, scale = 1): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let at = 0; at < n; at++) matrix[at * n + at] = scale;
  return matrix;
}

const times = (matrix: Float64Array, vector: Float64Array, scale: number): Float64Array =>
  vector.map((_, row) => {
    let sum = 0;
    for (const [column, x] of vector.entries()) sum += matrix[row * vector.length + column]! * x;
    return scale * sum;
  });
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, at) => sum + x * b[at]!, 0);
const largest = (vector: Float64Array): number =>
  vector.reduce((most, x) => (Math.abs(x) <= most ? most : Math.abs(x)), 0);
