import type { PathRows } from './path-rows.ts';
import { BadPaths } from './problems.ts';
import type { TouchColumns } from './touch-pages.ts';

/**
 * Makes a path of each journey of a bucket: its touches by time, ties by channel. A journey has converted when one of
 * its touches says so; its value is the largest that they give, since it stands on each of them or on one.
 */
export function addJourneys(touches: TouchColumns, paths: PathRows): void {
  const { rows, time, mark, value } = touches;
  const { journeyOf, journeys } = numberJourneys(touches);
  const starts = new Int32Array(journeys + 1);
  for (let row = 0; row < rows; row++) starts[journeyOf[row]! + 1]! += 1;
  for (let journey = 0; journey < journeys; journey++) starts[journey + 1]! += starts[journey]!;
  const order = new Int32Array(rows);
  const next = starts.slice();
  for (let row = 0; row < rows; row++) order[next[journeyOf[row]!]!++] = row;

  paths.reserve(journeys, rows);
  const withValue = value.length > 0;
  for (let journey = 0; journey < journeys; journey++) {
    const first = starts[journey]!;
    const end = starts[journey + 1]!;
    sortTouches(order, first, end, time, mark);
    let hasConverted = 0;
    let brought = 0;
    for (let at = first; at < end; at++) {
      const row = order[at]!;
      paths.steps[paths.length++] = mark[row]! & CHANNEL;
      if (mark[row]! > CHANNEL) hasConverted = 1;
      if (withValue) brought = Math.max(brought, value[row]!);
    }
    const path = paths.rows++;
    paths.conversions[path] = hasConverted;
    paths.nulls[path] = 1 - hasConverted;
    paths.values[path] = hasConverted ? brought : 0;
    paths.starts[path + 1] = paths.length;
  }
}

/** Numbers journeys from 0 in the order in which they turn up: open addressing on their 64 bits. */
function numberJourneys({ rows, low, high, check }: TouchColumns): {
  journeyOf: Int32Array;
  journeys: number;
} {
  const size = 2 ** Math.ceil(Math.log2(rows * 2 + 2));
  const slots = new Int32Array(size);
  const firstRow = new Int32Array(rows);
  const journeyOf = new Int32Array(rows);
  let journeys = 0;
  for (let row = 0; row < rows; row++) {
    const [a, b] = [low[row]!, high[row]!];
    let hash = Math.imul(a ^ (b << 16) ^ (b >>> 16), 0x9e3779b1);
    hash ^= hash >>> 15;
    let slot = hash & (size - 1);
    for (;;) {
      const journey = slots[slot]! - 1;
      if (journey < 0) {
        slots[slot] = journeys + 1;
        firstRow[journeys] = row;
        journeyOf[row] = journeys++;
        break;
      }
      const known = firstRow[journey]!;
      if (low[known] === a && high[known] === b) {
        if (check.length > 0 && check[known] !== check[row]) {
          throw new BadPaths(
            'Two journeys have names that this tool cannot tell apart: number the journeys with whole numbers',
          );
        }
        journeyOf[row] = journey;
        break;
      }
      slot = (slot + 1) & (size - 1);
    }
  }
  return { journeyOf, journeys };
}

/** The bits of a mark that are the channel. */
const CHANNEL = 0xffff;

/** Few touches at a time: insertion sort; many: the built-in one. */
function sortTouches(
  order: Int32Array,
  first: number,
  end: number,
  time: Float64Array,
  mark: Uint32Array,
): void {
  if (end - first > 64) {
    order
      .subarray(first, end)
      .sort((a, b) => time[a]! - time[b]! || (mark[a]! & CHANNEL) - (mark[b]! & CHANNEL));
    return;
  }
  for (let at = first + 1; at < end; at++) {
    const row = order[at]!;
    const when = time[row]!;
    let place = at;
    while (place > first) {
      const before = order[place - 1]!;
      if (time[before]! < when) break;
      if (time[before] === when && (mark[before]! & CHANNEL) <= (mark[row]! & CHANNEL)) break;
      order[place] = before;
      place -= 1;
    }
    order[place] = row;
  }
}
