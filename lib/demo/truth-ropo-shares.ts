import { CALENDAR_START } from './calendar.ts';
import type { Cents } from './catalogue.ts';
import type { LineTruth, PurchaseTruth } from './truth.ts';
import { daysBetween, MATCH_LEVELS, type MatchLevel } from './truth-views.ts';

const WINDOWS = [7, 14, 30] as const;

/** Whose store lines a share is of: a person is known where they show a card or an address at the till. */
const POPULATIONS = {
  all: () => true,
  members: (purchase) => purchase.is_member,
  others: (purchase) => !purchase.is_member,
  known: (purchase) => purchase.identified,
  /** What the corrected share of `ropo` is measured on. */
  'known, several receipts': (purchase) => purchase.identified && !purchase.is_only_known_one,
  'known, one receipt': (purchase) => purchase.is_only_known_one,
} satisfies Record<string, (purchase: PurchaseTruth) => boolean>;
type Population = keyof typeof POPULATIONS;

/**
 * How much of what stores sold was researched online before: of the lines bought when the clickstream had run for the
 * window or longer, those that research of the person led to, at least so fine and no longer ago than the window.
 */
export interface TrueRopoShare {
  population: Population;
  level: MatchLevel;
  window_days: number;
  lines: number;
  /** Truly researched, and of these those whose research the shop can link to an account. */
  researched: number;
  researched_in_reach: number;
  /** Any view of the person's that fits, research or not: what is counted where chance is not taken off. */
  viewed: number;
  true_share: number | null;
  true_share_in_reach: number | null;
  naive_share: number | null;
  /** The same by revenue, VAT included. */
  true_revenue_share: number | null;
  true_revenue_share_in_reach: number | null;
  naive_revenue_share: number | null;
}

/** Lines and their cents. */
interface Sold {
  lines: number;
  cents: Cents;
}
const nothing = (): Sold => ({ lines: 0, cents: 0 });
const addTo = (sold: Sold, cents: Cents): void => {
  sold.lines++;
  sold.cents += cents;
};

export function createRopoShares() {
  const cells = (Object.keys(POPULATIONS) as Population[]).flatMap((population) =>
    MATCH_LEVELS.flatMap((level) =>
      WINDOWS.map((days) => ({
        population,
        level,
        days,
        all: nothing(),
        researched: nothing(),
        inReach: nothing(),
        viewed: nothing(),
      })),
    ),
  );
  return {
    add(purchase: PurchaseTruth, line: LineTruth, cents: Cents): void {
      const observed = daysBetween(CALENDAR_START, Date.parse(purchase.occurred_at));
      const fit = line.ropo_level === null ? -1 : MATCH_LEVELS.indexOf(line.ropo_level);
      for (const cell of cells) {
        const { population, level, days } = cell;
        if (observed < days || !POPULATIONS[population](purchase)) continue;
        const viewed = line.viewed_days?.[level] ?? null;
        const isResearched =
          fit >= MATCH_LEVELS.indexOf(level) && line.ropo_lag_days !== null && line.ropo_lag_days <= days;
        addTo(cell.all, cents);
        if (viewed !== null && viewed <= days) addTo(cell.viewed, cents);
        if (isResearched) addTo(cell.researched, cents);
        if (isResearched && purchase.research_in_reach) addTo(cell.inReach, cents);
      }
    },
    finish: (): TrueRopoShare[] =>
      cells.map(({ population, level, days, all, researched, inReach, viewed }) => ({
        population,
        level,
        window_days: days,
        lines: all.lines,
        researched: researched.lines,
        researched_in_reach: inReach.lines,
        viewed: viewed.lines,
        true_share: shareOf(researched.lines, all.lines),
        true_share_in_reach: shareOf(inReach.lines, all.lines),
        naive_share: shareOf(viewed.lines, all.lines),
        true_revenue_share: shareOf(researched.cents, all.cents),
        true_revenue_share_in_reach: shareOf(inReach.cents, all.cents),
        naive_revenue_share: shareOf(viewed.cents, all.cents),
      })),
  };
}

/** To six digits; null of nothing. */
export const shareOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 1e6) / 1e6;
