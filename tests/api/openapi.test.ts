import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '../../lib/api/app.ts';
import type { OpenApiDocument } from '../../lib/api/openapi/document.ts';
import { typeName } from '../../lib/api/openapi/kpi-schemas.ts';
import { ROLE_NAMES } from '../../lib/api/roles.ts';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { type ShopWithApi, shopWithApi } from './shop-with-api.ts';

let it: ShopWithApi;
let document: OpenApiDocument;
let problemsWith: (name: string, value: unknown) => unknown;

beforeAll(async () => {
  it = await shopWithApi();
  document = (await (await it.get('/v1/openapi.json')).json()) as OpenApiDocument;
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addKeyword('components');
  ajv.addSchema({ $id: 'https://shop.example/api', components: document.components });
  problemsWith = (name, value) => {
    const validate = ajv.getSchema(`https://shop.example/api#/components/schemas/${name}`);
    if (!validate) throw new Error(`The document has no schema ${name}`);
    return validate(value) ? null : validate.errors;
  };
});
afterAll(() => it?.remove());

interface Parameter {
  name: string;
  in: string;
  schema: { enum?: readonly string[]; type?: string; format?: string; minimum?: number };
}
const parametersOf = (path: string) => (document.paths[path]!.get.parameters ?? []) as Parameter[];

/** Something that a parameter may be. */
const valueFor = ({ schema }: Parameter) =>
  schema.enum?.at(-1) ?? (schema.format === 'date' ? '2025-02-28' : schema.type === 'integer' ? '1' : 'x');

describe('the OpenAPI document', () => {
  test('is 3.1 and has an operation for each KPI, and for how it was made', () => {
    expect(document.openapi).toBe('3.1.0');
    for (const { name } of KPIS) {
      expect(document.paths).toHaveProperty([`/v1/kpis/${name}`, 'get']);
      expect(document.paths).toHaveProperty([`/v1/kpis/${name}/why`, 'get']);
    }
    const ids = Object.values(document.paths).map(({ get }) => get.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('names no schema that is not there, and has none that nothing names', () => {
    const text = JSON.stringify(document);
    const named = new Set(Array.from(text.matchAll(/"#\/components\/schemas\/(\w+)"/g), ([, name]) => name!));
    expect([...named].filter((name) => !(name in document.components.schemas))).toEqual([]);
    expect(Object.keys(document.components.schemas).filter((name) => !named.has(name))).toEqual([]);
  });

  test('lists as models those that the shop has enabled', () => {
    const model = parametersOf('/v1/kpis/attribution').find(({ name }) => name === 'model')!;
    expect(model.schema.enum).toEqual(expect.arrayContaining(['linear', 'markov', 'shapley']));
  });

  test('asks for a token where one is needed, and not where none is', async () => {
    expect(document.security).toBeUndefined();
    const open = createApi({
      published: async () => null,
      access: {
        bearer: { description: 'any' },
        readerOf: () => ({ role: 'manager', name: 'x' }),
      },
    });
    const guarded = (await (await open.request('/v1/openapi.json')).json()) as OpenApiDocument;
    expect(guarded.security).toEqual([{ bearer: [] }]);
    expect(guarded.components.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });
  });

  test('says which roles may ask', () => {
    expect(document.paths['/v1/kpis/purchases']!.get['x-roles']).toEqual(ROLE_NAMES);
    expect(document.paths['/v1/kpis/purchases/why']!.get['x-roles']).toEqual(['manager', 'marketer']);
  });
});

describe('what is answered is what is documented', () => {
  test.each(KPIS)('$name, by each grouping, beside another period, and why', async (kpi) => {
    const path = `/v1/kpis/${kpi.name}`;
    for (const by of kpi.groupings)
      expect(
        problemsWith(`${typeName(kpi.name)}Answer`, await it.answerTo(`${path}?by=${by}`)),
        by,
      ).toBeNull();
    if (kpi.hasPeriod) {
      const compared = await it.answerTo(`${path}?from=2025-02-01&to=2025-02-28&compare=previous_period`);
      expect(compared.comparison).toMatchObject({ from: '2025-01-01', to: '2025-01-31' });
      expect(problemsWith(`${typeName(kpi.name)}Answer`, compared)).toBeNull();
    }
    const why = await (await it.get(`${path}/why`)).json();
    expect(problemsWith(`${typeName(kpi.name)}Why`, why)).toBeNull();
  });

  test.each([
    ['/v1', 'Index'],
    ['/v1/choices', 'Choices'],
    ['/v1/build', 'Build'],
  ])('%s', async (path, name) => {
    expect(problemsWith(name, await (await it.get(path)).json())).toBeNull();
  });

  test('the catalogue, the contracts and every problem', async () => {
    for (const entry of (await (await it.get('/v1/kpis')).json()) as unknown[])
      expect(problemsWith('Kpi', entry)).toBeNull();
    for (const entry of (await (await it.get('/v1/contracts')).json()) as unknown[])
      expect(problemsWith('Contract', entry)).toBeNull();
    for (const path of [
      '/v1/kpis/none',
      '/v1/kpis/ropo?x=1',
      '/v1/kpis/ropo?by=x',
      '/v2',
      '/v1/kpis/ropo?from=1800-01-01',
    ])
      expect(problemsWith('Problem', await (await it.get(path)).json()), path).toBeNull();
  });

  test('a schema refuses what is not of it', async () => {
    const answer = await it.answerTo('/v1/kpis/purchases');
    expect(problemsWith('PurchasesAnswer', { ...answer, more: 1 })).not.toBeNull();
    expect(problemsWith('PurchasesAnswer', { ...answer, rows: [{ label: 'x' }] })).not.toBeNull();
  });
});

describe('documented parameters are exactly those that are accepted', () => {
  const every = [
    ...KPIS.map(({ name }) => `/v1/kpis/${name}`),
    ...KPIS.map(({ name }) => `/v1/kpis/${name}/why`),
  ];
  test.each(every)('%s', async (path) => {
    const parameters = parametersOf(path);
    for (const parameter of parameters) {
      const response = await it.get(`${path}?${parameter.name}=${encodeURIComponent(valueFor(parameter))}`);
      // Some are right by themselves and need another beside them.
      expect([200, 422], `${parameter.name}=${valueFor(parameter)}`).toContain(response.status);
      const twice = await it.get(`${path}?${parameter.name}=&${parameter.name}=`);
      expect(twice.status, parameter.name).toBe(400);
      if (!parameter.schema.enum) continue;
      const stray = await it.get(`${path}?${parameter.name}=${parameter.schema.enum[0]}x`);
      expect(stray.status).toBe(400);
      expect(await stray.json()).toMatchObject({ field: parameter.name, allowed: parameter.schema.enum });
    }
    const unknown = (await (await it.get(`${path}?nothing=1`)).json()) as { allowed: string[] };
    expect(unknown.allowed).toEqual(parameters.map(({ name }) => name));
  });

  test('what takes none says so', async () => {
    for (const path of ['/v1', '/v1/kpis', '/v1/build', '/v1/choices', '/v1/contracts', '/v1/openapi.json'])
      expect((await it.get(`${path}?x=1`)).status, path).toBe(400);
  });
});
