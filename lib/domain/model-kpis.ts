import { ATTRIBUTION_INTERVALS } from './interval-kpis.ts';
import type { Kpi, KpiRow, Measure, Unit } from './kpi.ts';
import { mergeBy, type PeopleRule, type PrivacyRule } from './suppression.ts';

const figure = (name: string, unit: Unit, title: string, definition: string, of = name): Measure => ({
  name,
  title,
  unit,
  definition,
  of,
});

/** Where a figure comes from: on every row of the models' answers. */
const PROVENANCE = ['config_hash', 'model_version', 'random_seed'];

const bounds = (name: string, unit: Unit, title: string, what: string, column = name): Measure[] => [
  figure(
    `${name}_low`,
    unit,
    `${title} from`,
    `Lower bound of the interval of ${what}`,
    column === name ? `${name}_low` : `${name}_low_minor`,
  ),
  figure(
    `${name}_high`,
    unit,
    `${title} to`,
    `Upper bound of the interval of ${what}`,
    column === name ? `${name}_high` : `${name}_high_minor`,
  ),
];

/** A channel may have brought one purchase: by channel rows are of the people whom the channel has credit of. */
const ofChannels = (constant: readonly string[], unmergeable: readonly string[]): PeopleRule => ({
  describes: 'people',
  persons: ['people'],
  merge: (rows) => without(unmergeable, mergeBy({ constant, atLeast: ['people'] })(rows)),
});
const without = (names: readonly string[], row: KpiRow): KpiRow => ({
  ...row,
  ...Object.fromEntries(names.map((name) => [name, null])),
});

/** What is said of two channels stays only where both may be shown. */
const OF_PAIRS: PeopleRule = {
  describes: 'people',
  persons: ['people', 'other_people'],
  groups: ['channel', 'other_channel'],
  merge: mergeBy({}),
};

const OF_FITS: PrivacyRule = {
  describes: 'records',
  why: 'It is about how the models were fitted to all journeys of the shop at once',
};

/** KPIs about the attribution models themselves: how sure, how far apart, on what they agree. */
export const MODEL_KPIS: readonly Kpi[] = [
  ATTRIBUTION_INTERVALS,
  {
    name: 'model-comparison',
    title: 'Model comparison',
    definition:
      'How far the models are apart on each channel: its least and most share of credited revenue, and its rank',
    groupings: ['channel'],
    hasModel: false,
    hasPeriod: false,
    privacy: ofChannels(
      ['models'],
      ['share_least', 'share_most', 'spread', 'best_rank', 'worst_rank', 'least_in', 'most_in'],
    ),
    texts: [],
    remarks: ['least_in', 'most_in', ...PROVENANCE],
    measures: [
      figure('share_least', 'share', 'Least', 'Share of credited revenue in the model that gives it least'),
      figure('share_most', 'share', 'Most', 'Share of credited revenue in the model that gives it most'),
      figure('spread', 'share', 'Spread', 'Most less least'),
      figure('best_rank', 'count', 'Best rank', 'Its best rank among the channels in any model'),
      figure('worst_rank', 'count', 'Worst rank', 'Its worst rank among the channels in any model'),
      figure('models', 'count', 'Models', 'Models compared'),
    ],
    caveat: 'Where models are far apart, what one believes about the channel decides, not the data',
  },
  {
    name: 'channel-differences',
    title: 'Differences between channels',
    definition:
      'Pairs of channels: how far apart their credited revenue (or return on ad spend) is, and whether that can be told from chance, all pairs considered',
    groupings: ['revenue', 'roas'],
    hasModel: true,
    hasPeriod: false,
    privacy: OF_PAIRS,
    texts: [],
    remarks: ['verdict', ...PROVENANCE],
    measures: [
      figure(
        'revenue_difference',
        'money',
        'Difference',
        'Revenue of the first less that of the second',
        'revenue_difference_minor',
      ),
      ...bounds(
        'revenue',
        'money',
        'Difference',
        'the difference in revenue, for all pairs at once',
        'revenue_minor',
      ),
      figure('roas_difference', 'ratio', 'ROAS difference', 'ROAS of the first less that of the second'),
      ...bounds('roas', 'ratio', 'ROAS difference', 'the difference in ROAS, for all pairs at once'),
      figure(
        'adjusted_p',
        'ratio',
        'Adjusted p',
        'Chance of so large a difference among all pairs if there were none',
      ),
    ],
  },
  {
    name: 'model-conclusions',
    title: 'What the models agree on',
    definition: 'What every model says beyond chance, what depends on the model, and what none can tell',
    groupings: ['conclusion'],
    hasModel: false,
    hasPeriod: false,
    privacy: OF_PAIRS,
    texts: ['kind'],
    remarks: ['channel', 'other_channel', ...PROVENANCE],
    measures: [figure('models', 'count', 'Models', 'Models that say so')],
  },
  {
    name: 'attribution-models',
    title: 'Attribution models',
    definition: 'How the figures of each model come about, and everything that they depend on',
    groupings: ['level'],
    hasModel: true,
    hasPeriod: false,
    privacy: OF_FITS,
    texts: [],
    remarks: ['method', 'converged', ...PROVENANCE, 'settings'],
    measures: [
      figure('fitted_conversions', 'count', 'Purchases', 'Purchases that it was fitted on'),
      figure(
        'fitted_nulls',
        'count',
        'No purchase',
        'Closed journeys without purchase that it was fitted on',
      ),
      figure('iterations', 'count', 'Steps', 'Steps of the fit'),
      figure(
        'baseline_share',
        'share',
        'Base rate',
        'Part of the purchases that the fit says would have come without a touchpoint',
      ),
    ],
  },
];
