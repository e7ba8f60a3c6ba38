import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { openReader } from '../../adapters/embedded/reader.ts';
import { shopDirectory } from '../../adapters/embedded/shop-directory.ts';
import { createApi } from '../../api/app.ts';

/** The API of a shop, with or without what it keeps of answers, or the bare framework with the same bytes in memory. */
export type ServerOrder =
  | { kind: 'api'; root: string; keeps: boolean }
  | { kind: 'bare'; answersFile: string };

/** An answer as the bare server gives it. */
export interface KeptAnswer {
  path: string;
  headers: Record<string, string>;
  /** base64 */
  body: string;
}

const MARK = 'ropo-bench-api';
const TYPESCRIPT = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const CONNECTIONS = 4;

export interface ApiServer {
  url: string;
  /** Most memory that the process held so far, in bytes. */
  peakBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a server in a process of its own. */
export async function startApiServer(order: ServerOrder): Promise<ApiServer> {
  const child = fork(fileURLToPath(import.meta.url), [MARK, JSON.stringify(order)], {
    execArgv: ['--import', TYPESCRIPT],
  });
  const answer = <Answer>() =>
    new Promise<Answer>((resolve, reject) => {
      const ended = () => reject(new Error(`The ${order.kind} server of the bench ended`));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(message as Answer);
      });
    });
  const { port } = await answer<{ port: number }>();
  return {
    url: `http://127.0.0.1:${port}`,
    async peakBytes() {
      const told = answer<{ peakBytes: number }>();
      child.send('memory');
      return (await told).peakBytes;
    },
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.send('stop');
      await gone;
    },
  };
}

type Fetch = (request: Request) => Response | Promise<Response>;

async function apiOf({ root, keeps }: Extract<ServerOrder, { kind: 'api' }>): Promise<Fetch> {
  const reader = await openReader(shopDirectory(root), { connections: CONNECTIONS });
  await reader.published();
  // Fifty people are one reader here.
  const limits = { rate: null, ...(keeps ? {} : { cacheBytes: 0 }) };
  const api = createApi({ published: () => reader.published(), limits });
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

async function runServer(order: ServerOrder): Promise<void> {
  const fetch = order.kind === 'api' ? await apiOf(order) : bareOf(order);
  serve({ fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => process.send!({ port }));
  process.on('message', (message) => {
    if (message === 'memory') process.send!({ peakBytes: process.resourceUsage().maxRSS * 1024 });
    else process.exit(0);
  });
}

const [, , mark, order] = process.argv;
if (mark === MARK && process.send) void runServer(JSON.parse(order!) as ServerOrder);
