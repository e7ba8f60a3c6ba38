import type { KpiRow } from './kpi.ts';
import { addedUp, type Suppressed, suppress } from './suppression.ts';

/**
 * Small stages of a funnel. Each stage holds those after it, so that a stage follows from the one before, less what ended
 * there, and the last one from what any stage says of purchases. So from the first stage of too few people on the funnel is
 * not shown, nor what the stages before tell of it.
 * @param rows with label, journeys, ended_here, purchases and people; the largest stage comes first
 */
export function funnelShown(rows: readonly KpiRow[], least: number): Suppressed {
  const stages = rows.toSorted((a, b) => Number(b.journeys) - Number(a.journeys));
  const end = stages.findIndex(({ people }) => Number(people ?? 0) > 0 && Number(people) < least);
  if (end < 0) return { rows: [...rows], hidden: [], suppressed: 0 };
  const shown = stages.slice(0, end).map((row, at) => ({
    ...row,
    purchases: null,
    ...(at === end - 1 ? { ended_here: null } : {}),
  }));
  return { rows: shown, hidden: [], suppressed: rows.length - end };
}

const FUNNEL: ReadonlySet<string> = new Set([
  'product_viewed',
  'product_added',
  'checkout_started',
  'purchase',
]);

/** Small cells of drop-off: of channels, which are groups, or of the stages of the funnel. */
export function dropOffShown(rows: readonly KpiRow[], least: number): Suppressed {
  if (rows.every(({ label }) => FUNNEL.has(String(label)))) return funnelShown(rows, least);
  return suppress(rows, { describes: 'people', persons: ['people'], merge: addedUp('people') }, least);
}
