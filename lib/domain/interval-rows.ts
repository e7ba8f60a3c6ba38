import {
  effectiveOf,
  LEAST_EFFECTIVE,
  type SumMoments,
  shareInterval,
  sumInterval,
} from './attribution/sum-interval.ts';
import type { KpiRow } from './kpi.ts';
import { numberOf, rounded, sumOf } from './ropo/figures.ts';
import { alignSpend, withReasons } from './spend-aligned.ts';
import { mergeBy } from './suppression.ts';

/** What a row of the query says of one group alone: rows made one have none of it. */
const OF_ONE_GROUP = [
  ...['revenue_low_minor', 'revenue_high_minor', 'share_low', 'share_high', 'roas_low', 'roas_high'],
  ...['minor', 'minor_change', 'credit_change'].flatMap((name) =>
    ['up', 'up_squares', 'down', 'down_squares'].map((part) => `${name}_${part}`),
  ),
  ...['credit_up', 'credit_up_squares', 'minor_by_whole', 'whole_minor', 'whole_squares'],
];

/** Rows made one: figures add up, intervals do not. */
export const mergedIntervals = (rows: readonly KpiRow[]): KpiRow => ({
  ...mergeBy({ atLeast: ['people'], constant: ['is_whole', 'level', 'replicates', 'is_refitted'] })(rows),
  ...Object.fromEntries(OF_ONE_GROUP.map((name) => [name, null])),
  is_together: 1,
});

const keyOf = (row: KpiRow) => JSON.stringify([row.model, row.label, row.currency]);
const partOf = (row: KpiRow) => JSON.stringify([row.model, row.currency]);
const knownOf = (row: KpiRow) => sumOf(row, 'minor_up') - sumOf(row, 'minor_down');

/**
 * Figures of `attribution` with what their intervals are made of beside them, and the share of each in all of its model and
 * currency. Whole channels over all time are those of the bootstrap, as known now; where the build has none, those that the
 * other rows are made like.
 */
export function besideMoments(figures: readonly KpiRow[], own: readonly KpiRow[]): KpiRow[] {
  const bounded = own.filter((row) => row.replicates != null);
  const isWhole = figures.some((row) => sumOf(row, 'is_whole') > 0) || bounded.length > 0;
  const rows =
    bounded.length > 0
      ? wholeChannels(figures, bounded)
      : isWhole && own.length === 0
        ? []
        : grouped(figures, own);
  const whole = totals(rows, (row) => sumOf(row, 'revenue_minor'));
  const known = totals(own, knownOf);
  const squares = totals(own, (row) => sumOf(row, 'minor_by_whole'));
  return rows.map((row) => {
    const all = whole.get(partOf(row)) ?? 0;
    return {
      ...row,
      revenue_share: all === 0 ? null : rounded(sumOf(row, 'revenue_minor') / all),
      ...(known.get(partOf(row)) === all
        ? { whole_minor: all, whole_squares: squares.get(partOf(row)) ?? 0 }
        : {}),
    };
  });
}

function totals(rows: readonly KpiRow[], of: (row: KpiRow) => number): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(partOf(row), (sums.get(partOf(row)) ?? 0) + of(row));
  return sums;
}

function wholeChannels(figures: readonly KpiRow[], bounded: readonly KpiRow[]): KpiRow[] {
  const known = new Map(figures.map((row) => [keyOf(row), row]));
  const rows = bounded.map(
    (row): KpiRow => ({
      ...(known.get(keyOf(row)) ?? { spend_minor: 0, credit_billionths: 0 }),
      ...row,
      revenue_minor: numberOf(row, 'bounded_minor'),
    }),
  );
  return rows.sort(
    (a, b) =>
      byName(a.model, b.model) ||
      sumOf(b, 'revenue_minor') - sumOf(a, 'revenue_minor') ||
      byName(a.label, b.label),
  );
}

const byName = (a: KpiRow[string] | undefined, b: KpiRow[string] | undefined) =>
  String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;

function grouped(figures: readonly KpiRow[], own: readonly KpiRow[]): KpiRow[] {
  const moments = new Map(own.map((row) => [keyOf(row), row]));
  // What stands in every row of a model: how its intervals are made.
  const models = new Map(own.map((row) => [row.model, row]));
  const common = [
    'method',
    'config_hash',
    'model_version',
    'random_seed',
    'level',
    'interval_level',
  ] as const;
  return figures.map((row) => {
    const its = models.get(row.model!);
    return {
      ...row,
      ...Object.fromEntries(OF_ONE_GROUP.map((name) => [name, null])),
      ...Object.fromEntries(common.map((name) => [name, its?.[name] ?? null])),
      ...moments.get(keyOf(row)),
      people: row.people!,
    };
  });
}

const momentsOf = (row: KpiRow, name: string): SumMoments | null =>
  numberOf(row, `${name}_up`) === null
    ? null
    : {
        up: sumOf(row, `${name}_up`),
        upSquares: sumOf(row, `${name}_up_squares`),
        down: sumOf(row, `${name}_down`),
        downSquares: sumOf(row, `${name}_down_squares`),
      };

