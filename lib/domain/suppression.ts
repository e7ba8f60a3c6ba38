import type { KpiRow } from './kpi.ts';

/**
 * Small cells: a row that fewer than k people stand behind is not shown. Rows below k become one, with their sums, so that
 * all rows still come to what they came to. That row alone may have fewer than k people too, and where it is of one row it
 * would be that row: so the smallest of the rows that could be shown joins it.
 */

/** How rows of a KPI are made one. */
export type Merge = (rows: readonly KpiRow[]) => KpiRow;

export interface PeopleRule {
  describes: 'people';
  /** Columns of the query that count distinct known persons; where there are several, the least above zero counts. */
  persons: readonly string[];
  merge: Merge;
  /** Text columns of which the rows of one label differ and are kept apart, besides the model. */
  apart?: readonly string[];
  /**
   * Columns that name the groups a row compares, in the order of their counts in `persons`. Such rows are not merged: they
   * stay out where one of their groups would not be shown by itself.
   */
  groups?: readonly string[];
  /** Does it all by itself, where rows are no groups of one breakdown: its rows are of one question, all currencies. */
  whole?: (rows: readonly KpiRow[], least: number) => Suppressed;
  /** Looks into the rows of one label, where these are parts of each other. */
  within?: (rows: readonly KpiRow[], least: number) => Suppressed;
}

export interface RecordsRule {
  describes: 'records';
  /** Why its rows are not about people. */
  why: string;
  /** Groupings whose rows are single records, which do not leave the company. */
  insideOnly?: readonly string[];
}

/** What a KPI's rows are about, and how small ones are treated. */
export type PrivacyRule = PeopleRule | RecordsRule;

export interface Suppressed {
  rows: KpiRow[];
  /** Currencies (empty for none) of which nothing can be shown. */
  hidden: string[];
  /** How many rows are not shown as they were. */
  suppressed: number;
}

export const togetherLabel = (least: number) => `(groups of fewer than ${least} people, together)`;

/** How many known people stand behind rows: no more than the smallest of their counts, zero where none is known. */
export function peopleBehind(rows: readonly KpiRow[], persons: readonly string[]): number {
  const counts = rows.flatMap((row) => persons.map((name) => Number(row[name] ?? 0))).filter((n) => n > 0);
  return counts.length === 0 ? 0 : Math.min(...counts);
}

/**
 * Applies the rule to a query's rows. A label is shown or not with all its rows, whatever their model or text, so that no
 * row of it follows from the others; currencies never add up and stand for themselves. Rows behind which nobody is known
 * describe nobody and stay. How many people a merged row has is not known: at least as many as the largest of its rows.
 * @param least k; 1 and below leaves everything
 */
export function suppress(rows: readonly KpiRow[], rule: PeopleRule, least: number): Suppressed {
  if (rule.whole)
    return least <= 1 ? { rows: [...rows], hidden: [], suppressed: 0 } : rule.whole(rows, least);
  if (rule.groups) return suppressComparisons(rows, rule, rule.groups, least);
  const shown: KpiRow[] = [];
  const hidden: string[] = [];
  let suppressed = 0;
  for (const [currency, ofCurrency] of groupedBy(rows, (row) => String(row.currency ?? ''))) {
    const byLabel = groupedBy(ofCurrency, (row) => JSON.stringify(row.label ?? null));
    const labels = Array.from(byLabel.values(), (its) => labelOf(its, rule));
    const merged = togetherOf(labels, least);
    if (merged === null) hidden.push(currency);
    const members = new Set(merged ?? labels.filter(({ people }) => people > 0));
    const together = [...members].flatMap((label) => label.rows);
    suppressed += together.length;
    const kept = labels.filter((label) => !members.has(label)).map((label) => label.rows);
    if (merged !== null && together.length > 0) kept.push(mergedLabel([...members], rule, least));
    for (const its of kept) {
      const inside = rule.within?.(its, least) ?? { rows: its, suppressed: 0 };
      suppressed += inside.suppressed;
      shown.push(...inside.rows);
    }
  }
  return { rows: shown, hidden, suppressed };
}

/**
 * Rows that compare groups. The groups that would be made one row are found as if each had a row of its own, and whatever
 * names one of them stays out: a difference to a group that is shown would give it away.
 */
function suppressComparisons(
  rows: readonly KpiRow[],
  { persons, ...rule }: PeopleRule,
  groups: readonly string[],
  least: number,
): Suppressed {
  const ofOne: PeopleRule = { ...rule, persons: ['people'] };
  const shown: KpiRow[] = [];
  const hidden: string[] = [];
  for (const [currency, ofCurrency] of groupedBy(rows, (row) => String(row.currency ?? ''))) {
    const single = ofCurrency.flatMap((row) =>
      groups.map((group, at) => ({
        label: row[group] ?? '',
        model: row.model ?? null,
        people: row[persons[at]!] ?? 0,
      })),
    );
    const labels = Array.from(groupedBy(single, ({ label }) => String(label)).values(), (its) =>
      labelOf(its, ofOne),
    );
    const members = togetherOf(labels, least);
    if (members === null) hidden.push(currency);
    const withheld = new Set(
      (members ?? labels.filter(({ people }) => people > 0)).map((label) => String(label.rows[0]!.label)),
    );
    shown.push(
      ...ofCurrency.filter((row) => !groups.some((group) => withheld.has(String(row[group] ?? '')))),
    );
  }
  return { rows: shown, hidden, suppressed: rows.length - shown.length };
}

