import { type Filter, type Kpi, type KpiRow, type Measure, PERIODS } from './kpi.ts';
import { ratio, sensitive, sum } from './measures.ts';
import { BOUNDS, withSpendAligned } from './spend-aligned.ts';
import { mergeBy } from './suppression.ts';

export const CREDIT_GROUPINGS: readonly string[] = [
  'channel',
  'source_medium',
  'campaign',
  'store',
  'region',
  'category',
  'product',
  'device',
  'persona',
  'customer_type',
  ...PERIODS,
  'quarter',
  'all',
];

const text = (name: string, definition: string): Filter => ({ name, definition, values: null });

export const CREDIT_FILTERS: readonly Filter[] = [
  text('channel', 'Credit of touchpoints of this channel'),
  text('campaign', 'Credit of touchpoints of this campaign: its name, or "channel / name"'),
  text('store', 'Purchases of this store: its id or name; "(online)" for those of none'),
  text('region', 'Purchases in stores of this region'),
  text('category', 'The part of purchases that lies on goods of this category'),
  text('device', 'Credit of touchpoints on this device; "(no device)" for contacts outside the site'),
  text('persona', 'Purchases of people of this persona'),
  {
    name: 'customer_type',
    definition: 'Whether no earlier purchase of the person was known (new) or one was (returning)',
    values: ['new', 'returning'],
  },
];

const detail = (measure: Measure): Measure => ({ ...measure, isDetail: true });

const MEASURES: readonly Measure[] = [
  sum(
    'revenue',
    'money',
    'Revenue',
    'Credited revenue net of returns; sales count on the day of purchase, returns on the day of return',
    'revenue_minor',
  ),
  sum(
    'revenue_low',
    'money',
    'from',
    'Lower bound of the interval of revenue, by resampling persons',
    'revenue_low_minor',
  ),
  sum(
    'revenue_high',
    'money',
    'to',
    'Upper bound of the interval of revenue, by resampling persons',
    'revenue_high_minor',
  ),
  sum(
    'revenue_by_purchase_date',
    'money',
    'Revenue, by purchase date',
    'The same with returns on the day of their purchase',
    'accrued_minor',
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
    'Credited purchases: each purchase is one, split by the model, and over its goods by what they cost the buyer',
    'credit_billionths',
  ),
  sum(
    'spend',
    'money',
    'Spend',
    'Media cost; none where it is not known by what was asked: by channel, source and medium, campaign and time it is',
    'spend_minor',
  ),
  ratio(
    'roas',
    'ratio',
    'ROAS',
    'Return on ad spend: revenue / spend; none where nothing was spent, or where the two are not of the same currency and days',
    'revenue_minor',
    'aligned_spend_minor',
  ),
  detail(sum('roas_low', 'ratio', 'ROAS from', 'Lower bound of the interval of ROAS')),
  detail(sum('roas_high', 'ratio', 'ROAS to', 'Upper bound of the interval of ROAS')),
  {
    name: 'cpa',
    title: 'CPA',
    unit: 'money',
    definition:
      'Cost per purchase: spend / purchases; none where nothing was spent or credited, or where ROAS is withheld',
    of: { over: 'aligned_spend_minor', under: 'credit_billionths', noneOfNothing: true },
  },
  sensitive(
    'margin',
    sum(
      'margin',
      'money',
      'Margin',
      'Credited revenue of goods whose cost is known, less that cost; returned goods give theirs back. Of what is known now, in closed periods too',
      'margin_minor',
    ),
  ),
  sensitive(
    'margin',
    sum(
      'margin_after_media',
      'money',
      'After media',
      'Margin - spend; none where ROAS is withheld',
      'margin_after_media_minor',
    ),
  ),
  detail(
    ratio(
      'cost_known',
      'share',
      'Cost known',
      'Credited revenue of goods whose cost is known / revenue: what margin is of',
      'costed_minor',
      'revenue_minor',
    ),
  ),
];

/** Rows made one: bounds are of one group alone. */
const merged = (rows: readonly KpiRow[]): KpiRow => ({
  ...mergeBy({ atLeast: ['people'], constant: ['is_whole'] })(rows),
  ...Object.fromEntries(BOUNDS.map((name) => [name, null])),
});

export const ATTRIBUTION_KPIS: readonly Kpi[] = [
  {
    name: 'attribution',
    title: 'Attribution',
    definition:
      'Revenue and purchases credited to marketing by an attribution model, beside what was spent on it and the margin it left',
    groupings: CREDIT_GROUPINGS,
    hasModel: true,
    hasPeriod: true,
    texts: [],
    remarks: ['withheld'],
    filters: CREDIT_FILTERS,
    measures: MEASURES,
    estimate: withSpendAligned,
    caveat:
      'Credit is what the model assigns, not what marketing caused; attribution-intervals says how sure it is. Stores, goods, personas and customer types are those of the purchase, devices those of the touchpoint. Closed periods keep their figures by channel, campaign and time; other groups are of what is known now, with what closed figures differ by in a row of its own, and with a filter of these without one',
    privacy: { describes: 'people', persons: ['people'], merge: merged },
  },
];