/** Adds the intervals, how they came about, and in `withheld` why one is not there. */
export function withIntervals(rows: readonly KpiRow[]): KpiRow[] {
  return rows.map((row) => {
    const level = sumOf(row, 'level') / 100;
    const aligned = alignSpend(row);
    const money = momentsOf(row, 'minor');
    const credit = momentsOf(row, 'credit');
    const revenue =
      row.replicates == null
        ? boundsOf(money, sumOf(row, 'revenue_minor'), level)
        : boundsThere(row, 'revenue', '_minor');
    const purchases = boundsOf(credit, sumOf(row, 'credit_billionths'), level);
    const spend = numberOf(aligned, 'aligned_spend_minor');
    return withReasons(
      {
        ...aligned,
        revenue_low_minor: whole(revenue?.low),
        revenue_high_minor: whole(revenue?.high),
        ...shareBounds(row, level),
        credit_low_billionths: whole(purchases?.low),
        credit_high_billionths: whole(purchases?.high),
        ...ratioBounds(spend, revenue, purchases),
        ...changeBounds(row, 'minor', level),
        ...changeBounds(row, 'credit', level),
        refitted: refittedOf(row),
      },
      revenue === null && (sumOf(row, 'revenue_minor') !== 0 || sumOf(row, 'credit_billionths') !== 0)
        ? whyNone(row, money)
        : null,
      revenue !== null && purchases === null && sumOf(row, 'credit_billionths') !== 0
        ? whyNoPurchases(credit)
        : null,
    );
  });
}

type Found = ReturnType<typeof sumInterval>;

/** The interval of a figure, where the figure is what is known now. */
const boundsOf = (moments: SumMoments | null, figure: number, level: number): Found =>
  moments !== null && moments.up - moments.down === figure ? sumInterval(moments, level) : null;

function boundsThere(row: KpiRow, name: string, ending: string): Found {
  const [low, high] = [numberOf(row, `${name}_low${ending}`), numberOf(row, `${name}_high${ending}`)];
  return low === null || high === null ? null : { low, high };
}

const whole = (value: number | undefined) => (value === undefined ? null : Math.round(value) + 0);

function shareBounds(row: KpiRow, level: number): KpiRow {
  if (row.replicates != null) return { share_low: row.share_low ?? null, share_high: row.share_high ?? null };
  const all = numberOf(row, 'whole_minor');
  const isKnown =
    all !== null && numberOf(row, 'minor_up') !== null && knownOf(row) === numberOf(row, 'revenue_minor');
  const found = isKnown
    ? shareInterval(
        {
          part: knownOf(row),
          partSquares: sumOf(row, 'minor_up_squares') + sumOf(row, 'minor_down_squares'),
          products: sumOf(row, 'minor_by_whole'),
          whole: all,
          wholeSquares: sumOf(row, 'whole_squares'),
        },
        level,
      )
    : null;
  return { share_low: rounded(found?.low ?? null), share_high: rounded(found?.high ?? null) };
}

/** Spend is no draw: what is bought for it is. */
function ratioBounds(spend: number | null, revenue: Found, purchases: Found): KpiRow {
  const isSpent = spend !== null && spend > 0;
  const cost = (credit: number | undefined) =>
    isSpent && credit ? Math.round(spend / (credit / 1e9)) : null;
  return {
    roas_low: isSpent && revenue ? rounded(revenue.low / spend) : null,
    roas_high: isSpent && revenue ? rounded(revenue.high / spend) : null,
    cpa_low_minor: cost(purchases?.high),
    cpa_high_minor: cost(purchases?.low),
  };
}

function changeBounds(row: KpiRow, name: 'minor' | 'credit', level: number): KpiRow {
  const moments = momentsOf(row, `${name}_change`);
  const found = moments === null ? null : sumInterval(moments, level);
  return {
    [`${name}_change`]: moments === null ? null : moments.up - moments.down,
    [`${name}_change_low`]: whole(found?.low),
    [`${name}_change_high`]: whole(found?.high),
  };
}

function refittedOf(row: KpiRow): string | null {
  if (row.replicates != null) return sumOf(row, 'is_refitted') > 0 ? 'yes' : 'no, weights kept';
  if (row.method == null) return null;
  return row.method === 'rule' ? 'a rule has nothing to fit' : 'no, weights kept';
}

function whyNone(row: KpiRow, moments: SumMoments | null): string {
  if (row.is_together != null) return 'no interval of groups shown together';
  if (moments === null || knownOf(row) !== sumOf(row, 'revenue_minor'))
    return 'no interval: the figure is kept from a closed period, and another one is known now';
  return effectiveOf(moments) < LEAST_EFFECTIVE
    ? 'no interval: too few people, or too much of it of a few of them'
    : 'no interval was worked out';
}

const whyNoPurchases = (moments: SumMoments | null): string =>
  moments === null
    ? 'no interval of purchases where all models are asked for at once'
    : 'no interval of purchases: too few people, or another figure is known now';
