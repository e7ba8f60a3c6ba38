import { withMargins } from './economics/margin-cascade.ts';
import type { Kpi, Measure } from './kpi.ts';
import { ratio, sum } from './measures.ts';
import { mergeBy } from './suppression.ts';

const money = (name: string, title: string, definition: string, of = `${name}_minor`): Measure =>
  sum(name, 'money', title, definition, of);

const CHANNEL_ECONOMICS: Kpi = {
  name: 'channel-economics',
  title: 'Channel economics',
  definition:
    "What is left of each channel's credited revenue, step by step: goods (CM1), variable cost (CM2), media (CM3), what comes after the sale (CM4), fixed cost of the channel (result)",
  groupings: ['channel', 'persona', 'month', 'all'],
  hasModel: true,
  hasPeriod: true,
  texts: [],
  remarks: ['turns', 'withheld'],
  filters: [
    {
      name: 'channel',
      definition: 'Only this channel; (unattributed) is what no model credits',
      values: null,
    },
    {
      name: 'persona',
      definition: 'Only buyers of this kind; (unidentified) are those not known',
      values: null,
    },
  ],
  estimate: withMargins,
  measures: [
    money(
      'net_revenue',
      'Net revenue',
      'Credited revenue net of returns, which count on their own day; (unattributed) is what no model credits, so that all channels come to all revenue of the shop',
      'revenue_minor',
    ),
    money(
      'cost_of_goods',
      'Goods',
      'Unit cost of the products x quantity, goods given back taken off; where that is unknown, the rate of the cost table',
      'goods_minor',
    ),
    money('cm1', 'CM1', 'Contribution margin 1: net revenue - cost of goods'),
    money(
      'variable_cost',
      'Variable',
      'Rates of stage variable: payment, picking, freight, commissions; shares are of what was sold, before returns',
      'variable_minor',
    ),
    money('cm2', 'CM2', 'Contribution margin 2: CM1 - variable cost'),
    money('media_cost', 'Media', 'What was spent on the channel, whatever came of it', 'spend_minor'),
    money('cm3', 'CM3', 'Contribution margin 3: CM2 - media cost'),
    money(
      'downstream_cost',
      'Downstream',
      'Rates of stage downstream on what has happened: returns, markdown, service contacts, pick-ups, each on its day',
      'downstream_minor',
    ),
    money(
      'reserve',
      'Reserve',
      'Downstream cost that the sales of the period are still to bring, by the days since each sale and how past sales went on; falls to nothing as it lands',
    ),
    money('cm4', 'CM4', 'Contribution margin 4: CM3 - downstream cost - reserve'),
    money(
      'fixed_cost',
      'Fixed',
      'Monthly cost that belongs to the channel, spread over the days of the month',
      'fixed_minor',
    ),
    money('result', 'Result', 'CM4 - fixed cost of the channel; overhead is not in it'),
    ratio(
      'result_share',
      'share',
      'Result / revenue',
      'Result / net revenue; none where there is no revenue',
      'result_minor',
      'revenue_minor',
    ),
    {
      ...ratio(
        'estimated_goods_share',
        'share',
        'Goods by rate',
        'Part of sales, net of returns, whose cost of goods is a rate and no unit cost, of what was sold',
        'estimated_minor',
        'sold_minor',
      ),
      isDetail: true,
    },
  ],
  caveat:
    'Revenue and cost are split by credit, which is what the model assigns and not what marketing caused; cost-assumptions lists the rates. The result has no interval: costs are the stated rates, and how sure credit is says attribution-intervals',
  privacy: {
    describes: 'people',
    persons: ['people'],
    merge: mergeBy({
      atLeast: ['people'],
      constant: ['variable_rates', 'downstream_rates', 'fixed_rates'],
    }),
  },
};

const COST_ASSUMPTIONS: Kpi = {
  name: 'cost-assumptions',
  title: 'Cost assumptions',
  definition:
    'Every rate that channel-economics rests on, with the row it comes from, and what is not stated',
  groupings: ['rate'],
  hasModel: false,
  hasPeriod: false,
  texts: ['stage', 'what', 'conversion_kind', 'channel', 'category'],
  remarks: ['unit', 'note'],
  measures: [
    sum(
      'value',
      'by_row',
      'Value',
      'Cost per order, line, return, contact, pick-up or month, or a share of revenue; empty where nothing is stated',
      'rate_value',
    ),
  ],
  privacy: {
    describes: 'records',
    why: "It lists the shop's own rates, and averages over all purchases of a kind",
  },
};

export const ECONOMICS_KPIS: readonly Kpi[] = [CHANNEL_ECONOMICS, COST_ASSUMPTIONS];
