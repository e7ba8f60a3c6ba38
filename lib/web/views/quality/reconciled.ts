import type { Row } from '../../figures.ts';

/** Minor units, so that sums are exact: amounts of an answer have at most three places. */
const PLACES = 1000;

/** Revenue of a bucket of the reconciliation. */
export const bucketOf = (rows: readonly Row[], bucket: string): number =>
  rows
    .filter((row) => row.bucket === bucket)
    .reduce((sum, { revenue }) => sum + Math.round(Number(revenue ?? 0) * PLACES), 0) / PLACES;

/** What was received and is neither attributed, unattributed nor excluded; 0 where every cent is accounted for. */
export const unaccounted = (rows: readonly Row[]): number =>
  Math.round(
    (bucketOf(rows, 'received') -
      bucketOf(rows, 'attributed') -
      bucketOf(rows, 'unattributed') -
      bucketOf(rows, 'excluded')) *
      PLACES,
  ) / PLACES;
