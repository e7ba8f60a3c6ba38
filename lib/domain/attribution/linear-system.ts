/**
 * Dense linear systems, row by row in one Float64Array.
 */

/** Pivots that are eliminated together, so that each number of the matrix is loaded once for four of them. */
const BLOCK = 4;

/**
 * Replaces a matrix by its inverse: block Gauss-Jordan elimination in place, four pivots at a time, without exchanging
 * rows. That is stable for what it is there for, matrices whose diagonal outweighs the rest of its row (Higham 2002,
 * chapter 14). Time: n^3 multiply-adds; memory: 4 rows.
 * @throws RangeError when a pivot is not above zero: the matrix is not of that kind, or has no inverse.
 */
export function invert(matrix: Float64Array, n: number): void {
  const pivotRows = Array.from({ length: BLOCK }, () => new Float64Array(n));
  const block = new Float64Array(BLOCK * BLOCK);
  for (let first = 0; first < n; first += BLOCK) {
    const size = Math.min(BLOCK, n - first);
    takeBlock(matrix, n, first, size, block);
    scaleRows(matrix, n, first, size, block, pivotRows);
    for (let row = 0; row < n; row += 2) {
      if (row < first || row >= first + size) eliminate(matrix, n, row, first, size, pivotRows);
    }
    for (let k = 0; k < size; k++) matrix.set(pivotRows[k]!, (first + k) * n);
  }
}

/** Copies the pivot block, padded with ones on the diagonal, and inverts it. */
function takeBlock(matrix: Float64Array, n: number, first: number, size: number, block: Float64Array): void {
  block.fill(0);
  for (let i = 0; i < BLOCK; i++) block[i * BLOCK + i] = 1;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) block[i * BLOCK + j] = matrix[(first + i) * n + first + j]!;
  }
  for (let k = 0; k < BLOCK; k++) {
    const pivot = block[k * BLOCK + k]!;
    if (!(pivot > 0)) {
      throw new RangeError(
        `Pivot ${pivot} of row ${first + k} must be above zero: invert only matrices whose diagonal outweighs their rows`,
      );
    }
    block[k * BLOCK + k] = 1;
    for (let j = 0; j < BLOCK; j++) block[k * BLOCK + j]! /= pivot;
    for (let i = 0; i < BLOCK; i++) {
      if (i === k) continue;
      const factor = block[i * BLOCK + k]!;
      block[i * BLOCK + k] = 0;
      for (let j = 0; j < BLOCK; j++) block[i * BLOCK + j]! -= factor * block[k * BLOCK + j]!;
    }
  }
}

/** The pivot rows times the inverse of their block; in the block's own columns that inverse itself. */
function scaleRows(
  matrix: Float64Array,
  n: number,
  first: number,
  size: number,
  block: Float64Array,
  rows: Float64Array[],
): void {
  for (let i = 0; i < BLOCK; i++) {
    const row = rows[i]!;
    row.fill(0);
    if (i >= size) continue;
    for (let k = 0; k < size; k++) {
      const factor = block[i * BLOCK + k]!;
      const base = (first + k) * n;
      for (let j = 0; j < n; j++) row[j]! += factor * matrix[base + j]!;
    }
    for (let k = 0; k < size; k++) row[first + k] = block[i * BLOCK + k]!;
  }
}

/** Takes the pivot rows off two rows at once: what is loaded of the pivot rows serves both. */
function eliminate(
  matrix: Float64Array,
  n: number,
  row: number,
  first: number,
  size: number,
  pivotRows: Float64Array[],
): void {
  const [r0, r1, r2, r3] = pivotRows as [Float64Array, Float64Array, Float64Array, Float64Array];
  const a = row * n;
  // An odd last row is its own neighbour, which then loses nothing.
  const b = row + 1 < n ? a + n : a;
  const factors = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let k = 0; k < size; k++) {
    factors[k] = matrix[a + first + k]!;
    matrix[a + first + k] = 0;
    factors[BLOCK + k] = matrix[b + first + k]!;
    matrix[b + first + k] = 0;
  }
  if (factors.every((factor) => factor === 0)) return;
  const [f0, f1, f2, f3, g0, g1, g2, g3] = factors as [...Four, ...Four];
  for (let j = 0; j < n; j++) {
    const x0 = r0[j]!;
    const x1 = r1[j]!;
    const x2 = r2[j]!;
    const x3 = r3[j]!;
    matrix[a + j]! -= f0 * x0 + f1 * x1 + f2 * x2 + f3 * x3;
    matrix[b + j]! -= g0 * x0 + g1 * x1 + g2 * x2 + g3 * x3;
  }
}

type Four = [number, number, number, number];

/**
 * Solves matrix * x = right by elimination with row exchanges; matrix and right are used up, right becomes x.
 * @throws RangeError when the matrix has no inverse.
 */
export function solve(matrix: Float64Array, n: number, right: Float64Array): Float64Array {
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++)
      if (Math.abs(matrix[i * n + k]!) > Math.abs(matrix[best * n + k]!)) best = i;
    if (best !== k) swapRows(matrix, n, right, k, best);
    const pivot = matrix[k * n + k]!;
    if (!(Math.abs(pivot) > 0))
      throw new RangeError(`Pivot ${pivot} in column ${k} of ${n}: no single solution`);
    for (let i = k + 1; i < n; i++) {
      const factor = matrix[i * n + k]! / pivot;
      if (factor === 0) continue;
      for (let j = k + 1; j < n; j++) matrix[i * n + j]! -= factor * matrix[k * n + j]!;
      right[i]! -= factor * right[k]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    let sum = right[k]!;
    for (let j = k + 1; j < n; j++) sum -= matrix[k * n + j]! * right[j]!;
    right[k] = sum / matrix[k * n + k]!;
  }
  return right;
}

function swapRows(matrix: Float64Array, n: number, right: Float64Array, a: number, b: number): void {
  const row = matrix.slice(a * n, a * n + n);
  matrix.copyWithin(a * n, b * n, b * n + n);
  matrix.set(row, b * n);
  const value = right[a]!;
  right[a] = right[b]!;
  right[b] = value;
}
