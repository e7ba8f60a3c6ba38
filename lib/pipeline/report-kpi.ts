import { type Comparison, type DayRange, periodBefore } from '../domain/comparison-period.ts';
import type { Kpi } from '../domain/kpi.ts';
import { KPIS, kpiNamed } from '../domain/kpi-catalogue.ts';
import type { Cell } from '../ports.ts';
import { answerRow, columnsOf, inOrder } from './answer-rows.ts';
import { type Audience, hiddenRow, rowsFor } from './audience.ts';
import { type BuildFacts, factsOf } from './build-facts.ts';
import { besideBefore } from './compare-answers.ts';
import type { KpiAnswer } from './kpi-answer.ts';
import {
  audienceOf,
  BadQuestion,
  checkModel,
  checkPeriod,
  comparisonOf,
  filtersOf,
  type KpiQuestion,
  OldBuild,
  type Published,
  pageOf,
  tablesLacking,
} from './kpi-question.ts';
import { readSqlFolder } from './sql-files.ts';

export type { KpiAnswer } from './kpi-answer.ts';
export { BadQuestion, type KpiQuestion, OldBuild, type Published } from './kpi-question.ts';

const queries = new Map(readSqlFolder('queries').map((file) => [file.name, file]));

/** Tables that questions read and a build does not have: it was made by an earlier version. */
export const tablesMissing = (published: Published): string[] =>
  tablesLacking([...new Set(Array.from(queries.values(), ({ reads }) => reads).flat())], published);

interface Query {
  name: string;
  select: string;
  reads: readonly string[];
  parameters: Cell[];
}

interface Before {
  kind: Comparison;
  range: DayRange;
}

/** Tables that the answer to a KPI is read from. */
export const readsOf = ({ name, beside }: Kpi): readonly string[] => [
  ...new Set([name, ...(beside ? [beside.kpi] : [])].flatMap((query) => queries.get(query)!.reads)),
];

/** A question that can be answered, with all that the query needs. */
export interface CheckedQuestion {
  kpi: Kpi;
  by: string;
  audience: Audience;
  filters: Record<string, string | null>;
  /** The file of sql/queries, and the values of its parameters in order. */
  query: Query;
  /** The query of another KPI whose rows it stands beside. */
  figures: Query | null;
  /** The period that it is set beside. */
  before: Before | null;
  facts: BuildFacts;
}

/** @throws BadQuestion naming the field that does not fit */
export async function checkQuestion(published: Published, question: KpiQuestion): Promise<CheckedQuestion> {
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
  const facts = await factsOf(published);
  checkModel(kpi, question, [...facts.models.keys()]);
  const filters = filtersOf(kpi, question.filters ?? {});
  const { from = null, to = null, model = null } = question;
  const lacking = tablesLacking(readsOf(kpi), published);
  if (lacking.length > 0) throw new OldBuild(kpi.name, lacking);
  const kind = comparisonOf(kpi, question);
  const before = kind === null ? null : beforeOf(question, kind);
  const asked = [from, to, model, by, ...Object.values(filters)];
  const queryOf = (kpiName: string, parameters: Cell[]): Query => {
    const { name, select, reads } = queries.get(kpiName)!;
    return { name, select, reads, parameters };
  };
  return {
    kpi,
    by,
    audience,
    filters,
    query: queryOf(
      kpi.name,
      kpi.beside ? [...asked, before?.range.from ?? null, before?.range.to ?? null] : asked,
    ),
    figures: kpi.beside ? queryOf(kpi.beside.kpi, asked) : null,
    before,
    facts,
  };
}

function beforeOf({ from, to, compare }: KpiQuestion, kind: Comparison): Before {
  const now = { from: from!, to: to! };
  const range = periodBefore(now, kind);
  checkApart(compare!, now, range);
  return { kind, range };
}

/**
 * Answers a question about one KPI from the published build. Every value goes into the query as a parameter.
 * @throws BadQuestion naming the field that does not fit
 */
export async function reportKpi(published: Published, question: KpiQuestion): Promise<KpiAnswer> {
  const checked = await checkQuestion(published, question);
  const { offset, limit } = pageOf(question);
  let answer = await answerTo(published, question, checked);
  if (checked.before !== null) {
    const { kind, range } = checked.before;
    const earlier = { ...question, ...range, compare: undefined };
    const answerBefore = await answerTo(published, earlier, await checkQuestion(published, earlier));
    const periods = { now: { from: question.from!, to: question.to! }, before: range };
    answer = besideBefore(checked.kpi, answer, answerBefore, kind, periods);
  }
  const rows = answer.rows.slice(offset, offset + limit);
  const page = { offset, limit: question.limit ?? rows.length, rows: answer.rows.length };
  return { ...answer, page, rows };
}

/** Days of both periods would stand in both, and what only one of them has would be the difference. */
function checkApart(compare: string, now: DayRange, before: DayRange): void {
  if (before.to >= now.from)
    throw new BadQuestion('compare', compare, [
      'previous_period: of more than a year the year before has days in common',
    ]);
}

/** All rows of one period. */
async function answerTo(
  published: Published,
  question: KpiQuestion,
  { kpi: whole, by, audience, filters, query, figures, before, facts }: CheckedQuestion,
): Promise<KpiAnswer> {
  // What is of a change is there where one is asked for.
  const kpi =
    before === null ? { ...whole, measures: whole.measures.filter(({ ofChange }) => !ofChange) } : whole;
  const own = await published.query(query.select, query.parameters);
  const sums = figures
    ? kpi.beside!.join(await published.query(figures.select, figures.parameters), own)
    : own;
  const least = facts.least[audience];
  const { rows: shown, hidden, suppressed } = rowsFor(kpi, sums, least);
  const rows = [
    ...(kpi.estimate ? kpi.estimate(shown) : shown),
    ...hidden.map((currency) => hiddenRow(kpi, currency, least)),
  ];
  const { build_id, built_at, settings_hash } = published.manifest;
  return {
    kpi: kpi.name,
    title: kpi.title,
    definition: kpi.definition,
    caveat: kpi.caveat ?? null,
    data_label: facts.dataLabel,
    period: { from: question.from ?? null, to: question.to ?? null, zone: facts.zone },
    model: question.model ?? null,
    model_hash: question.model === undefined ? null : (facts.models.get(question.model) ?? null),
    by,
    filters,
    audience,
    min_persons: least,
    suppressed_rows: suppressed,
    comparison: null,
    data_complete_through: facts.dataCompleteThrough,
    identification: facts.identification,
    identity: facts.identity,
    build_id,
    built_at,
    settings_hash,
    page: { offset: 0, limit: rows.length, rows: rows.length },
    columns: columnsOf(kpi, by, rows),
    rows: inOrder(rows, by).map((row) => answerRow(kpi, row)),
  };
}
