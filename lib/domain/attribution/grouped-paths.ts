import { TRANSFORM_KINDS, type TransformKind, transformPath } from './path-transforms.ts';
import type { PathCounts } from './paths.ts';

/** Transforms whose steps are touchpoints still, so that credit can be booked on them. What they leave out is Direct. */
export type GroupTransform = Exclude<TransformKind, 'frequency'>;
export const GROUP_TRANSFORMS = TRANSFORM_KINDS.filter((kind) => kind !== 'frequency');

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
  const isDirect = new Set<number>();
  for (let step = 0; step < paths.channels.length; step++)
    if (grouping.isDirect[step] === 1) isDirect.add(grouping.groupOf[step]!);
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
    const grouped = groupSteps(
      paths.steps.subarray(paths.starts[path]!, paths.starts[path + 1]!),
      grouping,
      isDirect,
    );
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

function groupSteps(
  path: Uint16Array,
  { groupOf, transform }: Grouping,
  isDirect: ReadonlySet<number>,
): Uint16Array {
  const groups = path.map((step) => groupOf[step]!);
  const end = transformPath(
    groups,
    0,
    groups.length,
    transform,
    (group) => isDirect.has(group),
    (group) => group,
  );
  return groups.subarray(0, end);
}
