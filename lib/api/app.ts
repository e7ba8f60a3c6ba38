import { type Context, Hono } from 'hono';
import type { Kpi } from '../domain/kpi.ts';
import { kpiGuide } from '../domain/kpi-guide.ts';
import { type BuildFacts, factsOf } from '../pipeline/build-facts.ts';
import { choicesOf } from '../pipeline/choices.ts';
import type { Published } from '../pipeline/kpi-question.ts';
import { readSqlFolder } from '../pipeline/sql-files.ts';
import type { Access, ApiReader } from './access/access.ts';
import { loopbackAccess } from './access/loopback.ts';
import { answering } from './answers/answering.ts';
import { representation } from './answers/representation.ts';
import { clientSource } from './client/client-source.ts';
import { checkMayAskWhy, kpiFor, questionAs, writtenAnswer, writtenReasons } from './kpi-answers.ts';
import {
  type Parameter,
  parametersOf,
  readParameters,
  readQuestion,
  whyParametersOf,
} from './kpi-parameters.ts';
import { API_LIMITS, type ApiLimits } from './limits.ts';
import { openApiDocument } from './openapi/document.ts';
import { Problem, problemResponse } from './problem.ts';
import { readerGate } from './reader-gate.ts';
import { kpisOf, ROLES } from './roles.ts';
import { SAFE_HEADERS } from './safe-headers.ts';
import { contractList, contractNamed, indexFor } from './shop-resources.ts';

export interface ApiOptions {
  /** Gives the build that readers see now, or null before the first. */
  published: () => Promise<Published | null>;
  /** Who may read; unless it says otherwise, this machine alone. */
  access?: Access;
  limits?: Partial<ApiLimits>;
  /** Milliseconds since 1970 UTC. */
  now?: () => number;
  /** Where a request comes from, by what the host of the app knows of it. */
  addressOf?: (host: unknown) => string;
  /** Takes one line about each failure, without anything that a reader or a record said. */
  log?: (line: string) => void;
}

type Env = { Variables: { reader: ApiReader } };

const SOURCES = new Map(readSqlFolder('queries').map(({ name, reads }) => [name, reads]));
const guideOf = (kpi: Kpi) => kpiGuide(kpi, SOURCES.get(kpi.name) ?? []);

interface KpiParameters {
  answers: readonly Parameter[];
  reasons: readonly Parameter[];
}
const knownParameters = new WeakMap<BuildFacts, Map<string, KpiParameters>>();

/** What can be asked about a KPI in a build, made once. */
function parametersFor(kpi: Kpi, facts: BuildFacts): KpiParameters {
  const known = knownParameters.get(facts) ?? new Map<string, KpiParameters>();
  knownParameters.set(facts, known);
  const before = known.get(kpi.name);
  if (before) return before;
  const models = [...facts.models.keys()];
  const made = { answers: parametersOf(kpi, models), reasons: whyParametersOf(kpi, models) };
  known.set(kpi.name, made);
  return made;
}

