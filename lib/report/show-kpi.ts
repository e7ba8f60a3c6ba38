import type { Unit } from '../domain/kpi.ts';
import { currencyExponent } from '../domain/money.ts';
import { BEFORE } from '../pipeline/compare-answers.ts';
import type { KpiAnswer } from '../pipeline/report-kpi.ts';
import { csvText } from './csv.ts';
import { printable, textTable } from './text-table.ts';

export const FORMATS = ['table', 'json', 'csv'] as const;
export type ReportFormat = (typeof FORMATS)[number];

/** A KPI's answer for people (table), programs (json) or spreadsheets (csv). */
export function showKpi(answer: KpiAnswer, format: ReportFormat): string {
  if (format === 'json') return JSON.stringify(answer, null, 2);
  if (format === 'csv') {
    const names = answer.columns.map(({ name }) => name);
    const remarks = {
      data_label: answer.data_label,
      caveat: answer.caveat,
      suppressed: suppressedText(answer),
    };
    const said = Object.entries(remarks).filter(([, text]) => text !== null);
    return csvText(
      [...names, ...said.map(([name]) => name)],
      answer.rows.map((row) => [...names.map((name) => row[name] ?? null), ...said.map(([, text]) => text)]),
    );
  }
  return [
    heading(answer),
    '',
    kpiTable(answer),
    ...(answer.caveat ? ['', `Note: ${answer.caveat}.`] : []),
    ...(answer.suppressed_rows > 0 ? ['', `Note: ${suppressedText(answer)}.`] : []),
  ].join('\n');
}

/** Says that rows are not shown as they were; null where all are. */
export function suppressedText({
  suppressed_rows,
  min_persons,
}: Pick<KpiAnswer, 'suppressed_rows' | 'min_persons'>): string | null {
  if (suppressed_rows === 0) return null;
  const rows = suppressed_rows === 1 ? '1 row is' : `${suppressed_rows} rows are`;
  return `${rows} shown together with others or not at all, so that behind every row stand at least ${min_persons} people`;
}

export function heading({
  title,
  definition,
  data_label,
  period,
  model,
  filters,
  comparison,
  built_at,
}: KpiAnswer): string {
  const days = period.from || period.to ? `${period.from ?? 'start'} to ${period.to ?? 'end'}` : 'all time';
  const facts = [
    days,
    `days of the store's own zone, on the web of ${period.zone}`,
    ...(model ? [`model ${model}`] : []),
    ...Object.entries(filters).flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`])),
    ...(comparison ? [`before: ${comparison.from} to ${comparison.to}`] : []),
    `built ${built_at}`,
  ].join(', ');
  return `${data_label ? `[${data_label}] ` : ''}${title}: ${definition}.\n${facts}`;
}

export function kpiTable({ columns: all, rows, comparison }: KpiAnswer): string {
  const plain = new Set(all.filter((column) => !column.is_detail).map(({ name }) => name));
  // What is compared stands beside what it is compared with.
  const columns = all.flatMap((column) => {
    if (!plain.has(column.name)) return [];
    const before = comparison && all.find(({ name }) => name === `${column.name}${BEFORE}`);
    return before ? [column, before] : [column];
  });
  if (rows.length === 0) return '(nothing in this period)';
  return textTable(
    columns.map(({ title, unit }) => ({ title, align: unit === 'text' ? 'left' : 'right' })),
    rows.map((row) =>
      columns.map(({ name, unit }) =>
        cellText(
          row[name] ?? null,
          unit === 'by_row' ? (row.unit as Unit) : unit,
          String(row.currency ?? 'EUR'),
          SENTENCES.has(name) ? SENTENCE_WIDTH : undefined,
        ),
      ),
    ),
  );
}

/** Columns that may be sentences. */
const SENTENCES = new Set(['label', 'verdict', 'placebo', 'measured_as', 'assumptions']);
const SENTENCE_WIDTH = 160;

/** A value as people write it: thousands apart, money with its decimals, none as a dash. */
export function cellText(
  value: string | number | null,
  unit: Unit,
  currency: string,
  width?: number,
): string {
  if (value === null) return '-';
  if (typeof value === 'string') return printable(value, width);
  if (unit === 'share') return `${(value * 100).toFixed(1)}%`;
  const decimals =
    unit === 'money'
      ? (currencyExponent(currency) ?? 2)
      : unit === 'count'
        ? 0
        : unit === 'credit' || unit === 'days'
          ? 1
          : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}
