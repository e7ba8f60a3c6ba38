import type { KpiRow } from '../kpi.ts';
import { correctedRate, correctedShare, type Estimate } from './corrected-share.ts';
import { minorOf, numberOf, rounded, sumOf } from './figures.ts';
import {
  BEHAVIOUR_DRIVEN,
  BELOW_CHANCE,
  type Bracket,
  falseDiscoveryRates,
  isBehaviourDriven,
  NOT_FROM_CHANCE,
  Q_LIMIT,
  WEAKER,
} from './verdict.ts';

/** What the sums of one row say, before rows are compared with each other. */
interface Judged {
  row: KpiRow;
  /** Why there is no corrected share; null where there is one. */
  missing: string | null;
  naive: number | null;
  placebo: number | null;
  estimate: Estimate | null;
  bracket: Bracket;
}

/**
 * Rows of the ROPO share: naive, what a placebo finds, corrected with its interval, and what can be said of it. No row
 * has a naive share without a placebo beside it: it has another placebo, or says why there is no share.
 * @param rows sums of sql/queries/ropo.sql
 */
export function shareRows(rows: readonly KpiRow[]): KpiRow[] {
  const judged = rows.map(judge);
  const rates = falseDiscoveryRates(judged.map(({ estimate }) => estimate?.p ?? null));
  const wholes = wholeBrackets(judged);
  const spent = new Map<string, number>();
  return judged.map((one, at) => {
    const { row, missing, naive, placebo, estimate, bracket } = one;
    const currency = String(row.currency);
    const isDriven = missing === null && isBehaviourDriven(wholes.get(currency) ?? bracket);
    const q = rates[at] ?? null;
    const verdict = missing ?? remarksOn(one, isDriven, q).join('; ');
    return {
      ...row,
      // Revenue of all, shown beside each part, would be summed by someone.
      store_minor: row.is_part ? null : (row.all_minor ?? null),
      naive_share: rounded(naive),
      placebo_share: rounded(placebo),
      ...shownShare(one, isDriven),
      own_basket_share: rounded(estimate?.share ?? null),
      own_basket_low: rounded(estimate?.low ?? null),
      own_basket_high: rounded(estimate?.high ?? null),
      week_shift_share: rounded(bracket.weekShift),
      mirror_share: rounded(bracket.mirror),
      q_value: rounded(q),
      ...revenueOf(one, isDriven, spent),
      verdict,
      measured_as: definitionOf(row),
    };
  });
}

function judge(row: KpiRow): Judged {
  const none = { ownItem: null, weekShift: null, mirror: null };
  const nothing = { row, naive: null, placebo: null, estimate: null, bracket: none };
  const persons = sumOf(row, 'persons');
  if (sumOf(row, 'identified_lines') === 0) return { ...nothing, missing: 'nobody identified' };
  if (persons === 0) return { ...nothing, missing: untestable(row) };
  if (persons < sumOf(row, 'min_persons'))
    return { ...nothing, missing: `suppressed: fewer than ${row.min_persons} persons` };
  const lines = sumOf(row, 'n');
  const naive = lines > 0 ? sumOf(row, 'r') / lines : null;
  const [shift, mirror] = (['shift', 'mirror'] as const).map((kind) => {
    const size = sumOf(row, `n_${kind}`);
    const share = correctedRate(size, sumOf(row, `r_${kind}`), sumOf(row, `c_${kind}`));
    if (!row.is_part || share === null) return share;
    const whole = size - sumOf(row, `whole_c_${kind}`);
    return whole > 0 ? (sumOf(row, `r_${kind}`) - sumOf(row, `c_${kind}`)) / whole : null;
  }) as [number | null, number | null];
  // The SKU that was bought is taken out of the mirrored window, which leaves it nothing to find at that level.
  const others = { weekShift: shift, mirror: row.level === 'sku' ? null : mirror };
  if (row.level === 'any') {
    const hasPlacebo = others.weekShift !== null || others.mirror !== null;
    const missing = hasPlacebo
      ? 'any view has no item to redraw: week-shift and mirror only, never a headline'
      : 'no placebo: any view has no item to redraw, and the clickstream is too short to shift or mirror';
    const shifted = sumOf(row, 'n_shift');
    return {
      ...nothing,
      missing,
      naive: hasPlacebo ? naive : null,
      placebo: shifted > 0 ? sumOf(row, 'c_shift') / shifted : null,
      bracket: { ...none, ...others },
    };
  }
  const estimate = correctedShare({
    persons: sumOf(row, 'clusters'),
    x: sumOf(row, 'x'),
    y: sumOf(row, 'y'),
    xx: sumOf(row, 'xx'),
    xy: sumOf(row, 'xy'),
    yy: sumOf(row, 'yy'),
  });
  return {
    row,
    missing: estimate ? null : 'no share: chance explains every purchase',
    naive,
    placebo: lines > 0 ? sumOf(row, 'c') / lines : null,
    estimate,
    bracket: { ownItem: estimate?.share ?? null, ...others },
  };
}

