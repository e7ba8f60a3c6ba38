import type { HazardData } from './additive-hazard.ts';
import { type PathCounts, pathCount } from './paths.ts';

/**
 * Paths without times as data of the additive hazard, with steps as time: touch j of a path of length n acts on the
 * steps j + 1 to n, where step n is where the journey ends. The kernel halves every `halfLifeSteps`; infinity keeps it
 * at 1. Each path is one conversion with its number of conversions as weight.
 * @throws RangeError when the half-life is not above zero.
 */
export function hazardOfPaths(
  paths: PathCounts,
  halfLifeSteps: number,
): { data: HazardData; weights: Float64Array } {
  if (!(halfLifeSteps > 0)) throw new RangeError(`Half-life ${halfLifeSteps} must be above zero steps`);
  const { starts: pathStarts, steps, conversions, nulls } = paths;
  const channels = paths.channels.length;
  const count = pathCount(paths);
  let longest = 0;
  let converting = 0;
  for (let path = 0; path < count; path++) {
    longest = Math.max(longest, pathStarts[path + 1]! - pathStarts[path]!);
    if (conversions[path]! > 0) converting += 1;
  }
  const kernels = Float64Array.from({ length: longest + 1 }, (_, gap) => 0.5 ** (gap / halfLifeSteps));

  const starts = new Int32Array(converting + 1);
  const weights = new Float64Array(converting);
  const channelEntries: number[] = [];
  const kernelEntries: number[] = [];
  // Touches by channel and by the steps that are left to the end: whole numbers, in whatever order the paths come.
  const touches = new Float64Array(channels * (longest + 1));
  const sums = new Float64Array(channels);
  let time = 0;
  let conversion = 0;
  for (let path = 0; path < count; path++) {
    const journeys = conversions[path]! + nulls[path]!;
    const first = pathStarts[path]!;
    const end = pathStarts[path + 1]!;
    time += journeys * (end - first);
    for (let at = first; at < end; at++) touches[steps[at]! * (longest + 1) + end - at]! += journeys;
    if (conversions[path]! <= 0) continue;
    for (let at = first; at < end; at++) sums[steps[at]!]! += kernels[end - at]!;
    for (const channel of Uint16Array.from(new Set(steps.subarray(first, end))).sort()) {
      channelEntries.push(channel);
      kernelEntries.push(sums[channel]!);
      sums[channel] = 0;
    }
    weights[conversion] = conversions[path]!;
    conversion += 1;
    starts[conversion] = channelEntries.length;
  }
  const exposures = new Float64Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    let integral = 0;
    for (let left = 1; left <= longest; left++) {
      integral += kernels[left]!;
      exposures[channel]! += touches[channel * (longest + 1) + left]! * integral;
    }
  }
  const data = {
    channels,
    starts,
    channel: Uint16Array.from(channelEntries),
    kernel: Float64Array.from(kernelEntries),
    exposures,
    baselineExposure: time,
  };
  return { data, weights };
}
