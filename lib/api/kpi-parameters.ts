import { type TSchema, Type } from '@sinclair/typebox';
import { COMPARISONS } from '../domain/comparison-period.ts';
import { isDay } from '../domain/instant.ts';
import type { Kpi } from '../domain/kpi.ts';
import { AUDIENCES } from '../pipeline/audience.ts';
import { type KpiQuestion, MOST_ROWS } from '../pipeline/kpi-question.ts';
import { Problem } from './problem.ts';

/** What an answer can be written as; the first is the default. */
export const ANSWER_FORMATS = ['json', 'csv', 'parquet'] as const;
export type AnswerFormat = (typeof ANSWER_FORMATS)[number];

export const Day = Type.String({ format: 'date' });
const LONGEST_TEXT = 200;
/** Any text without control characters; what is no whole character is none. */
export const FreeText = Type.String({
  minLength: 1,
  maxLength: LONGEST_TEXT,
  pattern: '^[^\\u0000-\\u001F\\u007F-\\u009F]+$',
});
export const oneOf = <const Value extends string>(values: readonly Value[]) =>
  Type.Unsafe<Value>({ type: 'string', enum: [...values] });

/** A query parameter: documentation and check are made from it. */
export interface Parameter {
  name: string;
  description: string;
  schema: TSchema & { enum?: readonly string[]; default?: unknown };
}

/** Years in which a shop can have sold something: what is outside is taken for a slip. */
const YEARS = { first: 1900, last: 2999 };

/**
 * What can be asked about a KPI.
 * @param models those that the shop has enabled; null where none is built, and any name may be right
 */
export function parametersOf(kpi: Kpi, models: readonly string[] | null): Parameter[] {
  return [
    ...(kpi.hasPeriod ? PERIOD : []),
    ...(kpi.hasModel
      ? [
          {
            name: 'model',
            description: 'Rows of this attribution model alone; without it, of each',
            schema: models === null || models.length === 0 ? FreeText : oneOf(models),
          },
        ]
      : []),
    {
      name: 'by',
      description: 'What a row is about',
      schema: { ...oneOf(kpi.groupings), default: kpi.groupings[0]! },
    },
    ...(kpi.filters ?? []).map(({ name, definition, values, default: usual }) => ({
      name,
      description: definition,
      schema: {
        ...(values === null ? FreeText : oneOf(values)),
        ...(usual === undefined ? {} : { default: usual }),
      },
    })),
    {
      name: 'audience',
      description:
        'Who reads the answer: outside the company rows need more people, and periods are whole months',
      schema: { ...oneOf(AUDIENCES), default: 'inside' },
    },
    ...PAGE,
    FORMAT,
  ];
}

const PERIOD: readonly Parameter[] = [
  { name: 'from', description: 'First day, in the zone of the answer', schema: Day },
  { name: 'to', description: 'Last day, counted too', schema: Day },
  {
    name: 'compare',
    description: 'Sets each row beside another period; needs from and to',
    schema: oneOf(COMPARISONS),
  },
];
const PAGE: readonly Parameter[] = [
  {
    name: 'limit',
    description: 'How many rows at most; without it all',
    schema: Type.Integer({ minimum: 1, maximum: MOST_ROWS }),
  },
  {
    name: 'offset',
    description: 'How many rows to leave out first',
    schema: Type.Integer({ minimum: 0, maximum: 1_000_000_000, default: 0 }),
  },
];
const FORMAT: Parameter = {
  name: 'format',
  description: 'What the answer is written as',
  schema: { ...oneOf(ANSWER_FORMATS), default: 'json' },
};

/** Parameters that say which rows are written and how, and nothing about the figures. */
const ABOUT_WRITING: readonly string[] = ['limit', 'offset', 'format', 'compare'];

/** What can be asked about how a KPI's figures were made. */
export const whyParametersOf = (kpi: Kpi, models: readonly string[] | null): Parameter[] => [
  ...parametersOf(kpi, models).filter(({ name }) => !ABOUT_WRITING.includes(name)),
  { name: 'label', description: 'The row that is meant, by its label; without it all', schema: FreeText },
];

export type ReadQuestion = KpiQuestion & { format: AnswerFormat };

/**
 * Reads the question of a request by the parameters that are possible. What is not given is what it stands for, so that
 * two ways to ask the same are one question.
 * @throws Problem naming field, value and what is allowed
 */
export function readQuestion(
  kpi: Kpi,
  query: URLSearchParams,
  parameters: readonly Parameter[],
): ReadQuestion {
  const given = readParameters(query, parameters);
  const filters = Object.fromEntries(
    (kpi.filters ?? []).flatMap(({ name, default: usual }) => {
      const value = given[name] ?? usual;
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const { from, to, model, by, audience, compare, limit, offset, format } = given;
  return {
    kpi: kpi.name,
    from,
    to,
    model,
    by: by ?? kpi.groupings[0],
    audience,
    compare,
    filters,
    limit: limit === undefined ? undefined : Number(limit),
    offset: Number(offset ?? 0),
    format: (format as AnswerFormat | undefined) ?? 'json',
  };
}

/** Values by name, each once and of its schema. */
export function readParameters(
  query: URLSearchParams,
  parameters: readonly Parameter[],
): Record<string, string | undefined> {
  const given: Record<string, string | undefined> = {};
  for (const [name, value] of query) {
    const parameter = parameters.find((one) => one.name === name);
    if (!parameter)
      throw new Problem('unknown-parameter', {
        detail: `There is no parameter "${name.slice(0, 80)}" here`,
        field: name.slice(0, 80),
        value,
        allowed: parameters.map((one) => one.name),
      });
    if (Object.hasOwn(given, name))
      throw new Problem('bad-parameter', {
        detail: `${name} is given more than once`,
        field: name,
        value: query.getAll(name).join(', '),
        allowed: ['one value'],
      });
    checkValue(parameter, value);
    given[name] = value;
  }
  // A year is judged once all else is right: what the document forbids comes first.
  for (const { name, schema } of parameters)
    if (schema.format === 'date' && given[name] !== undefined) checkYear(name, given[name]);
  return given;
}

function checkValue({ name, schema }: Parameter, value: string): void {
  const allowed = problemOf(schema, value);
  if (allowed === null) return;
  throw new Problem('bad-parameter', { detail: `${name} cannot be this`, field: name, value, allowed });
}

function checkYear(name: string, value: string): void {
  const year = Number(value.slice(0, 4));
  if (year >= YEARS.first && year <= YEARS.last) return;
  throw new Problem('impossible-question', {
    detail: `No shop has days of the year ${year}`,
    field: name,
    value,
    allowed: [`a day from ${YEARS.first} to ${YEARS.last}`],
  });
}

/** What is allowed instead, or null. */
function problemOf(schema: Parameter['schema'], value: string): readonly string[] | null {
  if (schema.enum) return schema.enum.includes(value) ? null : schema.enum;
  if (schema.type === 'integer') {
    const [least, most] = [Number(schema.minimum), Number(schema.maximum)];
    const isGood = /^\d{1,10}$/.test(value) && Number(value) >= least && Number(value) <= most;
    return isGood ? null : [`a whole number from ${least} to ${most}`];
  }
  if (schema.format === 'date') return isDay(value) ? null : ['a day such as 2025-03-31'];
  // Text is counted in characters, as JSON Schema does.
  const isText =
    value !== '' && [...value].length <= LONGEST_TEXT && !/\p{Cc}/u.test(value) && value.isWellFormed();
  return isText ? null : [`a text of 1 to ${LONGEST_TEXT} characters without control characters`];
}
