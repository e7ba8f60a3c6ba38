import { type Filter, type Kpi, LONG_PERIODS, type Measure, PERIODS, type Unit } from './kpi.ts';
import { mergedShares } from './ropo/merged-shares.ts';
import { withFactor, withResearchedCredit } from './store-estimates.ts';
import { addedUp, mergeBy } from './suppression.ts';

const figure = (
  name: string,
  unit: Unit,
  title: string,
  definition: string,
  of: Measure['of'] = name,
): Measure => ({ name, title, unit, definition, of });

const LEVEL: Filter = {
  name: 'level',
  definition: 'How finely a view and a purchase must agree to be research',
  values: ['sku', 'product', 'category'],
  default: 'category',
};

const ONLINE_TO_STORE: Kpi = {
  name: 'online-to-store',
  title: 'Online to store',
  definition:
    'What online research was worth in stores for each unit of online revenue: corrected ROPO revenue of repeat buyers / online revenue of the same days',
  groupings: ['all', ...PERIODS, ...LONG_PERIODS],
  hasModel: false,
  hasPeriod: true,
  texts: [],
  remarks: ['verdict', 'measured_as'],
  filters: [LEVEL],
  estimate: withFactor,
  measures: [
    figure(
      'online_revenue',
      'money',
      'Online',
      'Revenue of web orders, collected ones included, net of returns',
      'online_minor',
    ),
    figure(
      'repeat_revenue',
      'money',
      'Store, repeat buyers',
      'Store revenue of known persons with more than one receipt, net of returns: the research population',
      'buyers_minor',
    ),
    figure(
      'naive_revenue',
      'money',
      'Researched, naive',
      'Of it researched online, chance finds included',
      'naive_minor',
    ),
    figure(
      'chance_revenue',
      'money',
      'By chance',
      "The same with items of the person's other receipts in their place",
      'chance_minor',
    ),
    figure(
      'ropo_revenue',
      'money',
      'ROPO, corrected',
      'Researched with chance taken out; none where the placebos contradict each other',
      'ropo_minor',
    ),
    figure(
      'ropo_revenue_low',
      'money',
      'from',
      'Lower bound of its 95% interval, by persons',
      'ropo_low_minor',
    ),
    figure(
      'ropo_revenue_high',
      'money',
      'to',
      'Upper bound of its 95% interval, by persons',
      'ropo_high_minor',
    ),
    figure('o2s_factor', 'ratio', 'O2S factor', 'Corrected ROPO revenue / online revenue', 'factor'),
    figure('o2s_factor_low', 'ratio', 'from', 'Lower bound of its 95% interval', 'factor_low'),
    figure('o2s_factor_high', 'ratio', 'to', 'Upper bound of its 95% interval', 'factor_high'),
  ],
  privacy: { describes: 'people', persons: ['people', 'online_people'], merge: mergedShares },
  caveat:
    'Association, not cause; one-time buyers and persons that no receipt names are left out, so that the factor is of the identified repeat buyers alone; the interval takes online revenue as known',
};

