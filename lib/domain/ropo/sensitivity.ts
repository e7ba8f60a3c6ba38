/** Points by which a share may move between a week and a month before the window makes it. */
export const WINDOW_LIMIT = 0.05;

/** Whether a share depends on the window that was chosen: it moves by more than 5 points between 7 and 30 days. */
export function isWindowDriven(shareOf7Days: number | null, shareOf30Days: number | null): boolean {
  if (shareOf7Days === null || shareOf30Days === null) return false;
  return Math.abs(shareOf30Days - shareOf7Days) > WINDOW_LIMIT + 1e-12;
}

/**
 * Days of lag until the excess of real over placebo matches ends: the first day from which two in a row have zero, or
 * less, inside their interval. One such day alone can be a gap. The number of days if it never ends.
 * @param lows lower bounds of the excess by day of lag, from day 0; null where there is no interval
 */
export function excessEnds(lows: readonly (number | null)[]): number {
  const isOver = (day: number) => day >= lows.length || (lows[day] ?? 0) <= 0;
  for (let day = 0; day < lows.length; day++) if (isOver(day) && isOver(day + 1)) return day;
  return lows.length;
}

/**
 * Worst case of a share over all, where it is known for a part: the rest may be anything from none to all
 * (Manski 1989, Journal of Human Resources 24, 343-360).
 * @param share share inside the part that is known
 * @param known the part, from 0 to 1
 */
export function worstCase(share: number, known: number): { low: number; high: number } {
  return { low: share * known, high: share * known + (1 - known) };
}
