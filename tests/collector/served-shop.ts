import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningServer, type ServeOptions, startServer } from '../../bin/commands/serve.ts';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { openKeyFile } from '../../lib/adapters/embedded/key-file.ts';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { openShop } from '../../lib/adapters/embedded/shop.ts';
import { openShopDirectory, type ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import type { Rejection, Row } from '../../lib/ports.ts';

process.env.ROPO_IDENTITY_SECRET ??= 'a secret of the tests, no real one';

/** A shop of its own that is served on a free port, with the real stream and the real ingest. */
export interface ServedShop {
  directory: ShopDirectory;
  server: RunningServer;
  url: string;
  /** A write key that any page may use. */
  key: string;
  /** Rows of a SELECT on what ingest has put into the lake; `raw_events` stands for its files. */
  raw(select: string): Promise<Row[]>;
  /** Stops the server, builds, and gives rows of a SELECT on the published tables. */
  built(select: string): Promise<Row[]>;
  rejections(): Promise<Rejection[]>;
  remove(): Promise<void>;
}

export async function servedShop(options: ServeOptions = {}): Promise<ServedShop> {
  const directory = openShopDirectory(mkdtempSync(join(tmpdir(), 'ropo-served-')));
  const key = openKeyFile(directory).add({
    kind: 'web',
    name: 'site',
    created_at: new Date().toISOString(),
  }).id;
  const server = await startServer(directory, 0, { limits: {}, ...options });
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) await server.close();
    isStopped = true;
  };
  return {
    directory,
    server,
    url: server.url,
    key,
    async raw(select) {
      await server.drained();
      const engine = await openEngine({ spillDirectory: directory.spill, threads: 1 });
      try {
        return await engine.rows(
          select.replaceAll(
            /\braw_(\w+)/g,
            (_, name) =>
              `(SELECT * FROM read_parquet('${directory.lake}/raw_${name}/*.parquet', union_by_name = true))`,
          ),
        );
      } finally {
        engine.close();
      }
    },
    async built(select) {
      await stop();
      const shop = await openShop(directory.root, 'test');
      try {
        await shop.build();
      } finally {
        shop.close();
      }
      const reader = await openReader(directory);
      try {
        return await (await reader.published())!.query(select);
      } finally {
        reader.close();
      }
    },
    async rejections() {
      await stop();
      const shop = await openShop(directory.root, 'test');
      try {
        return await shop.importer.lake.rejections();
      } finally {
        shop.close();
      }
    },
    async remove() {
      await stop();
      rmSync(directory.root, { recursive: true, force: true });
    },
  };
}

/** What a front does with a request instead of handing it on; `afterwards` it is handed on first, and its answer lost. */
export interface Fault {
  status: number;
  headers?: Record<string, string>;
  afterwards?: boolean;
}

export interface FaultyFront {
  url: string;
  /** How many requests came. */
  requests(): number;
  close(): Promise<void>;
}

/** A server before another, that answers the first requests with faults and hands on all others. */
export async function faultyFront(
  target: string,
  faults: readonly (Fault | 'reset')[],
): Promise<FaultyFront> {
  let requests = 0;
  const server: Server = createServer((request, response) => {
    const fault = faults[requests++];
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      if (fault === 'reset') {
        request.socket.destroy();
        return;
      }
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers))
        if (!['host', 'connection', 'content-length', 'transfer-encoding'].includes(name))
          headers.set(name, String(value));
      const handOn = () =>
        fetch(target + request.url, { method: request.method!, headers, body: Buffer.concat(parts) });
      if (fault?.afterwards) await handOn();
      if (fault) {
        response.writeHead(fault.status, fault.headers ?? {}).end();
        return;
      }
      const answer = await handOn();
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
