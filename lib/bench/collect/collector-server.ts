import { Hono } from 'hono';
import { startIngest } from '../../adapters/embedded/ingest-loop.ts';
import { openShopDirectory } from '../../adapters/embedded/shop-directory.ts';
import { createCollector } from '../../collector/app.ts';
import { sourceKeys } from '../../domain/source-keys.ts';
import { type ServedApp, type ServerProcess, serveOrder, startServerProcess } from '../server-process.ts';

/** Which server: the collector of a shop, or the bare framework, which answers 200 to everything. */
export type Kind = 'collector' | 'bare';

export const BENCH_KEY = 'ropo_wk_bench';

interface ServerOrder {
  kind: Kind;
  root: string;
}

/** Starts a server of a kind in a process of its own; what came in is in the lake when it has stopped. */
export const startServer = (kind: Kind, root: string): Promise<ServerProcess> =>
  startServerProcess(import.meta.url, { kind, root } satisfies ServerOrder);

function bareApp(): ServedApp {
  const app = new Hono();
  app.post('/v1/track', (c) => c.json({ success: true }));
  return { fetch: app.fetch };
}

async function collectorApp(root: string): Promise<ServedApp> {
  const loop = await startIngest(openShopDirectory(root));
  const keys = sourceKeys([
    { id: BENCH_KEY, name: 'bench', kind: 'web', secrets: [], origins: [], store_id: null, revoked_at: null },
  ]);
  const app = createCollector({ stream: loop.stream, keys, now: Date.now });
  return { fetch: app.fetch, end: () => loop.close() };
}

void serveOrder<ServerOrder>(({ kind, root }) => (kind === 'bare' ? bareApp() : collectorApp(root)));
