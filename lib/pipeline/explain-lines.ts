import { whyLineExcluded } from '../domain/exclusion-reasons.ts';
import { placeboFindings } from '../domain/placebo-findings.ts';
import { MATCH_LEVELS, type MatchLevel, waterfallStep } from '../domain/research-steps.ts';
import type { Row } from '../ports.ts';
import type { ExplainedLine, ExplainedResearch, LineMatch } from './explanation.ts';

/** A row of sql/explain/matches.sql. */
export interface MatchRow {
  line_no: number;
  level: MatchLevel;
  comparison: string;
  draw: number;
  lag_seconds: number;
  view_no: number;
  viewed_at: string;
  channel: string | null;
  campaign: string | null;
}

/** The lines of a document, each with how it counts and what ROPO makes of it. */
export function explainLines(
  lines: readonly Row[],
  matches: readonly MatchRow[],
  document: Row,
): ExplainedLine[] {
  return lines.map((row) => ({
    line: String(row.stated_no ?? ''),
    treatment: String(row.treatment),
    why_excluded: whyLineExcluded(String(row.treatment)),
    line_kind: String(row.line_kind),
    sku: row.sku as string | null,
    product_id: row.product_id as string | null,
    product_name: row.product_name as string | null,
    category: row.category as string | null,
    quantity: row.quantity as number | null,
    amount_minor: Number(row.amount_minor),
    tax_minor: Number(row.tax_minor),
    ropo:
      row.line_no === null
        ? null
        : researchOf(
            row,
            matches.filter(({ line_no }) => line_no === row.line_no),
            document,
          ),
  }));
}

function researchOf(row: Row, matches: readonly MatchRow[], document: Row): ExplainedResearch {
  const window_days = Number(document.window_days);
  const of = (comparison: string): LineMatch[] =>
    matches
      .filter((match) => match.comparison === comparison)
      .map(({ level, lag_seconds, viewed_at, channel, campaign }) => ({
        level,
        lag_seconds,
        is_in_window: lag_seconds <= window_days * 86_400,
        viewed_at,
        channel,
        campaign,
      }))
      .sort((a, b) => MATCH_LEVELS.indexOf(b.level) - MATCH_LEVELS.indexOf(a.level));
  const research = of('research');
  const in_aisle = of('in_aisle');
  const step = waterfallStep({
    unidentified_reason: row.unidentified_reason as string | null,
    is_seen_online: row.is_seen_online === true,
    first_seen_online: row.first_seen_online as string | null,
    lags: Object.fromEntries(research.map(({ level, lag_seconds }) => [level, lag_seconds])),
    is_viewed_in_store: in_aisle.length > 0,
    is_credited: row.is_credited === true,
    window_days,
    lookback_days: Number(document.lookback_days ?? 30),
  });
  return {
    purchase_class: String(row.purchase_class),
    sold_minor: Number(row.sold_minor),
    returned_minor: Number(row.returned_minor),
    entered_at: row.entered_at as string | null,
    window_days,
    ...step,
    matches: research,
    in_aisle,
    placebos:
      row.unidentified_reason === null
        ? placeboFindings({
            basket_draws: Number(row.basket_draws),
            stratum_draws: Number(row.stratum_draws),
            observed_days: Number(row.observed_days),
            observed_days_after: Number(row.observed_days_after),
            is_covered: row.is_covered === true,
            back_draws: Number(row.back_draws),
            ahead_draws: Number(row.ahead_draws),
            is_mirrored: row.is_mirrored === true,
            window_days,
            shift_weeks: Number(document.shift_weeks),
            matches,
          })
        : [],
  };
}
