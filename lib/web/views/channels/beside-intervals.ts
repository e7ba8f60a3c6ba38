import type { Row } from '../../figures.ts';
import type { Asked } from '../../use-kpi.ts';

/** What of a row's certainty does not stand in its figures. */
const CERTAINTY = /_(?:low|high|change|low_before|high_before)$/;

/**
 * Figures with the intervals of the same question beside them, once these are there. A row whose figure is another one,
 * such as one that a closed period keeps, has none.
 */
export function besideIntervals(figures: Asked, intervals: Asked): Asked {
  const { answer } = figures;
  const isSame =
    answer !== null &&
    intervals.answer !== null &&
    !['loading', 'stale', 'error'].includes(intervals.state) &&
    figures.state !== 'loading';
  if (!isSame) return figures;
  const known = new Map(intervals.answer!.rows.map((row) => [keyOf(row), row]));
  const beside = (row: Row): Row => {
    const its = known.get(keyOf(row));
    if (!its || its.revenue !== row.revenue) return row;
    const certainty = Object.entries(its).filter(([name]) => CERTAINTY.test(name));
    return { ...row, ...Object.fromEntries(certainty), withheld: reasonsOf(row, its) };
  };
  const named = new Set(answer.columns.map(({ name }) => name));
  return {
    ...figures,
    answer: {
      ...answer,
      columns: [
        ...answer.columns,
        ...intervals.answer!.columns.filter(({ name }) => CERTAINTY.test(name) && !named.has(name)),
      ],
      rows: answer.rows.map(beside) as typeof answer.rows,
    },
    rows: figures.rows.map(beside),
  };
}

const keyOf = (row: Row) => `${row.model}|${row.label}|${row.currency}`;

/** Why something is not there: of intervals as the answer with intervals says it. */
function reasonsOf(figures: Row, intervals: Row): string | null {
  const of = (row: Row, isOfInterval: boolean) =>
    String(row.withheld ?? '')
      .split('; ')
      .filter((reason) => reason !== '' && reason.startsWith('no interval') === isOfInterval);
  return [...of(figures, false), ...of(intervals, true)].join('; ') || null;
}

/** Whether chance alone may have moved a figure: its change can be none. */
export const mayBeChance = (row: Row, measure = 'revenue'): boolean => {
  const [low, high] = [row[`${measure}_change_low`], row[`${measure}_change_high`]];
  return typeof low === 'number' && typeof high === 'number' && low <= 0 && high >= 0;
};
