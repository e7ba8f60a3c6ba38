import { type Command, Option } from 'commander';
import { startIngest } from '../../lib/adapters/embedded/ingest-loop.ts';
import { type KeyFile, openKeyFile } from '../../lib/adapters/embedded/key-file.ts';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { openShopDirectory, type ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import type { Access } from '../../lib/api/access/access.ts';
import { loopbackAccess } from '../../lib/api/access/loopback.ts';
import { tokenAccess } from '../../lib/api/access/token-access.ts';
import { createApi } from '../../lib/api/app.ts';
import type { ApiLimits } from '../../lib/api/limits.ts';
import { PAGE_PATH, pageRoutes } from '../../lib/api/page-routes.ts';
import { watchBuilds } from '../../lib/api/preparing/build-watch.ts';
import { ROLE_NAMES, ROLES, type RoleName } from '../../lib/api/roles.ts';
import { createCollector } from '../../lib/collector/app.ts';
import { lastEvents } from '../../lib/collector/last-events.ts';
import type { CollectorLimits } from '../../lib/collector/limits.ts';
import { liveRoutes } from '../../lib/collector/live/live-routes.ts';
import { isLoopbackAddress } from '../../lib/domain/loopback-host.ts';
import { bundlePage, pageFiles } from '../page-bundle.ts';
import { type GlobalOptions, remark, say, wholeNumber } from './context.ts';
import { addressOf, ended, type Listening, LOOPBACK, listen, TIMEOUTS } from './listen.ts';

/** Paths that the KPI API answers, and those of the live page; everything else is the collector's. */
const API_PATH = /^\/v1(?:$|\/(?:build|kpis|contracts|choices|openapi\.json|client\.ts)(?:\/|$))/;
const LIVE_PATH = /^\/live(?:\/|$)/;

/** What one key may send, so that a public key cannot fill the disk of a shop on one machine at once. */
const RATE = { perSecond: 2000, burst: 20_000 };

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
  /** The address that API and page listen on; unless it says otherwise 127.0.0.1. */
  host?: string | undefined;
  /** Whether readers of the API show a token; where it listens on more than this machine, they must. */
  requireToken?: boolean | undefined;
  apiLimits?: Partial<ApiLimits>;
  /** Takes what the server says of builds that it prepares. */
  log?: (line: string) => void;
  timeouts?: Partial<typeof TIMEOUTS>;
}

/** How many questions the engine of the API answers at a time. */
const CONNECTIONS = 4;
/** How often a new build is looked for, in milliseconds. */
const LOOK_MS = 500;

/**
 * Starts KPI API, page, live page, collector and ingest of a shop on the loopback address. On another address only API and
 * page are there, and readers show a token.
 * @param port 0 for any that is free
 * @throws UserError where a port is taken
 */
