import { readFileSync } from 'node:fs';
import type { PurchaseHistories } from '../../../lib/domain/customers/purchase-histories.ts';

/**
 * The CDNOW sample that Fader, Hardie and Lee (2005) fit: customers of the first quarter of 1997 by what they bought until
 * September and in the 39 weeks after, as brucehardie.com publishes it. Alike customers are one row.
 */
const [, ...lines] = readFileSync(new URL('cdnow.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const rows = lines.map(
  (line) => line.split(',').map(Number) as [number, number, number, number, number, number],
);

/** Rows of customers, each repeated for every one of them. */
export const CDNOW = rows.flatMap(([repeats, recencyDays, observedDays, later, meanSpend, persons]) =>
  Array.from({ length: persons }, () => ({ repeats, recencyDays, observedDays, later, meanSpend })),
);

export const cdnowHistories = (unitDays: number): PurchaseHistories => ({
  repeats: Int32Array.from(rows, ([repeats]) => repeats),
  recency: Float64Array.from(rows, ([, days]) => days / unitDays),
  observed: Float64Array.from(rows, ([, , days]) => days / unitDays),
  persons: Float64Array.from(rows, (row) => row[5]),
});
