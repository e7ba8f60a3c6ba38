import type { Row } from '../figures.ts';

/** A figure of a row; null where it has none. */
export function numberIn(row: Row | undefined, name: string): number | null {
  const value = row?.[name];
  return typeof value === 'number' ? value : null;
}

/** A text of a row; empty where it has none. */
export const textIn = (row: Row | undefined, name: string): string => String(row?.[name] ?? '');

/** The largest size of a figure, for bars that are drawn to one scale; 1 where there is none. */
export const largest = (rows: readonly Row[], name: string): number =>
  Math.max(...rows.map((row) => Math.abs(numberIn(row, name) ?? 0)), 0) || 1;
