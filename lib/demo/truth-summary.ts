import { type Cents, euros } from './catalogue.ts';
import type { PurchaseTruth } from './truth.ts';

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
  mean_lag_days: number | null;
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
const round = (value: number) => Math.round(value * 1e6) / 1e6;
const share = (part: number, whole: number): number | null => (whole === 0 ? null : round(part / whole));

/** Adds up the truth while it is written. */
export function createTruthSummary(seed: number, persons: number) {
  const all = nothing();
  const identified = nothing();
  const purchases: Record<string, number> = {};
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
  const publish = (sums: StoreLines) => ({
    ...sums,
    revenue: euros(sums.revenue),
    ropo_revenue: euros(sums.ropo_revenue),
    chance_revenue: euros(sums.chance_revenue),
    share_of_lines: share(sums.ropo_lines, sums.lines),
    share_of_revenue: share(sums.ropo_revenue, sums.revenue),
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
      if (truth.document_kind === 'order' || truth.class.endsWith('collect')) return;
      for (const line of truth.lines) {
        const cents = centsOf(line.amount);
        if (line.sku === null || cents <= 0) continue;
        addLine(all, cents, line.ropo_level !== null, line.chance_level !== null);
        if (truth.identified)
          addLine(identified, cents, line.ropo_level !== null, line.chance_level !== null);
      }
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
        mean_lag_days: share(lags, lagged),
        revenue_by_causing_channel: Object.fromEntries(
          byName.map(([channel, cents]) => [channel, euros(cents)]),
        ),
        revenue_without_cause: euros(uncaused),
      };
    },
  };
}
