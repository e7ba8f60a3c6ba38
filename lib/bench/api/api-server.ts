import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { openReader } from '../../adapters/embedded/reader.ts';
import { shopDirectory } from '../../adapters/embedded/shop-directory.ts';
import { createApi } from '../../api/app.ts';
import type { ApiLimits } from '../../api/limits.ts';
import { watchBuilds } from '../../api/preparing/build-watch.ts';
import type { Published } from '../../pipeline/kpi-question.ts';
import { type ServedApp, type ServerProcess, serveOrder, startServerProcess } from '../server-process.ts';

/**
 * The API of a shop, with or without what it keeps of answers; the same once it is prepared, as `ropo serve` turns readers
 * to it; or the bare framework with the same bytes in memory.
 */
export type ServerOrder =
  | { kind: 'api'; root: string; keeps: boolean; isPrepared?: boolean }
  | { kind: 'bare'; answersFile: string };

/** An answer as the bare server gives it. */
export interface KeptAnswer {
  path: string;
  headers: Record<string, string>;
  /** base64 */
  body: string;
}

const CONNECTIONS = 4;

/** Starts a server in a process of its own. */
export const startApiServer = (order: ServerOrder): Promise<ServerProcess> =>
  startServerProcess(import.meta.url, order);

type Fetch = ServedApp['fetch'];

async function apiOf({ root, keeps, isPrepared }: Extract<ServerOrder, { kind: 'api' }>): Promise<Fetch> {
  const reader = await openReader(shopDirectory(root), { connections: CONNECTIONS });
  await reader.published();
  // Fifty people are one reader here.
  const limits = { rate: null, ...(keeps ? {} : { cacheBytes: 0 }) };
  const newest = () => reader.published();
  if (isPrepared) return preparedApi(newest, limits);
  const api = createApi({ published: newest, limits });
  return (request) => api.fetch(request);
}

async function preparedApi(
  newest: () => Promise<Published | null>,
  limits: Partial<ApiLimits>,
): Promise<Fetch> {
  let isReady = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const watch = watchBuilds({ newest, log: () => isReady() });
  const api = createApi({
    published: watch.published,
    limits,
    prepares: { watch, roles: () => ['manager'] },
  });
  await watch.look();
  await ready;
  return (request) => api.fetch(request);
}

function bareOf({ answersFile }: Extract<ServerOrder, { kind: 'bare' }>): Fetch {
  const app = new Hono();
  const answers = JSON.parse(readFileSync(answersFile, 'utf8')) as KeptAnswer[];
  const byPath = new Map(
    answers.map(({ path, headers, body }) => [path, { headers, body: Buffer.from(body, 'base64') }]),
  );
  app.get('*', (c) => {
    const { pathname, search } = new URL(c.req.url);
    const { headers, body } = byPath.get(pathname + search)!;
    return c.body(body, 200, headers);
  });
  return (request) => app.fetch(request);
}

void serveOrder<ServerOrder>(async (order) => ({
  fetch: order.kind === 'api' ? await apiOf(order) : bareOf(order),
}));
