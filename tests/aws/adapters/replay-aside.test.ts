import { afterAll, beforeAll, expect, test } from 'vitest';
import { replayAside, replayAsked } from '../../../lib/adapters/aws/replay-aside.ts';
import { createIdentify } from '../../../lib/domain/identifier.ts';
import { type IngestDeps, ingest } from '../../../lib/pipeline/ingest.ts';
import { ARRIVAL, streamRecord } from '../../adapters/stream-records.ts';
import { memoryLinks } from '../../pipeline/memory-lake.ts';
import { type Emulators, startEmulators } from '../emulators/index.ts';
import { type Clients, clientsOf } from './aws-clients.ts';
import { lakeOf, landedRows, SHORT } from './streams-and-lakes.ts';

/** Records that were set aside and are tried again: nothing is lost, nothing is there twice. */
const DAY = 86_400_000;
let emulators: Emulators;
let clients: Clients;
beforeAll(async () => {
  emulators = await startEmulators();
  clients = clientsOf(emulators);
});
afterAll(async () => {
  clients.close();
  await emulators.close();
});

function worldAt(now: number) {
  const { lake, rejections } = lakeOf(clients, SHORT);
  const deps: IngestDeps = {
    lake,
    identities: memoryLinks(),
    identify: createIdentify('a secret of the tests, no real one'),
    isBot: () => false,
    now: () => now,
    lastFates: 0,
  };
  return { ingest: deps, rejections };
}

const touch = (touch_id: string, ahead: number, more: object = {}) =>
  streamRecord(
    JSON.stringify({
      touch_id,
      occurred_at: new Date(ARRIVAL + ahead * DAY).toISOString(),
      touch_type: 'impression',
      channel: 'Email',
      email: 'somebody@example.com',
      ...more,
    }),
    { format: 'touches', source: 'office' },
  );
const stored = async () =>
  (await landedRows(emulators, 'raw_touches', ['record_id'])).map(([id]) => id).sort();
const aside = async () =>
  (await worldAt(0).rejections.list()).map(({ reason, original }) => [
    reason,
    /"touch_id":"(\w+)"/.exec(original)![1],
  ]);

test('what is fine by now is stored and leaves the list, the rest stays', async () => {
  const world = worldAt(ARRIVAL + 3 * DAY);
  const records = [
    touch('a', 2),
    touch('b', 2.5),
    touch('c', 40),
    touch('d', 2, { channel: 7 }),
    touch('e', 0),
    { ...touch('f', 3), received_at: ARRIVAL + DAY },
  ];
  const { received, rejected, stored: taken } = await ingest(records, world.ingest);
  expect({ received, rejected, taken }).toEqual({
    received: 6,
    rejected: { in_future: 4, schema: 1 },
    taken: 1,
  });

  // Of another day: none of these.
  const ofAnotherDay = { action: 'replay', reason: 'in_future', arrived: '2026-01-17' } as const;
  expect(await replayAside(ofAnotherDay, world)).toEqual({ tried: 0, stored: 0, left: 0 });
  const ofTheDay = { ...ofAnotherDay, arrived: '2026-01-16' };
  expect(await replayAside(ofTheDay, world)).toEqual({ tried: 1, stored: 1, left: 0 });
  expect(await stored()).toEqual(['e', 'f']);

  // It breaks off when all is handed over, before it is off the list.
  const stop = emulators.s3.faults.failWhile('PutObject', () => ({ code: 'AccessDenied', status: 403 }));
  const asked = { action: 'replay', reason: 'in_future' } as const;
  await expect(replayAside(asked, world)).rejects.toThrow();
  stop();
  expect(await aside()).toHaveLength(4);
  expect(await replayAside(asked, world)).toEqual({ tried: 3, stored: 2, left: 1 });
  expect(await stored()).toEqual(['a', 'b', 'e', 'f']);
  expect((await aside()).sort()).toEqual([
    ['in_future', 'c'],
    ['schema', 'd'],
  ]);
  expect(await replayAside(asked, world)).toEqual({ tried: 1, stored: 0, left: 1 });
  // received = stored + rejected, as before.
  expect((await stored()).length + (await aside()).length).toBe(received);
});

test('what cannot be asked is told', () => {
  expect(replayAsked({ Records: [] })).toBeNull();
  expect(() => replayAsked({ action: 'erase' })).toThrow('"erase" is no action of ingest');
  expect(() => replayAsked({ action: 'replay', reason: 'in_past' })).toThrow(
    '"in_past" is no reason; one of',
  );
  expect(() => replayAsked({ action: 'replay', reason: 'in_future', arrived: 'today' })).toThrow(
    'arrived "today" is no day',
  );
});
