import { pathHashes } from './journey-folds.ts';
import { type PathCounts, pathCount } from './paths.ts';

/** Paths of persons, or of whoever: then `persons` is null. */
export type PersonPaths = PathCounts & {
  /** By path: a number of the person who took it. */
  persons: Uint32Array | null;
};

export type CanonicalPaths = PersonPaths & {
  /** By path: a number that follows from its channels by name. */
  hashes: Uint32Array;
};

/**
 * The same paths, each once (once per person), in an order that follows from their channels by name alone: the order
 * in which they came changes nothing after this. Time: a few passes over paths and steps.
 */
export function canonicalPaths(paths: PersonPaths): CanonicalPaths {
  const { starts, steps, persons } = paths;
  const hashes = pathHashes(paths);
  const keys = persons ? hashes.map((hash, path) => hash ^ Math.imul(persons[path]!, 0x9e3779b1)) : hashes;
  const compare = (a: number, b: number): number => {
    const lengthA = starts[a + 1]! - starts[a]!;
    const lengthB = starts[b + 1]! - starts[b]!;
    if (lengthA !== lengthB) return lengthA - lengthB;
    for (let at = 0; at < lengthA; at++) {
      const difference = steps[starts[a]! + at]! - steps[starts[b]! + at]!;
      if (difference !== 0) return difference;
    }
    return persons ? persons[a]! - persons[b]! : 0;
  };
  const order = sortedByKey(keys);
  settleTies(order, keys, compare);

  const count = pathCount(paths);
  const merged: CanonicalPaths = {
    channels: paths.channels,
    starts: new Int32Array(count + 1),
    steps: new Uint16Array(steps.length),
    conversions: new Float64Array(count),
    nulls: new Float64Array(count),
    values: new Float64Array(count),
    persons: persons && new Uint32Array(count),
    hashes: new Uint32Array(count),
  };
  let made = 0;
  for (let place = 0; place < count; place++) {
    const path = order[place]!;
    if (place === 0 || keys[order[place - 1]!] !== keys[path] || compare(order[place - 1]!, path) !== 0) {
      let end = merged.starts[made]!;
      for (let at = starts[path]!; at < starts[path + 1]!; at++) merged.steps[end++] = steps[at]!;
      merged.hashes[made] = hashes[path]!;
      if (merged.persons) merged.persons[made] = persons![path]!;
      merged.starts[++made] = end;
    }
    merged.conversions[made - 1]! += paths.conversions[path]!;
    merged.nulls[made - 1]! += paths.nulls[path]!;
    merged.values[made - 1]! += paths.values[path]!;
  }
  return {
    ...merged,
    starts: merged.starts.subarray(0, made + 1),
    steps: merged.steps.subarray(0, merged.starts[made]),
    conversions: merged.conversions.subarray(0, made),
    nulls: merged.nulls.subarray(0, made),
    values: merged.values.subarray(0, made),
    persons: merged.persons ? merged.persons.subarray(0, made) : null,
    hashes: merged.hashes.subarray(0, made),
  };
}

const DIGIT = 1 << 16;

/** Places by key, ascending: two passes over 16 bits each (radix sort, Knuth 1973, 5.2.5). */
function sortedByKey(keys: Uint32Array): Int32Array {
  let order = Int32Array.from(keys, (_, place) => place);
  for (const shift of [0, 16]) {
    const ends = new Int32Array(DIGIT + 1);
    for (let at = 0; at < keys.length; at++) ends[((keys[at]! >>> shift) & (DIGIT - 1)) + 1]! += 1;
    for (let digit = 0; digit < DIGIT; digit++) ends[digit + 1]! += ends[digit]!;
    const next = new Int32Array(order.length);
    for (const place of order) {
      const digit = (keys[place]! >>> shift) & (DIGIT - 1);
      next[ends[digit]!++] = place;
    }
    order = next;
  }
  return order;
}

/** Sorts the runs of one key. */
function settleTies(order: Int32Array, keys: Uint32Array, compare: (a: number, b: number) => number): void {
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && keys[order[to]!] === keys[order[from]!]) to += 1;
    if (to - from > 1) order.subarray(from, to).sort(compare);
    from = to;
  }
}
