import type { TSchema } from '@sinclair/typebox';
import { RECORD_KINDS } from '../../domain/contract/index.ts';
import type { Kpi } from '../../domain/kpi.ts';
import { KPIS } from '../../domain/kpi-catalogue.ts';
import type { Access } from '../access/access.ts';
import { oneOf, type Parameter, parametersOf, whyParametersOf } from '../kpi-parameters.ts';
import { mayAsk, mayAskWhy, type RoleName, rolesThat } from '../roles.ts';
import { kpiSchemas, typeName } from './kpi-schemas.ts';
import { ref, SHARED_SCHEMAS } from './schemas.ts';

interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  parameters?: readonly object[];
  responses: Record<string, object>;
  'x-roles'?: readonly RoleName[];
}

export interface OpenApiDocument {
  openapi: '3.1.0';
  paths: Record<string, { get: Operation }>;
  components: { schemas: Record<string, TSchema>; [part: string]: object };
  [member: string]: unknown;
}

/**
 * The API in words for programs: one operation for each KPI and one for how its figures were made, with exactly the
 * parameters that are accepted.
 * @param models those that the shop has enabled; null where none is built
 */
export function openApiDocument({
  models,
  access,
}: {
  models: readonly string[] | null;
  access: Access;
}): OpenApiDocument {
  const { bearer } = access;
  return {
    openapi: '3.1.0',
    info: {
      title: 'ropo',
      version: '1',
      description:
        'KPIs of attribution and ROPO from one published build. Answers change with the build and not before: send back their ETag. Whatever cannot be answered is a problem of RFC 9457.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    ...(bearer ? { security: [{ bearer: [] }] } : {}),
    tags: [{ name: 'kpis' }, { name: 'why' }, { name: 'shop' }],
    paths: {
      '/v1': aboutShop('index', 'What there is', ref('Index')),
      '/v1/kpis': aboutShop('kpis', 'The KPI catalogue', { type: 'array', items: ref('Kpi') }),
      ...Object.fromEntries(
        KPIS.flatMap((kpi) => [
          [`/v1/kpis/${kpi.name}`, { get: ofAnswer(kpi, models) }],
          [`/v1/kpis/${kpi.name}/why`, { get: ofReasons(kpi, models) }],
        ]),
      ),
      '/v1/choices': aboutShop('choices', 'What can be chosen from', ref('Choices')),
      '/v1/build': aboutShop('build', 'The published build', ref('Build')),
      '/v1/contracts': aboutShop('contracts', 'The input contracts', {
        type: 'array',
        items: ref('Contract'),
      }),
      '/v1/contracts/{kind}': aboutShop('contract', 'One input contract as JSON Schema', { type: 'object' }, [
        { name: 'kind', in: 'path', required: true, schema: oneOf(RECORD_KINDS) },
      ]),
      '/v1/openapi.json': aboutShop('openapi', 'This document', { type: 'object' }),
      '/v1/client.ts': aboutShop(
        'client',
        'A typed client in TypeScript',
        { type: 'string' },
        [],
        'text/plain',
      ),
    },
    components: {
      schemas: { ...SHARED_SCHEMAS, ...Object.assign({}, ...KPIS.map(kpiSchemas)) },
      responses: {
        Problem: {
          description: 'Why it is not answered',
          content: { 'application/problem+json': { schema: ref('Problem') } },
        },
        NotModified: { description: 'The answer that If-None-Match names is still right', headers: TAG },
      },
      ...(bearer
        ? {
            securitySchemes: {
              bearer: {
                type: 'http',
                scheme: 'bearer',
                description: bearer.description,
                ...(bearer.format ? { bearerFormat: bearer.format } : {}),
              },
            },
          }
        : {}),
    },
  };
}

const TAG = { ETag: { description: 'Of this build and representation', schema: { type: 'string' } } };
const PROBLEM = { $ref: '#/components/responses/Problem' };
const STATUSES = ['400', '401', '403', '429', '500', '503'];

const responses = (content: Record<string, object>, more: readonly string[] = []) => ({
  '200': { description: 'The answer', headers: TAG, content },
  '304': { $ref: '#/components/responses/NotModified' },
  ...Object.fromEntries([...STATUSES, ...more].sort().map((status) => [status, PROBLEM])),
});

const inQuery = ({ name, description, schema }: Parameter) => ({ name, in: 'query', description, schema });

function ofAnswer(kpi: Kpi, models: readonly string[] | null): Operation {
  return {
    operationId: kpi.name,
    summary: kpi.title,
    description: [kpi.definition, kpi.caveat].filter(Boolean).join('. '),
    tags: ['kpis'],
    'x-roles': rolesThat((role) => mayAsk(role, kpi.name)),
    parameters: parametersOf(kpi, models).map(inQuery),
    responses: responses(
      {
        'application/json': { schema: ref(`${typeName(kpi.name)}Answer`) },
        'text/csv': { schema: { type: 'string' } },
        'application/vnd.apache.parquet': {},
      },
      ['422'],
    ),
  };
}

function ofReasons(kpi: Kpi, models: readonly string[] | null): Operation {
  return {
    operationId: `${kpi.name}-why`,
    summary: `${kpi.title}: how its figures were made`,
    tags: ['why'],
    'x-roles': rolesThat((role) => mayAskWhy(role, kpi.name)),
    parameters: whyParametersOf(kpi, models).map(inQuery),
    responses: responses({ 'application/json': { schema: ref(`${typeName(kpi.name)}Why`) } }, ['422']),
  };
}

function aboutShop(
  operationId: string,
  summary: string,
  schema: object,
  parameters: readonly object[] = [],
  type = 'application/json',
): { get: Operation } {
  const more = parameters.length > 0 ? ['404'] : [];
  return {
    get: {
      operationId,
      summary,
      tags: ['shop'],
      ...(parameters.length > 0 ? { parameters } : {}),
      responses: responses({ [type]: { schema } }, more),
    },
  };
}
