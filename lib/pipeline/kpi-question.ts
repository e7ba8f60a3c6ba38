import { isDay } from '../domain/instant.ts';
import type { Kpi } from '../domain/kpi.ts';
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

export async function checkModel(kpi: Kpi, { model }: KpiQuestion, published: Published): Promise<void> {
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
    if (!filter.values.includes(value)) throw new BadQuestion(name, value, filter.values);
  }
  return Object.fromEntries(
    filters.map((filter) => [
      filter.name,
      Object.hasOwn(given, filter.name) ? given[filter.name]! : (filter.default ?? null),
    ]),
  );
}
