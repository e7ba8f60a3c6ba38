import { dayNumber } from '../freshness/days.ts';

/** First and last day of a quarter such as 2025-Q3, as days since 1970. */
export function quarterDays(quarter: string): { first: number; last: number } {
  const [year, number] = [Number(quarter.slice(0, 4)), Number(quarter.slice(-1))];
  const start = (quarters: number) =>
    dayNumber(`${year + Math.floor(quarters / 4)}-${String((quarters % 4) * 3 + 1).padStart(2, '0')}-01`);
  return { first: start(number - 1), last: start(number) - 1 };
}
