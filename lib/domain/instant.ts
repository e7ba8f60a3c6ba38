import { Temporal } from 'temporal-polyfill';

/**
 * Instants: milliseconds since 1970 UTC inside, ISO 8601 text outside.
 */

const ISO = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/;
const OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/;

/** Whether a time says its offset, so that no zone is needed to read it. */
export const hasOffset = (text: string) => OFFSET.test(text);

export type ParsedInstant =
  | { ok: true; epochMs: number }
  | { ok: false; reason: 'bad_time' | 'naive_time'; detail: string };

/**
 * Reads ISO 8601. Text without an offset is local time of `zone`; with neither it is refused, never guessed.
 * Where clocks go back, the first of the two instants is taken; where they go forward, the skipped time moves
 * ahead by the gap ("compatible", RFC 5545 and Temporal).
 */
export function parseInstant(text: string, zone: string | null): ParsedInstant {
  const quick = canonical(text);
  if (quick !== null) return quick;
  if (!ISO.test(text))
    return {
      ok: false,
      reason: 'bad_time',
      detail: `"${text.slice(0, 40)}" is not an ISO 8601 date and time`,
    };
  if (hasOffset(text)) {
    const epochMs = Date.parse(text.charCodeAt(10) === 32 ? text.replace(' ', 'T') : text);
    if (Number.isNaN(epochMs) || !realDay(text)) {
      return { ok: false, reason: 'bad_time', detail: `"${text}" is no day or time of the calendar` };
    }
    return { ok: true, epochMs };
  }
  if (zone === null) {
    return {
      ok: false,
      reason: 'naive_time',
      detail: `"${text}" has no offset and the record names no known store`,
    };
  }
  const local = Date.parse(`${text.replace(' ', 'T')}Z`);
  if (Number.isNaN(local) || !realDay(text)) {
    return { ok: false, reason: 'bad_time', detail: `"${text}" is no day or time of the calendar` };
  }
  return { ok: true, epochMs: local - offsetAtLocal(local, zone) };
}

/** Whether "2025-02-28" is a day of the calendar. */
export const isDay = (text: string) =>
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text) && realDay(text);

/** `Date.parse` reads the 30th of February as the 2nd of March; we do not. */
function realDay(text: string): boolean {
  const day = Number(text.slice(8, 10));
  if (day <= 28) return true;
  return new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, day)).getUTCDate() === day;
}

const QUARTER_HOUR = 900_000;
const offsets = new Map<string, number>();

/** Offset from UTC in milliseconds at a local time, remembered by quarter of an hour: offsets change on those only. */
function offsetAtLocal(local: number, zone: string): number {
  const quarter = Math.floor(local / QUARTER_HOUR);
  const key = `${zone}|${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const start = quarter * QUARTER_HOUR;
  const plain = Temporal.PlainDateTime.from(new Date(start).toISOString().slice(0, -1));
  const offset = start - plain.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
  if (offsets.size > 200_000) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/** Whether a text is an IANA time zone that this machine knows. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The last instant that came in the very form in which it is stored: most do, and are stored right after. */
let lastText = '';
let lastMs = Number.NaN;

/** Where the marks and the digits of "2025-03-09T13:05:00.000Z" stand. */
const MARKS: [number, number][] = [
  [4, 45],
  [7, 45],
  [10, 84],
  [13, 58],
  [16, 58],
  [19, 46],
  [23, 90],
];
const DAYS_OF_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The number that the digits from one place to another make; NaN where one of them is none. */
function digits(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Reads that very form, by far the most frequent, without a general reader; null for any other and for odd days. */
function canonical(text: string): ParsedInstant | null {
  if (text.length !== 24) return null;
  for (const [at, mark] of MARKS) if (text.charCodeAt(at) !== mark) return null;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  const hour = digits(text, 11, 13);
  const minute = digits(text, 14, 16);
  const second = digits(text, 17, 19);
  const milli = digits(text, 20, 23);
  const isQuick =
    year >= 1000 &&
    day >= 1 &&
    day <= (DAYS_OF_MONTH[month - 1] ?? 0) &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    milli >= 0;
  if (!isQuick) return null;
  const epochMs = Date.UTC(year, month - 1, day, hour, minute, second, milli);
  lastText = text;
  lastMs = epochMs;
  return { ok: true, epochMs };
}

/** "2025-03-09T13:05:00.000Z": how instants are stored. */
export const utcText = (epochMs: number) => (epochMs === lastMs ? lastText : new Date(epochMs).toISOString());
