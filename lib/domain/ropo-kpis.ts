import { type Kpi, LONG_PERIODS, PERIODS } from './kpi.ts';
import { mergedShares } from './ropo/merged-shares.ts';
import { shareRows } from './ropo/share-rows.ts';
import { waterfallRows } from './ropo/waterfall-rows.ts';
import { suppressWithin } from './ropo/waterfall-suppression.ts';
import {
  ASSOCIATION,
  BRACKET,
  CORRECTED,
  EVIDENCE,
  figure,
  ITEM_LEVELS,
  level,
  NAIVE,
  SHARES,
  WEIGHT,
} from './ropo-measures.ts';
import { ROPO_SENSITIVITY_KPIS } from './ropo-sensitivity-kpis.ts';
import { mergeBy } from './suppression.ts';

/** Research online, purchase offline: each figure beside what chance alone would give. */
export const ROPO_KPIS: readonly Kpi[] = [
  {
    name: 'ropo',
    title: 'ROPO',
    definition:
      'Store purchases whose person viewed the product online before: naive, what chance finds, and corrected for it',
    groupings: [
      'store',
      'region',
      'category',
      'channel',
      'campaign',
      'persona',
      'new_or_returning',
      'identified_by',
      'evidence_strength',
      'purchase_class',
      'daypart',
      'basket_band',
      ...PERIODS,
      ...LONG_PERIODS,
      'all',
    ],
    hasModel: false,
    hasPeriod: true,
    texts: [],
    filters: [
      level([...ITEM_LEVELS, 'any']),
      WEIGHT,
      {
        name: 'buyers',
        definition:
          'Repeat buyers, or those with one store receipt, whose placebo is weaker: items of others alike',
        values: ['repeat', 'one_time'],
        default: 'repeat',
      },
      ...EVIDENCE,
    ],
    estimate: shareRows,
    measures: [
      figure(
        'store_revenue',
        'money',
        'Store revenue',
        'Revenue of merchandise lines net of returns; none by channel or campaign, which are parts of one share',
        'store_minor',
      ),
      figure(
        'identification_rate',
        'share',
        'Identified',
        'Revenue of lines whose buyer is known / all; of the whole by channel or campaign',
        {
          over: 'identified_minor',
          under: 'all_minor',
        },
      ),
      {
        ...figure(
          'identification_rate_lines',
          'share',
          'of lines',
          'Lines whose buyer is known / all lines',
          {
            over: 'identified_lines',
            under: 'all_lines',
          },
        ),
        isDetail: true,
      },
      ...SHARES,
      figure(
        'ropo_revenue',
        'money',
        'ROPO revenue',
        'Corrected share of the identified revenue of these buyers; none where the placebos contradict each other',
        'ropo_minor',
      ),
      figure(
        'ropo_revenue_low',
        'money',
        'from',
        'Lower end of its band: the interval, and all placebos where they contradict each other',
        'ropo_low_minor',
      ),
      figure('ropo_revenue_high', 'money', 'to', 'Upper end of its band', 'ropo_high_minor'),
      ...BRACKET,
    ],
    remarks: ['verdict', 'measured_as'],
    privacy: { describes: 'people', persons: ['people'], merge: mergedShares },
    caveat: ASSOCIATION,
  },
  {
    name: 'ropo-waterfall',
    title: 'ROPO waterfall',
    definition:
      'From all store purchases to those researched online; each step is the next and what does not reach it, by reason',
    groupings: ['all', 'store', 'region', 'category', ...PERIODS, ...LONG_PERIODS],
    hasModel: false,
    hasPeriod: true,
    texts: ['step', 'remainder'],
    filters: EVIDENCE,
    estimate: waterfallRows,
    measures: [
      figure('receipts', 'count', 'Receipts', 'Receipts, as far as the farthest of their lines'),
      figure('lines', 'count', 'Lines', 'Merchandise lines'),
      figure('sold', 'money', 'Sold', 'Their revenue before returns', 'sold_minor'),
      figure('revenue', 'money', 'Net', 'Their revenue net of returns', 'net_minor'),
      figure('share_of_store', 'share', 'Of store', 'Net revenue / net revenue of all store purchases', {
        over: 'net_minor',
        under: 'all_minor',
      }),
      figure('naive_share', 'share', 'Naive', `${NAIVE}; repeat buyers, by lines`),
      figure('placebo_share', 'share', 'Chance', 'Part of the same lines that a placebo finds'),
      figure('corrected_share', 'share', 'Corrected', CORRECTED),
    ],
    remarks: ['placebo'],
    privacy: {
      describes: 'people',
      persons: ['group_people'],
      merge: mergeBy({
        constant: ['position', 'window_days', 'min_persons', 'shift_days'],
        atLeast: ['people', 'group_people', 'persons'],
      }),
      apart: ['position', 'step', 'remainder'],
      within: suppressWithin,
    },
    caveat:
      'Steps of research hold chance matches; the share with chance taken out stands beside them, its interval in ropo',
  },
  ...ROPO_SENSITIVITY_KPIS,
];
