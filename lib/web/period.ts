import type { Address } from './address.ts';

/** Periods relative to the last day of the shop's data. */
export const PRESETS = ['last_30', 'last_90', 'month', 'quarter', 'year', 'all'] as const;
export type Preset = (typeof PRESETS)[number];
export const USUAL_PRESET: Preset = 'last_90';

export const COMPARISONS = ['previous_period', 'previous_year', 'none'] as const;

/** Days of a period, both included; undefined where it is open, as for all time. */
export interface Period {
  preset: Preset | 'own';
  from: string | undefined;
  to: string | undefined;
}

const DAY_MS = 86_400_000;
/** A day that there is: the 30th of February is none, though it can be read as one in March. */
export const isDay = (text: string | undefined): text is string =>
  text !== undefined &&
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text);
export const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/**
 * The period that an address asks for; own days before presets.
 * @param isOutside whether answers leave the company: their periods are whole months, those that lie in the period
 */
export function periodOf(address: Address, lastDay: string | null, isOutside = false): Period {
  const period = daysOf(address, lastDay);
  return isOutside ? wholeMonths(period) : period;
}

function wholeMonths({ preset, from, to }: Period): Period {
  const isFirst = from?.endsWith('-01') ?? true;
  const [year, month] = (from ?? '').split('-').map(Number);
  const begin = isFirst ? from : new Date(Date.UTC(year!, month!, 1)).toISOString().slice(0, 10);
  const isLast = to === undefined || daysAfter(to, 1).endsWith('-01');
  const end = isLast ? to : daysAfter(`${to.slice(0, 7)}-01`, -1);
  // A period without a whole month is the month before its end.
  return begin !== undefined && end !== undefined && begin > end
    ? { preset, from: `${end.slice(0, 7)}-01`, to: end }
    : { preset, from: begin, to: end };
}

function daysOf(address: Address, lastDay: string | null): Period {
  const from = isDay(address.from) ? address.from : undefined;
  const to = isDay(address.to) ? address.to : undefined;
  // Days the wrong way round are the same days.
  if (from !== undefined && to !== undefined && from > to) return { preset: 'own', from: to, to: from };
  if (from !== undefined || to !== undefined) return { preset: 'own', from, to };
  const preset = PRESETS.find((one) => one === address.period) ?? USUAL_PRESET;
  if (lastDay === null || preset === 'all') return { preset: 'all', from: undefined, to: undefined };
  return { preset, from: firstDayOf(preset, lastDay), to: lastDay };
}

function firstDayOf(preset: Exclude<Preset, 'all'>, last: string): string {
  if (preset === 'last_30') return daysAfter(last, -29);
  if (preset === 'last_90') return daysAfter(last, -89);
  if (preset === 'year') return `${last.slice(0, 4)}-01-01`;
  if (preset === 'month') return `${last.slice(0, 7)}-01`;
  const month = Math.floor((Number(last.slice(5, 7)) - 1) / 3) * 3 + 1;
  return `${last.slice(0, 4)}-${String(month).padStart(2, '0')}-01`;
}
