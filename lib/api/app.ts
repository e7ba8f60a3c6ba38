import { type Context, Hono } from 'hono';
import { CONTRACTS, RECORD_KINDS } from '../domain/contract/index.ts';
import { KPIS, kpiNamed } from '../domain/kpi-catalogue.ts';
import { BadQuestion, type Published, reportKpi } from '../pipeline/report-kpi.ts';
import { showKpi } from '../report/show-kpi.ts';

const QUESTIONS = ['from', 'to', 'model', 'by', 'audience', 'format'];

/** A problem in the words of RFC 9457. */
function problem(
  context: Context,
  status: 400 | 404 | 500 | 503,
  title: string,
  more: Record<string, unknown> = {},
) {
  return context.body(JSON.stringify({ type: 'about:blank', title, status, ...more }), status, {
    'content-type': 'application/problem+json',
  });
}

/** Whether an If-None-Match header names a tag: in a list, weak or not. */
const names = (header: string | undefined, etag: string) =>
  header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*') ?? false;

/**
 * The API as a function from Request to Response; it does not know what serves it.
 * @param published gives the build that readers see now, or null before the first
 */
export function createApi(published: () => Promise<Published | null>): Hono {
  const app = new Hono();

  app.use(async (context, next) => {
    await next();
    context.header('x-content-type-options', 'nosniff');
    context.header('cache-control', 'private, no-cache');
  });

  app.get('/', (context) =>
    context.json({
      name: 'ropo',
      kpis: KPIS.map(({ name }) => `/v1/kpis/${name}`),
      contracts: RECORD_KINDS.map((kind) => `/v1/contracts/${kind}`),
      build: '/v1/build',
    }),
  );

  app.get('/v1/contracts/:kind', (context) => {
    const kind = context.req.param('kind');
    const contract = Object.hasOwn(CONTRACTS, kind) ? CONTRACTS[kind as keyof typeof CONTRACTS] : undefined;
    return contract
      ? context.json(contract)
      : problem(context, 404, `No contract is called "${kind}"`, { allowed: RECORD_KINDS });
  });

  app.get('/v1/build', async (context) => {
    const build = await published();
    return build
      ? context.json(build.manifest)
      : problem(context, 503, 'Nothing has been built yet; run ropo build');
  });

  app.get('/v1/kpis', (context) => context.json(KPIS));

  app.get('/v1/kpis/:kpi', async (context) => {
    const build = await published();
    if (!build) return problem(context, 503, 'Nothing has been built yet; run ropo build');
    for (const [field, values] of Object.entries(context.req.queries())) {
      if (values.length > 1) {
        return problem(context, 400, `${field} is given ${values.length} times; give it once`, {
          field,
          value: values.join(', '),
        });
      }
    }
    const { from, to, model, by, audience, format = 'json', ...filters } = context.req.query();
    const kpi = kpiNamed(context.req.param('kpi'));
    const known = kpi?.filters?.map(({ name }) => name) ?? [];
    const stray = Object.keys(filters).find((name) => !known.includes(name));
    if (kpi && stray) {
      return problem(context, 400, `Unknown parameter "${stray}"`, {
        field: stray,
        value: filters[stray],
        allowed: [...QUESTIONS, ...known],
      });
    }
    if (format !== 'json' && format !== 'csv') {
      return problem(context, 400, `format "${format}" is not possible here`, {
        field: 'format',
        value: format,
        allowed: ['json', 'csv'],
      });
    }
    const question = { kpi: context.req.param('kpi'), from, to, model, by, audience, filters };
    const answer = await reportKpi(build, question);
    const etag = `"${build.manifest.build_id}"`;
    context.header('etag', etag);
    if (names(context.req.header('if-none-match'), etag)) return context.body(null, 304);
    return format === 'csv'
      ? context.body(showKpi(answer, 'csv'), 200, { 'content-type': 'text/csv; charset=utf-8' })
      : context.json(answer);
  });

  app.notFound((context) => problem(context, 404, `Nothing is at ${context.req.path}`));

  app.onError((error, context) => {
    if (error instanceof BadQuestion) {
      const { field, value, allowed } = error;
      return problem(context, field === 'kpi' ? 404 : 400, error.message, { field, value, allowed });
    }
    console.error(error);
    return problem(context, 500, 'The question could not be answered');
  });

  return app;
}
