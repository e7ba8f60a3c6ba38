import { IDENTITY_KPIS } from './identity-kpis.ts';
import { type Kpi, type Measure, PERIODS, type Unit } from './kpi.ts';
import { MODEL_KPIS } from './model-kpis.ts';
import { RETURNS_KPIS } from './returns-kpis.ts';
import { ROPO_KPIS } from './ropo-kpis.ts';
import { STORE_KPIS } from './store-kpis.ts';
import { addedUp } from './suppression.ts';

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
      {
        name: 'cpa',
        title: 'CPA',
        unit: 'money',
        definition: 'Cost per purchase: spend / purchases; none where nothing was spent or credited',
        of: { over: 'spend_minor', under: 'credit_billionths', noneOfNothing: true },
      },
    ],
    caveat:
      'Credit is what the model assigns, not what marketing caused; attribution-intervals says how sure it is',
    privacy: { describes: 'people', persons: ['people'], merge: addedUp('people') },
  },
  ...ROPO_KPIS,
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
    privacy: {
      describes: 'records',
      why: 'It says where the whole of the revenue went, by reason, and must add up to the cent',
    },
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
    privacy: { describes: 'people', persons: ['people'], merge: addedUp('people') },
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
    privacy: { describes: 'people', persons: ['people'], merge: addedUp('people') },
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
    privacy: { describes: 'records', why: 'It counts records by what became of them, whoever they are of' },
  },
  ...IDENTITY_KPIS,
  ...MODEL_KPIS,
  ...RETURNS_KPIS,
  ...STORE_KPIS,
];

export const kpiNamed = (name: string): Kpi | undefined => KPIS.find((kpi) => kpi.name === name);
