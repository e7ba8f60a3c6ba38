import { kpiNamed } from '../../domain/kpi-catalogue.ts';
import { factsOf } from '../../pipeline/build-facts.ts';
import { choicesOf } from '../../pipeline/choices.ts';
import type { Published } from '../../pipeline/kpi-question.ts';
import { mayAsk, type RoleName } from '../roles.ts';

/** A question of the page, and how it differs from what its filters say when nobody has touched them. */
export interface PageQuestion {
  kpi: string;
  by?: string;
  /** Rows of every model; otherwise those of the usual one. */
  everyModel?: true;
  /** All time; otherwise the last 90 days of the data. */
  allTime?: true;
  /** Not beside the period before. */
  alone?: true;
  filters?: Readonly<Record<string, string>>;
  limit?: number;
}

/** What the page asks as it is opened and its views are gone through from left to right. */
export const PAGE_QUESTIONS: readonly PageQuestion[] = [
  { kpi: 'purchases', by: 'month', allTime: true },
  { kpi: 'purchases', by: 'all' },
  { kpi: 'attribution', by: 'channel' },
  { kpi: 'channel-differences', by: 'revenue' },
  { kpi: 'model-conclusions' },
  { kpi: 'ropo', by: 'all' },
  { kpi: 'attribution', by: 'all' },
  { kpi: 'purchases', by: 'week', alone: true },
  { kpi: 'alerts' },
  { kpi: 'targets' },
  { kpi: 'reconciliation', by: 'all' },
  { kpi: 'model-comparison', by: 'channel' },
  { kpi: 'attribution-intervals', by: 'channel' },
  { kpi: 'attribution-intervals', by: 'campaign', limit: 500 },
  { kpi: 'attribution-intervals', by: 'channel', allTime: true, alone: true },
  { kpi: 'attribution-intervals', by: 'channel', everyModel: true, allTime: true, alone: true },
  { kpi: 'ropo', by: 'all', filters: { level: 'category' }, alone: true },
  { kpi: 'ropo', by: 'store', filters: { level: 'category' }, alone: true },
  { kpi: 'ropo-lags', filters: { level: 'category' } },
  { kpi: 'ropo-waterfall', by: 'all', alone: true },
  { kpi: 'ropo-extrapolation', by: 'all', filters: { level: 'category' }, alone: true },
  { kpi: 'ropo-grid' },
  { kpi: 'online-to-store', by: 'all', filters: { level: 'category' } },
  { kpi: 'showrooming', by: 'all' },
  { kpi: 'store-visits', by: 'store', alone: true },
  { kpi: 'returns', by: 'month', alone: true },
  { kpi: 'collected-orders', by: 'purchase_class', alone: true },
  { kpi: 'paths', alone: true, limit: 200 },
  { kpi: 'path-lengths', by: 'touchpoints', alone: true },
  { kpi: 'path-lengths', by: 'days_to_purchase', alone: true },
  { kpi: 'channel-roles', alone: true },
  { kpi: 'journey-flow', alone: true, limit: 1000 },
  { kpi: 'drop-off', by: 'funnel', alone: true },
  { kpi: 'drop-off', by: 'channel', alone: true },
  { kpi: 'channels-per-customer' },
  { kpi: 'channel-overlap', limit: 1000 },
  { kpi: 'stages', by: 'all', alone: true, limit: 1000 },
  { kpi: 'stages', by: 'channel', alone: true, limit: 1000 },
  { kpi: 'customers', by: 'all', alone: true },
  { kpi: 'channel-economics', by: 'channel', alone: true },
  { kpi: 'channel-economics', by: 'persona', alone: true },
  { kpi: 'channel-economics', by: 'all', alone: true },
  { kpi: 'cost-assumptions' },
  { kpi: 'customers', by: 'persona', alone: true },
  { kpi: 'customer-value-calibration', by: 'decile' },
  { kpi: 'customer-value-calibration', by: 'all' },
  { kpi: 'customer-value-fit' },
  { kpi: 'data-quality', by: 'measure', allTime: true, alone: true },
  { kpi: 'data-quality', by: 'measure', alone: true },
  { kpi: 'data-freshness' },
  { kpi: 'identity-quality', by: 'key' },
  { kpi: 'identity-quality', by: 'source' },
  { kpi: 'identity-quality', by: 'match_strength' },
];

const USUAL_MODEL = 'markov';
const USUAL_DAYS = 90;

/** What of a shop the page's questions depend on. */
export interface PageShop {
  models: readonly string[];
  /** Last day that the data cover; null for an empty shop. */
  lastDay: string | null;
}

export async function pageShopOf(build: Published): Promise<PageShop> {
  const [facts, choices] = await Promise.all([factsOf(build), choicesOf(build)]);
  return { models: choices.models, lastDay: facts.dataCompleteThrough ?? choices.last_day };
}

/** The addresses that the page asks when a reader of a role looks at each of its views. */
export function pageAddresses(shop: PageShop, role: RoleName): string[] {
  const asked = PAGE_QUESTIONS.filter(({ kpi }) => mayAsk(role, kpi)).map((one) => addressOf(one, shop));
  return ['/v1/kpis', '/v1/choices', ...new Set(asked)];
}

function addressOf(
  { kpi: name, by, everyModel, allTime, alone, filters = {}, limit }: PageQuestion,
  { models, lastDay }: PageShop,
): string {
  const kpi = kpiNamed(name)!;
  const query = new URLSearchParams(filters);
  if (by !== undefined) query.set('by', by);
  const model = models.includes(USUAL_MODEL) ? USUAL_MODEL : models[0];
  if (kpi.hasModel && !everyModel && model !== undefined) query.set('model', model);
  if (kpi.hasPeriod && !allTime && lastDay !== null) {
    query.set('from', daysBefore(lastDay, USUAL_DAYS - 1));
    query.set('to', lastDay);
    if (!alone) query.set('compare', 'previous_period');
  }
  if (limit !== undefined) query.set('limit', String(limit));
  return `/v1/kpis/${name}?${query}`;
}

const DAY_MS = 86_400_000;
const daysBefore = (day: string, days: number) =>
  new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);
