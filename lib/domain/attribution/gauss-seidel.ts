import type { ChainSystem } from './chain-system.ts';

/**
 * Solves the system of a chain for a right side by Gauss-Seidel sweeps, forth and back in turn, from the given values
 * and in place; rows that are removed stay at zero. The error that is left is estimated from the last change and from
 * how fast the changes shrink.
 * @param scale By row, what the error is measured against; the solution itself when null (it must then start at zero,
 *   with a right side that is nowhere negative, so that it only ever grows).
 * @returns Sweeps that were needed, or -1 when `limit` of them were not enough.
 */
export function gaussSeidel(
  system: ChainSystem,
  right: Float64Array,
  solution: Float64Array,
  scale: Float64Array | null,
  removed: Uint8Array | null,
  limit: number,
): { sweeps: number; converged: boolean; residual: number } {
  const { rows, leaving, rowStarts, columns, flows, tolerance } = system;
  let before = Number.POSITIVE_INFINITY;
  let residual = Number.POSITIVE_INFINITY;
  for (let sweeps = 2; sweeps <= limit; sweeps += 2) {
    let change = 0;
    for (let turn = 0; turn < 2 * rows; turn++) {
      const row = turn < rows ? turn : 2 * rows - 1 - turn;
      if (removed !== null && removed[row] === 1) continue;
      let sum = right[row]!;
      const end = rowStarts[row + 1]!;
      for (let at = rowStarts[row]!; at < end; at++) sum += flows[at]! * solution[columns[at]!]!;
      const value = sum / leaving[row]!;
      const moved = Math.abs(value - solution[row]!);
      solution[row] = value;
      if (moved > 0) change = Math.max(change, moved / (scale === null ? Math.abs(value) : scale[row]!));
    }
    // Changes that shrink by a factor q sum to change * q / (1 - q).
    const shrink = before === Number.POSITIVE_INFINITY ? 1 : Math.min(change / before, 1);
    residual = change === 0 ? 0 : (change * shrink) / (1 - shrink);
    if (change < 4e-16 || residual < tolerance) return { sweeps, converged: true, residual };
    before = change;
  }
  return { sweeps: limit, converged: false, residual };
}
