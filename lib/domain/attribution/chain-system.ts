import { type Chain, CONVERSION, START } from './markov-chain.ts';

/**
 * A counted chain as a linear system. With n_i journeys that leave state i (self loops n_ii included), the chance f_i
 * to convert from there solves (n_i - n_ii) f_i - sum_j n_ij f_j = n_i,conversion: whole numbers throughout, so that a
 * state that mostly repeats itself loses no digits. States that nobody leaves are left out.
 */
export interface ChainSystem {
  rows: number;
  /** Row of each state, -1 where the state is left out. */
  rowOf: Int32Array;
  /** Journeys that start in each row. */
  start: Float64Array;
  /** Journeys that leave each row for another state, (conversion) or (null). */
  leaving: Float64Array;
  conversion: Float64Array;
  value: Float64Array | null;
  /** Journeys from row i to the other rows: `columns` and `flows` from `rowStarts[i]` to `rowStarts[i + 1]`. */
  rowStarts: Int32Array;
  columns: Int32Array;
  flows: Float64Array;
  /** Accuracy of a sparse solution, as a part of the scale of each row. */
  tolerance: number;
}

/** As good as doubles allow. */
export const FULL_ACCURACY = 1e-14;

export function chainSystem(
  chain: Chain,
  counts: Float64Array,
  finalValues?: Float64Array | null,
  tolerance = FULL_ACCURACY,
): ChainSystem {
  const { from, to, stateCount } = chain;
  const leavingState = new Float64Array(stateCount);
  for (let t = 0; t < from.length; t++) {
    if (from[t]! >= 0 && from[t] !== to[t]) leavingState[from[t]!]! += counts[t]!;
  }
  const rowOf = new Int32Array(stateCount).fill(-1);
  let rows = 0;
  for (let state = 0; state < stateCount; state++) if (leavingState[state]! > 0) rowOf[state] = rows++;

  const start = new Float64Array(rows);
  const leaving = new Float64Array(rows);
  const conversion = new Float64Array(rows);
  const value = finalValues ? new Float64Array(rows) : null;
  const rowStarts = new Int32Array(rows + 1);
  const between = (t: number) =>
    from[t]! >= 0 &&
    to[t]! >= 0 &&
    from[t] !== to[t] &&
    counts[t]! > 0 &&
    rowOf[from[t]!]! >= 0 &&
    rowOf[to[t]!]! >= 0;
  for (let t = 0; t < from.length; t++) {
    const state = from[t]!;
    if (state === START) {
      if (rowOf[to[t]!]! >= 0) start[rowOf[to[t]!]!]! += counts[t]!;
      continue;
    }
    const row = rowOf[state]!;
    if (row < 0) continue;
    if (to[t] === CONVERSION) {
      conversion[row]! += counts[t]!;
      if (value) value[row]! += finalValues![t]!;
    } else if (between(t)) rowStarts[row + 1]! += 1;
  }
  for (let row = 0; row < rows; row++) rowStarts[row + 1]! += rowStarts[row]!;
  const next = rowStarts.slice();
  const columns = new Int32Array(rowStarts[rows]!);
  const flows = new Float64Array(rowStarts[rows]!);
  for (let t = 0; t < from.length; t++) {
    if (!between(t)) continue;
    const place = next[rowOf[from[t]!]!]!++;
    columns[place] = rowOf[to[t]!]!;
    flows[place] = counts[t]!;
  }
  for (let state = 0; state < stateCount; state++)
    if (rowOf[state]! >= 0) leaving[rowOf[state]!] = leavingState[state]!;
  return { rows, rowOf, start, leaving, conversion, value, rowStarts, columns, flows, tolerance };
}
