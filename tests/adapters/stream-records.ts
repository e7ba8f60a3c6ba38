import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '../../lib/adapters/embedded/event-log.ts';
import { openShopDirectory, type ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import type { StreamRecord } from '../../lib/ports.ts';

/** A folder for a shop, which goes away with `remove`. */
export function temporaryDirectory(): { directory: ShopDirectory; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'ropo-test-'));
  return {
    directory: openShopDirectory(root),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

export const ARRIVAL = Date.UTC(2026, 0, 15, 9);

export const streamRecord = (body: string, more: Partial<StreamRecord> = {}): StreamRecord => ({
  format: 'segment',
  source: 'site',
  store_id: null,
  received_at: ARRIVAL,
  body,
  ...more,
});

/** A body that tells by itself whether it is whole: long or short by its number, with characters of all lengths. */
export const bodyOf = (number: number) =>
  `${number} ${'aé€🙂'.repeat((number * 7919) % 300)} ${number * 31 + 7}`;

/** All that a log holds, taken in batch by batch. */
export async function takeAll(log: EventLog, records = 100): Promise<StreamRecord[]> {
  const all: StreamRecord[] = [];
  for (;;) {
    const batch = await log.read({ records, bytes: 1 << 16 });
    if (batch === null) return all;
    all.push(...batch.records);
    await log.commit(batch);
  }
}

/** A message about a product, different for every number; each hundredth is none. */
export const eventRecord = (number: number): StreamRecord =>
  streamRecord(
    number % 100 === 99
      ? `{"messageId":"m${number}"`
      : JSON.stringify({
          type: 'track',
          event: 'Product Viewed',
          messageId: `m${number}`,
          anonymousId: `d${number % 50}`,
          userId: number % 3 === 0 ? `u${number % 50}` : undefined,
          timestamp: new Date(ARRIVAL - (number % 1000) * 60_000).toISOString(),
          properties: { sku: `S${number}` },
        }),
  );
