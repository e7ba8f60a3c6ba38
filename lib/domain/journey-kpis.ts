import { withMeans } from './channel-count-means.ts';
import { flowShown } from './flow-suppression.ts';
import { dropOffShown } from './funnel-suppression.ts';
import type { Kpi, KpiRow, Measure } from './kpi.ts';
import { ratio, sensitive, sum } from './measures.ts';
import { overlapShown } from './overlap-suppression.ts';
import { addedUp, mergeBy, type PeopleRule } from './suppression.ts';

const OF_PEOPLE: PeopleRule = { describes: 'people', persons: ['people'], merge: addedUp('people') };

const ENDED =
  'Journeys count on the day they ended: of the purchase, or of the last touchpoint where null_path_gap_days have passed since; journeys that may still convert are left out';
const RECOMPUTED =
  'Journeys are told as all data known by now tell them, of closed days too: a record that comes late may change them';

/** A role's purchases and what they sold. */
const role = (name: string, title: string, definition: string): Measure[] => [
  sum(name, 'count', title, definition, `${name}_purchases`),
  sum(`${name}_revenue`, 'money', `${title}, sold`, `What those purchases sold`, `${name}_minor`),
];

export const JOURNEY_KPIS: readonly Kpi[] = [
  {
    name: 'paths',
    title: 'Paths',
    definition: 'The most frequent channel paths and how often they ended in a purchase',
    groupings: ['all'],
    hasModel: false,
    hasPeriod: true,
    texts: [],
    measures: [
      sum('purchases', 'count', 'Purchases', 'Journeys on this path that ended in a purchase'),
      sum('sold', 'money', 'Sold', 'Revenue of those purchases', 'sold_minor'),
      sum('journeys_without_purchase', 'count', 'No purchase', 'Closed journeys on this path that did not'),
    ],
    caveat: `${ENDED}. The five hundred most frequent paths are told apart. ${RECOMPUTED}`,
    privacy: OF_PEOPLE,
  },
  {
    name: 'path-lengths',
    title: 'Path lengths',
    definition: 'How many touchpoints purchases took, and how many days from the first of them',
    groupings: ['touchpoints', 'days_to_purchase', 'all'],
    hasModel: false,
    hasPeriod: true,
    texts: [],
    measures: [
      sum(
        'purchases',
        'count',
        'Purchases',
        'Purchases with a path: at least one known touchpoint inside the lookback',
      ),
      sum('sold', 'money', 'Sold', 'Their revenue before returns', 'sold_minor'),
      ratio(
        'share',
        'share',
        'Share',
        'Purchases / all purchases with a path in the currency',
        'purchases',
        'purchases_of_all',
      ),
      ratio(
        'mean_touchpoints',
        'ratio',
        'Touchpoints',
        'Touchpoints / purchases',
        'touchpoints_in_all',
        'purchases',
      ),
      ratio(
        'mean_days',
        'days',
        'Days',
        'Whole days from the first touchpoint to the purchase, on average',
        'days_in_all',
        'purchases',
      ),
    ],
    caveat: `Neither can be more than the lookback of the purchase (lookback_steps, lookback_days): what lies before it is not seen. ${RECOMPUTED}`,
    privacy: {
      describes: 'people',
      persons: ['people'],
      merge: mergedLengths,
    },
  },
  {
    name: 'channel-roles',
    title: 'Channel roles',
    definition: 'Purchases whose path a channel begins, helps along, ends, or is alone on',
    groupings: ['channel'],
    hasModel: false,
    hasPeriod: true,
    texts: [],
    measures: [
      ...role('first', 'First', 'Purchases whose path the channel begins, with others after it'),
      ...role('assist', 'Assist', 'Purchases on whose path it stands and neither begins nor ends it'),
      ...role('last', 'Last', 'Purchases whose path it ends, with others before it'),
      ...role('only', 'Only', 'Purchases on whose path no other channel stands'),
      sum(
        'purchases',
        'count',
        'On the path',
        'Purchases on whose path it stands: where it begins and ends one, that is first and last, but one here',
      ),
      sum('revenue', 'money', 'On the path, sold', 'What those purchases sold, before returns', 'sold_minor'),
      ratio(
        'assist_ratio',
        'ratio',
        'Helped / closed',
        'Purchases that it stands on and does not end / purchases that it ends or is alone on',
        'helped',
        'closed',
      ),
    ],
    estimate: (rows) => rows.map(withHelp),
    caveat: `A purchase counts with every channel of its path, so that channels do not add up to all purchases; it says where a channel stands, not what it caused. ${RECOMPUTED}`,
    privacy: OF_PEOPLE,
  },
  {
    name: 'journey-flow',
    title: 'Journey flow',
    definition:
      'From which channel to which journeys go, in their first five steps, and where they end; touchpoints of one channel in a row are one step',
    groupings: ['channel'],
    hasModel: false,
    hasPeriod: true,
    texts: ['step', 'from_channel'],
    measures: [
      sum('journeys', 'count', 'Journeys', 'Journeys that take this step'),
      sum('purchases', 'count', 'Purchases', 'Of them those that end in a purchase, now or later'),
    ],
    caveat: `${ENDED}. ${RECOMPUTED}`,
    privacy: { ...OF_PEOPLE, whole: flowShown },
  },
  {
    name: 'drop-off',
    title: 'Drop-off',
    definition:
      'Where journeys end without a purchase: by the last channel of the journey, or by the stage that a visit to the web shop reached',
    groupings: ['channel', 'funnel'],
    hasModel: false,
    hasPeriod: true,
    texts: [],
    measures: [
      sum(
        'journeys',
        'count',
        'Reached',
        'Journeys that are over with the channel on them; by funnel visits that reached the stage or a later one',
      ),
      sum('ended_here', 'count', 'Ended here', 'Of them those that ended there without a purchase'),
      ratio('ended_here_share', 'share', 'Drop-off', 'Ended here / reached', 'ended_here', 'journeys'),
      sum(
        'purchases',
        'count',
        'Purchases',
        'Of them those that ended in a purchase; by funnel in an order within the visit',
      ),
    ],
    caveat: `${ENDED}. A visit that ends before its order may go on in a store or another day, and is drop-off of the visit, not of the person`,
    privacy: { ...OF_PEOPLE, whole: dropOffShown },
  },
  {
    name: 'channels-per-customer',
    title: 'Channels per customer',
    definition: 'What customers spend, by how many channels they use',
    groupings: ['channels_used'],
    hasModel: false,
    hasPeriod: false,
    texts: [],
    remarks: ['withheld'],
    estimate: withMeans,
    measures: [
      sum('customers', 'count', 'Customers', 'Known persons with purchases in the currency'),
      sum('purchases', 'count', 'Purchases', 'Their purchases'),
      sum('sold', 'money', 'Sold', 'Their revenue before returns', 'sold_minor'),
      ratio('sold_per_customer', 'money', 'Sold per customer', 'Sold / customers', 'sold_minor', 'customers'),
      sum(
        'sold_per_customer_low',
        'money',
        'from',
        'Lower bound of its 95% interval, by persons (Student)',
        'mean_low',
      ),
      sum(
        'sold_per_customer_high',
        'money',
        'to',
        'Upper bound of its 95% interval, by persons (Student)',
        'mean_high',
      ),
      ratio(
        'purchases_per_customer',
        'ratio',
        'Purchases per customer',
        'Purchases / customers',
        'purchases',
        'customers',
      ),
      sensitive(
        'margin',
        sum(
          'margin_per_customer',
          'money',
          'Margin per customer',
          'Revenue net of returns minus cost of goods / customers',
          'mean_margin',
        ),
      ),
    ],
    caveat:
      'No effect of channels: who buys more is met more often and so uses more channels, and who uses many is another kind of customer. A channel is used where the person came by it or clicked in it; stores are one more',
    privacy: OF_PEOPLE,
  },
  {
    name: 'channel-overlap',
    title: 'Channel overlap',
    definition: 'How many of the people whom a channel touched another touched too, over all time',
    groupings: ['channel'],
    hasModel: false,
    hasPeriod: false,
    texts: ['other_channel'],
    measures: [
      sum('people_both', 'count', 'People', 'Known people with touchpoints of both channels'),
      ratio(
        'share',
        'share',
        'Share',
        'People of both / known people with touchpoints of the channel',
        'people_both',
        'channel_people',
      ),
    ].map((measure) => ({ ...measure, additive: false })),
    caveat:
      'Only people whom touchpoints name: of a channel that knows nobody, such as paper without a name, nothing is seen',
    privacy: { ...OF_PEOPLE, whole: overlapShown },
  },
];

/** Rows are lengths: how many touchpoints or days two of them have together would tell how many purchases each is of. */
function mergedLengths(rows: readonly KpiRow[]): KpiRow {
  const merged = mergeBy({ constant: ['purchases_of_all'], atLeast: ['people'] })(rows);
  return { ...merged, touchpoints_in_all: null, days_in_all: null };
}

function withHelp(row: KpiRow): KpiRow {
  const closed = Number(row.last_purchases ?? 0) + Number(row.only_purchases ?? 0);
  return { ...row, closed, helped: Number(row.purchases ?? 0) - closed };
}