/** The rows of one label: one per cell of model and text, with the people behind each. */
interface Label {
  rows: KpiRow[];
  people: number;
  cells: Map<string, number>;
}

const cellOf = (row: KpiRow, rule: PeopleRule) =>
  JSON.stringify(apartIn(rule).map((name) => row[name] ?? null));
const apartIn = ({ apart = [] }: PeopleRule) => ['model', ...apart];

function labelOf(rows: KpiRow[], rule: PeopleRule): Label {
  const people = peopleBehind(rows, rule.persons);
  // Where a rule looks into the rows of a label, it does so again when they are merged.
  const cells = rule.within
    ? new Map([['', people]])
    : new Map(rows.map((row) => [cellOf(row, rule), peopleBehind([row], rule.persons)]));
  return { rows, people, cells };
}

/**
 * The members of the merged row: none where nothing is small, null where not even all together are enough. To the small
 * ones come the others, smallest first, until every cell that has people has a member with enough of them and a second.
 */
function togetherOf(labels: readonly Label[], least: number): Label[] | null {
  const known = labels.filter(({ people }) => people > 0).sort((a, b) => a.people - b.people);
  const members = known.filter(({ people }) => people < least);
  if (members.length === 0) return [];
  let enough = known.slice(members.length);
  if (enough.length === 0) return null;
  do {
    // Those of one size come together, so that the order of rows does not choose.
    const next = enough.filter(({ people }) => people === enough[0]!.people);
    members.push(...next);
    enough = enough.slice(next.length);
  } while (enough.length > 0 && cellsOf(members).some((cell) => !isSafe(cell, members, least)));
  return members;
}

const cellsOf = (labels: readonly Label[]) => [...new Set(labels.flatMap(({ cells }) => [...cells.keys()]))];

/** Whether a cell of a merged row can be shown: nobody is known behind it, or enough people of two groups or more. */
function isSafe(cell: string, members: readonly Label[], least: number): boolean {
  const counts = members.map(({ cells }) => cells.get(cell) ?? 0).filter((people) => people > 0);
  return counts.length === 0 || (counts.length > 1 && Math.max(...counts) >= least);
}

/** One row for each model and text; those that are not safe stay out. */
function mergedLabel(members: readonly Label[], rule: PeopleRule, least: number): KpiRow[] {
  const groups = groupedBy(
    members.flatMap((label) => label.rows),
    (row) => cellOf(row, rule),
  );
  return Array.from(groups).flatMap(([cell, group]) => {
    if (!rule.within && !isSafe(cell, members, least)) return [];
    const apart = apartIn(rule).filter((name) => name in group[0]!);
    return [
      {
        ...rule.merge(group),
        ...Object.fromEntries(apart.map((name) => [name, group[0]![name]!])),
        label: togetherLabel(least),
      },
    ];
  });
}

export interface MergedColumns {
  /** The same in all rows, or not to be added. */
  constant?: readonly string[];
  /** Counts of persons: no fewer than the largest. */
  atLeast?: readonly string[];
  /** Sums of squares over persons: see `mergeBy`. */
  squares?: readonly string[];
}

/**
 * Merges rows column by column: numbers add up, texts and truths stay where all rows agree. A person may stand in m rows:
 * of its parts e the sum of squares is at most m times theirs, (e1 + .. + em)^2 <= m (e1^2 + .. + em^2), so that what is
 * made of the squares comes out too wide and never too narrow.
 */
export function mergeBy({ constant = [], atLeast = [], squares = [] }: MergedColumns): Merge {
  return (rows) => {
    const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    return Object.fromEntries(
      names.map((name) => {
        const values = rows.map((row) => row[name] ?? null).filter((value) => value !== null);
        const isNumber =
          values.length > 0 && values.every((v) => typeof v === 'number' || typeof v === 'bigint');
        if (!isNumber || constant.includes(name))
          return [name, values.every((value) => value === values[0]) ? (values[0] ?? null) : null];
        const numbers = values.map(Number).sort((a, b) => a - b);
        if (atLeast.includes(name)) return [name, numbers.at(-1)!];
        const sum = numbers.reduce((before, number) => before + number, 0);
        return [name, squares.includes(name) ? sum * rows.length : sum];
      }),
    );
  };
}

/** Merges by adding every number but the counts of persons. */
export const addedUp = (...persons: string[]): Merge => mergeBy({ atLeast: persons });

/** Rows by something, in the order in which each first comes. */
export function groupedBy<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = key(row);
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return groups;
}
