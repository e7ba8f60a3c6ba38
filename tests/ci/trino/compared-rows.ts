import type { Cell, Row } from '../../../lib/ports.ts';

/**
 * How far two doubles may be apart, as a share of the larger one. Both engines add doubles up in whatever order their
 * threads come by, and round each step; everything else must be equal.
 */
export const TOLERANCE = 1e-9;

/** Below this both are zero: what is left of sums that cancel out. */
const NOTHING = 1e-9;

export function isSame(a: Cell, b: Cell): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  // A bigint beyond these is none of type number, so that what is larger is a double.
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) return a === b;
  const larger = Math.max(Math.abs(a), Math.abs(b));
  return larger < NOTHING || Math.abs(a - b) <= TOLERANCE * larger;
}

/** Rows in an order that does not hang on the last digits of doubles. */
const inOrder = (rows: readonly Row[], key: readonly string[]) => {
  const textOf = (row: Row) =>
    JSON.stringify(
      [...key.map((name) => row[name] ?? null), ...Object.keys(row).map((name) => row[name] ?? null)].map(
        (cell) =>
          typeof cell === 'bigint'
            ? `${cell}`
            : typeof cell === 'number'
              ? Number(cell.toPrecision(8))
              : cell,
      ),
    );
  return rows
    .map((row) => ({ row, text: textOf(row) }))
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0))
    .map(({ row }) => row);
};

/** What differs between the rows of both engines, at most a few of them in words; empty where nothing does. */
export function differences(
  here: readonly Row[],
  there: readonly Row[],
  key: readonly string[] = [],
): string[] {
  const found: string[] = [];
  if (here.length !== there.length) found.push(`${here.length} rows on DuckDB, ${there.length} on Trino`);
  const mine = inOrder(here, key);
  const its = inOrder(there, key);
  const names = Object.keys(mine[0] ?? {});
  if (mine[0] && its[0] && names.join() !== Object.keys(its[0]).join())
    found.push(`columns ${names.join(', ')} on DuckDB, ${Object.keys(its[0]).join(', ')} on Trino`);
  for (let at = 0; at < Math.min(mine.length, its.length) && found.length < 5; at++) {
    for (const name of names) {
      const [a, b] = [mine[at]![name] ?? null, its[at]![name] ?? null];
      if (!isSame(a, b))
        found.push(
          `row ${at + 1} (${key.map((one) => mine[at]![one]).join(', ')}), ${name}: ${a} on DuckDB, ${b} on Trino`,
        );
    }
  }
  return found.slice(0, 5);
}
