import { type Paths, pathCount } from './paths.ts';
import { uniform32 } from './poisson.ts';

/**
 * Folds of journeys that are known only as counts by path. The journeys of a path are alike, so each fold gets as many
 * of them as the next one; those that are left over go to folds that follow from the path's channels by name, which
 * neither the order of the rows nor other channels can change.
 */

/** A number from 0 to 2^32 - 1 for each path, from the names of its channels in their order. */
export function pathHashes(paths: Paths): Uint32Array {
  const { starts, steps, channels } = paths;
  const names = Int32Array.from(channels, (name) => {
    let hash = name.length;
    for (let at = 0; at < name.length; at++) hash = uniform32(hash, name.charCodeAt(at), at);
    return hash;
  });
  const hashes = new Uint32Array(pathCount(paths));
  for (let path = 0, at = 0; path < hashes.length; path++) {
    const end = starts[path + 1]!;
    let hash = 0x811c9dc5;
    for (; at < end; at++) {
      hash = Math.imul(hash ^ names[steps[at]!]!, 0x85ebca6b);
      hash ^= hash >>> 15;
    }
    hashes[path] = uniform32(hash, 0, 0);
  }
  return hashes;
}

/** How many of `journeys` are in a fold. */
export function foldPart(journeys: number, hash: number, fold: number, folds: number): number {
  const whole = Math.floor(journeys / folds);
  return (fold + hash) % folds < journeys - whole * folds ? whole + 1 : whole;
}
