import type { KpiRow } from '../kpi.ts';

/** The steps of the cascade in order, each with the column of its cost. */
const STEPS = [
  { name: 'cm1', costs: ['goods_minor'] },
  { name: 'cm2', costs: ['variable_minor'] },
  { name: 'cm3', costs: ['spend_minor'] },
  { name: 'cm4', costs: ['downstream_minor', 'reserve_minor'] },
  { name: 'result', costs: ['fixed_minor'] },
] as const;

const count = (row: KpiRow, name: string) => Number(row[name] ?? 0);

/**
 * Margins of each row from revenue and costs, in minor units; `turns`, the first step that is a loss; and `withheld`, what
 * is not in the figures because nothing was stated of it.
 */
export function withMargins(rows: readonly KpiRow[]): KpiRow[] {
  return rows.map((row) => {
    const margins: KpiRow = {};
    let left = count(row, 'revenue_minor');
    let turns = '';
    for (const { name, costs } of STEPS) {
      for (const cost of costs) left -= count(row, cost);
      margins[`${name}_minor`] = left;
      if (left < 0 && turns === '') turns = `loss from ${name}`;
    }
    return { ...row, ...margins, turns, withheld: withheldOf(row) };
  });
}

function withheldOf(row: KpiRow): string {
  const unstated = ['variable', 'downstream', 'fixed'].filter((stage) => count(row, `${stage}_rates`) === 0);
  const of = (name: string) => count(row, name) / count(row, 'sold_minor');
  const percent = (share: number) => `${(100 * share).toFixed(1)}% of sales`;
  const parts = [];
  if (unstated.length > 0) parts.push(`no rate stated for ${unstated.join(', ')} cost`);
  if (count(row, 'sold_minor') > 0) {
    if (count(row, 'uncosted_minor') !== 0)
      parts.push(`cost of goods unknown for ${percent(of('uncosted_minor'))}`);
    if (count(row, 'estimated_minor') !== 0)
      parts.push(`cost of goods by rate for ${percent(of('estimated_minor'))}`);
  }
  return parts.join('; ');
}
