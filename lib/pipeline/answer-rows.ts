import { type Kpi, LONG_PERIODS, type Measure, PERIODS } from '../domain/kpi.ts';
import { currencyExponent } from '../domain/money.ts';
import type { Row } from '../ports.ts';
import type { KpiAnswer } from './kpi-answer.ts';

/** What stands in an answer's rows, in their order. */
export function columnsOf(kpi: Kpi, by: string, rows: readonly Row[]): KpiAnswer['columns'] {
  const text = (name: string, title: string) => ({
    name,
    title,
    unit: 'text' as const,
    definition: title,
    is_detail: false,
  });
  const hasCurrency = rows.some((row) => row.currency != null);
  return [
    ...(kpi.hasModel ? [text('model', 'Model')] : []),
    ...kpi.texts.map((name) => text(name, inWords(name))),
    text('label', by === 'all' ? 'What' : inWords(by)),
    ...(hasCurrency ? [text('currency', 'Currency')] : []),
    ...kpi.measures.map(({ name, title, unit, definition, isDetail = false }) => ({
      name,
      title,
      unit,
      definition,
      is_detail: isDetail,
    })),
    ...(kpi.remarks ?? []).map((name) => text(name, inWords(name))),
  ];
}

/** By size, as the query gives them; periods in the order of time. */
export function inOrder(rows: Row[], by: string): Row[] {
  if (!([...PERIODS, ...LONG_PERIODS] as string[]).includes(by)) return rows;
  // Rows that stand for several periods begin with a bracket and come last.
  const label = (row: Row) => String(row.label).replace(/^\(/, '~(');
  const place = (row: Row) => `${row.model ?? ''}|${label(row)}|${row.currency ?? ''}`;
  return rows.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}

const inWords = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');

/** A row of the query as people read it: ratios made of its sums, money in major units. */
export function answerRow(kpi: Kpi, row: Row): KpiAnswer['rows'][number] {
  const currency = row.currency == null ? null : String(row.currency);
  const exponent = currency === null ? 2 : (currencyExponent(currency) ?? 2);
  const answer: KpiAnswer['rows'][number] = {};
  const text = (name: string) => (row[name] == null ? null : String(row[name]));
  if (kpi.hasModel) answer.model = text('model');
  for (const name of kpi.texts) answer[name] = text(name);
  answer.label = row.label == null ? null : String(row.label);
  if (currency !== null) answer.currency = currency;
  for (const measure of kpi.measures) answer[measure.name] = measured(measure, row, exponent);
  for (const name of kpi.remarks ?? []) answer[name] = text(name);
  return answer;
}

function measured({ of, unit: stated }: Measure, row: Row, exponent: number): number | null {
  const unit = stated === 'by_row' ? (row.unit as Measure['unit']) : stated;
  const sum = (name: string) => (row[name] == null ? null : Number(row[name]));
  if (typeof of === 'string') return scaled(sum(of), unit, exponent);
  const over = sum(of.over);
  const under = of.under === 'credit_billionths' ? scaled(sum(of.under), 'credit', exponent) : sum(of.under);
  if (over === null || under === null || under === 0 || (of.noneOfNothing && over === 0)) return null;
  if (unit === 'money') return scaled(Math.round(over / under), unit, exponent);
  return Number((over / under).toFixed(6));
}

/** Minor units to major, billionths to purchases. */
function scaled(value: number | null, unit: Measure['unit'], exponent: number): number | null {
  if (value === null) return null;
  if (unit === 'money') return Number((value / 10 ** exponent).toFixed(exponent));
  return unit === 'credit' ? value / 1e9 : value;
}
