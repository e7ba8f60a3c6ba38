import type { KpiRow } from '../kpi.ts';
import { effectivePersons, LEVEL } from './corrected-share.ts';
import { minorOf, rounded, sumOf } from './figures.ts';
import { worstCase } from './sensitivity.ts';
import { tQuantile } from './student-t.ts';

/** Ratios of the ROPO rate of unidentified buyers to that of identified ones, which no data here can tell. */
export const DELTAS = [1, 0.5, 0] as const;

/** Revenue of all transactions that stands for the lines of one group. */
interface Scaled {
  /** Factors on what strata make of identified and of unidentified revenue. */
  identified: number;
  unidentified: number;
  allMinor: number;
  identifiedMinor: number;
  /** Unidentified revenue that no receipt shows: taken to be like the identified. */
  isAssumed: boolean;
}

/**
 * Rows that extend the corrected share from identified to all store purchases: three for each group, one for each
 * delta, never a figure without its interval and the worst case beside it.
 *
 * The estimate is (sum over strata of theta_g * identified_g) + delta * (the same of unidentified revenue). Its interval
 * is linearised over persons across strata: with A_g the revenue that takes the share of stratum g, a person counts
 * z_u = sum A_g / Y_g * (x_ug - theta_g * y_ug), and the variance is G / (G - 1) * sum z_u^2, G the effective number of persons (Woodruff 1971, Journal of
 * the American Statistical Association 66, 411-414). The worst case asks nothing of buyers who were not tested: between
 * none and all of their purchases were researched.
 * @param rows sums of sql/queries/ropo-extrapolation.sql
 */
export const extrapolationRows = (rows: readonly KpiRow[]): KpiRow[] =>
  rows.flatMap((row) => DELTAS.map((delta) => extrapolated(row, delta)));

function extrapolated(row: KpiRow, delta: number): KpiRow {
  const scaled = scaledToAll(row);
  const { allMinor, identifiedMinor } = scaled;
  const all = Math.round(allMinor);
  const about = {
    ...row,
    delta: String(delta),
    all_transactions_minor: all,
    identified_share: allMinor > 0 ? rounded(identifiedMinor / allMinor) : null,
    tested_share: allMinor > 0 ? rounded(sumOf(row, 'tested_minor') / allMinor) : null,
    assumptions: assumptionsOf(row, delta, scaled),
  };
  const persons = effectivePersons(sumOf(row, 'clusters'), sumOf(row, 'y'), sumOf(row, 'yy'));
  const isTestable = sumOf(row, 'persons') >= sumOf(row, 'min_persons') && row.identified_ropo != null;
  if (!isTestable || allMinor <= 0) return { ...about, ...nothing(row) };
  const base = scaled.isAssumed ? 'identified_ropo' : 'unidentified_ropo';
  const weight = delta * scaled.unidentified;
  const share = (scaled.identified * sumOf(row, 'identified_ropo') + weight * sumOf(row, base)) / allMinor;
  const [a, b] = scaled.isAssumed ? [scaled.identified + weight, 0] : [scaled.identified, weight];
  const spread = a * a * sumOf(row, 'ii') + 2 * a * b * sumOf(row, 'iu') + b * b * sumOf(row, 'uu');
  const error = Math.sqrt((Math.max(0, spread) * persons) / (persons - 1)) / allMinor;
  // Persons who are all alike have no spread, which is no certainty.
  const half = error > 1e-9 ? tQuantile(LEVEL, persons - 1) * error : null;
  const tested = sumOf(row, 'tested_minor');
  const bounds = worstCase(tested > 0 ? sumOf(row, 'tested_ropo') / tested : 0, tested / allMinor);
  const [low, high] = half === null ? [null, null] : [share - half, Math.min(1, share + half)];
  if (low === null)
    return { ...about, ...nothing(row), verdict: 'no interval, so no estimate: all persons alike' };
  // The bounds take the tested share as known; they are never narrower than its interval.
  const worst = { low: Math.max(0, Math.min(bounds.low, low)), high: Math.max(bounds.high, high ?? 1) };
  return {
    ...about,
    share: rounded(share),
    share_low: rounded(low),
    share_high: rounded(high),
    worst_low: rounded(worst.low),
    worst_high: rounded(worst.high),
    ropo_minor: minorOf(share, all),
    ropo_low_minor: minorOf(low, all),
    ropo_high_minor: minorOf(high, all),
    worst_low_minor: minorOf(worst.low, all),
    worst_high_minor: minorOf(worst.high, all),
    verdict: `${row.own_strata} of ${row.strata} strata have a share of their own`,
  };
}

/** Nothing is known of a group that was not tested but what no data can refute. */
const nothing = (row: KpiRow) => ({
  share: null,
  share_low: null,
  share_high: null,
  worst_low: null,
  worst_high: null,
  ropo_minor: null,
  ropo_low_minor: null,
  ropo_high_minor: null,
  worst_low_minor: null,
  worst_high_minor: null,
  verdict: `suppressed: fewer than ${row.min_persons} persons`,
});

/**
 * Google's two fractions of store sales (StoreSalesMetadata): of all transactions `loyalty_fraction` have a buyer who
 * can be identified, and of those `transaction_upload_fraction` were given in. At 1 the receipts themselves tell.
 */
function scaledToAll(row: KpiRow): Scaled {
  const loyalty = sumOf(row, 'loyalty_fraction') || 1;
  const uploaded = sumOf(row, 'transaction_upload_fraction') || 1;
  const given = sumOf(row, 'identified_minor');
  const unidentified = sumOf(row, 'all_minor') - given;
  const identifiedMinor = given / uploaded;
  const rest = loyalty < 1 ? (identifiedMinor * (1 - loyalty)) / loyalty : unidentified;
  const isAssumed = rest > 0 && unidentified <= 0;
  return {
    identified: 1 / uploaded,
    unidentified: rest === 0 ? 0 : rest / (isAssumed ? given : unidentified),
    allMinor: identifiedMinor + rest,
    identifiedMinor,
    isAssumed,
  };
}

function assumptionsOf(row: KpiRow, delta: number, { isAssumed }: Scaled): string {
  const fraction = (name: string) => (sumOf(row, name) < 1 ? String(sumOf(row, name)) : 'measured');
  const like = isAssumed ? ', unidentified buyers taken to buy what identified ones do' : '';
  return `unidentified buyers research ${delta} times as much as identified ones; loyalty fraction ${fraction('loyalty_fraction')}, upload fraction ${fraction('transaction_upload_fraction')}${like}`;
}
