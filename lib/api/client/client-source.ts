import type { OpenApiDocument } from '../openapi/document.ts';
import { typeName } from '../openapi/kpi-schemas.ts';
import { typeText } from './type-text.ts';

/** A client in one file of TypeScript without dependencies: the types of this shop's API, and what asks. */
export function clientSource({ paths, components }: OpenApiDocument): string {
  const kpis = Object.entries(paths).flatMap(([path, { get }]) =>
    get.tags.includes('kpis') ? [{ name: path.split('/').at(-1)!, parameters: get.parameters ?? [] }] : [],
  );
  const reasons = new Map(Object.entries(paths).map(([path, { get }]) => [path, get.parameters ?? []]));
  const types = Object.entries(components.schemas).map(
    ([name, schema]) => `export type ${name} = ${typeText(schema)};`,
  );
  const question = (parameters: readonly object[]) =>
    `{ ${(parameters as { name: string; schema: object }[])
      .filter(({ name }) => name !== 'format')
      .map(({ name, schema }) => `${JSON.stringify(name)}?: ${typeText(schema)};`)
      .join(' ')} }`;
  return `${[
    '// Made from /v1/openapi.json of a ropo shop; fetch it anew when the shop changes its models.',
    ...types,
    'export interface Kpis {',
    ...kpis.map(
      ({ name, parameters }) =>
        `  ${JSON.stringify(name)}: { question: ${question(parameters)}; answer: ${typeName(name)}Answer; whyQuestion: ${question(reasons.get(`/v1/kpis/${name}/why`)!)}; why: ${typeName(name)}Why };`,
    ),
    '}',
    RUNTIME,
  ].join('\n')}\n`;
}

const RUNTIME = `
export type KpiName = keyof Kpis;
export interface ClientOptions {
  /** Where ropo serve answers, as http://127.0.0.1:8787. */
  url: string;
  /** A token of ropo keys add reader, or of the shop's identity provider. */
  token?: string;
  fetch?: typeof fetch;
}

/** Thrown for what is not answered; says field, value and what is allowed. */
export class RopoProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
}

export function ropoClient({ url, token, fetch: ask = fetch }: ClientOptions) {
  const kept = new Map<string, { etag: string; answer: unknown }>();
  async function get<Answer>(path: string, question: object = {}): Promise<Answer> {
    const address = new URL(path, url);
    for (const [name, value] of Object.entries(question))
      if (value !== undefined) address.searchParams.set(name, String(value));
    const before = kept.get(address.href);
    const headers: Record<string, string> = {};
    if (token !== undefined) headers.authorization = 'Bearer ' + token;
    if (before) headers['if-none-match'] = before.etag;
    const response = await ask(address, { headers });
    if (response.status === 304 && before) return before.answer as Answer;
    if (!response.ok) throw new RopoProblem((await response.json()) as Problem);
    const answer = (await response.json()) as Answer;
    kept.set(address.href, { etag: response.headers.get('etag') ?? '', answer });
    return answer;
  }
  return {
    /** The answer to a question about a KPI; kept, and asked for anew only when the shop has a new build. */
    kpi: <Name extends KpiName>(name: Name, question?: Kpis[Name]['question']) =>
      get<Kpis[Name]['answer']>('/v1/kpis/' + name, question),
    /** How its figures were made. */
    why: <Name extends KpiName>(name: Name, question?: Kpis[Name]['whyQuestion']) =>
      get<Kpis[Name]['why']>('/v1/kpis/' + name + '/why', question),
    catalogue: () => get<Kpi[]>('/v1/kpis'),
    choices: () => get<Choices>('/v1/choices'),
    build: () => get<Build>('/v1/build'),
  };
}`;
