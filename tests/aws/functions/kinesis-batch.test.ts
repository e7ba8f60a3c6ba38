import type { KinesisStreamRecord } from 'aws-lambda';
import { beforeEach, describe, expect, test } from 'vitest';
import { ingestKinesisBatch, type KinesisBatchDeps } from '../../../lib/adapters/aws/kinesis-batch.ts';
import { encodeKinesisRecord, readKinesisRecord } from '../../../lib/adapters/aws/kinesis-records.ts';
import type { LargeBodies } from '../../../lib/adapters/aws/large-bodies.ts';
import { createIdentify } from '../../../lib/domain/identifier.ts';
import type { EventLake, Gathered, StreamRecord } from '../../../lib/ports.ts';
import { ARRIVAL, eventRecord, streamRecord } from '../../adapters/stream-records.ts';
import { memoryLake, memoryLinks } from '../../pipeline/memory-lake.ts';

const bodies = new Map<string, Uint8Array>();
let isStoreDown = false;
const largeBodies: LargeBodies = {
  async put(bytes) {
    bodies.set('a'.repeat(64), bytes);
    return 'a'.repeat(64);
  },
  async get(reference) {
    if (isStoreDown) throw Object.assign(new Error('slow down'), { name: 'SlowDown' });
    const found = bodies.get(reference);
    if (!found) throw Object.assign(new Error('none'), { name: 'NoSuchKey' });
    return found;
  },
};

let lake: ReturnType<typeof memoryLake>;
let links: ReturnType<typeof memoryLinks>;
let deps: KinesisBatchDeps;
beforeEach(() => {
  lake = memoryLake();
  links = memoryLinks();
  isStoreDown = false;
  bodies.clear();
  deps = depsWith(lake);
});

const depsWith = (made: EventLake): KinesisBatchDeps => ({
  read: (data) => readKinesisRecord(data, largeBodies),
  ingest: {
    lake: made,
    identities: links,
    identify: createIdentify('a secret of the tests, no real one'),
    isBot: () => false,
    now: () => ARRIVAL,
    lastFates: 0,
  },
});

/** A lake that throws what it is told to, when it takes a record in whose text that stands. */
function lakeThatThrows(text: string, error: () => Error): EventLake {
  return {
    ...lake,
    async deliver() {
      const delivery = await lake.deliver();
      return {
        ...delivery,
        async take(gathered: Gathered) {
          for (const { text: rows } of gathered.tables)
            if (new TextDecoder().decode(rows).includes(text)) throw error();
          return delivery.take(gathered);
        },
      };
    },
  };
}

const ofBytes = (number: number, data: Uint8Array): KinesisStreamRecord => ({
  kinesis: {
    kinesisSchemaVersion: '1.0',
    partitionKey: 'p',
    sequenceNumber: `4960000000000000${number}`,
    data: Buffer.from(data).toString('base64'),
    approximateArrivalTimestamp: ARRIVAL / 1000 + 0.25,
  },
  eventSource: 'aws:kinesis',
  eventVersion: '1.0',
  eventID: `shardId-000000000000:${number}`,
  eventName: 'aws:kinesis:record',
  invokeIdentityArn: '',
  awsRegion: 'eu-south-1',
  eventSourceARN: '',
});

const batchOf = (records: readonly (StreamRecord | Buffer)[]) =>
  Promise.all(
    records.map(async (record, at) =>
      ofBytes(at, Buffer.isBuffer(record) ? record : await encodeKinesisRecord(record, largeBodies)),
    ),
  );

const storedIds = () => [...lake.rows.values()].sort();
const again = (number: number) => ({
  batchItemFailures: [{ itemIdentifier: `4960000000000000${number}` }],
});