const COLLECTED_ORDERS: Kpi = {
  name: 'collected-orders',
  title: 'Collected orders',
  definition:
    'Web orders fetched in a store, paid before (click and collect) or there (reserve and collect), what was bought besides, and web orders that a store took back',
  groupings: ['purchase_class', 'store', 'region', ...PERIODS, 'all'],
  hasModel: false,
  hasPeriod: true,
  texts: [],
  measures: [
    figure('orders', 'count', 'Orders', 'Web orders to be collected, on the day of the order'),
    figure('revenue', 'money', 'Revenue', 'What was ordered, without tax where it is known', 'revenue_minor'),
    figure('collected_orders', 'count', 'Fetched', 'Of them those that a receipt hands over'),
    figure('uncollected_orders', 'count', 'Not fetched', 'Of them those that none does so far'),
    figure(
      'collected_revenue',
      'money',
      'Fetched revenue',
      'What was ordered and fetched',
      'collected_minor',
    ),
    figure('collected_rate', 'share', 'Fetched share', 'Fetched orders / orders', {
      over: 'collected_orders',
      under: 'orders',
    }),
    figure('mean_pick_up_hours', 'ratio', 'Hours to pick-up', 'Mean time from order to first hand-over', {
      over: 'pick_up_hours',
      under: 'collected_orders',
    }),
    figure(
      'attached_revenue',
      'money',
      'Attach sale',
      'What the same person bought besides in that store on the day of pick-up, before returns; counted once where several orders are fetched',
      'attached_minor',
    ),
    figure(
      'attach_rate',
      'share',
      'Attach rate',
      'Fetched orders with an attach sale / fetched orders of known persons',
      {
        over: 'attached_orders',
        under: 'known_collected_orders',
      },
    ),
    figure(
      'store_returns',
      'count',
      'Taken back',
      'Returns of web orders that a store took, on the day of the return',
    ),
    figure(
      'store_returned',
      'money',
      'Taken back revenue',
      'Their revenue; buy online, return in store',
      'store_returned_minor',
    ),
    figure(
      'store_return_share',
      'share',
      'Of order returns',
      'Taken back revenue / revenue of all returns of web orders; none by store or region, where returns without a store have no row',
      { over: 'store_returned_minor', under: 'order_returned_minor' },
    ),
  ],
  privacy: { describes: 'people', persons: ['people'], merge: addedUp('people') },
  caveat:
    'Orders of the last days may yet be fetched. An attach sale is seen only where the receipt names the same person; a receipt that hands over a paid order counts as the order, whole',
};

const STORE_ATTRIBUTION: Kpi = {
  name: 'store-attribution',
  title: 'Attribution of store revenue',
  definition:
    'Revenue that a model credits online and in stores, the part of store credit that lies on goods researched online before, and what was spent',
  groupings: ['channel', 'campaign', 'store', 'region', ...PERIODS, 'all'],
  hasModel: true,
  hasPeriod: true,
  texts: [],
  remarks: ['remark'],
  filters: [LEVEL],
  estimate: withResearchedCredit,
  measures: [
    figure(
      'online_revenue',
      'money',
      'Online',
      'Credited revenue of web orders, collected ones included, net of returns',
      'online_minor',
    ),
    figure(
      'store_revenue',
      'money',
      'In store',
      'Credited revenue paid in stores, net of returns; with online it is the revenue of attribution',
      'store_minor',
    ),
    figure(
      'compared_revenue',
      'money',
      'Compared',
      'Credited store revenue of lines for which the own-basket placebo and the window can be had',
      'compared_minor',
    ),
    figure(
      'researched_naive',
      'money',
      'Researched, naive',
      'Compared revenue of lines that the person had viewed online inside the window, chance finds included',
      'researched_minor',
    ),
    figure(
      'researched_chance',
      'money',
      'By chance',
      "The same with items of the person's other receipts in their place",
      'chance_minor',
    ),
    figure(
      'researched_revenue',
      'money',
      'Researched, corrected',
      '(naive - chance) / (compared - chance) of the credited store revenue of repeat buyers; below zero where chance finds more. One-time buyers and reservations are left out',
      'corrected_minor',
    ),
    figure('spend', 'money', 'Spend', 'Media cost; of no single store', 'spend_minor'),
    figure('roas_online', 'ratio', 'ROAS online', 'Online revenue / spend', {
      over: 'online_minor',
      under: 'spend_minor',
    }),
    figure('roas_store', 'ratio', 'ROAS store', 'Store revenue / spend', {
      over: 'store_minor',
      under: 'spend_minor',
    }),
    figure('roas_together', 'ratio', 'ROAS together', '(Online revenue + store revenue) / spend', {
      over: 'together_minor',
      under: 'spend_minor',
    }),
    figure(
      'roas_researched',
      'ratio',
      'ROAS researched',
      '(Online revenue + corrected researched store revenue) / spend',
      { over: 'online_researched_minor', under: 'spend_minor' },
    ),
  ],
  privacy: {
    describes: 'people',
    persons: ['people'],
    merge: mergeBy({ constant: ['min_persons'], atLeast: ['people'] }),
  },
  caveat:
    'Credit is what the model assigns, not what marketing caused, and researched means association; the corrected figure has no interval here and jumps where purchases are few; where ropo calls a share behaviour-driven, it is no more reliable here',
};

export const STORE_REVENUE_KPIS: readonly Kpi[] = [ONLINE_TO_STORE, COLLECTED_ORDERS, STORE_ATTRIBUTION];
