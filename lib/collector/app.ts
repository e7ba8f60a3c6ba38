import { Hono } from 'hono';
import type { EventStream } from '../ports.ts';
import { COLLECTOR_LIMITS, type CollectorLimits } from './limits.ts';
import { nothingAt, problemResponse, Refused } from './problem.ts';
import { snippetRoutes } from './snippet/snippet-routes.ts';
import type { SourceKeys } from './source-keys.ts';
import { trackRoutes } from './track-routes.ts';
import { type UnderWay, underWay } from './under-way.ts';
import { uploadRoutes } from './uploads/upload-routes.ts';

/** What the collector needs. */
export interface CollectorContext {
  stream: EventStream;
  keys: SourceKeys;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  /** Limits that differ from `COLLECTOR_LIMITS`. */
  limits?: Partial<CollectorLimits>;
  /** Told of what fails, be it our own code or the stream; the console unless told. What an error says may quote a request. */
  onFailure?: (error: unknown, what?: string) => void;
}

/** What its routes need. */
export interface CollectorParts extends CollectorContext {
  limits: CollectorLimits;
  onFailure: (error: unknown, what?: string) => void;
  /** What all requests hold together, whatever their route. */
  underWay: UnderWay;
}

/** All limits, and one room for all routes. */
export function collectorParts(context: CollectorContext): CollectorParts {
  const limits = { ...COLLECTOR_LIMITS, ...context.limits };
  const { onFailure = tellConsole } = context;
  return { ...context, limits, onFailure, underWay: underWay(limits) };
}

const tellConsole = (error: unknown, what?: string) =>
  console.error(
    what === undefined ? error : `${what}: ${error instanceof Error ? error.message : 'unknown error'}`,
  );

/**
 * Takes in what trackers, tills and back offices send, as a function from Request to Response; it does not know what
 * serves it. What is answered with 200 is on durable storage. All of it may face the internet.
 */
export function createCollector(context: CollectorContext): Hono {
  const app = new Hono();
  const parts = collectorParts(context);

  app.use(async (c, next) => {
    await next();
    c.header('x-content-type-options', 'nosniff');
    if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
  });

  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.route('/', trackRoutes(parts));
  app.route('/', uploadRoutes(parts));
  app.route('/', snippetRoutes());

  app.notFound((c) => problemResponse(nothingAt(c.req.path)));

  app.onError((error, c) => {
    if (error instanceof Refused) return problemResponse(error);
    // Who is gone hears no answer, and a broken connection is no fault of ours.
    if (!c.req.raw.signal.aborted) parts.onFailure(error);
    return problemResponse(
      new Refused(500, 'The request could not be taken in; send it again', { code: 'failed' }),
    );
  });

  return app;
}
