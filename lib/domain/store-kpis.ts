import { type Kpi, type Measure, PERIODS, type Unit } from './kpi.ts';
import { withChanceTakenOut } from './store-estimates.ts';
import { STORE_REVENUE_KPIS } from './store-revenue-kpis.ts';
import { mergeBy, type PrivacyRule } from './suppression.ts';

const figure = (
  name: string,
  unit: Unit,
  title: string,
  definition: string,
  of: Measure['of'] = name,
): Measure => ({ name, title, unit, definition, of });

const shareMeasures = (name: string, title: string, what: string, of: string): Measure[] => [
  figure(`${name}_naive`, 'share', `${title}, naive`, `${what}, chance finds included, of ${of}`, {
    over: 'found',
    under: 'compared',
  }),
  figure(
    `${name}_chance`,
    'share',
    'By chance',
    `What the same question finds when it is asked ropo_shift_weeks earlier and later, of ${of}`,
    { over: 'chance', under: 'compared' },
  ),
  figure(
    name,
    'share',
    `${title}, corrected`,
    '(naive - chance) / (1 - chance); may be below zero where there is nothing but chance',
    'share',
  ),
  figure(`${name}_low`, 'share', 'from', 'Lower bound of its 95% interval, by persons', 'share_low'),
  figure(`${name}_high`, 'share', 'to', 'Upper bound of its 95% interval, by persons', 'share_high'),
];

const WEEK_SHIFT_CAVEAT =
  'a visit names no product, so that chance is asked by moving the moment by whole weeks: where people browse and go out in the same busy days, part of what is left is that habit and not research';

/** Rows with sums over persons behind a share. */
const OF_PERSONS: PrivacyRule = {
  describes: 'people',
  persons: ['people'],
  merge: mergeBy({
    constant: ['min_persons'],
    atLeast: ['people', 'persons'],
    squares: ['xx', 'xy', 'yy'],
  }),
};

export const STORE_KPIS: readonly Kpi[] = [
  {
    name: 'store-visits',
    title: 'Store visits',
    definition:
      'Visits of single persons to stores: with research online before, with research in the aisle, with a purchase inside the visit, without one',
    groupings: ['store', 'region', ...PERIODS, 'all'],
    hasModel: false,
    hasPeriod: true,
    texts: [],
    remarks: ['remark'],
    estimate: withChanceTakenOut,
    measures: [
      figure('visits', 'count', 'Visits', 'Visits that the feeds report'),
      figure('known_visits', 'count', 'Of known persons', 'Visits whose person is known and may be linked'),
      figure(
        'compared_visits',
        'count',
        'Compared',
        'Known visits whose window the clickstream covers, and for which chance can be asked',
        'compared',
      ),
      ...shareMeasures(
        'research_rate',
        'Researched before',
        'Visits with a product view of the same person inside the window before entering',
        'compared visits',
      ),
      figure(
        'mean_lag_days',
        'ratio',
        'Lag, days',
        'Mean time from the last product view inside the window to entering; chance finds are among them',
        { over: 'lag_days', under: 'researched_visits' },
      ),
      figure(
        'in_aisle_rate',
        'share',
        'In aisle',
        'Known visits with a product view between entering and leaving, a class of its own',
        { over: 'in_aisle_visits', under: 'known_visits' },
      ),
      figure(
        'purchase_rate',
        'share',
        'With purchase',
        'Known visits with a receipt of the same person in the same store before they left (or within visit_hours)',
        { over: 'purchase_visits', under: 'known_visits' },
      ),
      figure(
        'pick_up_visits',
        'count',
        'Only pick-up',
        'Known visits that fetched a paid order and bought nothing',
      ),
      figure('empty_visits', 'count', 'Without purchase', 'Known visits with neither receipt nor pick-up'),
    ],
    privacy: OF_PERSONS,
    caveat: `Visits are those that an app, Wi-Fi or a beacon saw: their persons are no sample of all visitors; ${WEEK_SHIFT_CAVEAT}`,
  },
  {
    name: 'footfall',
    title: 'Footfall',
    definition:
      'Heads counted at the doors beside the receipts of the same store and day; never joined to persons',
    groupings: ['store', 'region', ...PERIODS, 'all'],
    hasModel: false,
    hasPeriod: true,
    texts: [],
    measures: [
      figure('entries', 'count', 'Entries', 'People counted coming in'),
      figure('modelled_entries', 'count', 'Modelled', 'Of them estimated by a vendor, not counted'),
      figure('receipts', 'count', 'Receipts', 'Receipts that sold merchandise, of all days'),
      figure(
        'receipts_per_hundred',
        'ratio',
        'Receipts per 100 visitors',
        'Receipts / entries, of the compared store days only',
        { over: 'compared_receipts_hundredfold', under: 'compared_entries' },
      ),
      figure('compared_days', 'count', 'Compared days', 'Store days on which every door in use has counts'),
      figure(
        'left_out_days',
        'count',
        'Left out',
        'Store days with receipts or counts on which a door in use has no counts; none is guessed',
      ),
    ],
    privacy: {
      describes: 'records',
      why: 'Doors count heads and tills receipts; neither is joined to persons',
    },
    caveat:
      'A door counts staff, suppliers, families and those who come twice, and misses doors without a counter: receipts per hundred visitors compares a store with itself over time, and is no share of people who buy',
  },
  {
    name: 'showrooming',
    title: 'Showrooming',
    definition:
      'Web orders, shipped or collected, of persons who had been in a store inside the window before and had not bought all of its products there',
    groupings: ['all', 'conversion_kind', 'persona', ...PERIODS],
    hasModel: false,
    hasPeriod: true,
    texts: [],
    remarks: ['remark'],
    estimate: withChanceTakenOut,
    measures: [
      figure('orders', 'count', 'Orders', 'Web orders of known persons'),
      figure(
        'seen_orders',
        'count',
        'Observable',
        'Orders of persons with any visit on record, whose window the visits cover: the only ones that can be seen to showroom',
      ),
      figure(
        'compared_orders',
        'count',
        'Compared',
        'Of them those for which chance can be asked',
        'compared',
      ),
      ...shareMeasures(
        'showrooming_share',
        'After a visit',
        'Orders after a visit of the same person, without purchase of that product',
        'compared orders',
      ),
      figure('mean_lag_days', 'ratio', 'Lag, days', 'Mean time from the last such visit to the order', {
        over: 'lag_days',
        under: 'showroomed_orders',
      }),
      figure(
        'in_aisle_orders',
        'count',
        'Seen in aisle',
        'Orders after a visit with a product that the person viewed online while in a store, inside the window',
      ),
    ],
    privacy: OF_PERSONS,
    caveat: `Only views in the aisle tell that the product itself was looked at in the store; ${WEEK_SHIFT_CAVEAT}`,
  },
  ...STORE_REVENUE_KPIS,
];
