import { ATTRIBUTION_KPIS } from './attribution-kpis.ts';
import { CUSTOMER_KPIS } from './customer-kpis.ts';
import { ECONOMICS_KPIS } from './economics-kpis.ts';
import { FRESHNESS_KPIS } from './freshness-kpis.ts';
import { IDENTITY_KPIS } from './identity-kpis.ts';
import { JOURNEY_KPIS } from './journey-kpis.ts';
import { type Kpi, PERIODS } from './kpi.ts';
import { ratio, sum } from './measures.ts';
import { MODEL_KPIS } from './model-kpis.ts';
import { RETURNS_KPIS } from './returns-kpis.ts';
import { ROPO_KPIS } from './ropo-kpis.ts';
import { STAGE_KPIS } from './stage-kpis.ts';
import { STORE_KPIS } from './store-kpis.ts';
import { addedUp } from './suppression.ts';
import { TARGET_KPIS } from './target-kpis.ts';

export const KPIS: readonly Kpi[] = [
  ...ATTRIBUTION_KPIS,
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
  ...JOURNEY_KPIS,
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
  ...STAGE_KPIS,
  ...ECONOMICS_KPIS,
  ...CUSTOMER_KPIS,
  ...TARGET_KPIS,
  ...FRESHNESS_KPIS,
];

export const kpiNamed = (name: string): Kpi | undefined => KPIS.find((kpi) => kpi.name === name);
