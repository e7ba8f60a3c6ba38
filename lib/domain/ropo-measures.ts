import { EVIDENCE_STRENGTHS, IDENTIFIED_BY } from './identifier.ts';
import type { Filter, Measure, Unit } from './kpi.ts';

/** What the ROPO KPIs have in common: filters, and shares beside what chance gives and how sure they are. */

/** A measure that is a column of its name unless said otherwise. */
export const figure = (
  name: string,
  unit: Unit,
  title: string,
  definition: string,
  of: Measure['of'] = name,
): Measure => ({
  name,
  title,
  unit,
  definition,
  of,
});

export const ITEM_LEVELS = ['category', 'product', 'sku'];
export const level = (values: readonly string[]): Filter => ({
  name: 'level',
  definition: 'How alike the product that was viewed and the one that was bought are',
  values,
  default: 'category',
});
export const EVIDENCE: readonly Filter[] = [
  { name: 'identified_by', definition: 'Only lines whose buyer this key linked', values: IDENTIFIED_BY },
  {
    name: 'evidence_strength',
    definition: 'Only lines whose buyer is known by a key of this strength',
    values: EVIDENCE_STRENGTHS,
  },
];
export const WEIGHT: Filter = {
  name: 'weight',
  definition: 'What a line weighs: its revenue net of returns, or one',
  values: ['revenue', 'lines'],
  default: 'revenue',
};

export const NAIVE =
  'Part of testable lines whose person had viewed it online before, inside the window: chance included';
const PLACEBO =
  "Part that the own-basket placebo finds: the item of another receipt of the same person in the line's place";
export const CORRECTED = 'Naive with chance taken out: (naive - chance) / (1 - chance)';

/** Shares of a cell, each beside what chance alone gives. */
export const SHARES: readonly Measure[] = [
  figure(
    'persons',
    'count',
    'Persons',
    'Persons with testable lines: known, repeat buyers unless asked otherwise, a whole window into the clickstream',
  ),
  figure('naive_share', 'share', 'Naive', NAIVE),
  figure('placebo_share', 'share', 'Chance', PLACEBO),
  figure(
    'corrected_share',
    'share',
    'Corrected',
    `${CORRECTED}; none where the placebos contradict each other`,
  ),
  figure(
    'corrected_low',
    'share',
    'from',
    'Lower end of its 95% interval, each person one observation; of the band of all placebos where they contradict',
  ),
  figure('corrected_high', 'share', 'to', 'Upper end of the same'),
];
export const BRACKET: readonly Measure[] = [
  {
    ...figure(
      'own_basket_share',
      'share',
      'By own basket',
      'Corrected by items of other receipts of the same person',
    ),
    isDetail: true,
  },
  { ...figure('own_basket_low', 'share', 'from', 'Lower bound of its own 95% interval'), isDetail: true },
  { ...figure('own_basket_high', 'share', 'to', 'Upper bound of its own 95% interval'), isDetail: true },
  figure(
    'week_shift_share',
    'share',
    'By week shift',
    'Corrected by purchases moved some weeks back and ahead',
  ),
  figure(
    'mirror_share',
    'share',
    'By mirror',
    'Corrected by the days after the purchase, without 48 hours and the SKU bought',
  ),
  figure(
    'q_value',
    'ratio',
    'q',
    'Chance of such a share without research, adjusted for all rows (Benjamini and Hochberg)',
  ),
];

export const ASSOCIATION = 'Association, not proof that the site caused the sale';
