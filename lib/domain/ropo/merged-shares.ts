import { type Merge, mergeBy } from '../suppression.ts';

const ALIKE = ['min_persons', 'window_days', 'shift_days'];
const PERSONS = ['people', 'online_people', 'persons', 'clusters'];

/** Groups that each have lines of their own: all sums add up. */
const mergedGroups = mergeBy({ constant: ALIKE, atLeast: PERSONS, squares: ['xx', 'xy', 'yy'] });

/** Parts of one whole, which stands in every row: only what was found of each part adds up. */
const mergedParts = mergeBy({
  constant: [
    ...ALIKE,
    ...['all_lines', 'all_minor', 'identified_lines', 'identified_minor', 'buyers_minor', 'tested_lines'],
    ...['n', 'n_shift', 'n_mirror', 'y', 'yy', 'whole_c_shift', 'whole_c_mirror'],
  ],
  atLeast: PERSONS,
  squares: ['xx'],
});

/** Rows of sql/queries/ropo.sql, or another with its sums, made one. */
export const mergedShares: Merge = (rows) => (rows[0]?.is_part === true ? mergedParts : mergedGroups)(rows);
