import { type Cents, euros } from './catalogue.ts';
import type { LineTruth, PurchaseTruth } from './truth.ts';
import type { VisitTruth } from './truth-people.ts';
import { createRopoShares, shareOf, type TrueRopoShare } from './truth-ropo-shares.ts';

/** Amounts of merchandise lines, all of the stores' own sales: not pick-ups. */
interface StoreLines {
  lines: number;
  revenue: Cents;
  ropo_lines: number;
  ropo_revenue: Cents;
  chance_lines: number;
  chance_revenue: Cents;
}

export interface TruthSummary {
  synthetic: true;
  seed: number;
  persons: number;
  files: Record<string, number>;
  purchases: Record<string, number>;
  /** True ROPO shares over sale lines of store receipts that are no pick-ups; null without such lines. */
  store_lines: Record<
    'all' | 'identified',
    Record<keyof StoreLines, number | string> & {
      share_of_lines: number | null;
      share_of_revenue: number | null;
    }
  >;
  /** True and naive ROPO share of store lines by population, level and window. */
  ropo_shares: TrueRopoShare[];
  mean_lag_days: number | null;
  /** Visits that the app noticed, by purpose. */
  visits: Record<string, number>;
  showroomed_orders: number;
  /** Store purchases whose goods were looked up afterwards. */
  read_up: number;
  /** Lines that came back to a till. */
  returns: Record<'lines' | 'of_web_orders' | 'elsewhere' | 'unstated' | 'late' | 'too_much', number>;
  /** Revenue of the counted purchases that would not have happened without the channel; shared among several equally. */
  revenue_by_causing_channel: Record<string, string>;
  revenue_without_cause: string;
}

const nothing = (): StoreLines => ({
  lines: 0,
  revenue: 0,
  ropo_lines: 0,
  ropo_revenue: 0,
  chance_lines: 0,
  chance_revenue: 0,
});
const centsOf = (amount: string): Cents => Math.round(Number(amount) * 100);
const LATE_RETURN_DAYS = 30;

/** Adds up the truth while it is written. */
export function createTruthSummary(seed: number, persons: number) {
  const all = nothing();
  const identified = nothing();
  const ropoShares = createRopoShares();
  const purchases: Record<string, number> = {};
  const visits: Record<string, number> = {};
  const returns = { lines: 0, of_web_orders: 0, elsewhere: 0, unstated: 0, late: 0, too_much: 0 };
  let showroomed = 0;
  let readUp = 0;
  const caused = new Map<string, Cents>();
  let uncaused = 0;
  let lags = 0;
  let lagged = 0;

  const addLine = (to: StoreLines, cents: Cents, isRopo: boolean, isChance: boolean) => {
    to.lines++;
    to.revenue += cents;
    if (isRopo) to.ropo_lines++;
    if (isRopo) to.ropo_revenue += cents;
    if (isChance) to.chance_lines++;
    if (isChance) to.chance_revenue += cents;
  };
  const addCause = ({ revenue, caused_by }: PurchaseTruth) => {
    const cents = centsOf(revenue);
    if (caused_by.length === 0) uncaused += cents;
    const part = Math.floor(cents / caused_by.length);
    caused_by.forEach(({ channel }, index) => {
      const given = index === 0 ? cents - part * (caused_by.length - 1) : part;
      caused.set(channel, (caused.get(channel) ?? 0) + given);
    });
  };
  const addReturn = ({ returned }: LineTruth) => {
    if (!returned) return;
    returns.lines++;
    if (returned.is_of_web_order) returns.of_web_orders++;
    if (returned.is_elsewhere) returns.elsewhere++;
    if (!returned.is_stated) returns.unstated++;
    if (returned.after_days > LATE_RETURN_DAYS) returns.late++;
    if (returned.is_too_much) returns.too_much++;
  };
  const publish = (sums: StoreLines) => ({
    ...sums,
    revenue: euros(sums.revenue),
    ropo_revenue: euros(sums.ropo_revenue),
    chance_revenue: euros(sums.chance_revenue),
    share_of_lines: shareOf(sums.ropo_lines, sums.lines),
    share_of_revenue: shareOf(sums.ropo_revenue, sums.revenue),
  });

  return {
    add(truth: PurchaseTruth): void {
      const name = `${truth.document_kind}:${truth.class}`;
      purchases[name] = (purchases[name] ?? 0) + 1;
      if (truth.is_counted) addCause(truth);
      if (truth.ropo && truth.lag_days !== null) {
        lags += truth.lag_days;
        lagged++;
      }
      if (truth.showroomed) showroomed++;
      if (truth.read_up_event_ids.length > 0) readUp++;
      if (truth.document_kind === 'order' || truth.class.endsWith('collect')) return;
      for (const line of truth.lines) {
        addReturn(line);
        const cents = centsOf(line.amount);
        if (line.sku === null || cents <= 0) continue;
        addLine(all, cents, line.ropo_level !== null, line.chance_level !== null);
        if (truth.identified)
          addLine(identified, cents, line.ropo_level !== null, line.chance_level !== null);
        ropoShares.add(truth, line, cents);
      }
    },
    addVisit({ purpose }: VisitTruth): void {
      visits[purpose] = (visits[purpose] ?? 0) + 1;
    },
    finish(files: Record<string, number>): TruthSummary {
      const byName = [...caused].sort(([a], [b]) => (a < b ? -1 : 1));
      return {
        synthetic: true,
        seed,
        persons,
        files,
        purchases: Object.fromEntries(Object.entries(purchases).sort(([a], [b]) => (a < b ? -1 : 1))),
        store_lines: { all: publish(all), identified: publish(identified) },
        ropo_shares: ropoShares.finish(),
        mean_lag_days: shareOf(lags, lagged),
        visits: Object.fromEntries(Object.entries(visits).sort(([a], [b]) => (a < b ? -1 : 1))),
        showroomed_orders: showroomed,
        read_up: readUp,
        returns,
        revenue_by_causing_channel: Object.fromEntries(
          byName.map(([channel, cents]) => [channel, euros(cents)]),
        ),
        revenue_without_cause: euros(uncaused),
      };
    },
  };
}
