import type { KpiRow } from './kpi.ts';
import { numberOf, sumOf } from './ropo/figures.ts';

/** Bounds are of one group alone: rows made one have none. */
export const BOUNDS = ['revenue_low_minor', 'revenue_high_minor', 'roas_low', 'roas_high'] as const;

/**
 * What `alignSpend` adds, and the margins `margin_minor` and `margin_after_media_minor`, from the revenue whose cost is
 * known as `costed_minor` beside that cost, `known_cost_minor`. Rows with `is_whole` 1 can have intervals here.
 */
export function withSpendAligned(rows: readonly KpiRow[]): KpiRow[] {
  return rows.map((row) => {
    const aligned = alignSpend(row);
    const spend = numberOf(aligned, 'aligned_spend_minor');
    const revenue = sumOf(row, 'revenue_minor');
    const costed = sumOf(row, 'costed_minor');
    const margin = costed === 0 && revenue !== 0 ? null : costed - sumOf(row, 'known_cost_minor');
    const isBounded = numberOf(row, 'revenue_low_minor') !== null || revenue === 0;
    const figures = {
      ...aligned,
      margin_minor: margin,
      margin_after_media_minor: margin === null || spend === null ? null : margin - spend,
    };
    return withReasons(
      figures,
      margin === null ? 'no cost of goods is known' : null,
      isBounded ? null : boundsProblem(row),
    );
  });
}

/** A row with further reasons in `withheld`, why something is not there. */
export const withReasons = (row: KpiRow, ...reasons: readonly (string | null)[]): KpiRow => ({
  ...row,
  withheld: [row.withheld ?? null, ...reasons].filter((reason) => reason !== null).join('; ') || null,
});

/**
 * Adds `aligned_spend_minor`, the spend that revenue may be set against, and in `withheld` why there is none. Rows have
 * `spend_minor` (null where spend is not known by what was asked, with `spend_unknown` saying so), `is_uncovered` (above 0
 * where spend is known of a part of the days alone, `spend_span` says of which) and `is_other_currency` (above 0 where a
 * label's spend and revenue are not in the same currencies).
 */
export function alignSpend(row: KpiRow): KpiRow {
  const notSpent = spendProblem(row);
  return withReasons(
    {
      ...row,
      aligned_spend_minor: notSpent === null ? numberOf(row, 'spend_minor') : null,
      ...(notSpent === null ? {} : { roas_low: null, roas_high: null }),
      withheld: null,
    },
    notSpent,
  );
}

/** Why no ratio of revenue and spend can be had, or null. */
function spendProblem(row: KpiRow): string | null {
  if (row.spend_unknown != null) return `no ROAS: ${row.spend_unknown}`;
  if (numberOf(row, 'spend_minor') === null) return 'no ROAS: spend is not known';
  // Of no revenue the ratio is zero, however much spend is yet unknown.
  if (sumOf(row, 'is_uncovered') > 0 && sumOf(row, 'revenue_minor') !== 0)
    return `no ROAS: ${row.spend_span ?? 'spend is not known of all days'}`;
  if (sumOf(row, 'is_other_currency') > 0) return 'no ROAS: spend and revenue are in different currencies';
  return null;
}

const boundsProblem = (row: KpiRow): string =>
  sumOf(row, 'is_whole') > 0
    ? 'no interval was worked out'
    : 'no interval here: attribution-intervals has it';
