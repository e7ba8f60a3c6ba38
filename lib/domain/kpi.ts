/**
 * The KPI catalogue: one definition of every figure, for the API, the command line, exports and the documentation.
 * A KPI's query in sql/queries/ gives sums, which add up; ratios are made here, from sums, and nowhere else.
 */

export type Unit = 'money' | 'count' | 'credit' | 'ratio' | 'share' | 'text';

export interface Measure {
  name: string;
  title: string;
  unit: Unit;
  definition: string;
  /** A sum of the query, or a ratio of two. A ratio without a denominator is null, never zero or 100%. */
  of: string | { over: string; under: string };
}

export interface Kpi {
  name: string;
  title: string;
  definition: string;
  /** What the label of a row can be; the first is the default. */
  groupings: readonly string[];
  /** Whether rows belong to one attribution model each. */
  hasModel: boolean;
  /** Whether --from and --to apply. */
  hasPeriod: boolean;
  /** Further text columns of the query. */
  texts: readonly string[];
  measures: readonly Measure[];
  /** What a reader must know before using it. */
  caveat?: string;
}

const sum = (name: string, unit: Unit, title: string, definition: string, of = name): Measure => ({
  name,
  title,
  unit,
  definition,
  of,
});
const ratio = (
  name: string,
  unit: Unit,
  title: string,
  definition: string,
  over: string,
  under: string,
): Measure => ({
  name,
  title,
  unit,
  definition,
  of: { over, under },
});

const PERIODS = ['day', 'week', 'month'] as const;

export const KPIS: readonly Kpi[] = [
  {
    name: 'attribution',
    title: 'Attribution',
    definition:
      'Revenue and purchases credited to marketing by an attribution model, beside what was spent on it',
    groupings: ['channel', 'source_medium', 'campaign', ...PERIODS, 'all'],
    hasModel: true,
    hasPeriod: true,
    texts: [],
    measures: [
      sum(
        'revenue',
        'money',
        'Revenue',
        'Credited revenue net of returns; sales count on the day of purchase, returns on the day of return',
        'revenue_minor',
      ),
      sum(
        'store_revenue',
        'money',
        'In store',
        'The part of revenue that was paid in a store',
        'store_revenue_minor',
      ),
      sum(
        'returned',
        'money',
        'Returned',
        'Credit taken back by returns, by the split of the purchase',
        'returned_minor',
      ),
      sum(
        'conversions',
        'credit',
        'Purchases',
        'Credited purchases: each purchase is one, split by the model',
        'credit_billionths',
      ),
      sum('spend', 'money', 'Spend', 'Media cost', 'spend_minor'),
      ratio(
        'roas',
        'ratio',
        'ROAS',
        'Return on ad spend: revenue / spend; none where nothing was spent',
        'revenue_minor',
        'spend_minor',
      ),
      ratio(
        'cpa',
        'money',
        'CPA',
        'Cost per purchase: spend / purchases; none where nothing was credited',
        'spend_minor',
        'credit_billionths',
      ),
    ],
    caveat: 'Credit is what the model assigns, not what marketing caused',
  },
  {
    name: 'ropo',
    title: 'ROPO, naive',
    definition:
      'Store purchases whose person viewed the category, product or SKU online before, inside the window',
    groupings: ['store', 'region', 'category', 'purchase_class', ...PERIODS, 'all'],
    hasModel: false,
    hasPeriod: true,
    texts: [],
    measures: [
      sum(
        'store_revenue',
        'money',
        'Store revenue',
        'Revenue of merchandise lines sold in stores',
        'all_minor',
      ),
      ratio(
        'identification_rate',
        'share',
        'Identified',
        'Identified revenue / store revenue',
        'identified_minor',
        'all_minor',
      ),
      sum(
        'researched_revenue',
        'money',
        'Researched',
        'Revenue of identified lines viewed online before',
        'researched_minor',
      ),
      ratio(
        'ropo_share_revenue',
        'share',
        'ROPO share (revenue)',
        'Researched revenue / identified revenue',
        'researched_minor',
        'identified_minor',
      ),
      sum('store_lines', 'count', 'Lines', 'Merchandise lines sold in stores', 'all_lines'),
      ratio(
        'ropo_share_lines',
        'share',
        'ROPO share (lines)',
        'Researched lines / identified lines',
        'researched_lines',
        'identified_lines',
      ),
    ],
    caveat: 'Naive: people who browse much and buy much match by chance; chance is not taken out yet',
  },
  {
    name: 'ropo-waterfall',
    title: 'ROPO waterfall, naive',
    definition: 'From all store purchases to those researched online; each step holds the next',
    groupings: ['all'],
    hasModel: false,
    hasPeriod: true,
    texts: [],
    measures: [
      sum('lines', 'count', 'Lines', 'Merchandise lines that reach the step', 'step_lines'),
      sum('revenue', 'money', 'Revenue', 'Their revenue', 'step_minor'),
      ratio(
        'share_of_store',
        'share',
        'Of store revenue',
        'Revenue of the step / store revenue',
        'step_minor',
        'all_minor',
      ),
      ratio(
        'share_of_identified',
        'share',
        'Of identified',
        'Revenue of the step / identified revenue',
        'step_minor',
        'identified_minor',
      ),
    ],
    caveat: 'Naive: chance matches are still in the last three steps',
  },
  {
    name: 'reconciliation',
    title: 'Reconciliation',
    definition:
      'Where every minor unit of received revenue went: received = attributed + unattributed + excluded',
    groupings: ['all'],
    hasModel: true,
    hasPeriod: false,
    texts: ['bucket'],
    measures: [
      sum('revenue', 'money', 'Revenue', 'Revenue in this place', 'revenue_minor'),
      sum('records', 'count', 'Records', 'Documents, bookings or lines behind it'),
    ],
  },
  {
    name: 'purchases',
    title: 'Purchases',
    definition: 'Purchases online and in store, before returns',
    groupings: ['conversion_kind', 'store', 'region', 'identified_by', ...PERIODS, 'all'],
    hasModel: false,
    hasPeriod: true,
    texts: [],
    measures: [
      sum('purchases', 'count', 'Purchases', 'Orders and receipts that sold merchandise'),
      sum(
        'sold',
        'money',
        'Sold',
        'Their merchandise revenue, without tax where the tax is known',
        'sold_minor',
      ),
      ratio(
        'average_order_value',
        'money',
        'AOV',
        'Average order value: sold / purchases',
        'sold_minor',
        'purchases',
      ),
      ratio(
        'identification_rate',
        'share',
        'Identified',
        'Purchases of known persons / purchases',
        'identified_purchases',
        'purchases',
      ),
    ],
  },
  {
    name: 'paths',
    title: 'Paths',
    definition: 'The most frequent channel paths and how often they ended in a purchase',
    groupings: ['all'],
    hasModel: false,
    hasPeriod: false,
    texts: [],
    measures: [
      sum('purchases', 'count', 'Purchases', 'Journeys on this path that ended in a purchase'),
      sum('sold', 'money', 'Sold', 'Revenue of those purchases', 'sold_minor'),
      sum('journeys_without_purchase', 'count', 'No purchase', 'Closed journeys on this path that did not'),
    ],
  },
  {
    name: 'data-quality',
    title: 'Data quality',
    definition: 'How much data came, how much of it is known, how much is set aside',
    groupings: ['measure', 'day', 'month'],
    hasModel: false,
    hasPeriod: true,
    texts: [],
    measures: [sum('records', 'count', 'Records', 'Records of this measure')],
  },
];

export const kpiNamed = (name: string): Kpi | undefined => KPIS.find((kpi) => kpi.name === name);
