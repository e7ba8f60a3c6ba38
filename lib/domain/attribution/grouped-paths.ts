import type { PathCounts } from './paths.ts';

/**
 * What is made of repeats before a model is fitted, in the field's words: `unique` leaves a path as it is, `exposure`
 * joins neighbours that are alike, `first` keeps the first of each; `remove_if_last_and_not_all` leaves out Direct at
 * the end and `remove_if_not_all` everywhere, unless the path is nothing else.
 */
export const GROUP_TRANSFORMS = [
  'unique',
  'exposure',
  'first',
  'remove_if_last_and_not_all',
  'remove_if_not_all',
] as const;
export type GroupTransform = (typeof GROUP_TRANSFORMS)[number];

/** How the steps of finer paths become the channels of a model. */
export interface Grouping {
  /** Names of the groups, in the order of their numbers. */
  names: readonly string[];
  /** Group of each step of the finer paths. */
  groupOf: ArrayLike<number>;
  /** 1 where a step is Direct. */
  isDirect: ArrayLike<number>;
  transform: GroupTransform;
}

export interface GroupedPaths extends PathCounts {
  /** Which of these paths each of the finer ones became. */
  pathOf: Int32Array;
}

/** The paths as a model sees them, each once, in the order in which the finer ones first became it. */
export function groupPaths(paths: PathCounts, grouping: Grouping): GroupedPaths {
  const finer = paths.starts.length - 1;
  const numbers = new Map<string, number>();
  const pathOf = new Int32Array(finer);
  const starts = [0];
  const steps: number[] = [];
  const [conversions, nulls, values] = [
    new Float64Array(finer),
    new Float64Array(finer),
    new Float64Array(finer),
  ];
  for (let path = 0; path < finer; path++) {
    const grouped = groupSteps(paths.steps.subarray(paths.starts[path]!, paths.starts[path + 1]!), grouping);
    const key = String.fromCharCode(...grouped);
    let number = numbers.get(key);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(key, number);
      for (const group of grouped) steps.push(group);
      starts.push(steps.length);
    }
    pathOf[path] = number;
    conversions[number]! += paths.conversions[path]!;
    nulls[number]! += paths.nulls[path]!;
    values[number]! += paths.values[path]!;
  }
  return {
    channels: grouping.names,
    starts: Int32Array.from(starts),
    steps: Uint16Array.from(steps),
    conversions: conversions.slice(0, numbers.size),
    nulls: nulls.slice(0, numbers.size),
    values: values.slice(0, numbers.size),
    pathOf,
  };
}

function groupSteps(path: Uint16Array, { groupOf, isDirect, transform }: Grouping): number[] {
  let last = path.length;
  while (last > 0 && isDirect[path[last - 1]!] === 1) last -= 1;
  const groups: number[] = [];
  for (const [at, step] of path.entries()) {
    if (last > 0 && isDirect[step] === 1) {
      if (transform === 'remove_if_not_all') continue;
      if (transform === 'remove_if_last_and_not_all' && at >= last) continue;
    }
    const group = groupOf[step]!;
    if (transform === 'exposure' && groups.at(-1) === group) continue;
    if (transform === 'first' && groups.includes(group)) continue;
    groups.push(group);
  }
  return groups;
}
