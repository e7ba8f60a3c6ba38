import { createCollector } from '../../lib/collector/app.ts';
import type { CollectorLimits } from '../../lib/collector/limits.ts';
import { type SourceKey, sourceKeys } from '../../lib/collector/source-keys.ts';
import type { StreamRecord } from '../../lib/ports.ts';

export const WEB = 'web_open';
export const SHOP_ONLY = 'web_shop';
export const OFFICE = 'office_1';
export const TILL = 'till_1';
export const REVOKED = 'web_revoked';
export const SHOP = 'https://shop.example';

const key = (more: Pick<SourceKey, 'id' | 'name' | 'kind'> & Partial<SourceKey>): SourceKey => ({
  secrets: [],
  origins: [],
  store_id: null,
  revoked_at: null,
  ...more,
});

export const KEYS: SourceKey[] = [
  key({ id: WEB, name: 'anywhere', kind: 'web' }),
  key({ id: SHOP_ONLY, name: 'shop', kind: 'web', origins: [SHOP, 'https://www.shop.example:8443'] }),
  key({ id: OFFICE, name: 'back-office', kind: 'office', secrets: ['office secret'] }),
  key({ id: TILL, name: 'corso', kind: 'till', secrets: ['till secret'], store_id: 's1' }),
  key({ id: REVOKED, name: 'old', kind: 'web', revoked_at: '2025-01-01T00:00:00.000Z' }),
];

export const NOW = Date.UTC(2026, 0, 15, 12);

export type Json = Record<string, unknown>;
/** What requests of these tests carry. */
export type Body = string | Uint8Array | ReadableStream<Uint8Array>;

/** A collector whose stream is a list, with a clock to turn and a stream that can be made to fail. */
export function smallCollector({
  keys = KEYS,
  limits = {},
}: {
  keys?: SourceKey[];
  limits?: Partial<CollectorLimits>;
} = {}) {
  const appends: StreamRecord[][] = [];
  const clock = { now: NOW };
  const failing: { with: Error | null } = { with: null };
  let reached = () => {};
  const isReached = new Promise<void>((resolve) => {
    reached = resolve;
  });
  /** What appends wait for, and when the first of them does. */
  const held = { until: null as Promise<void> | null, reached: () => isReached };
  const app = createCollector({
    stream: {
      async append(records) {
        if (failing.with) throw failing.with;
        reached();
        await held.until;
        appends.push([...records]);
      },
    },
    keys: sourceKeys(keys),
    now: () => clock.now,
    limits,
  });
  const post = async (
    path: string,
    body: Body | Json | null,
    headers: Record<string, string> = {},
  ): Promise<Response> => {
    const isJson = body !== null && Object.getPrototypeOf(body) === Object.prototype;
    return app.request(path, {
      method: 'POST',
      body: isJson ? JSON.stringify(body) : (body as NonNullable<RequestInit['body']> | null),
      headers,
    });
  };
  return {
    app,
    clock,
    failing,
    held,
    appends,
    post,
    /** All records on the stream. */
    records: () => appends.flat(),
    /** What they hold, parsed. */
    messages: () => appends.flat().map(({ body }) => JSON.parse(body) as Json),
  };
}

export const basic = (id: string) => ({ authorization: `Basic ${Buffer.from(`${id}:`).toString('base64')}` });

let made = 0;
export const event = (more: Json = {}): Json => ({
  type: 'track',
  event: 'Product Viewed',
  messageId: `m${++made}`,
  anonymousId: 'visitor',
  timestamp: '2026-01-10T10:00:00.000Z',
  ...more,
});

export async function problemOf(response: Response): Promise<Json> {
  if (response.headers.get('content-type') !== 'application/problem+json')
    throw new Error(`${response.status} is answered as ${response.headers.get('content-type')}`);
  return (await response.json()) as Json;
}
