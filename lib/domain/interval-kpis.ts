import { CREDIT_FILTERS, CREDIT_GROUPINGS } from './attribution-kpis.ts';
import { besideMoments, mergedIntervals, withIntervals } from './interval-rows.ts';
import type { Kpi, Measure, Unit } from './kpi.ts';
import { ratio, sum } from './measures.ts';

/** The bounds of a measure's interval. */
const bounds = (
  name: string,
  unit: Unit,
  title: string,
  what: string,
  low: string,
  high: string,
): Measure[] => [
  sum(`${name}_low`, unit, `${title} from`, `Lower bound of the interval of ${what}`, low),
  sum(`${name}_high`, unit, `${title} to`, `Upper bound of the interval of ${what}`, high),
];

const change = (measure: string, unit: Unit, what: string, column: string): Measure[] => {
  const name = `${measure}_change`;
  return [
    {
      ...sum(name, unit, `Change of ${what}`, `${what} now - in the period before`, column),
      ofChange: { measure, is: 'change' },
    },
    ...bounds(
      name,
      unit,
      'Change',
      `the change of ${what}; a person of both periods is one and the same`,
      `${column}_low`,
      `${column}_high`,
    ).map((bound): Measure => ({ ...bound, ofChange: { measure, is: 'bound' } })),
  ];
};

/** How sure credited figures are, by whatever `attribution` can be asked for. */
export const ATTRIBUTION_INTERVALS: Kpi = {
  name: 'attribution-intervals',
  title: 'Attribution with intervals',
  definition:
    'Credited revenue, its share, purchases, ROAS and CPA, each with its interval from resampling persons, by whatever attribution can be asked for',
  groupings: CREDIT_GROUPINGS,
  hasModel: true,
  hasPeriod: true,
  texts: [],
  remarks: [
    'withheld',
    'refitted',
    'interval_level',
    'replicates',
    'config_hash',
    'model_version',
    'random_seed',
  ],
  filters: CREDIT_FILTERS,
  beside: { kpi: 'attribution', join: besideMoments },
  estimate: withIntervals,
  privacy: { describes: 'people', persons: ['people'], merge: mergedIntervals },
  measures: [
    sum('revenue', 'money', 'Revenue', 'Credited revenue net of returns', 'revenue_minor'),
    ...bounds('revenue', 'money', 'Revenue', 'revenue', 'revenue_low_minor', 'revenue_high_minor'),
    sum('revenue_share', 'share', 'Share', 'Its part of all credited revenue of the same period and filters'),
    ...bounds('share', 'share', 'Share', 'the share', 'share_low', 'share_high'),
    sum('conversions', 'credit', 'Purchases', 'Credited purchases, split by the model', 'credit_billionths'),
    ...bounds(
      'conversions',
      'credit',
      'Purchases',
      'purchases',
      'credit_low_billionths',
      'credit_high_billionths',
    ),
    sum('spend', 'money', 'Spend', 'Media cost; none where it is not known by what was asked', 'spend_minor'),
    ratio(
      'roas',
      'ratio',
      'ROAS',
      'Return on ad spend: revenue / spend; none where nothing was spent, or where the two are not of the same currency and days',
      'revenue_minor',
      'aligned_spend_minor',
    ),
    ...bounds('roas', 'ratio', 'ROAS', 'ROAS', 'roas_low', 'roas_high'),
    {
      name: 'cpa',
      title: 'CPA',
      unit: 'money',
      definition:
        'Cost per purchase: spend / purchases; none where nothing was spent or credited, or where ROAS is withheld',
      of: { over: 'aligned_spend_minor', under: 'credit_billionths', noneOfNothing: true },
    },
    ...bounds('cpa', 'money', 'CPA', 'CPA', 'cpa_low_minor', 'cpa_high_minor'),
    ...change('revenue', 'money', 'revenue', 'minor_change'),
    ...change('conversions', 'credit', 'purchases', 'credit_change'),
  ],
  caveat:
    'The interval says how much the figure would vary with other customers of the same kind, not whether the model is right. Of whole channels over all time models are fitted anew in each replicate, and figures are as known now. Of anything else the weights of models stay as they were fitted, so that intervals of data-driven models leave out how the fit would vary; figures are those of attribution, and closed ones that are not what is known now have no interval. Spend is taken as it was',
};
