import { isDay } from '../domain/instant.ts';
import type { Kpi, KpiRow } from '../domain/kpi.ts';
import { type Suppressed, suppress } from '../domain/suppression.ts';

/** Who reads an answer: people of the company, or others. */
export const AUDIENCES = ['inside', 'outside'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** The setting that says how many people a row must have. */
export const LEAST_SETTING = { inside: 'min_persons', outside: 'min_persons_outside' } as const;

const NOTHING_SUPPRESSED = { hidden: [], suppressed: 0 };

/**
 * Rows of a query as an audience may see them. Where shares need persons of their own (ropo_min_persons), they need as
 * many as a row does.
 * @param least k of the audience
 */
export function rowsFor(kpi: Kpi, rows: readonly KpiRow[], least: number): Suppressed {
  const { privacy } = kpi;
  if (privacy.describes === 'records') return { rows: [...rows], ...NOTHING_SUPPRESSED };
  const { rows: shown, ...rest } = suppress(rows, privacy, least);
  return {
    ...rest,
    rows: shown.map((row) =>
      row.min_persons == null ? row : { ...row, min_persons: Math.max(Number(row.min_persons), least) },
    ),
  };
}

/** What stands for a currency of which nothing can be shown. */
export const hiddenRow = (kpi: Kpi, currency: string, least: number): KpiRow => ({
  label: `(fewer than ${least} people)`,
  currency: currency === '' ? null : currency,
  ...(kpi.remarks?.[0] === undefined ? {} : { [kpi.remarks[0]]: 'suppressed: nothing has enough people' }),
});

/**
 * Why a period is not answered outside the company, or null. Two periods that differ by some days would tell what those
 * days hold, however many people are in each: so periods are whole months.
 */
export function periodProblem(field: 'from' | 'to', day: string): string | null {
  if (!isDay(day)) return null;
  const isFirst = day.endsWith('-01');
  const next = new Date(`${day}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  const isLast = next.getUTCDate() === 1;
  if (field === 'from') return isFirst ? null : 'the first day of a month';
  return isLast ? null : 'the last day of a month';
}
