import type { Measure } from '../kpi.ts';
import { sum } from '../measures.ts';

const bound = (side: 'low' | 'high', title: string, definition: string): Measure => ({
  ...sum(`expected_purchases_12m_${side}`, 'credit', title, definition, `expected_${side}_billionths`),
  isDetail: true,
});

/** The interval of `expected_purchases_12m`, of the sums that `customerGroupRows` makes. */
export const EXPECTED_BOUNDS: readonly Measure[] = [
  bound(
    'low',
    'Expected from',
    'Lower bound of the interval of what they will bring: what the fit leaves open, and chance',
  ),
  bound('high', 'Expected to', 'Upper bound of the same'),
];
