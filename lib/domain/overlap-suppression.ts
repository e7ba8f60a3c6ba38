import type { KpiRow } from './kpi.ts';
import type { Suppressed } from './suppression.ts';

/**
 * Small cells of who is in one group, the other, or both. How many a group has in all follows from any of its rows (people /
 * share), and so does who is in it and not in the other: two groups are shown beside each other where the people of both,
 * and those of each without the other, are enough or none.
 * @param rows with label, other_channel, people_both and channel_people; of two groups both rows, or one
 */
export function overlapShown(rows: readonly KpiRow[], least: number): Suppressed {
  const pairOf = (row: KpiRow) => JSON.stringify([row.label, row.other_channel].map(String).sort());
  const isSmall = (people: number) => people > 0 && people < least;
  const small = new Set(
    rows
      .filter(({ people_both, channel_people }) => {
        const both = Number(people_both);
        return both < least || isSmall(Number(channel_people) - both);
      })
      .map(pairOf),
  );
  const shown = rows.filter((row) => !small.has(pairOf(row)));
  return { rows: shown, hidden: [], suppressed: rows.length - shown.length };
}
