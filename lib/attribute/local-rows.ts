import type { PathCounts } from '../domain/attribution/paths.ts';
import type { Problem } from './problems.ts';
import type { RowReader } from './row-reader.ts';

/** What is known of the rows that one thread has read. */
export interface RowsHead {
  /** Channels, numbered as that thread met them. */
  names: string[];
  rows: number;
  /** Steps of all paths. */
  length: number;
  /** Values are in units of 10^-decimals. */
  decimals: number;
  rounded: number;
  problems: { first: Problem[]; count: number };
}

/** The rows themselves. */
export interface LocalRows extends RowsHead {
  steps: Uint16Array;
  starts: Int32Array;
  conversions: Float64Array;
  nulls: Float64Array;
  values: Float64Array;
  persons: Uint32Array | null;
}

export const headOf = ({ names, rows, length, decimals, rounded, problems }: RowsHead): RowsHead => ({
  names,
  rows,
  length,
  decimals,
  rounded,
  problems,
});

export function localRows({ rows, table, problems }: RowReader): LocalRows {
  const { length, steps, starts, conversions, nulls, values, decimals, rounded, persons } = rows;
  return {
    names: table.names,
    rows: rows.rows,
    length,
    steps,
    starts,
    conversions,
    nulls,
    values,
    decimals,
    rounded,
    persons,
    problems: { first: problems.first, count: problems.count },
  };
}

/** What need not be copied on the way to another thread. */
export const transferable = ({
  steps,
  starts,
  conversions,
  nulls,
  values,
  persons,
}: LocalRows): ArrayBuffer[] =>
  [steps, starts, conversions, nulls, values, ...(persons ? [persons] : [])].map(
    (array) => array.buffer as ArrayBuffer,
  );

/** The rows as paths of a whole file: its channels, its decimals. Changes the rows in place. */
export function asPaths(local: LocalRows, channels: readonly string[], decimals: number): PathCounts {
  const { names, rows, length } = local;
  const steps = local.steps.subarray(0, length);
  const values = local.values.subarray(0, rows);
  if (names.some((name, number) => name !== channels[number])) {
    const numberOf = new Map(channels.map((name, number) => [name, number]));
    const numbers = Uint16Array.from(names, (name) => numberOf.get(name)!);
    for (let at = 0; at < length; at++) steps[at] = numbers[steps[at]!]!;
  }
  if (decimals > local.decimals) {
    const factor = 10 ** (decimals - local.decimals);
    for (let row = 0; row < rows; row++) values[row]! *= factor;
  }
  return {
    channels,
    steps,
    starts: local.starts.subarray(0, rows + 1),
    conversions: local.conversions.subarray(0, rows),
    nulls: local.nulls.subarray(0, rows),
    values,
  };
}
