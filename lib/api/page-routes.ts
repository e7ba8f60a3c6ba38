import { Hono } from 'hono';
import { pagePolicy } from '../domain/page-policy.ts';
import type { Access } from './access/access.ts';
import { Problem, problemResponse } from './problem.ts';

/** One file of the page, in each encoding. */
export interface PageFile {
  mediaType: string;
  etag: string;
  encodings: Readonly<Record<'br' | 'gzip' | 'identity', Uint8Array>>;
}
/** The page's files by path. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** Paths that are the page's. */
export const PAGE_PATH = /^\/(?:$|assets\/)/;

/**
 * Serves the page. It holds no figures: it asks the API for them, which says who may have which.
 * @param files gives the page's files; asked for each request, so that they may still be in the making
 * @param access who may have them; null for anybody
 */
export function pageRoutes(files: (path: string) => Promise<PageFiles>, access: Access | null = null): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await access?.readerOf(context.req.raw);
    return next();
  });
  app.get('*', async (context) => {
    const file = (await files(context.req.path)).get(context.req.path);
    if (!file) return context.notFound();
    const headers = {
      etag: file.etag,
      vary: 'accept-encoding',
      'cache-control': 'no-cache',
      'content-security-policy': pagePolicy(),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    };
    if (names(context.req.header('if-none-match'), file.etag)) return context.body(null, 304, headers);
    const encoding = encodingFor(context.req.header('accept-encoding'));
    return context.body(new Uint8Array(file.encodings[encoding]), 200, {
      ...headers,
      'content-type': file.mediaType,
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
    });
  });
  app.all('*', (context) => {
    throw new Problem(
      'method-not-allowed',
      { field: 'method', value: context.req.method, allowed: METHODS },
      { allow: METHODS.join(', ') },
    );
  });
  app.notFound(({ req }) =>
    problemResponse(
      new Problem('not-found', { detail: 'There is no such address', field: 'path', value: req.path }),
    ),
  );
  app.onError((error) => problemResponse(error instanceof Problem ? error : new Problem('failed')));
  return app;
}

const METHODS = ['GET', 'HEAD'];

const names = (header: string | undefined, etag: string) =>
  header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*') ?? false;

/** The smallest encoding that a reader takes. */
function encodingFor(header = ''): 'br' | 'gzip' | 'identity' {
  const taken = new Set(
    header
      .split(',')
      .map((one) => one.trim().split(/\s*;\s*/))
      .filter(([, weight = 'q=1']) => !/^q=0(?:\.0*)?$/.test(weight))
      .map(([name]) => name),
  );
  return taken.has('br') ? 'br' : taken.has('gzip') ? 'gzip' : 'identity';
}
