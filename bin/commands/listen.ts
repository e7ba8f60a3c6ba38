import { serve } from '@hono/node-server';
import { UserError } from './context.ts';

/**
 * A sender that takes its time holds a connection and little else: its headers must be there after ten seconds, all
 * of a request after a minute.
 */
export const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 2000,
};
const MOST_CONNECTIONS = 2000;
export const LOOPBACK = '127.0.0.1';

/** How long answers that are under way may take once the server is told to stop, in milliseconds. */
const LAST_ANSWERS_MS = 10_000;

type Server = Extract<ReturnType<typeof serve>, { closeAllConnections(): void }>;

export interface Listening {
  server: Server;
  url: string;
}

/** @param option what the port was given with, for the message where it is taken */
export function listen(
  fetch: (request: Request, connection: unknown) => Response | Promise<Response>,
  {
    port,
    host,
    option,
    serverOptions,
  }: { port: number; host: string; option: string; serverOptions: typeof TIMEOUTS },
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: host, serverOptions }, (address) =>
      resolve({ server, url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}` }),
    ) as Server;
    server.maxConnections = MOST_CONNECTIONS;
    server.on('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new UserError(`Port ${port} is taken; give another with ${option}`)
          : error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND'
            ? new UserError(`This machine has no address ${host} to listen on; give another with --host`)
            : error,
      );
    });
  });
}

export function ended(server: Server): Promise<void> {
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

/** The other end of a connection, as the server of Node knows it. */
export function addressOf(connection: unknown): string {
  const { incoming } = (connection ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress ?? 'unknown';
}
