import type { CascadeStep } from '../../charts/cascade.ts';
import type { Figures, Row } from '../../figures.ts';
import type { economicsWords } from '../../words/economics.ts';
import { numberIn, textIn } from '../cells.ts';

type Words = (typeof economicsWords)['en'];

/** From net revenue to the result: what is left, and what is taken off on the way. */
export const MARGIN_STEPS = [
  { name: 'net_revenue', kind: 'level' },
  { name: 'cost_of_goods', kind: 'less' },
  { name: 'cm1', kind: 'level' },
  { name: 'variable_cost', kind: 'less' },
  { name: 'cm2', kind: 'level' },
  { name: 'media_cost', kind: 'less' },
  { name: 'cm3', kind: 'level' },
  { name: 'downstream_cost', kind: 'less' },
  { name: 'reserve', kind: 'less' },
  { name: 'cm4', kind: 'level' },
  { name: 'fixed_cost', kind: 'less' },
  { name: 'result', kind: 'level' },
] as const;

/** The steps of one row as bars; a step without a figure is left out, and says why in the table. */
export function marginSteps(row: Row, words: Words, figures: Figures): CascadeStep[] {
  let hanging = 0;
  return MARGIN_STEPS.flatMap(({ name, kind }) => {
    const value = numberIn(row, name);
    if (value === null) return [];
    const from = kind === 'level' ? 0 : hanging;
    const to = kind === 'level' ? value : hanging - value;
    hanging = to;
    const title = words.steps[name] ?? name;
    const sign = kind === 'level' ? 1 : -1;
    const end =
      value === 0 ? figures.count(0) : figures.money(sign * value, textIn(row, 'currency'), { short: true });
    return [{ name: title, kind, from, to, end, tip: `${title}: ${end}` }];
  });
}

/** "loss from cm3" as the step's name; null where nothing turns. */
export function turnsAt(row: Row): string | null {
  return /^loss from (\w+)$/.exec(textIn(row, 'turns'))?.[1] ?? null;
}
