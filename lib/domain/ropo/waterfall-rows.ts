import type { KpiRow } from '../kpi.ts';
import { correctedRate } from './corrected-share.ts';
import { rounded, sumOf } from './figures.ts';

/**
 * Rows of the waterfall, with what chance alone would give beside each step of research: of the lines that can be tested
 * the part that is researched, the part that a placebo finds, and what is left when chance is taken out.
 * @param rows sums of sql/queries/ropo-waterfall.sql
 */
export function waterfallRows(rows: readonly KpiRow[]): KpiRow[] {
  return rows.map((row) => {
    const lines = sumOf(row, 'n');
    const remark = row.is_research ? noPlacebo(row, lines) : null;
    const isTested = row.is_research === true && remark === null;
    const [researched, chance] = [sumOf(row, 'r'), sumOf(row, 'c')];
    return {
      ...row,
      naive_share: isTested ? rounded(researched / lines) : null,
      placebo_share: isTested ? rounded(chance / lines) : null,
      corrected_share: isTested ? rounded(correctedRate(lines, researched, chance)) : null,
      placebo: remark ?? (isTested ? placeboOf(row) : null),
    };
  });
}

const isAny = ({ position }: KpiRow) => Number(position) === 4;

const placeboOf = (row: KpiRow) => (isAny(row) ? 'week shift' : 'own basket');

function noPlacebo(row: KpiRow, lines: number): string | null {
  if (sumOf(row, 'persons') < sumOf(row, 'min_persons'))
    return `no chance figure: fewer than ${row.min_persons} repeat buyers a whole window into the clickstream`;
  if (lines > 0) return null;
  return isAny(row)
    ? 'no chance figure: the clickstream is too short to shift by weeks, or the shift shorter than the window'
    : 'no chance figure: nothing testable';
}
