import { CALENDAR_DAYS, drawDay } from './calendar.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';

/**
 * When people shop. Half of them do it in bursts: a few weeks with much browsing and buying, then nothing for long. What
 * is browsed and what is bought in a burst are drawn apart, so that one is no cause of the other.
 */
export const BURST_DAYS = 20;
const IN_BURSTS = 0.5;
const FEWEST_BURSTS = 2;
/** Part of what they do, of their own accord, that falls into a burst. */
const KEEPS_TO_BURST = 0.85;

/** First days of a person's bursts, in order; none for those who shop evenly. */
export function drawBursts(random: Random): number[] {
  if (!random.chance(IN_BURSTS)) return [];
  const bursts = Array.from({ length: FEWEST_BURSTS + random.int(2) }, () => {
    const middle = drawDay(random, 'web');
    return Math.max(0, Math.min(middle - BURST_DAYS / 2, CALENDAR_DAYS - BURST_DAYS));
  });
  return bursts.sort((a, b) => a - b);
}

/** A day on which the person shops or browses. */
export function drawDayOf({ bursts }: Person, random: Random, where: 'web' | 'store'): number {
  if (bursts.length === 0 || !random.chance(KEEPS_TO_BURST)) return drawDay(random, where);
  return drawDay(random, where, random.pick(bursts), BURST_DAYS);
}
