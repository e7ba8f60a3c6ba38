import { type Kpi, LONG_PERIODS, type Measure, PERIODS } from '../domain/kpi.ts';
import { KPIS, kpiNamed } from '../domain/kpi-catalogue.ts';
import { currencyExponent } from '../domain/money.ts';
import type { Row } from '../ports.ts';
import { type Audience, hiddenRow, LEAST_SETTING, rowsFor } from './audience.ts';
import {
  audienceOf,
  BadQuestion,
  checkModel,
  checkPeriod,
  filtersOf,
  type KpiQuestion,
  type Published,
} from './kpi-question.ts';
import { readSqlFolder } from './sql-files.ts';

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
  audience: Audience;
  /** Rows of fewer known people are not shown; of KPIs that are not about people, all are. */
  min_persons: number;
  /** Rows that are not shown as they were: one with others, or not at all. */
  suppressed_rows: number;
  /** Which identity graph the figures stand on; null for a build that has none. */
  identity: { graph_version: string; stitching: string } | null;
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

export { BadQuestion, type KpiQuestion, type Published } from './kpi-question.ts';

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
  const audience = audienceOf(question, kpi, by);
  checkPeriod(kpi, question, audience);
  await checkModel(kpi, question, published);
  const filters = filtersOf(kpi, question.filters ?? {});
  const sums = await published.query(queries.get(kpi.name)!, [
    question.from ?? null,
    question.to ?? null,
    question.model ?? null,
    by,
    ...Object.values(filters),
  ]);
  const settings = await settingsOf(published, audience);
  const { rows: shown, hidden, suppressed } = rowsFor(kpi, sums, settings.least);
  const rows = [
    ...(kpi.estimate ? kpi.estimate(shown) : shown),
    ...hidden.map((currency) => hiddenRow(kpi, currency, settings.least)),
  ];
  return {
    kpi: kpi.name,
    title: kpi.title,
    definition: kpi.definition,
    caveat: kpi.caveat ?? null,
    data_label: settings.dataLabel,
    period: { from: question.from ?? null, to: question.to ?? null, zone: settings.zone },
    model: question.model ?? null,
    by,
    filters,
    audience,
    min_persons: settings.least,
    suppressed_rows: suppressed,
    identity: await identityOf(published),
    build_id: published.manifest.build_id,
    built_at: published.manifest.built_at,
    settings_hash: published.manifest.settings_hash,
    columns: columnsOf(kpi, by, rows),
    rows: inOrder(rows, by).map((row) => answerRow(kpi, row)),
  };
}

async function settingsOf(published: Published, audience: Audience) {
  const [row] = await published.query(
    `SELECT
       s.reporting_zone,
       (SELECT max(value) FROM seed_settings WHERE name = 'data_label') AS data_label,
       (SELECT max(value) FROM seed_settings WHERE name = ?) AS least
     FROM settings s`,
    [LEAST_SETTING[audience]],
  );
  return {
    zone: String(row?.reporting_zone),
    dataLabel: (row?.data_label as string | null) ?? null,
    least: Number(row?.least ?? LEAST_WITHOUT_SETTING[audience]),
  };
}

/** Builds that were made before there was a setting. */
const LEAST_WITHOUT_SETTING = { inside: 10, outside: 50 };

async function identityOf(published: Published): Promise<KpiAnswer['identity']> {
  if (!published.manifest.tables.some(({ name }) => name === 'identity_graph')) return null;
  const [graph] = await published.query('SELECT graph_version, stitching FROM identity_graph');
  return graph ? { graph_version: String(graph.graph_version), stitching: String(graph.stitching) } : null;
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
  // Rows that stand for several periods begin with a bracket and come last.
  const label = (row: Row) => String(row.label).replace(/^\(/, '~(');
  const place = (row: Row) => `${row.model ?? ''}|${label(row)}|${row.currency ?? ''}`;
  return rows.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}

const inWords = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('_', ' ');

function answerRow(kpi: Kpi, row: Row): KpiAnswer['rows'][number] {
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
