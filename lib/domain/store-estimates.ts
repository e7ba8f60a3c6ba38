import type { KpiRow } from './kpi.ts';
import { correctedRate, correctedShare } from './ropo/corrected-share.ts';
import { minorOf, numberOf, rounded, sumOf } from './ropo/figures.ts';
import { shareRows } from './ropo/share-rows.ts';
import { NOT_FROM_CHANCE } from './ropo/verdict.ts';

/** Columns that say something only beside each other: all of them are given, or none. */
const NOTHING = {
  found: null,
  chance: null,
  share: null,
  share_low: null,
  share_high: null,
  lag_days: null,
  in_aisle_orders: null,
};

/**
 * Adds the share with chance taken out, its interval and a remark. Rows have `compared`, `found` and `chance` (counts),
 * `persons`, `x`, `y`, `xx`, `xy`, `yy` (their sums over persons) and `min_persons`. Where too few persons stand behind
 * a row, or chance cannot be asked, the naive figure is left out too: it is never shown alone.
 */
export function withChanceTakenOut(rows: readonly KpiRow[]): KpiRow[] {
  return rows.map((row) => {
    const persons = sumOf(row, 'persons');
    if (sumOf(row, 'compared') === 0) return { ...row, ...NOTHING, remark: 'no chance figure' };
    const least = sumOf(row, 'min_persons');
    if (persons < least) return { ...row, ...NOTHING, remark: `fewer than ${least} persons` };
    const estimate = correctedShare({
      persons,
      x: sumOf(row, 'x'),
      y: sumOf(row, 'y'),
      xx: sumOf(row, 'xx'),
      xy: sumOf(row, 'xy'),
      yy: sumOf(row, 'yy'),
    });
    if (!estimate) return { ...row, share: null, share_low: null, share_high: null, remark: NOT_FROM_CHANCE };
    const { share, low, high } = estimate;
    return {
      ...row,
      share: rounded(share),
      share_low: rounded(low),
      share_high: rounded(high),
      remark: low === null ? 'no interval' : low <= 0 ? NOT_FROM_CHANCE : null,
    };
  });
}

/**
 * Adds the researched part of store credit with chance taken out, and what it comes to with online credit. Rows have
 * `online_minor` and `spend_minor` (null by store), `store_minor`, of it `repeat_minor` (repeat buyers) and
 * `compared_minor`, of that `researched_minor` and `chance_minor`, and credited purchases as `compared_billionths` beside
 * `min_persons`, fewer than which say nothing.
 */
export function withResearchedCredit(rows: readonly KpiRow[]): KpiRow[] {
  return rows.map((row) => {
    const online = numberOf(row, 'online_minor');
    const together = online === null ? null : online + sumOf(row, 'store_minor');
    const sums = { ...row, together_minor: together, corrected_minor: null, online_researched_minor: null };
    const purchases = sumOf(row, 'compared_billionths') / 1e9;
    const least = sumOf(row, 'min_persons');
    if (purchases === 0 || purchases < least) {
      const remark = purchases === 0 ? 'no chance figure' : `fewer than ${least} purchases`;
      return { ...sums, researched_minor: null, chance_minor: null, remark };
    }
    const [compared, researched, chance] = [
      sumOf(row, 'compared_minor'),
      sumOf(row, 'researched_minor'),
      sumOf(row, 'chance_minor'),
    ];
    const corrected = minorOf(correctedRate(compared, researched, chance), sumOf(row, 'repeat_minor'));
    return {
      ...sums,
      corrected_minor: corrected,
      online_researched_minor: online === null || corrected === null ? null : online + corrected,
      remark: corrected === null || corrected <= 0 ? NOT_FROM_CHANCE : null,
    };
  });
}

/**
 * Adds the O2S factor: corrected ROPO revenue / online revenue, with its interval. Where the placebos contradict each
 * other there is no one factor, only the band; naive and chance stand beside it, or none of them does.
 */
export function withFactor(rows: readonly KpiRow[]): KpiRow[] {
  return shareRows(rows).map((row) => {
    const online = sumOf(row, 'online_minor');
    const buyers = sumOf(row, 'buyers_minor');
    const factor = (name: string) => {
      const minor = numberOf(row, name);
      return minor === null || online <= 0 ? null : rounded(minor / online);
    };
    return {
      ...row,
      naive_minor: minorOf(numberOf(row, 'naive_share'), buyers),
      chance_minor: minorOf(numberOf(row, 'placebo_share'), buyers),
      factor: factor('ropo_minor'),
      factor_low: factor('ropo_low_minor'),
      factor_high: factor('ropo_high_minor'),
    };
  });
}
