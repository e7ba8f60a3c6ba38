/** An answer of the KPI API, as far as it is compared. */
export interface Answered {
  kpi: string;
  rows: readonly Record<string, unknown>[];
}

/** Doubles may differ by so much of themselves: two engines add them up in another order. */
export const TOLERANCE = 1e-9;

/**
 * KPIs of which some columns tell when records came in, or when it was looked: two shops that take in the same records at
 * different times differ in them, rightly.
 */
export const TELLS_WHEN: Record<string, readonly string[] | 'all'> = {
  'data-freshness': 'all',
  alerts: 'all',
};

/**
 * Where two answers differ, row for row and column for column: texts, whole numbers and nulls exactly, other numbers to
 * TOLERANCE of themselves.
 * @returns a sentence for each difference; the first 20
 */
export function differencesOf(here: Answered, there: Answered): string[] {
  const { kpi } = here;
  const told = TELLS_WHEN[kpi];
  if (told === 'all') return [];
  const differences: string[] = [];
  if (here.rows.length !== there.rows.length)
    differences.push(`${kpi}: ${here.rows.length} rows on one machine, ${there.rows.length} on AWS`);
  for (const [at, row] of here.rows.entries()) {
    const other = there.rows[at];
    if (other === undefined) break;
    for (const column of new Set([...Object.keys(row), ...Object.keys(other)])) {
      if (told?.includes(column)) continue;
      if (!isSame(row[column], other[column]))
        differences.push(
          `${kpi}, row ${at + 1}, ${column}: ${JSON.stringify(row[column])} on one machine, ${JSON.stringify(other[column])} on AWS`,
        );
    }
  }
  return differences.slice(0, 20);
}

function isSame(here: unknown, there: unknown): boolean {
  if (typeof here === 'number' && typeof there === 'number') {
    if (Number.isInteger(here) && Number.isInteger(there)) return here === there;
    return Math.abs(here - there) <= TOLERANCE * Math.max(Math.abs(here), Math.abs(there));
  }
  if (typeof here === 'object' && here !== null && typeof there === 'object' && there !== null) {
    const names = new Set([...Object.keys(here), ...Object.keys(there)]);
    return [...names].every((name) =>
      isSame((here as Record<string, unknown>)[name], (there as Record<string, unknown>)[name]),
    );
  }
  return here === there;
}