/** The API as a function from Request to Response; it does not know what serves it. */
export function createApi({
  published,
  access = loopbackAccess(),
  limits,
  now = Date.now,
  addressOf = () => 'unknown',
  log = (line) => console.error(line),
}: ApiOptions): Hono<Env> {
  const its: ApiLimits = { ...API_LIMITS, ...limits };
  const answer = answering(its);
  const gate = readerGate(access, its, now);
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    c.set('reader', await gate(c.req.raw, addressOf(c.env)));
    await next();
  });

  const built = async (): Promise<Published> => {
    const build = await published();
    if (!build) throw new Problem('nothing-built');
    return build;
  };
  const query = ({ req }: Context<Env>) => {
    const at = req.url.indexOf('?');
    return new URLSearchParams(at < 0 ? '' : req.url.slice(at));
  };
  const nothingAsked = (c: Context<Env>) => readParameters(query(c), []);
  /** What is the same for every reader of a role while a build is the published one. */
  const json = (
    c: Context<Env>,
    build: Published | null,
    make: (build: Published | null) => unknown,
    type = 'application/json',
  ) => {
    const { role, name } = c.get('reader');
    nothingAsked(c);
    return answer(c.req.raw, {
      build,
      key: JSON.stringify([c.req.path, role]),
      reader: name,
      make: async (its) => {
        const content = await make(its);
        return representation(type, typeof content === 'string' ? content : JSON.stringify(content));
      },
    });
  };
  const document = async (build: Published | null) => {
    const models = build ? [...(await factsOf(build)).models.keys()] : null;
    return openApiDocument({ models, access });
  };

  const routes: Record<string, (c: Context<Env>) => Response | Promise<Response>> = {
    '/v1': async (c) => json(c, await published(), () => indexFor(c.get('reader'))),
    '/v1/kpis': async (c) => json(c, await published(), () => kpisOf(c.get('reader').role).map(guideOf)),
    '/v1/kpis/:kpi': async (c) => {
      const { role, name } = c.get('reader');
      const kpi = kpiFor(role, c.req.param('kpi')!);
      const build = await built();
      const { answers } = parametersFor(kpi, await factsOf(build));
      const question = questionAs(role, readQuestion(kpi, query(c), answers));
      return answer(c.req.raw, {
        build,
        key: JSON.stringify(['kpi', role, question]),
        reader: name,
        make: (its) => writtenAnswer(its!, role, question),
      });
    },
    '/v1/kpis/:kpi/why': async (c) => {
      const { role, name } = c.get('reader');
      const kpi = kpiFor(role, c.req.param('kpi')!);
      checkMayAskWhy(role, kpi.name);
      const build = await built();
      const { reasons } = parametersFor(kpi, await factsOf(build));
      const { label } = readParameters(query(c), reasons);
      const { format, ...question } = questionAs(role, readQuestion(kpi, query(c), reasons));
      return answer(c.req.raw, {
        build,
        key: JSON.stringify(['why', role, question, label]),
        reader: name,
        make: (its) => writtenReasons(its!, role, { ...question, label }),
      });
    },
    '/v1/choices': async (c) => {
      const build = await built();
      return json(c, build, (its) => choicesOf(its!));
    },
    '/v1/build': async (c) => {
      const isPartner = ROLES[c.get('reader').role].audience === 'outside';
      return json(c, await built(), (its) => {
        const { tables, ...about } = its!.manifest;
        return isPartner ? about : { ...about, tables };
      });
    },
    '/v1/contracts': async (c) => json(c, await published(), () => contractList()),
    '/v1/contracts/:kind': async (c) => json(c, await published(), () => contractNamed(c.req.param('kind')!)),
    '/v1/openapi.json': async (c) => json(c, await published(), document),
    '/v1/client.ts': async (c) =>
      json(
        c,
        await published(),
        async (build) => clientSource(await document(build)),
        'text/plain; charset=utf-8',
      ),
  };
  for (const [path, handle] of Object.entries(routes)) {
    app.get(path, handle);
    app.options(path, () => new Response(null, { status: 204, headers: { ...SAFE_HEADERS, allow: ALLOW } }));
    app.all(path, (c) => {
      throw new Problem(
        'method-not-allowed',
        { field: 'method', value: c.req.method, allowed: METHODS },
        { allow: ALLOW },
      );
    });
  }

  app.notFound((c) =>
    problemResponse(
      new Problem('not-found', { detail: 'There is no such address', field: 'path', value: c.req.path }),
    ),
  );
  app.onError((error, c) => {
    if (error instanceof Problem) return problemResponse(error);
    log(`${c.req.method} ${c.req.routePath}: ${withoutValues(error)}`);
    return problemResponse(new Problem('failed'));
  });
  return app;
}

const METHODS = ['GET', 'HEAD', 'OPTIONS'];
const ALLOW = METHODS.join(', ');

/** What failed, in one line without quoted text: an engine repeats values in its messages. */
const withoutValues = (error: Error): string =>
  `${error.name}: ${error.message
    .split('\n', 1)[0]!
    .replace(/'[^']*'|"[^"]*"/g, "'...'")
    .slice(0, 300)}`;
