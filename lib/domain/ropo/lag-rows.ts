import type { KpiRow } from '../kpi.ts';
import { correctedShare } from './corrected-share.ts';
import { rounded, sumOf } from './figures.ts';
import { excessEnds } from './sensitivity.ts';

/**
 * Rows of the lag curve: by day between the last view and the purchase the part of lines that was really viewed then,
 * the part that a placebo finds, the excess of one over the other with its interval, and the day where it ends.
 * @param rows sums of sql/queries/ropo-lags.sql, in the order of days
 */
export function lagRows(rows: readonly KpiRow[]): KpiRow[] {
  const days = rows.map((row) => {
    const lines = sumOf(row, 'y');
    const persons = sumOf(row, 'persons');
    const least = sumOf(row, 'min_persons');
    if (persons < least || lines <= 0) return { row, why: `suppressed: fewer than ${least} persons` };
    const moments = {
      persons,
      x: sumOf(row, 'x'),
      y: lines,
      xx: sumOf(row, 'xx'),
      xy: sumOf(row, 'xy'),
      yy: sumOf(row, 'yy'),
    };
    return { row, lines, excess: correctedShare(moments) };
  });
  const ends = excessEnds(days.map(({ excess }) => excess?.low ?? null));
  return days.map(({ row, why, lines, excess }) => ({
    ...row,
    real_share: lines ? rounded(sumOf(row, 'r') / lines) : null,
    placebo_share: lines ? rounded(sumOf(row, 'c') / lines) : null,
    excess: rounded(excess?.share ?? null),
    excess_low: rounded(excess?.low ?? null),
    excess_high: rounded(excess?.high ?? null),
    excess_ends_days: why ? null : ends,
    placebo: String(row.comparison).replace('_', ' '),
    remark: why ?? ((excess?.low ?? 0) > 0 ? 'more than chance' : 'not told from chance'),
  }));
}
