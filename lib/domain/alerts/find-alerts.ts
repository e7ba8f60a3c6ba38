import { dayText } from '../freshness/days.ts';
import type { ShopState } from '../freshness/source-rhythm.ts';
import { formatMinor } from '../money.ts';
import { dayLimits, type Limits, type Watched, weekLimits } from './control-limits.ts';

export interface Alert {
  severity: 'warning' | 'critical';
  subject: string;
  message: string;
  unit: 'money' | 'count' | 'share' | 'days';
  currency: string | null;
  value: number | null;
  low: number | null;
  high: number | null;
  /** Day since 1970. */
  since: number;
}

/** A figure of the shop by day, up to the last whole one. */
export interface WatchedFigure extends Watched {
  subject: string;
  /** Of money, whose values are minor units. */
  currency: string | null;
}

export interface ArrivalDay {
  day: number;
  refused: number;
  arrived: number;
}

/** Chance that a shop in which nothing has changed sees any alert about its figures on a day, over all of them. */
export const FALSE_ALARMS = 0.05;
/** Beyond so many half-widths of its limits a figure is critical. */
const CRITICAL = 2;
const LONGEST_RUN = 28;

/**
 * What has left its limits on the last whole day or in the week to it, and which sources have fallen silent or bring too
 * much that is refused. The chance of a false alarm is shared evenly by all questions asked (Bonferroni).
 * @param today last whole day, since 1970
 */
export function findAlerts(
  figures: readonly WatchedFigure[],
  shop: ShopState,
  arrivals: readonly ArrivalDay[],
  today: number,
): Alert[] {
  const questions = figures.reduce((sum, { isShare }) => sum + (isShare ? 1 : 2), 0);
  const chance = FALSE_ALARMS / Math.max(1, questions);
  return [
    ...silentSources(shop),
    ...refusedRecords(arrivals),
    ...figures.flatMap((figure) => figureAlerts(figure, chance, today)),
  ].sort((a, b) => Number(b.severity === 'critical') - Number(a.severity === 'critical'));
}

function figureAlerts(figure: WatchedFigure, chance: number, today: number): Alert[] {
  const last = figure.values.length - 1;
  const ofDay = dayLimits(figure, last, chance);
  if (ofDay !== null && ofDay.distance > 1) {
    let since = today;
    for (let back = 1; back < LONGEST_RUN; back++, since--) {
      const before = dayLimits(figure, last - back, chance);
      if (before === null || before.distance <= 1) break;
    }
    return [
      alertOf(figure, ofDay, `on ${dayText(today)}`, 'the same weekday of the eight weeks before', since),
    ];
  }
  const ofWeek = weekLimits(figure, chance);
  return ofWeek !== null && ofWeek.distance > 1
    ? [alertOf(figure, ofWeek, `in the week to ${dayText(today)}`, 'the weeks before', today - 6)]
    : [];
}

function alertOf(figure: WatchedFigure, limits: Limits, when: string, by: string, since: number): Alert {
  const { subject, currency, isShare } = figure;
  const text = (value: number) =>
    isShare
      ? `${(100 * value).toFixed(1)}%`
      : currency === null
        ? String(Math.round(value))
        : `${formatMinor(Math.round(value), currency)} ${currency}`;
  const side = limits.value > limits.high ? 'above' : 'below';
  return {
    severity: limits.distance > CRITICAL ? 'critical' : 'warning',
    subject,
    message: `${subject}: ${text(limits.value)} ${when}, ${side} the ${text(limits.low)} to ${text(limits.high)} that is usual by ${by}`,
    unit: isShare ? 'share' : currency === null ? 'count' : 'money',
    currency: isShare ? null : currency,
    value: limits.value,
    low: limits.low,
    high: limits.high,
    since,
  };
}

function silentSources(shop: ShopState): Alert[] {
  return [...shop.sources].flatMap(([source, { status, lastDay, silentDays, longestGap }]) => {
    if ((status !== 'late' && status !== 'stopped') || lastDay === null) return [];
    const usual =
      longestGap === null
        ? ''
        : `; usually the next comes within ${longestGap} ${longestGap === 1 ? 'day' : 'days'}`;
    return [
      {
        severity: status === 'stopped' ? ('critical' as const) : ('warning' as const),
        subject: source,
        message: `No records of ${source} since ${dayText(lastDay)}${usual}`,
        unit: 'days' as const,
        currency: null,
        value: silentDays,
        low: null,
        high: longestGap,
        since: lastDay + 1,
      },
    ];
  });
}

/** Part of the records of a day that may be refused before it is an alert, where it is not usual. */
const REFUSED_SHARE = 0.02;
const LEAST_ARRIVED = 100;

/** Compares the last day on which records arrived with those before: twice their share, and more than two in a hundred. */
function refusedRecords(arrivals: readonly ArrivalDay[]): Alert[] {
  const last = arrivals.at(-1);
  if (!last || last.arrived < LEAST_ARRIVED) return [];
  const before = arrivals.slice(0, -1);
  const sum = (of: (day: ArrivalDay) => number) => before.reduce((total, day) => total + of(day), 0);
  const usual = before.length > 0 ? sum(({ refused }) => refused) / sum(({ arrived }) => arrived) : 0;
  const limit = Math.max(REFUSED_SHARE, 2 * usual);
  const share = last.refused / last.arrived;
  if (share <= limit) return [];
  const percent = (value: number) => `${(100 * value).toFixed(1)}%`;
  return [
    {
      severity: share > 5 * limit ? 'critical' : 'warning',
      subject: 'Refused records',
      message: `Refused records: ${percent(share)} of what arrived on ${dayText(last.day)}; ${percent(limit)} is the most that is no alert. See ropo rejections`,
      unit: 'share',
      currency: null,
      value: share,
      low: 0,
      high: limit,
      since: last.day,
    },
  ];
}
