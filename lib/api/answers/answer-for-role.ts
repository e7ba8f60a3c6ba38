import { kpiNamed } from '../../domain/kpi-catalogue.ts';
import type { KpiAnswer } from '../../pipeline/kpi-answer.ts';
import { hasRowsOfFigures, hiddenColumns, mayReadRow, ROLES, type RoleName } from '../roles.ts';

type Page = { limit?: number | undefined; offset?: number | undefined };

/** Whether a role's rows can be told only once all are there, so that the page is cut here. */
export const pagesAfterwards = (role: RoleName, kpi: string) =>
  ROLES[role].without.length > 0 && hasRowsOfFigures(kpi);

/** An answer as a role may see it: without the columns that it may not see, and without rows of such figures. */
export function answerFor(role: RoleName, answer: KpiAnswer, { limit, offset = 0 }: Page): KpiAnswer {
  if (ROLES[role].without.length === 0) return answer;
  const hidden = hiddenColumns(role, kpiNamed(answer.kpi)!);
  const columns = answer.columns.filter(({ name }) => !hidden.has(name));
  const seen = answer.rows
    .filter((row) => mayReadRow(role, answer.kpi, row))
    .map((row) => without(row, hidden));
  if (!pagesAfterwards(role, answer.kpi)) return { ...answer, columns, rows: seen };
  const rows = seen.slice(offset, offset + (limit ?? seen.length));
  return { ...answer, columns, rows, page: { offset, limit: limit ?? rows.length, rows: seen.length } };
}

const without = (row: KpiAnswer['rows'][number], names: ReadonlySet<string>) =>
  names.size === 0 ? row : Object.fromEntries(Object.entries(row).filter(([name]) => !names.has(name)));
