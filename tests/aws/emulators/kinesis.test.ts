import { FirehoseClient } from '@aws-sdk/client-firehose';
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  type ShardIteratorType,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type KinesisEmulator, startKinesis } from './kinesis.ts';
import { kinesisContract } from './kinesis-contract.ts';

let emulator: KinesisEmulator;
let kinesis: KinesisClient;
const clock = 1_000_000;
const clientOf = (more = {}) =>
  new KinesisClient({
    endpoint: emulator?.url ?? '',
    region: 'eu-south-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    ...more,
  });
beforeEach(async () => {
  emulator = await startKinesis({ streams: { events: 2, one: 1 }, now: () => clock });
  kinesis = clientOf();
});
afterEach(async () => {
  kinesis.destroy();
  await emulator.close();
});

const put = (
  StreamName: string,
  texts: readonly string[],
  keyOf = (text: string) => text,
  client = kinesis,
) =>
  client.send(
    new PutRecordsCommand({
      StreamName,
      Records: texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: keyOf(text) })),
    }),
  );
const iterator = async (ShardId: string, ShardIteratorType: ShardIteratorType, more = {}) =>
  (
    await kinesis.send(
      new GetShardIteratorCommand({ StreamName: 'one', ShardId, ShardIteratorType, ...more }),
    )
  ).ShardIterator!;
const read = (ShardIterator: string, Limit?: number) =>
  kinesis.send(new GetRecordsCommand({ ShardIterator, ...(Limit ? { Limit } : {}) }));
const textsOf = (records: { Data?: Uint8Array | undefined }[] = []) =>
  records.map(({ Data }) => Buffer.from(Data!).toString());
const shardsOf = async (StreamName: string) =>
  (await kinesis.send(new ListShardsCommand({ StreamName }))).Shards!;
const FIRST = 'shardId-000000000000';

kinesisContract('our emulator', async () => {
  let time = 1_000_000;
  const started = await startKinesis({
    streams: { events: 2, limits: 2, one: 1, reshard: 1 },
    now: () => time,
  });
  const client = clientOf({ endpoint: started.url });
  return {
    kinesis: client,
    async passSecond() {
      time += 1000;
    },
    async close() {
      client.destroy();
      await started.close();
    },
  };
});

describe('the emulator of Kinesis', () => {
  test('answers the client as it is, in HTTP/2, and one that speaks HTTP/1.1, on one port', async () => {
    // Other clients of the SDK bring a handler of HTTP/1.1.
    const { requestHandler } = new FirehoseClient({ region: 'eu-south-1' }).config;
    const other = clientOf({ requestHandler });
    await Promise.all([put('events', ['a', 'b']), put('events', ['c'], undefined, other)]);
    other.destroy();
    expect(textsOf(emulator.recordsOf('events').map(({ data }) => ({ Data: data }))).sort()).toEqual([
      'a',
      'b',
      'c',
    ]);
    expect(emulator.faults.calls).toEqual({ PutRecords: 2 });
  });

  test('a split shard is read to its end and names its children; merged ones have two parents', async () => {
    await put('one', ['a', 'b']);
    await kinesis.send(
      new SplitShardCommand({
        StreamName: 'one',
        ShardToSplit: FIRST,
        NewStartingHashKey: String(1n << 127n),
      }),
    );
    await put('one', ['c', 'd', 'f', 'g', 'h']);
    const ended = await read(await iterator(FIRST, 'TRIM_HORIZON'));
    expect(textsOf(ended.Records)).toEqual(['a', 'b']);
    expect(ended.NextShardIterator).toBeUndefined();
    const children = ended.ChildShards!.map(({ ShardId }) => ShardId!);
    expect(children).toEqual(['shardId-000000000001', 'shardId-000000000002']);
    const read2 = await Promise.all(children.map(async (id) => read(await iterator(id, 'TRIM_HORIZON'))));
    expect(read2.flatMap(({ Records }) => textsOf(Records)).sort()).toEqual(['c', 'd', 'f', 'g', 'h']);
    await kinesis.send(
      new MergeShardsCommand({
        StreamName: 'one',
        ShardToMerge: children[0],
        AdjacentShardToMerge: children[1],
      }),
    );
    const merged = (await shardsOf('one')).at(-1)!;
    expect([merged.ParentShardId, merged.AdjacentParentShardId]).toEqual(children);
    expect(merged.HashKeyRange).toEqual({ StartingHashKey: '0', EndingHashKey: String((1n << 128n) - 1n) });
  });

  test('is resized to any number of shards that together hold all keys', async () => {
    for (const target of [5, 3, 7, 1]) {
      await kinesis.send(
        new UpdateShardCountCommand({
          StreamName: 'events',
          TargetShardCount: target,
          ScalingType: 'UNIFORM_SCALING',
        }),
      );
      const open = (await shardsOf('events'))
        .filter(({ SequenceNumberRange }) => SequenceNumberRange!.EndingSequenceNumber === undefined)
        .map(({ HashKeyRange }) => HashKeyRange!)
        .sort((a, b) => (BigInt(a.StartingHashKey!) < BigInt(b.StartingHashKey!) ? -1 : 1));
      expect(open).toHaveLength(target);
      expect(open[0]!.StartingHashKey).toBe('0');
      expect(open.at(-1)!.EndingHashKey).toBe(String((1n << 128n) - 1n));
      for (let at = 1; at < target; at++)
        expect(BigInt(open[at]!.StartingHashKey!)).toBe(BigInt(open[at - 1]!.EndingHashKey!) + 1n);
    }
  });

  test('holds to the limits of a request', async () => {
    const many = Array.from({ length: 501 }, (_, n) => `${n}`);
    await expect(put('events', many)).rejects.toMatchObject({ name: 'ValidationException' });
    const fits = 'x'.repeat(1_048_576 - 3);
    await put('events', [fits], () => 'key');
    await expect(put('events', [`${fits}y`], () => 'key')).rejects.toMatchObject({
      name: 'ValidationException',
    });
    const six = Array.from({ length: 6 }, (_, n) => `${n}`.padEnd(900_000, 'x'));
    await expect(put('events', six, (text) => text[0]!)).rejects.toMatchObject({
      name: 'InvalidArgumentException',
    });
    expect(emulator.recordsOf('events')).toHaveLength(1);
    await expect(put('none', ['a'])).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('fails in single records, as a whole, or with its answer lost', async () => {
    const end = emulator.faults.failEntries('PutRecords', (place) =>
      place % 2 === 1 ? { code: 'ProvisionedThroughputExceededException' } : null,
    );
    const half = await put('events', ['a', 'b', 'c']);
    expect(half.FailedRecordCount).toBe(1);
    expect(half.Records![1]).toMatchObject({ ErrorCode: 'ProvisionedThroughputExceededException' });
    end();
    emulator.faults.fail('PutRecords', { code: 'ProvisionedThroughputExceededException' });
    await expect(put('events', ['d'])).rejects.toMatchObject({
      name: 'ProvisionedThroughputExceededException',
    });
    emulator.faults.fail('PutRecords', { code: 'Dropped', isDone: true });
    await expect(put('events', ['e'])).rejects.toBeDefined();
    expect(emulator.recordsOf('events').map(({ data }) => data.toString())).toEqual(['a', 'c', 'e']);
  });
});
