import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { startIngest } from '../../adapters/embedded/ingest-loop.ts';
import { openShopDirectory } from '../../adapters/embedded/shop-directory.ts';
import { createCollector } from '../../collector/app.ts';
import { sourceKeys } from '../../domain/source-keys.ts';

/** Which server: the collector of a shop, or the bare framework, which answers 200 to everything. */
export type Kind = 'collector' | 'bare';

export const BENCH_KEY = 'ropo_wk_bench';

/** A server in a process of its own. */
export interface ServerProcess {
  url: string;
  /** Most memory that the process held so far, in bytes. */
  peakBytes(): Promise<number>;
  /** Waits until all that came in is in the lake. */
  stop(): Promise<void>;
}

const MARK = 'ropo-bench-server';
const TYPESCRIPT = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** Starts a server of a kind in a process of its own. */
export async function startServer(kind: Kind, root: string): Promise<ServerProcess> {
  const child = fork(fileURLToPath(import.meta.url), [MARK, kind, root], {
    execArgv: ['--import', TYPESCRIPT],
  });
  const answer = <Answer>() =>
    new Promise<Answer>((resolve, reject) => {
      const ended = () => reject(new Error(`The ${kind} server of the bench ended`));
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

async function runServer(kind: Kind, root: string): Promise<void> {
  const { fetch, end } = kind === 'bare' ? bareApp() : await collectorApp(root);
  const server = serve({ fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => process.send!({ port }));
  process.on('message', (message) => {
    if (message === 'memory') process.send!({ peakBytes: process.resourceUsage().maxRSS * 1024 });
    else server.close(() => void end().then(() => process.exit(0)));
  });
}

interface App {
  fetch: (request: Request) => Response | Promise<Response>;
  end(): Promise<void>;
}

function bareApp(): App {
  const app = new Hono();
  app.post('/v1/track', (c) => c.json({ success: true }));
  return { fetch: app.fetch, end: async () => {} };
}

async function collectorApp(root: string): Promise<App> {
  const loop = await startIngest(openShopDirectory(root));
  const keys = sourceKeys([
    { id: BENCH_KEY, name: 'bench', kind: 'web', secrets: [], origins: [], store_id: null, revoked_at: null },
  ]);
  const app = createCollector({ stream: loop.stream, keys, now: Date.now });
  return { fetch: app.fetch, end: () => loop.close() };
}

const [, , mark, kind, root] = process.argv;
if (mark === MARK && process.send) void runServer(kind as Kind, root!);
