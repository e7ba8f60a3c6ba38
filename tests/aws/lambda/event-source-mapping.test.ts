import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KinesisClient, PutRecordsCommand, UpdateShardCountCommand } from '@aws-sdk/client-kinesis';
import { S3Client } from '@aws-sdk/client-s3';
import type { KinesisStreamEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KinesisEmulator, startKinesis } from '../emulators/kinesis.ts';
import { type S3Emulator, startS3 } from '../emulators/s3.ts';
import { firstFailed, type Mapping, type MappingOptions, startMapping } from './event-source-mapping.ts';
import { failuresIn } from './on-failure.ts';

const ACCESS = {
  region: 'eu-south-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};
let folder: string;
let stream: KinesisEmulator;
let s3Emulator: S3Emulator;
let kinesis: KinesisClient;
let s3: S3Client;
let mapping: Mapping | null = null;
let clock = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mapping-'));
  clock = 1_700_000_000_000;
  stream = await startKinesis({ streams: { events: 2, one: 1 }, now: () => clock });
  s3Emulator = await startS3({ folder, buckets: ['failed'] });
  kinesis = new KinesisClient({ ...ACCESS, endpoint: stream.url });
  s3 = new S3Client({ ...ACCESS, endpoint: s3Emulator.url, forcePathStyle: true });
});
afterEach(async () => {
  await mapping?.close();
  mapping = null;
  kinesis.destroy();
  s3.destroy();
  await Promise.all([stream.close(), s3Emulator.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** Puts texts, each with a partition key; "ann 1" is the first of ann unless told. */
const put = (texts: readonly string[], StreamName = 'one') =>
  kinesis.send(
    new PutRecordsCommand({
      StreamName,
      Records: texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: text.split(' ')[0]! })),
    }),
  );

const textsOf = (event: unknown) =>
  (event as KinesisStreamEvent).Records.map(({ kinesis: { data } }) =>
    Buffer.from(data, 'base64').toString(),
  );

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `p${n % 7} ${n}`);

function start(
  invoke: (texts: string[], event: KinesisStreamEvent) => unknown,
  options: Partial<MappingOptions> = {},
): Mapping {
  mapping = startMapping({
    kinesis,
    streamName: 'one',
    invoke: async (event) => invoke(textsOf(event), event as KinesisStreamEvent),
    reportsItemFailures: true,
    bisects: true,
    retries: 3,
    backOffMs: 0,
    onFailure: { s3, bucket: 'failed' },
    now: () => clock,
    ...options,
  });
  return mapping;
}

const reported = (event: KinesisStreamEvent, texts: readonly string[]) => ({
  batchItemFailures: event.Records.filter(({ kinesis: { data } }) =>
    texts.includes(Buffer.from(data, 'base64').toString()),
  ).map(({ kinesis: { sequenceNumber } }) => ({ itemIdentifier: sequenceNumber })),
});

const givenUp = async () =>
  (await failuresIn(s3, 'failed')).flatMap(({ condition, event }) =>
    textsOf(event).map((text) => `${condition} ${text}`),
  );

