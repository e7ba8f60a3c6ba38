import { BEHAVIOUR_DRIVEN } from '../../domain/ropo/verdict.ts';
import type { KpiAnswer } from '../../pipeline/report-kpi.ts';
import type { RopoShop } from './ropo-shop.ts';
import { storeKey } from './shop-tables.ts';
import type { ItemLevel } from './truth.ts';

export const WEIGHTS = ['lines', 'revenue'] as const;
export type Weight = (typeof WEIGHTS)[number];

/** What the KPI `ropo` says of one store; shares from 0 to 1, NaN where it has none. */
export interface StoreFigure {
  persons: number;
  naive: number;
  /** By the own-basket placebo, with its 95% interval. */
  headline: number;
  low: number;
  high: number;
  weekShift: number;
  mirror: number;
  isBehaviourDriven: boolean;
}

/**
 * Asks the product for the headline of every store.
 * @throws Error naming the first store that has none
 */
export async function storeFigures(
  shop: RopoShop,
  stores: number,
  level: ItemLevel,
  weight: Weight = 'lines',
): Promise<StoreFigure[]> {
  const answer = await shop.ask({ kpi: 'ropo', by: 'store', filters: { level, weight } });
  const byStore = new Map(answer.rows.map((row) => [row.label, row]));
  return Array.from({ length: stores }, (_, store) => {
    const row = byStore.get(storeKey(store));
    if (row?.own_basket_low == null)
      throw new Error(
        `Sample ${storeKey(store)} has no headline (${row?.verdict ?? 'no purchase'}); give it more persons`,
      );
    return figureOf(row);
  });
}

function figureOf(row: KpiAnswer['rows'][number]): StoreFigure {
  const number = (name: string) => (row[name] == null ? Number.NaN : Number(row[name]));
  return {
    persons: number('persons'),
    naive: number('naive_share'),
    headline: number('own_basket_share'),
    low: number('own_basket_low'),
    high: number('own_basket_high'),
    weekShift: number('week_shift_share'),
    mirror: number('mirror_share'),
    isBehaviourDriven: String(row.verdict).includes(BEHAVIOUR_DRIVEN),
  };
}

/** What the KPI `ropo-extrapolation` says of all buyers of one store; shares of revenue from 0 to 1. */
export interface StoreBand {
  identified: number;
  /** Where the others research as much as those identified, and where they never do. */
  likeIdentified: number;
  never: number;
  /** From the lower bound of the latter to the upper bound of the former. */
  low: number;
  high: number;
  worstLow: number;
  worstHigh: number;
}

/**
 * Asks the product for the share of all buyers of every store.
 * @throws Error naming the first store that has none
 */
export async function storeBands(shop: RopoShop, stores: number, level: ItemLevel): Promise<StoreBand[]> {
  const answer = await shop.ask({ kpi: 'ropo-extrapolation', by: 'store', filters: { level } });
  const rows = new Map(answer.rows.map((row) => [`${row.label} ${row.delta}`, row]));
  return Array.from({ length: stores }, (_, store) => {
    const [like, never] = ['1', '0'].map((delta) => rows.get(`${storeKey(store)} ${delta}`));
    if (like?.share == null || never?.share == null)
      throw new Error(
        `Sample ${storeKey(store)} has no share of all buyers (${like?.verdict ?? 'no purchase'}); give it more persons`,
      );
    return {
      identified: Number(like.identified_share),
      likeIdentified: Number(like.share),
      never: Number(never.share),
      low: Number(never.share_low),
      high: Number(like.share_high),
      worstLow: Number(like.worst_low),
      worstHigh: Number(like.worst_high),
    };
  });
}