const untestable = ({ buyers }: KpiRow) =>
  buyers === 'one_time'
    ? 'not testable: no one-time buyer with a purchase a whole window into the clickstream and another alike'
    : 'not testable: no repeat buyer with a purchase a whole window into the clickstream';

/** Parts of a whole share are as reliable as the whole: its bracket, by currency. */
function wholeBrackets(judged: readonly Judged[]): Map<string, Bracket> {
  const wholes = new Map<string, Bracket>();
  const sum = (one: number | null, other: number | null) =>
    one === null || other === null ? (one ?? other) : one + other;
  for (const { row, bracket } of judged) {
    if (!row.is_part) continue;
    const before = wholes.get(String(row.currency));
    wholes.set(
      String(row.currency),
      before
        ? {
            ownItem: sum(before.ownItem, bracket.ownItem),
            weekShift: sum(before.weekShift, bracket.weekShift),
            mirror: sum(before.mirror, bracket.mirror),
          }
        : bracket,
    );
  }
  return wholes;
}

function remarksOn({ row, estimate, bracket }: Judged, isDriven: boolean, q: number | null): string[] {
  const remarks = [
    ...(isDriven ? [BEHAVIOUR_DRIVEN] : []),
    ...(row.buyers === 'one_time' ? [WEAKER] : []),
    ...(estimate?.low === null ? ['no interval: all persons alike'] : []),
    ...(q !== null && q > Q_LIMIT ? [NOT_FROM_CHANCE] : []),
    ...(q !== null && q <= Q_LIMIT && estimate!.share < 0 ? [BELOW_CHANCE] : []),
    ...(bracket.weekShift === null && bracket.mirror === null ? ['week shift and mirror not possible'] : []),
  ];
  return remarks.length > 0 ? remarks : ['placebos within 10 points'];
}

/** The corrected share with its interval; where behaviour drives it no one figure, only the band of all placebos. */
function shownShare({ estimate, bracket }: Judged, isDriven: boolean): KpiRow {
  const { low, high } = bandOf(estimate, bracket, isDriven);
  return {
    corrected_share: isDriven ? null : rounded(estimate?.share ?? null),
    corrected_low: rounded(low),
    corrected_high: rounded(high),
  };
}

/** The interval, widened to all three placebos where they contradict each other. */
function bandOf(estimate: Estimate | null, bracket: Bracket, isDriven: boolean) {
  const bounds = [estimate?.low, estimate?.high, ...(isDriven ? Object.values(bracket) : [])];
  const known = bounds.filter((bound) => bound !== null && bound !== undefined);
  if (known.length === 0) return { low: null, high: null };
  return { low: Math.min(...known), high: Math.max(...known) };
}

/**
 * Revenue that the share is. Where behaviour drives it there is no one figure, only the band of all three placebos.
 * Parts are rounded so that they sum to the whole.
 */
function revenueOf(
  { row, estimate, bracket }: Judged,
  isDriven: boolean,
  spent: Map<string, number>,
): KpiRow {
  if (!estimate || row.weight === 'lines') {
    return { ropo_minor: null, ropo_low_minor: null, ropo_high_minor: null };
  }
  const revenue = sumOf(row, 'buyers_minor');
  const { low, high } = bandOf(estimate, bracket, isDriven);
  const band = {
    ropo_low_minor: low === null ? null : minorOf(low, revenue),
    ropo_high_minor: high === null ? null : minorOf(high, revenue),
  };
  if (isDriven) return { ropo_minor: null, ...band };
  if (!row.is_part) return { ropo_minor: minorOf(estimate.share, revenue), ...band };
  const before = spent.get(String(row.currency)) ?? 0;
  const after = before + estimate.share;
  spent.set(String(row.currency), after);
  return { ropo_minor: (minorOf(after, revenue) ?? 0) - (minorOf(before, revenue) ?? 0), ...band };
}

/** The definition behind a row, in words: what counts as research, and how lines weigh. */
export function definitionOf(row: KpiRow): string {
  const viewed = row.level === 'any' ? 'any product' : `the ${row.level === 'sku' ? 'SKU' : row.level}`;
  const buyers = row.buyers === 'one_time' ? 'one-time buyers' : 'repeat buyers';
  const days = numberOf(row, 'window_days');
  return `${viewed} viewed within ${days} ${days === 1 ? 'day' : 'days'} before, ${buyers}, weighted by ${row.weight}`;
}
