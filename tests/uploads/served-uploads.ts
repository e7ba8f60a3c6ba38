import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { collectorParts } from '../../lib/collector/app.ts';
import { uploadRoutes } from '../../lib/collector/uploads/upload-routes.ts';
import { signBody } from '../../lib/domain/signature.ts';
import { type SourceKey, sourceKeys } from '../../lib/domain/source-keys.ts';
import type { EventStream, StreamRecord } from '../../lib/ports.ts';

export const TILL: SourceKey = {
  id: 'till_koeln',
  name: 'till Köln',
  kind: 'till',
  secrets: ['till secret 2', 'till secret 1'],
  origins: [],
  store_id: 's1',
  revoked_at: null,
};
export const OFFICE: SourceKey = {
  ...TILL,
  id: 'office_1',
  name: 'office',
  kind: 'office',
  secrets: ['office secret'],
  store_id: null,
};
const WEB: SourceKey = { ...OFFICE, id: 'web_1', name: 'site', kind: 'web', secrets: [] };
const GONE: SourceKey = { ...OFFICE, id: 'office_0', revoked_at: '2025-01-01T00:00:00Z' };

export const NOW = Date.UTC(2025, 2, 9, 13, 5);

/** The upload routes behind a real server, with a stream that keeps what it gets. */
export interface ServedUploads {
  url: string;
  taken: StreamRecord[];
  /** What the next `append` does instead of keeping. */
  fail: { with: Error | null };
  clock: { now: number };
  post(path: string, body: string | Uint8Array, headers?: Record<string, string>): Promise<Response>;
  /** Signs by a key and posts. */
  upload(
    format: string,
    body: string | Uint8Array,
    options?: { key?: SourceKey; secret?: string; at?: number; headers?: Record<string, string> },
  ): Promise<Response>;
  close(): Promise<void>;
}

export async function servedUploads(stream?: EventStream): Promise<ServedUploads> {
  const taken: StreamRecord[] = [];
  const fail: ServedUploads['fail'] = { with: null };
  const clock = { now: NOW };
  const parts = collectorParts({
    stream: stream ?? {
      async append(records) {
        await new Promise((resolve) => setImmediate(resolve));
        if (fail.with !== null) throw fail.with;
        taken.push(...records);
      },
    },
    keys: sourceKeys([TILL, OFFICE, WEB, GONE]),
    now: () => clock.now,
  });
  const app = uploadRoutes(parts);
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  if (!server.listening) await new Promise<void>((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post: ServedUploads['post'] = (path, body, headers = {}) =>
    fetch(url + path, { method: 'POST', body: typeof body === 'string' ? body : Buffer.from(body), headers });
  return {
    url,
    taken,
    fail,
    clock,
    post,
    upload(format, body, { key = OFFICE, secret = key.secrets[0]!, at, headers = {} } = {}) {
      const signature = signBody(secret, body, at ?? Math.floor(clock.now / 1000));
      return post(`/v1/upload/${format}`, body, {
        'ropo-key': key.id,
        'ropo-signature': signature,
        ...headers,
      });
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
