import {
  CALENDAR_DAYS,
  CALENDAR_END,
  CALENDAR_START,
  instantOfLocal,
  localDay,
  localMinute,
  MINUTE,
  weekdayOf,
  type Zone,
} from './calendar.ts';
import type { Random } from './random.ts';

/** A store of the demo shop. `size` is its share of the customers, `vat` its rate in percent. */
export interface DemoStore {
  id: string;
  name: string;
  slug: string;
  region: string;
  country: 'IT' | 'PT';
  zone: Zone;
  size: number;
  tills: number;
  vat: number;
  opens: number;
  closes: number;
  /** From which day on its terminals pass on the payment provider's token of a card; null where they do not. */
  tokensFrom: number | null;
}

const italian = { country: 'IT', zone: 'Europe/Rome', vat: 22, opens: 570, closes: 1200 } as const;
const portuguese = { country: 'PT', zone: 'Europe/Lisbon', vat: 23, opens: 600, closes: 1260 } as const;

const store = (
  where: typeof italian | typeof portuguese,
  id: string,
  name: string,
  region: string,
  size: number,
  tills: number,
  tokensFrom: number | null = null,
): DemoStore => ({
  ...where,
  id,
  name,
  slug: name.toLowerCase().replace(' ', '-'),
  region,
  size,
  tills,
  tokensFrom,
});

/** Day on which the new terminals came: the first of March. */
const NEW_TERMINALS = 59;

export const STORES: readonly DemoStore[] = [
  store(italian, 'IT-MI-01', 'Milano Duomo', 'Lombardia', 24, 5, 0),
  store(italian, 'IT-RM-01', 'Roma Tuscolana', 'Lazio', 19, 4),
  store(italian, 'IT-TO-01', 'Torino Lingotto', 'Piemonte', 13, 3, NEW_TERMINALS),
  store(italian, 'IT-BO-01', 'Bologna Indipendenza', 'Emilia-Romagna', 10, 2),
  store(italian, 'IT-FI-01', 'Firenze Novoli', 'Toscana', 9, 2),
  store(italian, 'IT-NA-01', 'Napoli Vomero', 'Campania', 9, 2),
  store(portuguese, 'PT-LX-01', 'Lisboa Chiado', 'Lisboa', 10, 3, NEW_TERMINALS),
  store(portuguese, 'PT-PO-01', 'Porto Boavista', 'Norte', 6, 2),
];

/** New Year, Easter Sunday and the first of May. */
const CLOSED_DAYS = new Set([0, 109, 120]);

/** Opening and closing minute of a day, or null when the doors stay shut. Sundays are shorter. */
export function openingHours(at: DemoStore, day: number): { opens: number; closes: number } | null {
  if (CLOSED_DAYS.has(day)) return null;
  const sunday = weekdayOf(day) === 0;
  return { opens: at.opens + (sunday ? 30 : 0), closes: at.closes - (sunday ? 60 : 0) };
}

/** How the day's custom spreads from opening (0) to closing (1): late morning, then the larger evening. */
export function customAt(share: number): number {
  const hump = (centre: number, width: number) => Math.exp(-(((share - centre) / width) ** 2));
  return 0.25 + hump(0.22, 0.16) + 1.3 * hump(0.78, 0.17);
}

function drawMinute(random: Random, from: number, to: number, opens: number, closes: number): number {
  for (;;) {
    const minute = random.between(from, to);
    if (random.float() * 1.6 < customAt((minute - opens) / (closes - opens))) return minute;
  }
}

/**
 * When someone who could come from `earliest` on stands at the till: the same day if it is open for another
 * quarter of an hour, else the next open day. Null when that lies beyond the calendar.
 */
export function drawTillTime(random: Random, where: DemoStore, earliest: number): number | null {
  const from = Math.max(earliest, CALENDAR_START);
  const firstDay = localDay(from, where.zone);
  for (let day = firstDay; day < CALENDAR_DAYS; day++) {
    const hours = openingHours(where, day);
    if (!hours) continue;
    const start = day === firstDay ? Math.max(hours.opens, localMinute(from, where.zone) + 1) : hours.opens;
    if (start > hours.closes - 15) continue;
    const minute = drawMinute(random, start, hours.closes, hours.opens, hours.closes);
    const at = Math.floor(instantOfLocal(day, minute, where.zone) / 1000) * 1000;
    return at < CALENDAR_END - 60 * MINUTE ? at : null;
  }
  return null;
}