export async function startServer(
  directory: ShopDirectory,
  port: number,
  {
    limits = { rate: RATE },
    timeouts = {},
    collectPort,
    host = LOOPBACK,
    requireToken,
    apiLimits = {},
    log = () => {},
  }: ServeOptions = {},
): Promise<RunningServer> {
  openShopDirectory(directory.root);
  const keys = openKeyFile(directory);
  const reader = await openReader(directory, { connections: CONNECTIONS });
  const loop = await startIngest(directory);
  const seen = lastEvents(() => loop.counts());
  loop.fates((fates) => seen.add(fates));
  const isOfThisMachine = isLoopbackAddress(host);
  const needsToken = requireToken === true || !isOfThisMachine;
  const watch = watchBuilds({ newest: () => reader.published(), log });
  const api = createApi({
    published: watch.published,
    access: needsToken ? tokenAccess(keys.reader) : loopbackAccess(),
    limits: apiLimits,
    addressOf,
    prepares: { watch, roles: () => (needsToken ? rolesOf(keys) : ['manager']) },
  });
  const looking = setInterval(() => void watch.look(), LOOK_MS);
  // The page holds no figures: it asks the API, with the reader's token where one is needed.
  const page = servedPage(needsToken ? null : loopbackAccess());
  const live = liveRoutes(seen);
  const collector = createCollector({ stream: loop.stream, keys, now: Date.now, limits });
  const release = async () => {
    clearInterval(looking);
    await Promise.all([loop.close(), watch.end()]);
    reader.close();
  };
  const fetch = (request: Request, connection: unknown) => {
    const path = new URL(request.url).pathname;
    if (PAGE_PATH.test(path)) return page.fetch(request);
    if (API_PATH.test(path) || !isOfThisMachine) return api.fetch(request, connection as object);
    // A proxy that says nothing of itself asks like this machine: where there may be one, nobody sees events.
    if (LIVE_PATH.test(path)) return (needsToken ? api : live).fetch(request, connection as object);
    return collector.fetch(request);
  };
  const listening: Listening[] = [];
  const close = async () => {
    await Promise.all(listening.map(({ server }) => ended(server)));
    await release();
  };
  const serverOptions = { ...TIMEOUTS, ...timeouts };
  try {
    listening.push(await listen(fetch, { port, host, option: '--port', serverOptions }));
    if (collectPort !== undefined) {
      const at = { port: collectPort, host: LOOPBACK, option: '--collect-port', serverOptions };
      listening.push(await listen((request) => collector.fetch(request), at));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const [all, alone] = listening;
  return { url: all!.url, collectUrl: alone?.url ?? null, drained: () => loop.drained(), close };
}

/** The roles that readers of a shop have, of those that see the page as a manager does: from inside the company. */
function rolesOf(keys: KeyFile): RoleName[] {
  const given = new Set(
    keys.list().flatMap((key) => (key.kind === 'reader' && !key.revoked_at ? [key.role] : [])),
  );
  return ROLE_NAMES.filter((role) => given.has(role) && ROLES[role].audience === null);
}

/** The page, which is made while the server starts. With ROPO_PAGE_WATCH it is made anew for each request of `/`. */
function servedPage(access: Access | null) {
  const watches = process.env.ROPO_PAGE_WATCH !== undefined;
  let files = pageFiles();
  // Whoever asks for the page is told.
  files.catch(() => {});
  return pageRoutes((path) => {
    if (watches && path === '/') files = bundlePage();
    return files;
  }, access);
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
    .option('--require-token', 'answer readers of the API only with a token of "ropo keys add reader"')
    .option('--host <address>', 'where API and page listen; anything but this machine needs tokens', LOOPBACK)
    .action(({ port, collectPort, host, requireToken, ...options }: Partial<GlobalOptions> & ServeCommand) =>
      serveShop(directoryOf(options), port, { collectPort, host, requireToken }),
    );
}

interface ServeCommand extends Pick<ServeOptions, 'collectPort' | 'host' | 'requireToken'> {
  port: number;
}

/** Serves a shop until the process is told to stop; told twice, it stops at once: what was taken is kept. */
export async function serveShop(
  directory: ShopDirectory,
  port: number,
  options: Pick<ServeOptions, 'collectPort' | 'host' | 'requireToken'> = {},
): Promise<void> {
  const key = webKey(directory);
  const server = await startServer(directory, port, { ...options, log: remark });
  showServer(server, key, options);
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

function showServer(
  { url, collectUrl }: RunningServer,
  key: string,
  { host = LOOPBACK, requireToken }: ServeOptions,
): void {
  say(`Open ${url}/ in a browser for the figures. Ctrl+C stops.`);
  say(`Serving ${url}/v1/kpis to programs (for example ${url}/v1/kpis/attribution?by=channel).`);
  const isOfThisMachine = isLoopbackAddress(host);
  if (requireToken || !isOfThisMachine)
    say('Readers show a token of "ropo keys add reader NAME --role ROLE"; put TLS in front of it.');
  if (collectUrl !== null)
    say(`For a proxy: ${collectUrl} is the collector alone, without figures and events.`);
  if (!isOfThisMachine) return;
  say(`Collector: trackers send to ${url}/v1/batch with the write key ${key}; ropo keys has them all.`);
  if (!requireToken) say(`Live: ${url}/live shows events as they arrive.`);
  say(`For a page:  <script async src="${url}/ropo.js" data-key="${key}"></script>`);
  say(
    `To try it:   curl ${url}/v1/track -u ${key}: -d '{"messageId":"try-1","event":"Product Viewed","anonymousId":"me","properties":{"sku":"A"}}'`,
  );
}
