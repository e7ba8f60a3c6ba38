import { customerGroupRows } from './customers/customer-group-rows.ts';
import { EXPECTED_BOUNDS } from './customers/expected-bounds.ts';
import type { Kpi, Measure } from './kpi.ts';
import { ratio, sensitive, sum } from './measures.ts';
import { addedUp, mergeBy } from './suppression.ts';

/** A sum over people, although the KPI makes figures that are none. */
const added = (...of: Parameters<typeof sum>): Measure => ({ ...sum(...of), additive: true });
const detail = (measure: Measure): Measure => ({ ...measure, isDetail: true });

/** Who the customers are, what they brought, and what they are expected to bring. */
export const CUSTOMER_KPIS: readonly Kpi[] = [
  {
    name: 'customers',
    title: 'Customers',
    definition:
      'Known buyers by group: what they brought so far, whether they are still customers, and the margin they are expected to bring in the next twelve months',
    groupings: ['persona', 'segment', 'segment_by_place', 'first_channel', 'channels_used', 'cohort', 'all'],
    hasModel: false,
    hasPeriod: false,
    texts: [],
    remarks: ['withheld'],
    estimate: customerGroupRows,
    measures: [
      added('customers', 'count', 'Customers', 'Known persons with a purchase in the currency'),
      added('purchases', 'count', 'Purchases', 'Their purchases, all time'),
      added('revenue', 'money', 'Revenue', 'Their revenue net of returns, all time', 'revenue_minor'),
      ratio(
        'revenue_per_customer',
        'money',
        'Per customer',
        'Revenue / customers',
        'revenue_minor',
        'customers',
      ),
      sensitive(
        'margin',
        added(
          'margin',
          'money',
          'Margin',
          'Revenue less cost of the goods kept; revenue of goods of unknown cost at the rate of the others; none where no cost is known',
          'margin_minor',
        ),
      ),
      sensitive(
        'margin',
        ratio(
          'margin_per_customer',
          'money',
          'Margin each',
          'Margin / customers',
          'margin_minor',
          'customers',
        ),
      ),
      detail(
        ratio(
          'costed_share',
          'share',
          'Cost known',
          'Part of the revenue whose cost of goods is known',
          'costed_minor',
          'revenue_minor',
        ),
      ),
      ratio(
        'alive_share',
        'share',
        'Alive',
        'Average chance that a customer will ever buy again (MBG/NBD)',
        'alive',
        'customers',
      ),
      ratio(
        'churned_share',
        'share',
        'Churned',
        'Part of the customers whose chance to buy again is below the threshold that told buyers from others best on the holdout',
        'churned',
        'customers',
      ),
      ratio(
        'overdue_share',
        'share',
        'Overdue',
        'Part of the customers who have been silent for longer than nine of ten gaps between purchases of a customer like them',
        'overdue',
        'customers',
      ),
      added(
        'expected_purchases_12m',
        'credit',
        'Expected purchases',
        'Days with a purchase expected in the next 365 days',
        'expected_billionths',
      ),
      ...EXPECTED_BOUNDS,
      sensitive(
        'margin',
        added(
          'clv_12m',
          'money',
          'Value, 12 months',
          'Margin expected in the next 365 days, later margin discounted (MBG/NBD with Gamma-Gamma)',
          'clv_minor',
        ),
      ),
      sensitive(
        'margin',
        sum(
          'clv_12m_low',
          'money',
          'Value from',
          'Lower bound of the interval of what they will bring: what the fit leaves open, and chance',
          'clv_low_minor',
        ),
      ),
      sensitive(
        'margin',
        sum('clv_12m_high', 'money', 'Value to', 'Upper bound of the same', 'clv_high_minor'),
      ),
      sensitive(
        'margin',
        ratio(
          'clv_12m_per_customer',
          'money',
          'Value each',
          'Value of twelve months / customers',
          'clv_minor',
          'customers',
        ),
      ),
      sensitive(
        'margin',
        detail(
          ratio(
            'clv_12m_per_customer_low',
            'money',
            'Value each, from',
            'Lower bound of the interval of the group / customers',
            'clv_low_minor',
            'customers',
          ),
        ),
      ),
      sensitive(
        'margin',
        detail(
          ratio(
            'clv_12m_per_customer_high',
            'money',
            'Value each, to',
            'Upper bound of the same',
            'clv_high_minor',
            'customers',
          ),
        ),
      ),
    ],
    caveat:
      'People differ before any channel reaches them: that customers of more channels, or of one first channel, are worth more does not say that the channel made them so. Value rests on a model; customer-value-calibration shows how it did',
    privacy: {
      describes: 'people',
      persons: ['people'],
      merge: mergeBy({ constant: ['interval_level'], atLeast: ['people'] }),
    },
  },
  {
    name: 'customer-value-fit',
    title: 'Fit of customer value',
    definition:
      'Parameters of the purchase process (MBG/NBD: r, alpha, a, b) and of margin per day with a purchase (Gamma-Gamma: p, q, gamma), with intervals, and what they were fitted on',
    groupings: ['parameter'],
    hasModel: false,
    hasPeriod: false,
    texts: ['unit'],
    remarks: ['note'],
    measures: [
      { ...sum('value', 'by_row', 'Value', 'The figure, in the unit of its row'), additive: false },
      { ...sum('value_low', 'by_row', 'From', 'Lower bound of its interval'), additive: false },
      { ...sum('value_high', 'by_row', 'To', 'Upper bound of its interval'), additive: false },
    ],
    privacy: {
      describes: 'records',
      why: 'It is about how the model was fitted to all customers of the shop at once',
    },
  },
  {
    name: 'customer-value-calibration',
    title: 'Calibration of customer value',
    definition:
      'Purchases that the model, fitted on the first part of the observed time, expected of customers in the rest, beside what they bought; by tenths of what was expected',
    groupings: ['decile', 'all'],
    hasModel: false,
    hasPeriod: false,
    texts: [],
    measures: [
      sum('customers', 'count', 'Customers', 'Persons whose first purchase was before the holdout'),
      sum('predicted', 'credit', 'Predicted', 'Days with a purchase expected', 'predicted_billionths'),
      sum('actual', 'count', 'Actual', 'Days with a purchase that came', 'actual_purchases'),
      sum(
        'past_rate',
        'credit',
        'By past rate',
        'What everyone would have bought by going on as before: repeats per day observed, times the days of the holdout',
        'past_rate_billionths',
      ),
      sum(
        'predicted_buyers',
        'credit',
        'Predicted buyers',
        'Persons expected to buy at least once',
        'expected_to_buy_billionths',
      ),
      sum('actual_buyers', 'count', 'Buyers', 'Persons who did', 'bought'),
      scored('brier', 'Brier', 'Mean square of the chance to buy less the outcome; 0 is best', 'squares'),
      scored('brier_past_rate', 'Brier, past rate', 'The same where all go on as before', 'past_squares'),
      scored(
        'brier_same_chance',
        'Brier, same chance',
        'The same where each has the chance that turned out to be that of all: nobody told apart',
        'even_squares',
      ),
      scored('mean_error', 'Mean error', 'Purchases that a prediction misses by, on average', 'misses'),
      scored(
        'mean_error_past_rate',
        'Mean error, past rate',
        'The same of going on as before',
        'past_misses',
      ),
    ],
    caveat:
      'It tests the fit of the first part; the figures of customers come from a fit of the whole. No rows where the history is too short',
    privacy: { describes: 'people', persons: ['people'], merge: addedUp('people') },
  },
];

/** A mean over customers of what is summed in billionths. */
function scored(name: string, title: string, definition: string, sums: string): Measure {
  return {
    name,
    title,
    unit: 'ratio',
    definition,
    of: { over: `${sums}_billionths`, under: 'customer_billionths' },
  };
}
