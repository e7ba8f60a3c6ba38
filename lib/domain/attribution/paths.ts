/**
 * Paths as numbers: what every model of this folder works on. Channels are numbered in the order of their names (by
 * UTF-16 code unit), so that the order of the input changes nothing.
 */
export interface Paths {
  channels: readonly string[];
  /** Path p is `steps[starts[p]]` up to, not including, `steps[starts[p + 1]]`; its length is at least 1. */
  starts: Int32Array;
  /** Channel numbers. */
  steps: Uint16Array;
}

/** Paths with how many journeys took each. Everything is a whole number, so that sums do not depend on their order. */
export interface PathCounts extends Paths {
  /** Journeys that ended in a conversion, by path. */
  conversions: Float64Array;
  /** Journeys that did not, by path. */
  nulls: Float64Array;
  /** What the conversions brought, by path, in whole units of the smallest decimal (minor units). */
  values: Float64Array;
}

/** Channels that one set of numbers can tell apart. */
export const MOST_CHANNELS = 65_535;

export const pathCount = ({ starts }: Paths): number => starts.length - 1;
