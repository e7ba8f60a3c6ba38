import { type Kpi, LONG_PERIODS, type Measure, PERIODS, type Unit } from './kpi.ts';
import { addedUp } from './suppression.ts';

const sum = (
  name: string,
  title: string,
  definition: string,
  of = `${name}_minor`,
  unit: Unit = 'money',
): Measure => ({ name, title, unit, definition, of });

export const RETURNS_KPIS: readonly Kpi[] = [
  {
    name: 'returns',
    title: 'Returns',
    definition:
      'What was sold and what of it came back, by the day of the purchase and by the day of the return; both views come to the same over all time',
    groupings: [
      'store',
      'region',
      'category',
      'channel_of_purchase',
      'traced_by',
      'reason',
      ...PERIODS,
      ...LONG_PERIODS,
      'all',
    ],
    hasModel: false,
    hasPeriod: true,
    texts: [],
    measures: [
      sum('sold', 'Sold', 'Merchandise revenue of purchases, on the day of the purchase'),
      sum(
        'returned_by_purchase_date',
        'Returned, by purchase date',
        'Given back of purchases, on the day and in the store of the purchase (accrual)',
      ),
      sum(
        'returned_by_return_date',
        'Returned, by return date',
        'Given back of purchases, on the day and in the store of the return (cash)',
      ),
      sum('net_by_purchase_date', 'Net, by purchase date', 'Sold less returned by purchase date'),
      sum('net_by_return_date', 'Net, by return date', 'Sold less returned by return date'),
      {
        name: 'return_rate',
        title: 'Return rate',
        unit: 'share',
        definition: 'Part of what was sold that came back since: returned by purchase date / sold',
        of: { over: 'given_back_minor', under: 'sold_minor' },
      },
      sum(
        'orphaned',
        'Orphaned',
        'Given back without a purchase that is known, or beyond it, on the day of the return; in neither net. Grouping by reason says why',
      ),
      sum(
        'adjusted_by_purchase_date',
        'Adjusted, by purchase date',
        'The part of net by purchase date that changes days of a closed period',
      ),
      sum(
        'adjusted_by_return_date',
        'Adjusted, by return date',
        'The part of net by return date that changes days of a closed period',
      ),
    ],
    privacy: { describes: 'people', persons: ['people'], merge: addedUp('people') },
    caveat:
      'Closed periods keep their figures: what changes them is booked on the first open day, and listed in restatements',
  },
  {
    name: 'restatements',
    title: 'Restatements',
    definition:
      'What has become known about closed periods since, by cause and by the open day that it was booked on',
    groupings: ['closing', 'booked_on', 'booking', 'channel', 'store', 'all'],
    hasModel: false,
    hasPeriod: true,
    texts: ['measure', 'model', 'cause'],
    measures: [
      sum('amount', 'Amount', 'By how much the measure changes'),
      sum('restatements', 'Restatements', 'Rows of the log behind it', 'restatements', 'count'),
    ],
    privacy: {
      describes: 'records',
      why: 'It is the log of what changed in the books, which its readers check booking by booking',
      insideOnly: ['booking', 'booked_on', 'channel', 'store'],
    },
    caveat:
      'Measures are views of the same money, and models split the same credit: rows of different ones do not add up',
  },
];
