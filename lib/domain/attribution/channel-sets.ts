import { type Paths, pathCount } from './paths.ts';

/** The distinct channels of each path, order and repeats left out. Sets are numbered by their members alone. */
export interface ChannelSets {
  channels: number;
  /** Set number by path. */
  setOf: Int32Array;
  /** Members of set s, ascending: `members[starts[s]]` up to, not including, `members[starts[s + 1]]`. */
  starts: Int32Array;
  members: Uint16Array;
}

/** Channels whose sets are bits that index a table of 4 MB. */
const MOST_TABLE_CHANNELS = 20;

/** Finds the sets of all paths. Time: one pass over the steps. */
export function indexSets(paths: Paths): ChannelSets {
  return paths.channels.length <= MOST_TABLE_CHANNELS ? setsByMask(paths) : setsByHash(paths);
}

/** Sum of a number by path over the paths of each set. Exact for whole numbers. */
export function sumBySet(sets: ChannelSets, byPath: ArrayLike<number>): Float64Array {
  const { setOf, starts } = sets;
  const sums = new Float64Array(starts.length - 1);
  for (let path = 0; path < setOf.length; path++) sums[setOf[path]!]! += byPath[path]!;
  return sums;
}

function setsByMask(paths: Paths): ChannelSets {
  const { starts, steps } = paths;
  const channels = paths.channels.length;
  const setOf = new Int32Array(pathCount(paths));
  const numberOf = new Int32Array(2 ** channels);
  for (let path = 0, at = 0; path < setOf.length; path++) {
    const end = starts[path + 1]!;
    let mask = 0;
    for (; at < end; at++) mask |= 1 << steps[at]!;
    setOf[path] = mask;
    numberOf[mask] = 1;
  }
  const setStarts = [0];
  const members: number[] = [];
  for (let mask = 0; mask < numberOf.length; mask++) {
    if (numberOf[mask] === 0) continue;
    numberOf[mask] = setStarts.length - 1;
    for (let channel = 0; channel < channels; channel++) if ((mask >>> channel) & 1) members.push(channel);
    setStarts.push(members.length);
  }
  for (let path = 0; path < setOf.length; path++) setOf[path] = numberOf[setOf[path]!]!;
  return { channels, setOf, starts: Int32Array.from(setStarts), members: Uint16Array.from(members) };
}

/** The same for any number of channels: sets are found by a hash of their members. */
function setsByHash(paths: Paths): ChannelSets {
  const { starts, steps } = paths;
  const setOf = new Int32Array(pathCount(paths));
  const lastPath = new Int32Array(paths.channels.length).fill(-1);
  // Members of the sets found so far, those of the path at hand behind them.
  let members = new Uint16Array(1 << 12);
  const setStarts = [0];
  let used = 0;
  let table = new Int32Array(1 << 12).fill(-1);
  for (let path = 0; path < setOf.length; path++) {
    const first = starts[path]!;
    const end = starts[path + 1]!;
    if (used + end - first > members.length) members = grown(members, used + end - first);
    let size = 0;
    for (let at = first; at < end; at++) {
      const channel = steps[at]!;
      if (lastPath[channel] === path) continue;
      lastPath[channel] = path;
      let place = used + size++;
      for (; place > used && members[place - 1]! > channel; place--) members[place] = members[place - 1]!;
      members[place] = channel;
    }
    let slot = hashOf(members, used, used + size) & (table.length - 1);
    while (table[slot]! >= 0 && !sameMembers(members, setStarts, table[slot]!, used, size)) {
      slot = (slot + 1) & (table.length - 1);
    }
    if (table[slot]! < 0) {
      table[slot] = setStarts.length - 1;
      used += size;
      setStarts.push(used);
      if (setStarts.length * 2 > table.length) table = rehashed(members, setStarts, table.length * 2);
    }
    setOf[path] = table[slot]!;
  }
  return inOrder({ channels: paths.channels.length, setOf, starts: Int32Array.from(setStarts), members });
}

function grown(members: Uint16Array<ArrayBuffer>, needed: number): Uint16Array<ArrayBuffer> {
  const larger = new Uint16Array(Math.max(2 * members.length, 2 * needed));
  larger.set(members);
  return larger;
}

function hashOf(members: Uint16Array, first: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = first; at < end; at++)
    hash = Math.imul(hash ^ (members[at]! + 1), 0x01000193) ^ (hash >>> 15);
  return hash ^ (hash >>> 13);
}

function sameMembers(
  members: Uint16Array,
  starts: number[],
  set: number,
  first: number,
  size: number,
): boolean {
  const other = starts[set]!;
  if (starts[set + 1]! - other !== size) return false;
  for (let at = 0; at < size; at++) if (members[other + at] !== members[first + at]) return false;
  return true;
}

function rehashed(members: Uint16Array, starts: number[], size: number): Int32Array<ArrayBuffer> {
  const table = new Int32Array(size).fill(-1);
  for (let set = 0; set < starts.length - 1; set++) {
    let slot = hashOf(members, starts[set]!, starts[set + 1]!) & (size - 1);
    while (table[slot]! >= 0) slot = (slot + 1) & (size - 1);
    table[slot] = set;
  }
  return table;
}

/** Numbers sets as their bits would: by the largest member first. */
function inOrder({ channels, setOf, starts, members }: ChannelSets): ChannelSets {
  const order = Int32Array.from({ length: starts.length - 1 }, (_, set) => set).sort((a, b) => {
    let left = starts[a + 1]! - 1;
    let right = starts[b + 1]! - 1;
    for (; left >= starts[a]! && right >= starts[b]!; left--, right--) {
      if (members[left] !== members[right]) return members[left]! - members[right]!;
    }
    return left - starts[a]! - (right - starts[b]!);
  });
  const rank = new Int32Array(order.length);
  const sortedStarts = new Int32Array(starts.length);
  const sorted = new Uint16Array(starts[order.length]!);
  for (let place = 0; place < order.length; place++) {
    const set = order[place]!;
    rank[set] = place;
    sorted.set(members.subarray(starts[set], starts[set + 1]), sortedStarts[place]);
    sortedStarts[place + 1] = sortedStarts[place]! + starts[set + 1]! - starts[set]!;
  }
  return { channels, setOf: setOf.map((set) => rank[set]!), starts: sortedStarts, members: sorted };
}
