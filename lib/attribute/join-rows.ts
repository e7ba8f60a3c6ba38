import { MOST_CHANNELS, type PathCounts } from '../domain/attribution/paths.ts';
import { asPaths, type LocalRows, type RowsHead } from './local-rows.ts';
import { BadPaths } from './problems.ts';

/** What is known of the paths of a whole file. */
export interface FileHead {
  /** By name. */
  channels: readonly string[];
  rows: number;
  /** Values are in units of 10^-decimals. */
  decimals: number;
  /** Values that had more decimals than are kept. */
  rounded: number;
}

/** Paths of a whole file. */
export interface FilePaths extends PathCounts, FileHead {
  /** By path: a number of the person, where the file has persons. */
  persons: Uint32Array | null;
}

/**
 * Joins what is known of rows that several threads have read.
 * @throws BadPaths when there are more channels than can be told apart
 */
export function joinHeads(file: string, parts: readonly RowsHead[]): FileHead {
  const channels = Array.from(new Set(parts.flatMap(({ names }) => names))).sort();
  if (channels.length > MOST_CHANNELS) {
    throw new BadPaths(
      `${file} names ${channels.length} channels; the limit is ${MOST_CHANNELS}: group channels before counting paths`,
    );
  }
  return {
    channels,
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    decimals: Math.max(0, ...parts.map(({ decimals }) => decimals)),
    rounded: parts.reduce((sum, { rounded }) => sum + rounded, 0),
  };
}

/**
 * Joins the rows. Channels are numbered by their names over all of them; the order of the rows is that in which they
 * were read, and means nothing.
 * @throws BadPaths when there are more channels or steps than can be counted
 */
export function joinRows(file: string, parts: readonly LocalRows[]): FilePaths {
  const head = joinHeads(file, parts);
  const { channels, rows, decimals } = head;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > MOST_STEPS) {
    throw new BadPaths(
      `${file} has ${length} steps; the limit is ${MOST_STEPS}: count journeys by path first`,
    );
  }
  const paths = parts.map((part) => asPaths(part, channels, decimals));
  const persons = parts.some((part) => part.persons) ? new Uint32Array(rows) : null;
  let row = 0;
  for (const part of parts) {
    if (persons && part.persons) persons.set(part.persons.subarray(0, part.rows), row);
    row += part.rows;
  }
  if (paths.length === 1) return { ...paths[0]!, ...head, persons };
  const joined: FilePaths = {
    ...head,
    steps: new Uint16Array(length),
    starts: new Int32Array(rows + 1),
    conversions: new Float64Array(rows),
    nulls: new Float64Array(rows),
    values: new Float64Array(rows),
    persons,
  };
  row = 0;
  let step = 0;
  for (const part of paths) {
    joined.steps.set(part.steps, step);
    for (let at = 1; at < part.starts.length; at++) joined.starts[row + at] = step + part.starts[at]!;
    for (const name of ['conversions', 'nulls', 'values'] as const) joined[name].set(part[name], row);
    row += part.conversions.length;
    step += part.steps.length;
  }
  return joined;
}

/** Places of steps are 32-bit numbers. */
const MOST_STEPS = 2 ** 31 - 1;
