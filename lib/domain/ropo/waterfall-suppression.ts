import type { KpiRow } from '../kpi.ts';
import type { Suppressed } from '../suppression.ts';
import { addedUp } from '../suppression.ts';

/** Positions of the steps that follow on each other; 5 is a part of 4, in two. */
const CHAIN = [1, 2, 3, 4, 6, 7, 8];
const CREDITED = 5;

const people = (row: KpiRow | undefined) => Number(row?.people ?? 0);

/**
 * Keeps small parts of one waterfall from being shown. A step is its remainders and the next step: where one of these is
 * of fewer than k people it becomes one with the smallest of the others, until those together have k; where the next
 * step is among them, the steps after it go. What a step comes to stays.
 * @param rows of one group and currency, with `people`
 */
export function suppressWithin(rows: readonly KpiRow[], least: number): Suppressed {
  const stepAt = (position: number) =>
    rows.find((row) => Number(row.position) === position && row.remainder === null);
  const remaindersAt = (position: number) =>
    rows.filter((row) => Number(row.position) === position && row.remainder !== null);
  const shown: KpiRow[] = [];
  let suppressed = 0;
  for (const [at, position] of CHAIN.entries()) {
    const step = stepAt(position);
    if (!step) break;
    shown.push(step);
    if (position === 4) {
      const parts = [stepAt(CREDITED), ...remaindersAt(CREDITED)].filter((row) => row !== undefined);
      if (parts.some(isSmall(least))) suppressed += parts.length;
      else shown.push(...parts);
    }
    const remainders = remaindersAt(position);
    const next = at + 1 < CHAIN.length ? stepAt(CHAIN[at + 1]!) : undefined;
    const members = membersOf([...remainders, ...(next ? [next] : [])], next, least);
    if (members.length === 0) {
      shown.push(...remainders);
      continue;
    }
    const isEnd = next !== undefined && members.includes(next);
    suppressed += members.length + (isEnd ? below(rows, CHAIN[at + 1]!) : 0);
    shown.push(...remainders.filter((row) => !members.includes(row)), {
      ...addedUp('people', 'persons')(members),
      position,
      step: step.step ?? null,
      remainder: `fewer than ${least} people each, together${isEnd ? ', with all further steps' : ''}`,
      is_research: false,
      all_minor: step.all_minor ?? null,
      people: Math.max(...members.map(people)),
    });
    if (isEnd) break;
  }
  return { rows: shown, hidden: [], suppressed };
}

const isSmall = (least: number) => (row: KpiRow) => people(row) > 0 && people(row) < least;

const below = (rows: readonly KpiRow[], position: number) =>
  rows.filter(
    (row) =>
      Number(row.position) >= position &&
      !(Number(row.position) === position && row.remainder === null) &&
      Number(row.position) !== CREDITED,
  ).length;

/** What is made one: the small parts and as many of the others, smallest first and the next step last, as they need. */
function membersOf(parts: readonly KpiRow[], next: KpiRow | undefined, least: number): KpiRow[] {
  const members = parts.filter(isSmall(least));
  if (members.length === 0) return [];
  const others = parts
    .filter((row) => people(row) >= least)
    .sort((a, b) => (a === next ? 1 : b === next ? -1 : people(a) - people(b)));
  const [first] = others;
  if (first) members.push(first);
  return members;
}
