import { DAY } from '../demo/calendar.ts';
import type { WorldRun } from '../demo/worlds/simulate-world.ts';

/** The defaults of sql/seeds: how far a purchase looks back, and what ends a journey without one. */
export const LOOKBACK_DAYS = 30;
export const LOOKBACK_STEPS = 50;
export const NULL_PATH_GAP_DAYS = 30;

/** What each order of a world looks back on. */
export interface OrderPaths {
  /** Person of each order. */
  person: Int32Array;
  /** The touches on the path of order i: `first[i]` up to, not including, `end[i]`; none where they are equal. */
  first: Int32Array;
  end: Int32Array;
  /** Where the touches of the order's person begin. */
  start: Int32Array;
}

/** Counts the touches of every order's path as sql/journeys/path_steps.sql does: by time, then by number. */
export function lookBack({ persons, touchStarts, touchAt, orderStarts, orderAt }: WorldRun): OrderPaths {
  const orders = orderAt.length;
  const paths: OrderPaths = {
    person: new Int32Array(orders),
    first: new Int32Array(orders),
    end: new Int32Array(orders),
    start: new Int32Array(orders),
  };
  for (let person = 0; person < persons; person++) {
    const start = touchStarts[person]!;
    let end = start;
    let oldest = start;
    for (let order = orderStarts[person]!; order < orderStarts[person + 1]!; order++) {
      const at = orderAt[order]!;
      while (end < touchStarts[person + 1]! && touchAt[end]! <= at) end++;
      while (oldest < end && at - touchAt[oldest]! > LOOKBACK_DAYS * DAY) oldest++;
      paths.person[order] = person;
      paths.start[order] = start;
      paths.first[order] = Math.max(oldest, end - LOOKBACK_STEPS);
      paths.end[order] = end;
    }
  }
  return paths;
}
