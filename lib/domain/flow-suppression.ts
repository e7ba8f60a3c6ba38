import type { KpiRow } from './kpi.ts';
import { addedUp, groupedBy, type Suppressed } from './suppression.ts';

/**
 * Small cells of a flow. What goes into a channel comes out of it, and what ends somewhere came from somewhere: a flow that
 * is left out must not follow from those beside it. So of every channel and step the flows in and the flows out that are
 * left out are two or more, and one of them is of enough people; the smallest that could be shown join until that is so.
 * What is left out is shown together, by step and where it went.
 */

export const OTHERS = '(other channels)';

const merge = addedUp('people');
const peopleOf = (row: KpiRow) => Number(row.people ?? 0);

/** @param rows with step, from_channel, label, people, and sums. @param least people that a row must have */
export function flowShown(rows: readonly KpiRow[], least: number): Suppressed {
  const out = new Set(rows.filter((row) => peopleOf(row) < least));
  const groups = [
    ...groupedBy(rows, (row) =>
      JSON.stringify([row.step ?? null, 'from', row.from_channel ?? null]),
    ).values(),
    ...groupedBy(rows, (row) => JSON.stringify([row.step ?? null, 'to', row.label ?? null])).values(),
  ];
  for (let before = -1; before !== out.size; ) {
    before = out.size;
    for (const group of groups) joinSmallest(group, out, least);
  }
  const kept = rows.filter((row) => !out.has(row));
  const left = [...out];
  const byEnd = together(left, (row) => [row.step ?? null, row.label ?? null], {}, least);
  const byStep = together(byEnd.small, (row) => [row.step ?? null], { label: OTHERS }, least);
  return { rows: [...kept, ...byEnd.shown, ...byStep.shown], hidden: [], suppressed: left.length };
}

/** Leaves out the smallest rows of a group until those left out hide each other, or all are. */
function joinSmallest(group: readonly KpiRow[], out: Set<KpiRow>, least: number): void {
  const next = group.filter((row) => !out.has(row)).sort((a, b) => peopleOf(a) - peopleOf(b));
  const isHiding = () => {
    const left = group.filter((row) => out.has(row));
    return left.length === 0 || isEnough(left, least);
  };
  while (next.length > 0 && !isHiding()) out.add(next.shift()!);
}

const isEnough = (rows: readonly KpiRow[], least: number) =>
  rows.length > 1 && Math.max(...rows.map(peopleOf)) >= least;

/** One row for each group that is enough; the others are still too small. */
function together(
  rows: readonly KpiRow[],
  key: (row: KpiRow) => readonly unknown[],
  texts: KpiRow,
  least: number,
): { shown: KpiRow[]; small: KpiRow[] } {
  const shown: KpiRow[] = [];
  const small: KpiRow[] = [];
  for (const group of groupedBy(rows, (row) => JSON.stringify(key(row))).values()) {
    if (isEnough(group, least))
      shown.push({ ...merge(group), ...texts, step: group[0]!.step ?? null, from_channel: OTHERS });
    else small.push(...group);
  }
  return { shown, small };
}
