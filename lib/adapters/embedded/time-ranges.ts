/** A stretch of time, both ends in it, in milliseconds since 1970 UTC. */
export interface TimeRange {
  from: number;
  to: number;
}

export const HOUR = 3_600_000;
/** Each range is a look into every file of the table, so there are few. */
const MOST_RANGES = 12;

/**
 * Stretches that cover some hours and leave out the widest gaps between them: what comes is of now, but for single
 * records that were long on their way, and those must not make everything between be looked at.
 * @param hours beginnings of hours, ascending, each once
 * @example rangesOver([0, HOUR, 90 * HOUR]) // [{ from: 0, to: 2 * HOUR }, { from: 90 * HOUR, to: 91 * HOUR }]
 */
export function rangesOver(hours: readonly number[]): TimeRange[] {
  if (hours.length === 0) return [];
  const cuts = hours
    .map((hour, at) => ({ at, gap: at === 0 ? 0 : hour - hours[at - 1]! }))
    .filter(({ gap }) => gap > HOUR)
    .sort((a, b) => b.gap - a.gap)
    .slice(0, MOST_RANGES - 1)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  return [0, ...cuts].map((first, nth) => ({
    from: hours[first]!,
    to: hours[(cuts[nth] ?? hours.length) - 1]! + HOUR,
  }));
}
