import type { KpiRow } from './kpi.ts';
import { tQuantile } from './ropo/student-t.ts';

/** Part of the revenue whose cost of goods must be known for a margin to be told. */
const KNOWN_COST = 0.95;
const LEVEL = 0.95;
/** The sum of squares is of hundreds of minor units. */
const SQUARED_UNIT = 100;

/** What customers spend on average, with its 95% interval by persons, and the margin where the cost of goods is known. */
export const withMeans = (rows: readonly KpiRow[]): KpiRow[] =>
  rows.map((row) => ({ ...row, ...intervalOf(row), ...marginOf(row) }));

/** Mean of what n customers bought, plus and minus t of its standard error; none for fewer than two. */
function intervalOf(row: KpiRow): KpiRow {
  const [n, sold, squares] = [row.customers, row.sold_minor, row.sold_squares].map(Number) as [
    number,
    number,
    number,
  ];
  if (!(n > 1)) return { mean_low: null, mean_high: null };
  const mean = sold / n;
  const variance = Math.max(0, (squares * SQUARED_UNIT ** 2 - n * mean * mean) / (n - 1));
  const room = tQuantile(LEVEL, n - 1) * Math.sqrt(variance / n);
  return { mean_low: Math.round(Math.max(0, mean - room)), mean_high: Math.round(mean + room) };
}

function marginOf(row: KpiRow): KpiRow {
  const [customers, revenue, costed, cost] = [
    row.customers,
    row.revenue_minor,
    row.costed_minor,
    row.goods_cost_minor,
  ].map(Number) as [number, number, number, number];
  const known = revenue > 0 ? costed / revenue : 0;
  if (known < KNOWN_COST)
    return {
      mean_margin: null,
      withheld: `margin: the cost of goods is known of ${Math.floor(100 * known)}% of the revenue`,
    };
  return { mean_margin: Math.round((costed - cost) / customers), withheld: null };
}
