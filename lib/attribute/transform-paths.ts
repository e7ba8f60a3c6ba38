import { type PathTransform, transformPath } from '../domain/attribution/path-transforms.ts';
import { MOST_CHANNELS } from '../domain/attribution/paths.ts';
import type { FilePaths } from './join-rows.ts';
import { BadPaths } from './problems.ts';

/**
 * Applies transforms to all paths, one after the other. Channels that are in no path any more are gone.
 * @throws BadPaths when a transform names a channel that is in no path, or counted channels become too many
 */
export function transformPaths(paths: FilePaths, transforms: readonly PathTransform[]): FilePaths {
  if (transforms.every(({ kind }) => kind === 'unique')) return paths;
  const { steps, starts } = paths;
  const names = Array.from(paths.channels);
  const counted = new Map<string, number>();
  const countedName = (channel: number, times: number): number => {
    const name = `${names[channel]}(${times})`;
    const known = counted.get(name);
    if (known !== undefined) return known;
    if (names.length >= MOST_CHANNELS) {
      throw new BadPaths(
        `Channels with their frequency are more than ${MOST_CHANNELS}, the limit: "${name}" is one too many`,
      );
    }
    counted.set(name, names.length);
    names.push(name);
    return names.length - 1;
  };
  const ends = starts.subarray(1).slice();
  for (const { kind, channel } of transforms) {
    const number = channel === null ? -1 : names.indexOf(channel);
    if (channel !== null && number < 0) {
      throw new BadPaths(
        `The transform ${kind} names the channel "${channel}", which is in no path. The channels are: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', ...' : ''}`,
      );
    }
    const isLeftOut = (step: number) => step === number;
    for (let path = 0; path < ends.length; path++) {
      ends[path] = transformPath(steps, starts[path]!, ends[path]!, kind, isLeftOut, countedName);
    }
  }
  return withoutGaps(paths, ends, names);
}

function withoutGaps(paths: FilePaths, ends: Int32Array, names: readonly string[]): FilePaths {
  const { steps, starts } = paths;
  const used = new Uint8Array(names.length);
  const newStarts = new Int32Array(starts.length);
  let length = 0;
  for (let path = 0; path < ends.length; path++) {
    for (let at = starts[path]!; at < ends[path]!; at++) {
      used[steps[at]!] = 1;
      steps[length++] = steps[at]!;
    }
    newStarts[path + 1] = length;
  }
  const channels = names.filter((_, number) => used[number] === 1).sort();
  const numberOf = new Map(channels.map((name, number) => [name, number]));
  const numbers = Uint16Array.from(names, (name) => numberOf.get(name) ?? 0);
  const kept = steps.subarray(0, length);
  for (let at = 0; at < length; at++) kept[at] = numbers[kept[at]!]!;
  return { ...paths, channels, starts: newStarts, steps: kept };
}
