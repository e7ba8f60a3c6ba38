import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { serve } from '@hono/node-server';

/** A server in a process of its own. */
export interface ServerProcess {
  url: string;
  /** Most memory that the process held so far, in bytes. */
  peakBytes(): Promise<number>;
  /** Waits until the server has ended all that it had begun. */
  stop(): Promise<void>;
}

/** What a server process answers with, and what it does at its end. */
export interface ServedApp {
  fetch: (request: Request) => Response | Promise<Response>;
  end?(): Promise<void>;
}

const MARK = 'ropo-bench-server';
const TYPESCRIPT = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/**
 * Starts a server in a process of its own.
 * @param file module that calls `serveOrder` when it is loaded, by its import.meta.url
 * @param order what it is to serve, as JSON
 */
export async function startServerProcess<Order extends { kind: string }>(
  file: string,
  order: Order,
): Promise<ServerProcess> {
  const child = fork(fileURLToPath(file), [MARK, JSON.stringify(order)], {
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

/** In a process that `startServerProcess` started: serves what the order says until told to stop. Elsewhere nothing. */
export async function serveOrder<Order>(
  open: (order: Order) => ServedApp | Promise<ServedApp>,
): Promise<void> {
  const [, , mark, order] = process.argv;
  if (mark !== MARK || !process.send) return;
  const { fetch, end } = await open(JSON.parse(order!) as Order);
  const server = serve({ fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => process.send!({ port }));
  process.on('message', (message) => {
    if (message === 'memory') process.send!({ peakBytes: process.resourceUsage().maxRSS * 1024 });
    else if (end) server.close(() => void end().then(() => process.exit(0)));
    else process.exit(0);
  });
}
