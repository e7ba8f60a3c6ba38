import { type Paths, pathCount } from './paths.ts';

/**
 * Shapley values by position (ordered Shapley, Zhao, Mahboobi, Bagheri 2018): each path's conversions are shared
 * equally among its channels, and a channel's part is booked at the rank of its first appearance. Sums over positions
 * to `shapleyConversions`.
 * @returns `values[channel * positions + position]`, in conversions; positions is the largest number of channels that
 *   a path has.
 */
export function shapleyOrdered(
  paths: Paths,
  conversions: ArrayLike<number>,
): { positions: number; values: Float64Array } {
  const { starts, steps } = paths;
  const channels = paths.channels.length;
  const sizes = new Int32Array(pathCount(paths));
  const lastPath = new Int32Array(channels).fill(-1);
  let positions = 0;
  for (let path = 0, at = 0; path < sizes.length; path++) {
    for (; at < starts[path + 1]!; at++) {
      if (lastPath[steps[at]!] === path) continue;
      lastPath[steps[at]!] = path;
      sizes[path]! += 1;
    }
    positions = Math.max(positions, sizes[path]!);
  }
  const values = new Float64Array(channels * positions);
  const ofSize = new Float64Array(channels * positions);
  for (const [size, numbers] of pathsBySize(sizes, conversions)) {
    // Whole numbers first, so that only one division per size is rounded.
    ofSize.fill(0);
    lastPath.fill(-1);
    for (const path of numbers) {
      let position = 0;
      for (let at = starts[path]!; at < starts[path + 1]!; at++) {
        const channel = steps[at]!;
        if (lastPath[channel] === path) continue;
        lastPath[channel] = path;
        ofSize[channel * positions + position]! += conversions[path]!;
        position += 1;
      }
    }
    for (let place = 0; place < values.length; place++) values[place]! += ofSize[place]! / size;
  }
  return { positions, values };
}

function pathsBySize(sizes: Int32Array, conversions: ArrayLike<number>): [number, number[]][] {
  const bySize = new Map<number, number[]>();
  for (let path = 0; path < sizes.length; path++) {
    if (conversions[path] === 0) continue;
    const numbers = bySize.get(sizes[path]!);
    if (numbers) numbers.push(path);
    else bySize.set(sizes[path]!, [path]);
  }
  return Array.from(bySize).sort(([a], [b]) => a - b);
}
