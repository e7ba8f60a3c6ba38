import type { ChainSystem } from './chain-system.ts';
import { gaussSeidel } from './gauss-seidel.ts';
import { invert, solve } from './linear-system.ts';

/** States that are removed together: the rows of set s from `starts[s]` to `starts[s + 1]`. */
export interface RemovedSets {
  starts: Int32Array;
  rows: Int32Array;
}

/** Sweeps after which a sparse solve is given up. */
const MOST_SWEEPS = 20_000;
/** States up to which the inverse is taken when sweeps do not converge: 128 MB. */
const MOST_DENSE = 4_000;

/** Where an inverse can still be taken, sweeps may use up a tenth of its work, yet always enough for usual chains. */
function sweepLimit({ rows, flows }: ChainSystem): number {
  if (rows > MOST_DENSE) return MOST_SWEEPS;
  return Math.min(MOST_SWEEPS, Math.max(400, Math.ceil(rows ** 3 / (10 * (flows.length + 4 * rows)))));
}

export interface Removals {
  /** Chance to convert by row, and conversions lost by set. */
  base: Float64Array;
  lost: Float64Array;
  /** The same for value. */
  baseValue: Float64Array | null;
  lostValue: Float64Array | null;
}

/** All removals from one inverse: rows^3 multiply-adds and, for each set, the cube of its rows. */
export function denseRemovals(system: ChainSystem, sets: RemovedSets): Removals {
  const { rows: n, start, leaving, conversion, value, rowStarts, columns, flows } = system;
  const inverse = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let at = rowStarts[row]!; at < rowStarts[row + 1]!; at++)
      inverse[row * n + columns[at]!] = -flows[at]!;
    inverse[row * n + row] = leaving[row]!;
  }
  invert(inverse, n);
  const visits = new Float64Array(n);
  const base = new Float64Array(n);
  const baseValue = value && new Float64Array(n);
  for (let row = 0; row < n; row++) {
    let sum = 0;
    let valueSum = 0;
    const offset = row * n;
    for (let j = 0; j < n; j++) {
      const weight = inverse[offset + j]!;
      visits[j]! += start[row]! * weight;
      sum += weight * conversion[j]!;
      if (value) valueSum += weight * value[j]!;
    }
    base[row] = sum;
    if (baseValue) baseValue[row] = valueSum;
  }
  const setCount = sets.starts.length - 1;
  const lost = new Float64Array(setCount);
  const lostValue = value && new Float64Array(setCount);
  for (let set = 0; set < setCount; set++) {
    const rows = sets.rows.subarray(sets.starts[set], sets.starts[set + 1]);
    const size = rows.length;
    // Transposed, so that the visits are what is solved for and serve both sums.
    const part = new Float64Array(size * size);
    const through = new Float64Array(size);
    for (let i = 0; i < size; i++) {
      through[i] = visits[rows[i]!]!;
      for (let j = 0; j < size; j++) part[j * size + i] = inverse[rows[i]! * n + rows[j]!]!;
    }
    solve(part, size, through);
    for (let i = 0; i < size; i++) {
      lost[set]! += through[i]! * base[rows[i]!]!;
      if (lostValue) lostValue[set]! += through[i]! * baseValue![rows[i]!]!;
    }
  }
  return { base, lost, baseValue, lostValue };
}

/** One solve by sweeps for each removal; null when they do not converge and an inverse is still affordable. */
export function sparseRemovals(system: ChainSystem, sets: RemovedSets): Removals | null {
  const base = new Float64Array(system.rows);
  if (!sweep(system, system.conversion, base, null, null)) return null;
  const lost = removedOneByOne(system, sets, system.conversion, base, base);
  if (lost === null) return null;
  const { value } = system;
  if (value === null) return { base, lost, baseValue: null, lostValue: null };
  const scale = new Float64Array(system.rows);
  if (!sweep(system, value.map(Math.abs), scale, null, null)) return null;
  const baseValue = new Float64Array(system.rows);
  if (!sweep(system, value, baseValue, scale, null)) return null;
  const lostValue = removedOneByOne(system, sets, value, baseValue, scale);
  return lostValue && { base, lost, baseValue, lostValue };
}

/** Lost conversions (or value) by set, each from a solve that starts at the chain with all states. */
function removedOneByOne(
  system: ChainSystem,
  sets: RemovedSets,
  right: Float64Array,
  base: Float64Array,
  scale: Float64Array,
): Float64Array | null {
  const lost = new Float64Array(sets.starts.length - 1);
  const removed = new Uint8Array(system.rows);
  const all = dot(system.start, base);
  for (let set = 0; set < lost.length; set++) {
    const rows = sets.rows.subarray(sets.starts[set], sets.starts[set + 1]);
    if (rows.length === 0) continue;
    const solution = base.slice();
    for (const row of rows) {
      removed[row] = 1;
      solution[row] = 0;
    }
    if (!sweep(system, right, solution, scale, removed)) return null;
    for (const row of rows) removed[row] = 0;
    lost[set] = all - dot(system.start, solution);
  }
  return lost;
}

/** False when the sweeps do not converge and the inverse is still affordable. */
function sweep(
  system: ChainSystem,
  right: Float64Array,
  solution: Float64Array,
  scale: Float64Array | null,
  removed: Uint8Array | null,
): boolean {
  const { converged, residual, sweeps } = gaussSeidel(
    system,
    right,
    solution,
    scale,
    removed,
    sweepLimit(system),
  );
  if (converged) return true;
  if (system.rows <= MOST_DENSE) return false;
  throw new RangeError(
    `A Markov chain of ${system.rows} states left an error of ${residual} after ${sweeps} sweeps, the limit: ` +
      'use a lower order, or paths with repeats collapsed',
  );
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
