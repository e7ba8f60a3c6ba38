import { costRateProblem } from '../domain/economics/cost-rate.ts';
import { targetProblem } from '../domain/targets/target-row.ts';

/** Checks of whole rows, by seed: what no cell shows by itself. Each says why a row cannot be, or null. */
const CHECKS: Readonly<Record<string, (cells: Readonly<Record<string, string>>) => string | null>> = {
  cost_rates: costRateProblem,
  targets: targetProblem,
};

export const rowProblem = (
  seed: string,
  columns: readonly { name: string }[],
  row: readonly string[],
): string | null =>
  CHECKS[seed]?.(Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? '']))) ?? null;
