import { type TSchema, Type } from '@sinclair/typebox';
import type { Kpi } from '../../domain/kpi.ts';
import { AUDIENCES } from '../../pipeline/audience.ts';
import { BEFORE } from '../../pipeline/compare-answers.ts';
import { oneOf } from '../kpi-parameters.ts';
import { measureTells } from '../roles.ts';
import { exactly, NullableNumber, NullableText, nullable, ref, Text } from './schemas.ts';

/** The name of a KPI's schemas. @example typeName('ropo-waterfall') // 'RopoWaterfall' */
export const typeName = (kpi: string) =>
  kpi
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** Schemas of a KPI's answers, made from its measures. */
export function kpiSchemas(kpi: Kpi): Record<string, TSchema> {
  const name = typeName(kpi.name);
  const header = headerOf(kpi);
  const rows = Type.Array(ref(`${name}Row`));
  return {
    [`${name}Row`]: rowOf(kpi),
    [`${name}Answer`]: exactly({ ...header, rows }),
    [`${name}Why`]: exactly({
      kpi: ref('Kpi'),
      answer: exactly(header),
      rows,
      sql: Text,
      parameters: Type.Array(ref('QueryParameter')),
      tables: Type.Array(ref('Source')),
      excluded: Type.Array(ref('Exclusion')),
    }),
  };
}

function rowOf({ hasModel, hasPeriod, texts, measures, remarks = [] }: Kpi): TSchema {
  const members: Record<string, TSchema> = {
    ...(hasModel ? { model: NullableText } : {}),
    ...Object.fromEntries(texts.map((text) => [text, NullableText])),
    label: NullableText,
    currency: Type.Optional(NullableText),
  };
  for (const measure of measures) {
    const { name, title, definition } = measure;
    const figure = Type.Unsafe<number | null>({ type: ['number', 'null'], title, description: definition });
    // Who may not see a figure has rows without it.
    // So have answers that are set beside no other period what is of a change.
    const isOptional = measureTells(measure).length > 0 || measure.ofChange !== undefined;
    members[name] = isOptional ? Type.Optional(figure) : figure;
    if (hasPeriod && !measure.ofChange) members[`${name}${BEFORE}`] = Type.Optional(NullableNumber);
  }
  for (const remark of remarks) members[remark] = NullableText;
  return exactly(members);
}

function headerOf({ name, groupings, filters = [] }: Kpi): Record<string, TSchema> {
  return {
    kpi: Type.Literal(name),
    title: Text,
    definition: Text,
    caveat: NullableText,
    data_label: NullableText,
    period: ref('Period'),
    model: NullableText,
    model_hash: NullableText,
    by: oneOf(groupings),
    filters: exactly(
      Object.fromEntries(
        filters.map(({ name: filter, values }) => [
          filter,
          values === null
            ? NullableText
            : Type.Unsafe<string | null>({ type: ['string', 'null'], enum: [...values, null] }),
        ]),
      ),
    ),
    audience: oneOf(AUDIENCES),
    min_persons: Type.Integer({ minimum: 0 }),
    suppressed_rows: Type.Integer({ minimum: 0 }),
    comparison: nullable(ref('Comparison')),
    data_complete_through: Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date' }),
    identification: nullable(ref('Identification')),
    page: ref('Page'),
    identity: nullable(ref('Identity')),
    build_id: Text,
    built_at: Type.String({ format: 'date-time' }),
    settings_hash: Text,
    columns: Type.Array(ref('Column')),
  };
}
