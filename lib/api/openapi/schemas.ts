import { type TSchema, Type } from '@sinclair/typebox';
import { COMPARISONS } from '../../domain/comparison-period.ts';
import { RECORD_KINDS } from '../../domain/contract/index.ts';
import { Day, oneOf } from '../kpi-parameters.ts';
import { PROBLEM_TYPE, PROBLEMS, type ProblemName } from '../problem.ts';
import { ROLE_NAMES } from '../roles.ts';

/** An object that has these members and no others. */
export const exactly = (members: Record<string, TSchema>) =>
  Type.Object(members, { additionalProperties: false });
export const ref = (name: string) => Type.Unsafe({ $ref: `#/components/schemas/${name}` });
export const Text = Type.String();
export const NullableText = Type.Unsafe<string | null>({ type: ['string', 'null'] });
export const NullableNumber = Type.Unsafe<number | null>({ type: ['number', 'null'] });
const NullableDay = Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date' });
export const nullable = (schema: TSchema) => Type.Unsafe({ anyOf: [schema, { type: 'null' }] });
const Count = Type.Integer({ minimum: 0 });
const Flag = Type.Boolean();
const texts = Type.Array(Text);

const UNITS = ['money', 'count', 'credit', 'ratio', 'share', 'days', 'text', 'by_row'] as const;

const Choice = exactly({ value: Text, title: Text });
const choices = Type.Array(ref('Choice'));

const problemNames = Object.keys(PROBLEMS) as ProblemName[];

/** What every answer is made of, by the names under which the document has them. */
export const SHARED_SCHEMAS: Record<string, TSchema> = {
  Problem: Type.Object(
    {
      type: oneOf(problemNames.map((name) => `${PROBLEM_TYPE}${name}`)),
      title: Text,
      status: Type.Integer({ minimum: 400, maximum: 599 }),
      detail: Type.Optional(Text),
      field: Type.Optional(Text),
      value: Type.Optional(Text),
      allowed: Type.Optional(texts),
      role: Type.Optional(oneOf(ROLE_NAMES)),
      roles_allowed: Type.Optional(Type.Array(oneOf(ROLE_NAMES))),
    },
    { additionalProperties: false, description: 'A problem in the words of RFC 9457' },
  ),
  Period: exactly({ from: NullableDay, to: NullableDay, zone: Text }),
  Comparison: exactly({ kind: oneOf(COMPARISONS), from: Day, to: Day }),
  Identification: exactly({ purchases: NullableNumber, revenue: NullableNumber }),
  Page: exactly({ offset: Count, limit: Count, rows: Count }),
  Identity: exactly({ graph_version: Text, stitching: Text }),
  Column: exactly({ name: Text, title: Text, unit: oneOf(UNITS), definition: Text, is_detail: Flag }),
  Kpi: exactly({
    name: Text,
    title: Text,
    definition: Text,
    caveat: NullableText,
    groupings: texts,
    has_model: Flag,
    has_period: Flag,
    filters: Type.Array(
      exactly({ name: Text, definition: Text, values: nullable(texts), default: NullableText }),
    ),
    measures: Type.Array(
      exactly({
        name: Text,
        title: Text,
        unit: oneOf(UNITS),
        definition: Text,
        formula: Text,
        is_additive: Flag,
        of_nothing: NullableText,
        is_detail: Flag,
      }),
    ),
    sources: texts,
    privacy: exactly({ describes: oneOf(['people', 'records']), rule: Text }),
  }),
  Source: exactly({
    name: Text,
    grain: Text,
    rows: Type.Unsafe<number | null>({ type: ['integer', 'null'], minimum: 0 }),
    reads: texts,
    sql: NullableText,
  }),
  Exclusion: exactly({
    of: oneOf(['revenue', 'received', 'shown']),
    bucket: Text,
    reason: Text,
    records: Count,
    revenue: NullableNumber,
    currency: NullableText,
  }),
  QueryParameter: exactly({
    name: Text,
    value: Type.Unsafe<string | number | boolean | null>({ type: ['string', 'number', 'boolean', 'null'] }),
  }),
  Choice,
  Choices: exactly({
    models: texts,
    channels: choices,
    stores: choices,
    regions: choices,
    categories: choices,
    devices: choices,
    personas: choices,
    currencies: choices,
    first_day: NullableDay,
    last_day: NullableDay,
    zone: Text,
    data_label: NullableText,
  }),
  Build: exactly({
    build_id: Text,
    built_at: Type.String({ format: 'date-time' }),
    settings_hash: Text,
    tables: Type.Optional(
      Type.Array(exactly({ name: Text, rows: Count, seconds: Type.Number({ minimum: 0 }) })),
    ),
  }),
  Contract: exactly({ kind: oneOf(RECORD_KINDS), id: Text, url: Text }),
  Index: exactly({
    name: Type.Literal('ropo'),
    version: Type.Literal(1),
    role: oneOf(ROLE_NAMES),
    kpis: texts,
    contracts: texts,
    choices: Text,
    build: Text,
    openapi: Text,
    client: Text,
  }),
};
