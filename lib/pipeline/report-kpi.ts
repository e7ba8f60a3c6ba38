import { isDay } from '../domain/instant.ts';
import { type Kpi, LONG_PERIODS, type Measure, PERIODS } from '../domain/kpi.ts';
import { KPIS, kpiNamed } from '../domain/kpi-catalogue.ts';
import { currencyExponent } from '../domain/money.ts';
import type { BuildManifest, Cell, Row } from '../ports.ts';
import { readSqlFolder } from './sql-files.ts';

export interface KpiQuestion {
  kpi: string;
  from?: string | undefined;
  to?: string | undefined;
  model?: string | undefined;
  by?: string | undefined;
  /** Values by the name of the filter. */
  filters?: Readonly<Record<string, string>> | undefined;
}

/** A KPI's rows with all that a reader needs to use them. Money is in major units of the row's currency. */
export interface KpiAnswer {
  kpi: string;
  title: string;
  definition: string;
  caveat: string | null;
  /** What the shop's data is, where it is not real: shown with every number. */
  data_label: string | null;
  period: { from: string | null; to: string | null; zone: string };
  model: string | null;
  by: string;
  /** What each of the KPI's filters is set to; null where nothing is left out. */
  filters: Record<string, string | null>;
  build_id: string;
  built_at: string;
  settings_hash: string;
  columns: {
    name: string;
    title: string;
    unit: Measure['unit'];
    definition: string;
    /** Whether tables for people leave it out. */
    is_detail: boolean;
  }[];
  rows: Record<string, string | number | null>[];
}

/** Read-only access to one published build. */
export interface Published {
  manifest: BuildManifest;
  query(select: string, parameters?: readonly Cell[]): Promise<Row[]>;
}

/** A question that cannot be answered: names the field, its value and what is allowed. */
export class BadQuestion extends Error {
  readonly field: string;
  readonly value: string;
  readonly allowed: readonly string[];
  constructor(field: string, value: string, allowed: readonly string[]) {
    super(`${field} "${value}" is not possible here; it can be ${allowed.join(', ')}`);
    this.field = field;
    this.value = value;
    this.allowed = allowed;
  }
}

const queries = new Map(readSqlFolder('queries').map((file) => [file.name, file.select]));

/**
 * Answers a question about one KPI from the published build. Every value goes into the query as a parameter.
 * @throws BadQuestion naming the field that does not fit
 */
export async function reportKpi(published: Published, question: KpiQuestion): Promise<KpiAnswer> {
  const kpi = kpiNamed(question.kpi);
  if (!kpi)
    throw new BadQuestion(
      'kpi',
      question.kpi,
      KPIS.map(({ name }) => name),
    );
  const by = question.by ?? kpi.groupings[0]!;
  if (!kpi.groupings.includes(by)) throw new BadQuestion('by', by, kpi.groupings);
  checkPeriod(kpi, question);
  await checkModel(kpi, question, published);
  const filters = filtersOf(kpi, question.filters ?? {});
  const sums = await published.query(queries.get(kpi.name)!, [
    question.from ?? null,
    question.to ?? null,
    question.model ?? null,
    by,
    ...Object.values(filters),
  ]);
  const rows = kpi.estimate ? kpi.estimate(sums) : sums;
  const [settings] = await published.query(
    "SELECT s.reporting_zone, (SELECT max(value) FROM seed_settings WHERE name = 'data_label') AS data_label FROM settings s",
  );
  return {
    kpi: kpi.name,
    title: kpi.title,
    definition: kpi.definition,
    caveat: kpi.caveat ?? null,
    data_label: (settings?.data_label as string | null) ?? null,
    period: { from: question.from ?? null, to: question.to ?? null, zone: String(settings?.reporting_zone) },
    model: question.model ?? null,
    by,
    filters,
    build_id: published.manifest.build_id,
    built_at: published.manifest.built_at,
    settings_hash: published.manifest.settings_hash,
    columns: columnsOf(kpi, by, rows),
    rows: inOrder(rows, by).map((row) => answerRow(kpi, row)),
  };
}

function checkPeriod(kpi: Kpi, { from, to }: KpiQuestion): void {
  for (const [field, value] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (value === undefined) continue;
    if (!kpi.hasPeriod) throw new BadQuestion(field, value, [`nothing: ${kpi.name} covers all time`]);
    if (!isDay(value)) throw new BadQuestion(field, value, ['a day such as 2025-03-31']);
  }
  if (from !== undefined && to !== undefined && from > to)
    throw new BadQuestion('from', from, [`a day not after to (${to})`]);
}

async function checkModel(kpi: Kpi, { model }: KpiQuestion, published: Published): Promise<void> {
  if (model === undefined) return;
  if (!kpi.hasModel)
    throw new BadQuestion('model', model, [`nothing: ${kpi.name} does not depend on a model`]);
  const models = await published.query(
    'SELECT model FROM seed_attribution_models WHERE is_enabled ORDER BY model',
  );
  const names = models.map((row) => String(row.model));
  if (!names.includes(model)) throw new BadQuestion('model', model, names);
}

/** What each filter is set to, in the order of the query's parameters. */
function filtersOf(kpi: Kpi, given: Readonly<Record<string, string>>): Record<string, string | null> {
  const filters = kpi.filters ?? [];
  for (const [name, value] of Object.entries(given)) {
    const filter = filters.find((one) => one.name === name);
    if (!filter)
      throw new BadQuestion(
        'filter',
        name,
        filters.length > 0 ? filters.map((one) => one.name) : [`nothing: ${kpi.name} has no filters`],
      );
    if (!filter.values.includes(value)) throw new BadQuestion(name, value, filter.values);
  }
  return Object.fromEntries(
    filters.map((filter) => [
      filter.name,
      Object.hasOwn(given, filter.name) ? given[filter.name]! : (filter.default ?? null),
    ]),
  );
}

function columnsOf(kpi: Kpi, by: string, rows: readonly Row[]): KpiAnswer['columns'] {
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
function inOrder(rows: Row[], by: string): Row[] {
  if (!([...PERIODS, ...LONG_PERIODS] as string[]).includes(by)) return rows;
  const place = (row: Row) => `${row.model ?? ''}|${row.label}|${row.currency ?? ''}`;
  return rows.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}

const inWords = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');

function answerRow(kpi: Kpi, row: Row): KpiAnswer['rows'][number] {
  const currency = row.currency == null ? null : String(row.currency);
  const exponent = currency === null ? 2 : (currencyExponent(currency) ?? 2);
  const answer: KpiAnswer['rows'][number] = {};
  if (kpi.hasModel) answer.model = String(row.model);
  const text = (name: string) => (row[name] == null ? null : String(row[name]));
  for (const name of kpi.texts) answer[name] = text(name);
  answer.label = row.label == null ? null : String(row.label);
  if (currency !== null) answer.currency = currency;
  for (const measure of kpi.measures) answer[measure.name] = measured(measure, row, exponent);
  for (const name of kpi.remarks ?? []) answer[name] = text(name);
  return answer;
}

function measured({ of, unit }: Measure, row: Row, exponent: number): number | null {
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
