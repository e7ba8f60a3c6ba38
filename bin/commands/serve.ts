import { serve } from '@hono/node-server';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import type { ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { createApi } from '../../lib/api/app.ts';
import { say, UserError } from './context.ts';

/** Serves the API on the loopback address until the process is told to stop. */
export async function serveShop(directory: ShopDirectory, port: number): Promise<void> {
  const reader = await openReader(directory);
  const app = createApi(() => reader.published());
  await new Promise<void>((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => {
      say(
        `Serving http://127.0.0.1:${address.port}/ (for example /v1/kpis/attribution?by=channel). Ctrl+C stops.`,
      );
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new UserError(`Port ${port} is taken; give another with --port`)
          : error,
      );
    });
    const stop = () => server.close(() => resolve());
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
  }).finally(() => reader.close());
}
