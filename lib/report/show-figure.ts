import { currencyExponent } from '../domain/money.ts';
import type { Exclusion, FigureExplanation } from '../pipeline/explain-figure.ts';
import { cellText, kpiTable, type ReportFormat, suppressedText } from './show-kpi.ts';
import { printable, type TextColumn, textTable } from './text-table.ts';

const left = (title: string): TextColumn => ({ title, align: 'left' });
const right = (title: string): TextColumn => ({ title, align: 'right' });

/** How figures are made, for people; as JSON with the SQL of every table behind them. */
export function showFigure(why: FigureExplanation, format: ReportFormat | 'svg'): string {
  if (format === 'json') return JSON.stringify(why, null, 2);
  const { kpi, answer, rows, sql, parameters, tables, excluded } = why;
  return [
    `${kpi.title}: ${kpi.definition}.`,
    ...(kpi.caveat ? [`${kpi.caveat}.`] : []),
    '',
    kpiTable({ ...answer, rows: rows.slice(0, 10) }),
    ...(rows.length > 10 ? [`... and ${rows.length - 10} more rows`] : []),
    '',
    'How each figure is made',
    textTable(
      [left('figure'), left('unit'), left('formula'), left('adds up'), left('without a denominator')],
      kpi.measures.map(({ title, unit, formula, is_additive, of_nothing }) => [
        title,
        unit,
        formula,
        is_additive ? 'yes' : 'no',
        of_nothing ?? '-',
      ]),
    ),
    '',
    'What did not count, in the whole build',
    excluded.length === 0
      ? '(nothing)'
      : textTable(
          [left('of'), left('where'), left('reason'), right('records'), right('revenue')],
          [...excluded.map(exclusionCells)],
        ),
    ...(answer.suppressed_rows > 0 ? ['', `Note: ${suppressedText(answer)}.`] : []),
    '',
    'Tables behind it, the nearest first',
    textTable(
      [left('table'), right('rows'), left('what a row is')],
      tables.map(({ name, rows: count, grain }) => [
        name,
        cellText(count, 'count', ''),
        printable(grain, 90),
      ]),
    ),
    '',
    `The SQL, with ${parameters.map(({ name, value }) => `${name} = ${value === null ? 'none' : printable(String(value))}`).join(', ')}`,
    sql,
    '',
    `Build ${answer.build_id}, settings ${answer.settings_hash}, identity graph ${answer.identity?.graph_version ?? 'none'}, data complete through ${answer.data_complete_through ?? 'unknown'}. With --format json also the SQL of every table behind it.`,
  ].join('\n');
}

function exclusionCells({ of, bucket, reason, records, revenue, currency }: Exclusion): string[] {
  const money =
    revenue === null || currency === null
      ? '-'
      : `${revenue.toLocaleString('en-US', { minimumFractionDigits: currencyExponent(currency) ?? 2 })} ${currency}`;
  return [of, bucket, printable(reason.replaceAll('_', ' ')), cellText(records, 'count', ''), money];
}
