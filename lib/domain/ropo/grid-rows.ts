import type { KpiRow } from '../kpi.ts';
import { numberOf } from './figures.ts';
import { isWindowDriven } from './sensitivity.ts';
import { shareRows } from './share-rows.ts';

const LONGEST = 60;

/**
 * Rows of the grid of windows and levels: each cell as a row of the ROPO share, with a flag on the levels whose share
 * depends on the window. Any view has no headline; there the shift by weeks decides.
 * @param rows sums of sql/queries/ropo-grid.sql
 */
export function gridRows(rows: readonly KpiRow[]): KpiRow[] {
  const cells = shareRows(rows);
  const shareAt = new Map(
    cells.map((cell) => [
      `${cell.currency} ${cell.level} ${cell.window_days}`,
      numberOf(cell, cell.level === 'any' ? 'week_shift_share' : 'own_basket_share'),
    ]),
  );
  return cells.map((cell) => {
    const share = (days: number) => shareAt.get(`${cell.currency} ${cell.level} ${days}`) ?? null;
    const before = numberOf(cell, 'window_before');
    const isBeyond = before === null || Number(cell.window_days) > before;
    return {
      ...cell,
      verdict: isBeyond ? beyond(before) : cell.verdict!,
      window_driven:
        share(7) === null || share(30) === null
          ? 'not known: needs 7 and 30 days'
          : isWindowDriven(share(7), share(30))
            ? 'window-driven'
            : 'no',
      measured_as: `${cell.measured_as}, ${linesOf(before)}`,
    };
  });
}

const beyond = (before: number | null) =>
  before === null
    ? 'not testable: no window lies inside the clickstream for enough persons'
    : `not testable: for enough persons the clickstream covers no more than ${before} days`;

/** Which lines all cells are made of; fewer than 60 days are less than the grid is meant for. */
const linesOf = (before: number | null) =>
  before === LONGEST
    ? `the same purchases in every cell, ${LONGEST} days or more into the clickstream`
    : `the same purchases in every cell, but only ${before ?? 0} days or more into the clickstream, not ${LONGEST}`;
