import type { KpiRow } from '../kpi.ts';

/** A number of a query's row; null where it has none. */
export const numberOf = (row: KpiRow, name: string): number | null =>
  row[name] === null || row[name] === undefined ? null : Number(row[name]);

/** A sum of a query's row: zero where there was nothing to sum. */
export const sumOf = (row: KpiRow, name: string): number => Number(row[name] ?? 0);

/** A share to six decimals, so that doubles summed in another order give the same answer. */
export const rounded = (share: number | null): number | null =>
  share === null ? null : Number(share.toFixed(6)) + 0;

/** Minor units that a share of an amount is, free of what the order of summing changes. */
export const minorOf = (share: number | null, minor: number): number | null =>
  share === null ? null : Math.round(Number(share.toFixed(9)) * minor) + 0;
