import { dayText } from '../freshness/days.ts';
import { forecastSum, LEAST_WEEKS } from './forecast.ts';
import { quarterDays } from './quarter.ts';

export type TargetStatus = 'on track' | 'behind' | 'ahead' | 'missed' | 'met';

/** Where a target stands, in the unit of its sum. What cannot be said is null, and `note` says why. */
export interface TargetProgress {
  actual: number | null;
  /** What should have come by now, by the usual weight of the weekdays that have passed, and by days alone. */
  pace: number | null;
  linearPace: number | null;
  forecast: number | null;
  low: number | null;
  high: number | null;
  status: TargetStatus | null;
  note: string;
}

/** Part of outcomes that the band is to hold. */
export const BAND = 0.8;

/**
 * @param series sums by day since 1970, of days with any
 * @param today last day of which all data are there; null where there are none
 */
export function targetProgress(
  { quarter, value }: { quarter: string; value: number },
  series: ReadonlyMap<number, number>,
  today: number | null,
  seed: number,
): TargetProgress {
  const nothing = {
    actual: null,
    pace: null,
    linearPace: null,
    forecast: null,
    low: null,
    high: null,
    status: null,
  };
  if (today === null || series.size === 0) return { ...nothing, note: 'no data of this sum' };
  const begun = Math.min(...series.keys());
  if (begun > today) return { ...nothing, note: 'no data of this sum' };
  const history = Array.from({ length: today - begun + 1 }, (_, at) => series.get(begun + at) ?? 0);
  const { first, last } = quarterDays(quarter);
  const late = begun > first ? `data begin on ${dayText(begun)}, within the quarter` : '';
  const upTo = Math.min(today, last);
  let actual = 0;
  for (let day = first; day <= upTo; day++) actual += series.get(day) ?? 0;
  const pace = value * elapsed(first, last, upTo, weekdayWeights(history, begun));
  const linearPace = value * elapsed(first, last, upTo, () => 1);
  if (today >= last) {
    if (begun > last) return { ...nothing, note: `data begin on ${dayText(begun)}, after the quarter` };
    const status = actual >= value ? 'met' : 'missed';
    return { actual, pace, linearPace, forecast: actual, low: null, high: null, status, note: late };
  }
  const skip = Math.max(0, first - today - 1);
  const ahead = forecastSum(history, skip, last - Math.max(today, first - 1), { seed, level: BAND });
  if (ahead === null)
    return { ...nothing, actual, pace, linearPace, note: `fewer than ${LEAST_WEEKS} weeks to foretell from` };
  const [forecast, low, high] = [ahead.expected, ahead.low, ahead.high].map((rest) => actual + rest);
  const status = high! < value ? 'behind' : low! > value ? 'ahead' : 'on track';
  return { actual, pace, linearPace, forecast: forecast!, low: low!, high: high!, status, note: late };
}

/** Part of a quarter's weight that lies in its days up to one. */
function elapsed(first: number, last: number, upTo: number, weight: (day: number) => number): number {
  let passed = 0;
  let whole = 0;
  for (let day = first; day <= last; day++) {
    whole += weight(day);
    if (day <= upTo) passed += weight(day);
  }
  return whole > 0 ? passed / whole : 0;
}

/** What a day usually has, by its weekday; the same for all where the past is shorter than two weeks. */
function weekdayWeights(history: readonly number[], begun: number): (day: number) => number {
  if (history.length < 14) return () => 1;
  const recent = Math.max(0, history.length - 12 * 7);
  const sums = [0, 0, 0, 0, 0, 0, 0];
  const days = [0, 0, 0, 0, 0, 0, 0];
  for (let at = recent; at < history.length; at++) {
    sums[(begun + at) % 7]! += Math.max(0, history[at]!);
    days[(begun + at) % 7]! += 1;
  }
  if (sums.every((sum) => sum === 0)) return () => 1;
  return (day) => sums[day % 7]! / days[day % 7]!;
}
