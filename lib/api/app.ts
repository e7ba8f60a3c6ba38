import { Hono } from 'hono';
import type { Published } from '../pipeline/kpi-question.ts';
import type { Access, ApiReader } from './access/access.ts';
import { loopbackAccess } from './access/loopback.ts';
import { answering } from './answers/answering.ts';
import { API_LIMITS, type ApiLimits } from './limits.ts';
import type { BuildWatch } from './preparing/build-watch.ts';
import { pageAnswers } from './preparing/page-answers.ts';
import { Problem, problemResponse } from './problem.ts';
import { readerGate } from './reader-gate.ts';
import type { RoleName } from './roles.ts';
import { SAFE_HEADERS } from './safe-headers.ts';
import { wantedAnswers } from './wanted-answers.ts';

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
  /** Where builds are prepared before readers see them: for which roles. Not where asking costs. */
  prepares?: { watch: BuildWatch; roles: () => readonly RoleName[] } | undefined;
}

type Env = { Variables: { reader: ApiReader } };

/** The API as a function from Request to Response; it does not know what serves it. */
export function createApi({
  published,
  access = loopbackAccess(),
  limits,
  now = Date.now,
  addressOf = () => 'unknown',
  log = (line) => console.error(line),
  prepares,
}: ApiOptions): Hono<Env> {
  const its: ApiLimits = { ...API_LIMITS, ...limits };
  const answers = answering(its);
  const wants = wantedAnswers(access);
  prepares?.watch.preparesWith(pageAnswers(answers, wants, prepares.roles));
  const gate = readerGate(access, its, now);
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    c.set('reader', await gate(c.req.raw, addressOf(c.env)));
    await next();
  });

  for (const [path, want] of Object.entries(wants)) {
    app.get(path, async (c) => {
      const at = c.req.url.indexOf('?');
      const query = new URLSearchParams(at < 0 ? '' : c.req.url.slice(at));
      const [reader, build] = [c.get('reader'), await published()];
      const wanted = await want({
        path: c.req.path,
        name: c.req.param('kpi') ?? c.req.param('kind') ?? '',
        query,
        reader,
        build,
      });
      return answers.answer(c.req.raw, wanted);
    });
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
