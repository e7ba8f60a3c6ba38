import { COMPARISONS, type Comparison } from '../domain/comparison-period.ts';
import { isDay } from '../domain/instant.ts';
import type { Filter, Kpi } from '../domain/kpi.ts';
import type { BuildManifest, Cell, Row } from '../ports.ts';
import { AUDIENCES, type Audience, periodProblem } from './audience.ts';

export interface KpiQuestion {
  kpi: string;
  from?: string | undefined;
  to?: string | undefined;
  model?: string | undefined;
  by?: string | undefined;
  /** Values by the name of the filter. */
  filters?: Readonly<Record<string, string>> | undefined;
  /** Who reads the answer: inside (the default) or outside the company. */
  audience?: string | undefined;
  /** The period that each row is set beside: previous_period or previous_year. Needs both `from` and `to`. */
  compare?: string | undefined;
  /** How many rows to give, 1 to 100,000, after leaving out the first `offset`; without it all of them. */
  limit?: number | undefined;
  offset?: number | undefined;
}

/** The most rows of one answer that asks for a part of them. */
export const MOST_ROWS = 100_000;
const LONGEST_TEXT = 200;

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

/** The published build was made before the question was possible: it lacks tables that are read now. */
export class OldBuild extends Error {
  constructor(kpi: string, missing: readonly string[]) {
    super(
      `The published build is of an earlier version: ${kpi} reads ${missing.join(', ')}, which it does not have. Run ropo build`,
    );
  }
}

/** Those of some tables that a build does not have. */
export function tablesLacking(reads: readonly string[], { manifest }: Published): string[] {
  const made = new Set(manifest.tables.map(({ name }) => name));
  return reads.filter((name) => !made.has(name));
}

/** Who reads the answer; some rows do not leave the company. */
export function audienceOf(
  { audience = 'inside' }: KpiQuestion,
  { name, privacy }: Kpi,
  by: string,
): Audience {
  const known = AUDIENCES.find((one) => one === audience);
  if (!known) throw new BadQuestion('audience', audience, AUDIENCES);
  if (known === 'outside' && privacy.describes === 'records' && privacy.insideOnly?.includes(by))
    throw new BadQuestion('by', by, [`something else: rows of ${name} by ${by} do not leave the company`]);
  // The weeks of a period and its months together would tell the days between the end of a month and of its week.
  if (known === 'outside' && privacy.describes === 'people' && by === 'week')
    throw new BadQuestion('by', by, [
      'day or month: outside the company periods are whole months, which cut weeks',
    ]);
  return known;
}

export function checkPeriod(kpi: Kpi, { from, to }: KpiQuestion, audience: Audience): void {
  for (const [field, value] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (value === undefined) continue;
    if (!kpi.hasPeriod) throw new BadQuestion(field, value, [`nothing: ${kpi.name} covers all time`]);
    if (!isDay(value)) throw new BadQuestion(field, value, ['a day such as 2025-03-31']);
    const problem =
      audience === 'outside' && kpi.privacy.describes === 'people' && periodProblem(field, value);
    if (problem)
      throw new BadQuestion(field, value, [`${problem}: outside the company periods are whole months`]);
  }
  if (from !== undefined && to !== undefined && from > to)
    throw new BadQuestion('from', from, [`a day not after to (${to})`]);
}

/** @param models the names of those that are enabled */
export function checkModel(kpi: Kpi, { model }: KpiQuestion, models: readonly string[]): void {
  if (model === undefined) return;
  if (!kpi.hasModel)
    throw new BadQuestion('model', model, [`nothing: ${kpi.name} does not depend on a model`]);
  if (!models.includes(model)) throw new BadQuestion('model', model, models);
}

/** What to compare with, or null. */
export function comparisonOf(kpi: Kpi, { compare, from, to }: KpiQuestion): Comparison | null {
  if (compare === undefined) return null;
  const kind = COMPARISONS.find((one) => one === compare);
  if (!kind) throw new BadQuestion('compare', compare, COMPARISONS);
  if (!kpi.hasPeriod) throw new BadQuestion('compare', compare, [`nothing: ${kpi.name} covers all time`]);
  if (from === undefined || to === undefined)
    throw new BadQuestion('compare', compare, ['used with both from and to: all time has nothing before it']);
  return kind;
}

/** Which rows are wanted. */
export function pageOf({ limit, offset }: KpiQuestion): { offset: number; limit: number } {
  const whole = (field: string, value: number | undefined, least: number, most: number) => {
    if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most))
      throw new BadQuestion(field, String(value), [`a whole number from ${least} to ${most}`]);
  };
  whole('limit', limit, 1, MOST_ROWS);
  whole('offset', offset, 0, 1_000_000_000);
  return { offset: offset ?? 0, limit: limit ?? Number.MAX_SAFE_INTEGER };
}

/** What each filter is set to, in the order of the query's parameters. */
export function filtersOf(kpi: Kpi, given: Readonly<Record<string, string>>): Record<string, string | null> {
  const filters = kpi.filters ?? [];
  for (const [name, value] of Object.entries(given)) {
    const filter = filters.find((one) => one.name === name);
    if (!filter)
      throw new BadQuestion(
        'filter',
        name,
        filters.length > 0 ? filters.map((one) => one.name) : [`nothing: ${kpi.name} has no filters`],
      );
    checkValue(filter, value);
  }
  return Object.fromEntries(
    filters.map((filter) => [
      filter.name,
      Object.hasOwn(given, filter.name) ? given[filter.name]! : (filter.default ?? null),
    ]),
  );
}

function checkValue({ name, values }: Filter, value: string): void {
  if (values !== null) {
    if (!values.includes(value)) throw new BadQuestion(name, value, values);
    return;
  }
  const isText = value.length > 0 && value.length <= LONGEST_TEXT && !/\p{Cc}/u.test(value);
  if (!isText)
    throw new BadQuestion(name, value.slice(0, LONGEST_TEXT), [
      `a text of 1 to ${LONGEST_TEXT} characters without control characters`,
    ]);
}
