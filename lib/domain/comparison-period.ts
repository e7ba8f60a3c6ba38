import { Temporal } from 'temporal-polyfill';

/** What a period can be set beside. */
export const COMPARISONS = ['previous_period', 'previous_year'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** First and last day, both counted, as 2025-03-31. */
export interface DayRange {
  from: string;
  to: string;
}

/**
 * The period that one is set beside. Whole months are set beside as many whole months, so that March meets February and
 * not the 31 days before it; other periods beside as many days. A year before keeps the days of the calendar, whole
 * months included: February 2024 with its 29 days beside February 2023 with 28.
 * @example periodBefore({ from: '2025-03-01', to: '2025-03-31' }, 'previous_period') // 2025-02-01 to 2025-02-28
 */
export function periodBefore({ from, to }: DayRange, kind: Comparison): DayRange {
  const [first, last] = [Temporal.PlainDate.from(from), Temporal.PlainDate.from(to)];
  if (isWholeMonths(first, last)) {
    const months = kind === 'previous_year' ? 12 : first.until(last.add({ days: 1 }), MONTHS).months;
    const begin = first.subtract({ months });
    const end = last.add({ days: 1 }).subtract({ months }).subtract({ days: 1 });
    return { from: begin.toString(), to: end.toString() };
  }
  if (kind === 'previous_year')
    return { from: first.subtract({ years: 1 }).toString(), to: last.subtract({ years: 1 }).toString() };
  const days = first.until(last).days + 1;
  return { from: first.subtract({ days }).toString(), to: last.subtract({ days }).toString() };
}

const MONTHS = { largestUnit: 'months' } as const;

const isWholeMonths = (first: Temporal.PlainDate, last: Temporal.PlainDate) =>
  first.day === 1 && last.day === last.daysInMonth;

/** Labels of parts of the calendar, as the queries write them: the day a week begins on, 2025-03, 2025-Q1, 2025. */
export type CalendarPart = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** Labels of all parts of a period in order; the first and last may reach beyond it. */
export function partsOf({ from, to }: DayRange, part: CalendarPart): string[] {
  const last = Temporal.PlainDate.from(to);
  const labels: string[] = [];
  for (
    let at = startOf(Temporal.PlainDate.from(from), part);
    Temporal.PlainDate.compare(at, last) <= 0;
    at = at.add(STEP[part])
  )
    labels.push(labelOf(at, part));
  return labels;
}

const STEP = {
  day: { days: 1 },
  week: { weeks: 1 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
} as const;

function startOf(day: Temporal.PlainDate, part: CalendarPart): Temporal.PlainDate {
  if (part === 'day') return day;
  if (part === 'week') return day.subtract({ days: day.dayOfWeek - 1 });
  if (part === 'month') return day.with({ day: 1 });
  if (part === 'quarter') return day.with({ day: 1, month: day.month - ((day.month - 1) % 3) });
  return day.with({ day: 1, month: 1 });
}

function labelOf(day: Temporal.PlainDate, part: CalendarPart): string {
  const text = day.toString();
  if (part === 'month') return text.slice(0, 7);
  if (part === 'quarter') return `${day.year}-Q${(day.month + 2) / 3}`;
  return part === 'year' ? String(day.year) : text;
}
