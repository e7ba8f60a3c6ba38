import { type Kpi, LONG_PERIODS } from './kpi.ts';
import { extrapolationRows } from './ropo/extrapolation-rows.ts';
import { gridRows } from './ropo/grid-rows.ts';
import { lagRows } from './ropo/lag-rows.ts';
import { mergedShares } from './ropo/merged-shares.ts';
import { ASSOCIATION, BRACKET, figure, ITEM_LEVELS, level, SHARES, WEIGHT } from './ropo-measures.ts';
import { mergeBy } from './suppression.ts';

/** What the ROPO share depends on: window, level, lag, and buyers who are not identified. */
export const ROPO_SENSITIVITY_KPIS: readonly Kpi[] = [
  {
    name: 'ropo-grid',
    title: 'ROPO by window and level',
    definition: 'What the share would be with another window or level, of the same purchases, over all time',
    groupings: ['window'],
    hasModel: false,
    hasPeriod: false,
    texts: ['level'],
    filters: [WEIGHT],
    estimate: gridRows,
    measures: [
      figure('lines', 'count', 'Lines', 'Lines behind the cell', 'tested_lines'),
      ...SHARES,
      ...BRACKET,
    ],
    remarks: ['verdict', 'window_driven', 'measured_as'],
    // Cells are the same lines measured otherwise: they do not add up, and all have the same persons.
    privacy: { describes: 'people', persons: ['persons'], merge: mergedShares, apart: ['level'] },
    caveat: `${ASSOCIATION}; a share that moves by more than 5 points between 7 and 30 days is made by the window`,
  },
  {
    name: 'ropo-lags',
    title: 'ROPO lag curve',
    definition: 'Days between the last view and the purchase: real against placebo, over all time',
    groupings: ['lag_day'],
    hasModel: false,
    hasPeriod: false,
    texts: [],
    filters: [level([...ITEM_LEVELS, 'any'])],
    estimate: lagRows,
    measures: [
      figure('real_share', 'share', 'Real', 'Part of lines that were last viewed so many days before'),
      figure('placebo_share', 'share', 'Chance', 'Part of lines that the placebo finds there'),
      figure('excess', 'share', 'Excess', 'Real - chance'),
      figure('excess_low', 'share', 'from', 'Lower bound of its 95% interval, each person one observation'),
      figure('excess_high', 'share', 'to', 'Upper bound of its 95% interval'),
      figure(
        'excess_ends_days',
        'count',
        'Ends after',
        'Days until two in a row have zero, or less, inside their interval',
      ),
    ],
    remarks: ['placebo', 'remark'],
    // Each day is a mean over all persons with testable lines, those who found nothing that day included.
    privacy: { describes: 'people', persons: ['persons'], merge: mergedShares },
    caveat:
      'Lines that research precedes have no later match left, so the excess falls below zero after it ends',
  },
  {
    name: 'ropo-extrapolation',
    title: 'ROPO of all store purchases',
    definition:
      'The corrected share extended from identified to all store purchases, by strata, under assumptions that are stated',
    groupings: ['all', 'store', 'region', 'month', ...LONG_PERIODS],
    hasModel: false,
    hasPeriod: true,
    texts: ['delta'],
    filters: [level(ITEM_LEVELS)],
    estimate: extrapolationRows,
    measures: [
      figure(
        'store_revenue',
        'money',
        'All transactions',
        'Store revenue net of returns, scaled by the two fractions',
        'all_transactions_minor',
      ),
      figure('identified_share', 'share', 'Identified', 'Revenue whose buyer is known / all'),
      figure(
        'tested_share',
        'share',
        'Tested',
        'Revenue of repeat buyers a whole window into the clickstream / all',
      ),
      figure('persons', 'count', 'Persons', 'Persons with testable lines'),
      figure('share', 'share', 'Share', 'Corrected ROPO revenue / revenue of all transactions'),
      figure('share_low', 'share', 'from', 'Lower bound of its 95% interval, each person one observation'),
      figure('share_high', 'share', 'to', 'Upper bound of its 95% interval'),
      figure('worst_low', 'share', 'Worst case from', 'If no purchase that was not tested was researched'),
      figure('worst_high', 'share', 'to', 'If every purchase that was not tested was researched'),
      figure(
        'ropo_revenue',
        'money',
        'ROPO revenue',
        'Share of the revenue of all transactions',
        'ropo_minor',
      ),
      figure('ropo_revenue_low', 'money', 'from', 'Lower bound of its interval', 'ropo_low_minor'),
      figure('ropo_revenue_high', 'money', 'to', 'Upper bound of its interval', 'ropo_high_minor'),
      figure(
        'worst_revenue_low',
        'money',
        'Worst case from',
        'Lower end of the worst case',
        'worst_low_minor',
      ),
      figure('worst_revenue_high', 'money', 'to', 'Upper end of the worst case', 'worst_high_minor'),
    ],
    remarks: ['verdict', 'assumptions'],
    privacy: {
      describes: 'people',
      persons: ['people'],
      merge: mergeBy({
        constant: ['min_persons', 'window_days', 'loyalty_fraction', 'transaction_upload_fraction'],
        atLeast: ['people', 'persons', 'clusters'],
        squares: ['yy', 'ii', 'iu', 'uu'],
      }),
    },
    caveat: `${ASSOCIATION}; no data here says how much unidentified buyers research, so read the rows together; identified buyers with one receipt are taken to research like repeat buyers; where ropo calls the share behaviour-driven, it is no more reliable here`,
  },
];
