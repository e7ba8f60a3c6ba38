import { serve } from '@hono/node-server';
import { type Command, Option } from 'commander';
import { startIngest } from '../../lib/adapters/embedded/ingest-loop.ts';
import { openKeyFile } from '../../lib/adapters/embedded/key-file.ts';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { openShopDirectory, type ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { createApi } from '../../lib/api/app.ts';
import { createCollector } from '../../lib/collector/app.ts';
import { lastEvents } from '../../lib/collector/last-events.ts';
import type { CollectorLimits } from '../../lib/collector/limits.ts';
import { liveRoutes } from '../../lib/collector/live/live-routes.ts';
import { refusedElsewhere } from '../../lib/collector/loopback-host.ts';
import { type GlobalOptions, say, UserError, wholeNumber } from './context.ts';

/** Paths that the KPI API answers, and those of the live page; everything else is the collector's. */
const API_PATH = /^\/(?:$|v1\/(?:build|kpis|contracts)(?:\/|$))/;
const LIVE_PATH = /^\/live(?:\/|$)/;

/**
 * A sender that takes its time holds a connection and little else: its headers must be there after ten seconds, all
 * of a request after a minute.
 */
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 2000,
};
const MOST_CONNECTIONS = 2000;

/** What one key may send, so that a public key cannot fill the disk of a shop on one machine at once. */
const RATE = { perSecond: 2000, burst: 20_000 };

/** How long answers that are under way may take once the server is told to stop, in milliseconds. */
const LAST_ANSWERS_MS = 10_000;

/** A server that runs. */
export interface RunningServer {
  url: string;
  /** Where the collector is alone; null where no port was given for that. */
  collectUrl: string | null;
  /** Takes nothing more, ends the answers under way and delivers what was taken; what cannot be stays for the next run. */
  close(): Promise<void>;
  /** Resolves when all that was taken so far is in the lake. */
  drained(): Promise<void>;
}

export interface ServeOptions {
  /** A second port, for the collector alone: what a proxy may show to the internet. 0 for any that is free. */
  collectPort?: number | undefined;
  limits?: Partial<CollectorLimits>;
  timeouts?: Partial<typeof TIMEOUTS>;
}

/**
 * Starts KPI API, live page, collector and ingest of a shop on the loopback address.
 * @param port 0 for any that is free
 * @throws UserError where a port is taken
 */
export async function startServer(
  directory: ShopDirectory,
  port: number,
  { limits = { rate: RATE }, timeouts = {}, collectPort }: ServeOptions = {},
): Promise<RunningServer> {
  openShopDirectory(directory.root);
  const keys = openKeyFile(directory);
  const reader = await openReader(directory);
  const loop = await startIngest(directory);
  const seen = lastEvents(() => loop.counts());
  loop.fates((fates) => seen.add(fates));
  const api = createApi(() => reader.published());
  const live = liveRoutes(seen);
  const collector = createCollector({ stream: loop.stream, keys, now: Date.now, limits });
  const release = async () => {
    await loop.close();
    reader.close();
  };
  const fetch = (request: Request) => {
    const path = new URL(request.url).pathname;
    if (LIVE_PATH.test(path)) return live.fetch(request);
    if (API_PATH.test(path)) return refusedElsewhere(request) ?? api.fetch(request);
    return collector.fetch(request);
  };
  const listening: Listening[] = [];
  const close = async () => {
    await Promise.all(listening.map(({ server }) => ended(server)));
    await release();
  };
  const serverOptions = { ...TIMEOUTS, ...timeouts };
  try {
    listening.push(await listen(fetch, { port, option: '--port', serverOptions }));
    if (collectPort !== undefined) {
      const at = { port: collectPort, option: '--collect-port', serverOptions };
      listening.push(await listen((request) => collector.fetch(request), at));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const [all, alone] = listening;
  return { url: all!.url, collectUrl: alone?.url ?? null, drained: () => loop.drained(), close };
}

type Server = Extract<ReturnType<typeof serve>, { closeAllConnections(): void }>;

interface Listening {
  server: Server;
  url: string;
}

/** @param option what the port was given with, for the message where it is taken */
function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { port, option, serverOptions }: { port: number; option: string; serverOptions: typeof TIMEOUTS },
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: '127.0.0.1', serverOptions }, (address) =>
      resolve({ server, url: `http://127.0.0.1:${address.port}` }),
    ) as Server;
    server.maxConnections = MOST_CONNECTIONS;
    server.on('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new UserError(`Port ${port} is taken; give another with ${option}`)
          : error,
      );
    });
  });
}

function ended(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const patience = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS);
    // A connection that has had its last answer would be kept open for the next request.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    server.close(() => {
      clearTimeout(patience);
      clearInterval(sweep);
      resolve();
    });
  });
}

/** `ropo serve`; the command has its --port already. */
export function defineServe(
  command: Command,
  directoryOf: (options: Partial<GlobalOptions>) => ShopDirectory,
): Command {
  return command
    .addOption(
      new Option(
        '--collect-port <port>',
        'a second port on 127.0.0.1, for the collector alone; the one to point a proxy at',
      ).argParser(wholeNumber(0, 65_535)),
    )
    .action((options: Partial<GlobalOptions> & { port: number; collectPort?: number }) =>
      serveShop(directoryOf(options), options.port, options.collectPort),
    );
}

/** Serves a shop until the process is told to stop; told twice, it stops at once: what was taken is kept. */
export async function serveShop(
  directory: ShopDirectory,
  port: number,
  collectPort?: number | undefined,
): Promise<void> {
  const key = webKey(directory);
  const server = await startServer(directory, port, { collectPort });
  showServer(server, key);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  say('Stopping: what was taken in goes to the lake first. Ctrl+C again stops at once.');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  await server.close();
  // A reader of this process may still hold handles; nothing is left to do.
  process.exitCode = 0;
}

/** The write key to try things with: the first one there is, made on the first start. */
function webKey(directory: ShopDirectory): string {
  openShopDirectory(directory.root);
  const keys = openKeyFile(directory);
  const key = keys.all().find(({ kind }) => kind === 'web');
  return (key ?? keys.add({ kind: 'web', name: 'site', created_at: new Date().toISOString() })).id;
}

function showServer({ url, collectUrl }: RunningServer, key: string): void {
  say(`Serving ${url}/ (for example /v1/kpis/attribution?by=channel). Ctrl+C stops.`);
  say(`Collector: trackers send to ${url}/v1/batch with the write key ${key}; ropo keys has them all.`);
  if (collectUrl !== null)
    say(`For a proxy: ${collectUrl} is the collector alone, without figures and events.`);
  say(`Live: ${url}/live shows events as they arrive.`);
  say(`For a page:  <script async src="${url}/ropo.js" data-key="${key}"></script>`);
  say(
    `To try it:   curl ${url}/v1/track -u ${key}: -d '{"messageId":"try-1","event":"Product Viewed","anonymousId":"me","properties":{"sku":"A"}}'`,
  );
}
