import type { Random } from './random.ts';

/**
 * The half-year that the demo shop lives through, 2025-01-01 to 2025-06-30, with the one change of clocks in it.
 * Instants are milliseconds since 1970 UTC; days count from 0 on the first of January.
 */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const CALENDAR_START = Date.UTC(2025, 0, 1);
export const CALENDAR_END = Date.UTC(2025, 6, 1);
/** Nothing on the web begins later, so that every visit ends within the calendar. */
export const LAST_VISIT = CALENDAR_END - 6 * HOUR;
export const CALENDAR_DAYS = (CALENDAR_END - CALENDAR_START) / DAY;

export type Zone = 'Europe/Rome' | 'Europe/Lisbon';

/** All of the European Union changes at the same instant: 01:00 UTC on the last Sunday of March. */
const SUMMER_TIME = Date.UTC(2025, 2, 30, 1);
const WINTER_OFFSET: Record<Zone, number> = { 'Europe/Rome': HOUR, 'Europe/Lisbon': 0 };

export function offsetOf(at: number, zone: Zone): number {
  return WINTER_OFFSET[zone] + (at >= SUMMER_TIME ? HOUR : 0);
}

/** "2025-02-03T15:22:10": what a clock on the wall shows. */
export function naiveLocalTime(at: number, zone: Zone): string {
  return new Date(at + offsetOf(at, zone)).toISOString().slice(0, 19);
}

/** "2025-02-03T15:22:10+01:00". */
export function localTime(at: number, zone: Zone): string {
  return `${naiveLocalTime(at, zone)}+0${offsetOf(at, zone) / HOUR}:00`;
}

/** The instant at which clocks of the zone show this minute of this day. Not for the night of the change. */
export function instantOfLocal(day: number, minute: number, zone: Zone): number {
  const wall = CALENDAR_START + day * DAY + minute * MINUTE;
  return wall - offsetOf(wall, zone);
}

export function localDay(at: number, zone: Zone): number {
  return Math.floor((at + offsetOf(at, zone) - CALENDAR_START) / DAY);
}

export function localMinute(at: number, zone: Zone): number {
  return Math.floor(((at + offsetOf(at, zone) - CALENDAR_START) % DAY) / MINUTE);
}

const DATES = Array.from({ length: CALENDAR_DAYS }, (_, day) =>
  new Date(CALENDAR_START + day * DAY).toISOString().slice(0, 10),
);

/** "2025-02-03". */
export function dateText(day: number): string {
  return DATES[day] ?? new Date(CALENDAR_START + day * DAY).toISOString().slice(0, 10);
}

/** 0 is Sunday. 2025-01-01 was a Wednesday. */
export const weekdayOf = (day: number): number => (day + 3) % 7;

const MONTHS = DATES.map((date) => Number(date.slice(5, 7)));

/** 1 to 6. */
export const monthOf = (day: number): number => MONTHS[day]!;

/** January sales, a quiet February, then towards summer. */
const MONTH_WEIGHT = [1.15, 0.82, 0.94, 1, 1.06, 1.12];
const WEB_WEEKDAY = [1.25, 1.05, 1, 0.98, 0.96, 0.92, 1.05];
const STORE_WEEKDAY = [1.25, 0.7, 0.75, 0.8, 0.85, 1.15, 1.75];

/** A day drawn by season and weekday, by rejection: of the whole calendar, or of `days` days from `first` on. */
export function drawDay(
  random: Random,
  where: 'web' | 'store',
  first = 0,
  days: number = CALENDAR_DAYS,
): number {
  const weekdays = where === 'web' ? WEB_WEEKDAY : STORE_WEEKDAY;
  for (;;) {
    const day = first + random.int(days);
    if (random.float() * 2.1 < MONTH_WEIGHT[monthOf(day) - 1]! * weekdays[weekdayOf(day)]!) return day;
  }
}

/** Weight of the hours 7 to 23 for sitting down with a screen: lunch, then the evening. */
const WEB_HOURS = [3, 4, 4, 4, 5, 6, 6, 5, 4, 4, 5, 6, 8, 10, 11, 8, 4];

export function drawWebTime(random: Random, day: number, zone: Zone): number {
  const hour = 7 + random.weighted(WEB_HOURS);
  return instantOfLocal(day, hour * 60, zone) + random.int(HOUR);
}

/** The same instant, or the next morning when people would be asleep. */
export function awake(random: Random, at: number, zone: Zone): number {
  const minute = localMinute(at, zone);
  if (minute >= 7 * 60) return at;
  return at + (7 * 60 - minute + random.int(150)) * MINUTE;
}