describe('a mapping', () => {
  test('brings every record once, in batches, as Lambda words them', async () => {
    const seen: string[][] = [];
    let first: KinesisStreamEvent | undefined;
    await put(numbered(250));
    await start((texts, event) => {
      first ??= event;
      seen.push(texts);
    }).drained();
    expect(seen.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(seen.flat()).toEqual(numbered(250));
    expect(first!.Records[0]).toMatchObject({
      eventSource: 'aws:kinesis',
      eventID: expect.stringMatching(/^shardId-000000000000:\d{56}$/),
      eventSourceARN: expect.stringMatching(/stream\/one$/),
      kinesis: {
        partitionKey: 'p0',
        data: Buffer.from('p0 0').toString('base64'),
        approximateArrivalTimestamp: 1_700_000_000,
      },
    });
  });

  test('goes on from the lowest number that is reported, and brings what came after it again', async () => {
    const seen: string[][] = [];
    await put(['a 1', 'b 2', 'c 3', 'd 4', 'e 5']);
    await start((texts, event) => {
      seen.push(texts);
      return seen.length === 1 ? reported(event, ['e 5', 'c 3']) : { batchItemFailures: [] };
    }).drained();
    expect(seen).toEqual([
      ['a 1', 'b 2', 'c 3', 'd 4', 'e 5'],
      ['c 3', 'd 4', 'e 5'],
    ]);
    expect(await givenUp()).toEqual([]);
  });

  test('finds the one that makes the function throw by halves, keeps it whole, and loses none of the others', async () => {
    const stored = new Set<string>();
    const told = start((texts) => {
      if (texts.includes('p2 37')) throw new Error('poison');
      for (const text of texts) stored.add(text);
    });
    await put(numbered(64));
    await told.drained();
    expect([...stored].sort()).toEqual(
      numbered(64)
        .filter((text) => text !== 'p2 37')
        .sort(),
    );
    expect(await givenUp()).toEqual(['RetryAttemptsExhausted p2 37']);
    // Six splits down to one record, and its first try with three more.
    expect(told.told.failed).toBe(6 + 4);
  });

  test('without halves a whole batch goes when its tries are used up', async () => {
    await put(numbered(10));
    let calls = 0;
    await start(
      () => {
        calls += 1;
        throw new Error('poison');
      },
      { bisects: false, retries: 2 },
    ).drained();
    expect(calls).toBe(3);
    expect(await givenUp()).toHaveLength(10);
  });

  test('takes an answer that names no record of the batch for a failure of all of it', async () => {
    await put(['a 1', 'b 2']);
    const seen: string[][] = [];
    await start((texts) => {
      seen.push(texts);
      return seen.length === 1 ? { batchItemFailures: [{ itemIdentifier: '' }] } : null;
    }).drained();
    expect(seen).toEqual([['a 1', 'b 2'], ['a 1'], ['b 2']]);
  });

  test('does not hear what is reported where its settings do not say so', async () => {
    await put(['a 1', 'b 2']);
    let calls = 0;
    await start(
      (_, event) => {
        calls += 1;
        return reported(event, ['a 1']);
      },
      { reportsItemFailures: false },
    ).drained();
    expect(calls).toBe(1);
  });

  test('gives up what is too old without trying it, and only that', async () => {
    await put(['old 1', 'old 2']);
    clock += 60_000;
    await put(['young 3']);
    const seen: string[] = [];
    await start((texts) => void seen.push(...texts), { maxAgeMs: 30_000 }).drained();
    expect(seen).toEqual(['young 3']);
    expect((await givenUp()).sort()).toEqual(['RecordAgeExceeded old 1', 'RecordAgeExceeded old 2']);
  });

  test('side by side, a person still comes in order', async () => {
    await put(numbered(200));
    const order = new Map<string, number[]>();
    const busy = new Set<string>();
    let most = 0;
    let running = 0;
    await start(
      async (texts) => {
        running += 1;
        most = Math.max(most, running);
        const persons = new Set(texts.map((text) => text.split(' ')[0]!));
        for (const person of persons) {
          expect(busy).not.toContain(person);
          busy.add(person);
        }
        await new Promise((resolve) => setImmediate(resolve));
        for (const text of texts) {
          const [person, n] = text.split(' ') as [string, string];
          order.set(person, [...(order.get(person) ?? []), Number(n)]);
        }
        for (const person of persons) busy.delete(person);
        running -= 1;
      },
      { parallelization: 3, batchSize: 5 },
    ).drained();
    expect(most).toBe(3);
    expect([...order.values()].flat()).toHaveLength(200);
    for (const numbers of order.values()) expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  test('reads the children of a shard only after all of the shard', async () => {
    const texts = Array.from({ length: 60 }, (_, n) => `ann ${n}`);
    await put(texts.slice(0, 20));
    await kinesis.send(
      new UpdateShardCountCommand({
        StreamName: 'one',
        TargetShardCount: 3,
        ScalingType: 'UNIFORM_SCALING',
      }),
    );
    await put(texts.slice(20, 40));
    await kinesis.send(
      new UpdateShardCountCommand({
        StreamName: 'one',
        TargetShardCount: 1,
        ScalingType: 'UNIFORM_SCALING',
      }),
    );
    await put(texts.slice(40));
    const seen: string[] = [];
    await start((batch) => void seen.push(...batch), { batchSize: 3 }).drained();
    expect(seen).toEqual(texts);
  });

  test('a new one knows nothing of the one before and begins with the oldest record', async () => {
    await put(['a 1', 'b 2']);
    const seen: string[] = [];
    await start((texts) => void seen.push(...texts)).drained();
    await mapping!.close();
    await put(['c 3']);
    await start((texts) => void seen.push(...texts)).drained();
    expect(seen).toEqual(['a 1', 'b 2', 'a 1', 'b 2', 'c 3']);
  });

  test('waits for a batch to be full as long as its window is', async () => {
    const sizes: number[] = [];
    const told = start((texts) => void sizes.push(texts.length), { batchSize: 4, windowMs: 60_000 });
    await put(['a 1', 'b 2', 'c 3']);
    await put(['d 4']);
    await told.drained();
    expect(sizes).toEqual([4]);
  });
});

describe('the answer of a function', () => {
  const batch = [{ sequenceNumber: '11' }, { sequenceNumber: '12' }, { sequenceNumber: '13' }];
  test.each([
    [{ batchItemFailures: [] }, 3],
    [{ batchItemFailures: null }, 3],
    [null, 3],
    [{}, 3],
    [{ batchItemFailures: [{ itemIdentifier: '13' }, { itemIdentifier: '12' }] }, 1],
    [{ batchItemFailures: [{ itemIdentifier: '' }] }, null],
    [{ batchItemFailures: [{ itemIdentifier: null }] }, null],
    [{ batchItemFailures: [{ id: '12' }] }, null],
    [{ batchItemFailures: [{ itemIdentifier: '99' }] }, null],
  ])('%j', (answer, first) => {
    expect(firstFailed(answer, batch)).toBe(first);
  });
});