describe('a batch', () => {
  test('that is good is answered with an empty list, the only success besides none', async () => {
    const done = await ingestKinesisBatch(await batchOf([eventRecord(1), eventRecord(2)]), deps);
    expect(done.response).toEqual({ batchItemFailures: [] });
    expect(done).toMatchObject({ received: 2, stored: 2, duplicates: 0, rejected: {}, waiting: 0 });
    expect(storedIds()).toEqual(['m1', 'm2']);
  });

  test('sets aside what nobody can read, and it never comes again', async () => {
    const garbage = [
      Buffer.from('no json'),
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.alloc(0),
      Buffer.from('[]'),
    ];
    const done = await ingestKinesisBatch(await batchOf([eventRecord(1), ...garbage, eventRecord(2)]), deps);
    expect(done.response).toEqual({ batchItemFailures: [] });
    expect(done).toMatchObject({ received: 6, stored: 2, rejected: { unreadable: 4 } });
    expect([...lake.aside.values()].map(({ original, received_at }) => [original, received_at])).toEqual(
      expect.arrayContaining([
        ['no json', '2026-01-15T09:00:00.250Z'],
        ['base64://4A', '2026-01-15T09:00:00.250Z'],
      ]),
    );
  });

  test('keeps no more of what nobody can read than its head', async () => {
    await ingestKinesisBatch(await batchOf([Buffer.from('x'.repeat(50_000))]), deps);
    const [kept] = lake.aside.values();
    expect(kept!.original.length).toBeLessThan(4400);
    expect(kept!.original).toContain('50000 bytes in all');
  });

  test('comes again whole when the world fails, and then changes nothing twice', async () => {
    const failing = lakeThatThrows('m2', () => Object.assign(new Error('busy'), { name: 'RetriesSpent' }));
    const batch = await batchOf([eventRecord(1), eventRecord(2), eventRecord(3)]);
    const done = await ingestKinesisBatch(batch, depsWith(failing));
    expect(done.response).toEqual(again(0));
    expect(done.failure).toMatchObject({ name: 'RetriesSpent' });
    expect(done.isRefused).toBe(false);
    expect(lake.aside.size).toBe(0);
    expect((await ingestKinesisBatch(batch, deps)).response).toEqual({ batchItemFailures: [] });
    expect(storedIds()).toEqual(['m1', 'm2', 'm3']);
  });

  test('loses nothing but the record that our own code fails at, which is set aside', async () => {
    const poisoned = lakeThatThrows('"m37"', () => new TypeError('our own fault'));
    const records = Array.from({ length: 64 }, (_, n) => eventRecord(n));
    const done = await ingestKinesisBatch(await batchOf(records), depsWith(poisoned));
    expect(done.response).toEqual({ batchItemFailures: [] });
    expect(done).toMatchObject({ received: 64, stored: 63, rejected: { unreadable: 1 } });
    expect(storedIds()).not.toContain('m37');
    const [kept] = lake.aside.values();
    expect(kept).toMatchObject({ detail: 'failed: reading it ended with TypeError' });
    expect(kept!.original).toContain('"m37"');
  });

  test('tells where it stands when the world fails while it is taken apart', async () => {
    let puts = 0;
    const error = () => {
      puts += 1;
      return puts < 3 ? new TypeError('our own fault') : Object.assign(new Error('busy'), { code: 'EPIPE' });
    };
    const done = await ingestKinesisBatch(
      await batchOf([0, 1, 2, 3].map(eventRecord)),
      depsWith(lakeThatThrows('"m2"', error)),
    );
    // m0 and m1 are in; at m2 the world fails.
    expect(done.response).toEqual(again(2));
    expect(storedIds()).toEqual(['m0', 'm1']);
  });

  test('comes again from the first record whose body cannot be fetched', async () => {
    const large = streamRecord(
      `{"messageId":"x"${Array.from({ length: 200_000 }, (_, n) => `,"k${n}":${Math.sin(n)}`).join('')}}`,
    );
    const batch = await batchOf([eventRecord(1), large, eventRecord(3)]);
    isStoreDown = true;
    const done = await ingestKinesisBatch(batch, deps);
    expect(done.response).toEqual(again(1));
    expect(storedIds()).toEqual(['m1']);
  });

  test('gives up no record whose body is not found: the bucket may be the wrong one', async () => {
    const gone = Buffer.from(JSON.stringify({ ...streamRecord(''), body: undefined, large: 'b'.repeat(64) }));
    const done = await ingestKinesisBatch(await batchOf([eventRecord(3), gone, eventRecord(4)]), deps);
    expect(done.response).toEqual(again(1));
    expect(done).toMatchObject({ stored: 1, rejected: {} });
    expect(lake.aside.size).toBe(0);
  });

  const refusals = [
    'ValidationException',
    'ResourceNotFoundException',
    'AccessDeniedException',
    'InvalidArgumentException',
    'SerializationException',
    'ItemCollectionSizeLimitExceededException',
    'EntityTooLarge',
    'InvalidKMSResourceException',
  ];
  test.each(refusals)('sets nothing aside for %s, of one record or of all', async (name) => {
    const refused = () =>
      Object.assign(new TypeError(name), { name, $fault: 'client', $metadata: { httpStatusCode: 400 } });
    for (const text of ['"m2"', 'm']) {
      const done = await ingestKinesisBatch(
        await batchOf([1, 2, 3].map(eventRecord)),
        depsWith(lakeThatThrows(text, refused)),
      );
      expect(done.response).toEqual(again(0));
      expect(done.failure).toMatchObject({ name });
      expect(done.isRefused).toBe(true);
    }
    const alone = await ingestKinesisBatch(
      await batchOf([eventRecord(2)]),
      depsWith(lakeThatThrows('"m2"', refused)),
    );
    expect(alone.response).toEqual(again(0));
    expect(lake.aside.size).toBe(0);
  });

  test('that our code fails at from one end to the other comes again: no neighbour proves any of it bad', async () => {
    const failing = lakeThatThrows('m', () => new TypeError('Invalid URL'));
    for (const records of [[eventRecord(1), eventRecord(2), eventRecord(3)], [eventRecord(1)]]) {
      const done = await ingestKinesisBatch(await batchOf(records), depsWith(failing));
      expect(done.response).toEqual(again(0));
      expect(done.failure).toBeInstanceOf(TypeError);
    }
    expect(lake.aside.size).toBe(0);
  });
});
