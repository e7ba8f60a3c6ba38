import type { Kpi } from './kpi.ts';
import { sum } from './measures.ts';

const DATA_FRESHNESS: Kpi = {
  name: 'data-freshness',
  title: 'Data freshness',
  definition:
    "How far the data of each source reach and whether it still delivers, by its own rhythm and on the data's own clock: the last whole day of any source",
  groupings: ['source'],
  hasModel: false,
  hasPeriod: false,
  texts: [],
  remarks: ['last_at', 'complete_through', 'status'],
  measures: [
    sum(
      'records',
      'count',
      'Records',
      'Records of all time; receipts, orders and refunds count as documents',
    ),
    sum('silent_days', 'days', 'Silent', 'Days without a record up to the last whole day of the shop'),
    sum(
      'longest_gap_days',
      'days',
      'Usual at most',
      'Days from one day with records to the next, 99 times in 100 no more; none with fewer than five such gaps',
    ),
  ],
  caveat:
    'Late is silent for longer than usual at most, stopped for more than two days longer. Late records of a day that looks whole cannot be foreseen',
  privacy: { describes: 'records', why: 'It counts records by their source, whoever they are of' },
};

export const FRESHNESS_KPIS: readonly Kpi[] = [DATA_FRESHNESS];
