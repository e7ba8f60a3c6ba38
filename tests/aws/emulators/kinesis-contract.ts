import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordsCommand,
  type ShardIteratorType,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** A Kinesis with empty streams: `events` and `limits` of two shards, `one` and `reshard` of one. */
export interface KinesisUnderTest {
  kinesis: KinesisClient;
  /** Lets a second pass for the service. */
  passSecond(): Promise<void>;
  close(): Promise<void>;
}

const FIRST = 'shardId-000000000000';
const LAST_HASH = String((1n << 128n) - 1n);

/**
 * What our adapters and event source mapping count on in Kinesis, said of our emulator and of others alike.
 * @param closesShards whether a shard that was split takes no more records, as on AWS
 */
export function kinesisContract(
  name: string,
  open: () => Promise<KinesisUnderTest>,
  closesShards = true,
): void {
  describe(`${name} is a Kinesis`, () => {
    let under: KinesisUnderTest;
    let kinesis: KinesisClient;
    beforeAll(async () => {
      under = await open();
      kinesis = under.kinesis;
    });
    afterAll(() => under.close());

    const put = (StreamName: string, texts: readonly string[], keyOf = (text: string) => text) =>
      kinesis.send(
        new PutRecordsCommand({
          StreamName,
          Records: texts.map((text) => ({ Data: Buffer.from(text), PartitionKey: keyOf(text) })),
        }),
      );
    const iterator = async (
      StreamName: string,
      ShardId: string,
      ShardIteratorType: ShardIteratorType,
      more = {},
    ) =>
      (await kinesis.send(new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType, ...more })))
        .ShardIterator!;
    const read = (ShardIterator: string, Limit?: number) =>
      kinesis.send(new GetRecordsCommand({ ShardIterator, ...(Limit ? { Limit } : {}) }));
    const textsOf = (records: { Data?: Uint8Array | undefined }[] = []) =>
      records.map(({ Data }) => Buffer.from(Data!).toString());

    test('gives a key its shard by its MD5, and numbers that only grow', async () => {
      const texts = Array.from({ length: 400 }, (_, n) => `key ${n}`);
      const { Records } = await put('events', texts);
      const inFirst = Records!.filter(({ ShardId }) => ShardId === FIRST).length;
      expect(inFirst).toBeGreaterThan(150);
      expect(inFirst).toBeLessThan(250);
      // MD5 of "key 0" begins with 0, that of "key 8" with 8: on either side of the middle.
      expect(Records![0]!.ShardId).toBe(FIRST);
      const numbers = Records!
        .filter(({ ShardId }) => ShardId === FIRST)
        .map(({ SequenceNumber }) => BigInt(SequenceNumber!));
      expect(numbers.every((number, at) => at === 0 || number > numbers[at - 1]!)).toBe(true);
      expect((await put('events', ['key 0'])).Records![0]!.ShardId).toBe(FIRST);
    });

    test('reads from the start, the end, a number and a time', async () => {
      const before = await iterator('one', FIRST, 'LATEST');
      const { Records } = await put('one', ['a', 'b']);
      await under.passSecond();
      await put('one', ['c', 'd', 'e']);
      const at = { StartingSequenceNumber: Records![1]!.SequenceNumber };
      const textsFrom = async (type: ShardIteratorType, more = {}) =>
        textsOf((await read(await iterator('one', FIRST, type, more))).Records);
      expect(textsOf((await read(before)).Records)).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(await textsFrom('LATEST')).toEqual([]);
      expect(await textsFrom('AT_SEQUENCE_NUMBER', at)).toEqual(['b', 'c', 'd', 'e']);
      expect(await textsFrom('AFTER_SEQUENCE_NUMBER', at)).toEqual(['c', 'd', 'e']);
      const all = await read(await iterator('one', FIRST, 'TRIM_HORIZON'));
      const third = all.Records![2]!.ApproximateArrivalTimestamp!;
      const since = { Timestamp: new Date(third.getTime() - 500) };
      expect(await textsFrom('AT_TIMESTAMP', since)).toEqual(['c', 'd', 'e']);
      const first = await read(await iterator('one', FIRST, 'TRIM_HORIZON'), 2);
      expect(textsOf(first.Records)).toEqual(['a', 'b']);
      expect(textsOf((await read(first.NextShardIterator!, 2)).Records)).toEqual(['c', 'd']);
    });

    test.runIf(closesShards)(
      'a split shard is read to its end; its children have what came after, merged ones have two parents',
      async () => {
        await put('reshard', ['a', 'b']);
        const half = String(1n << 127n);
        await kinesis.send(
          new SplitShardCommand({ StreamName: 'reshard', ShardToSplit: FIRST, NewStartingHashKey: half }),
        );
        await put('reshard', ['c', 'd', 'f', 'g', 'h']);
        const ended = await read(await iterator('reshard', FIRST, 'TRIM_HORIZON'));
        expect(textsOf(ended.Records)).toEqual(['a', 'b']);
        const shards = async () =>
          (await kinesis.send(new ListShardsCommand({ StreamName: 'reshard' }))).Shards!;
        const children = (await shards()).filter(({ ParentShardId }) => ParentShardId === FIRST);
        expect(children.map(({ ShardId }) => ShardId)).toEqual([
          'shardId-000000000001',
          'shardId-000000000002',
        ]);
        expect(children.map(({ HashKeyRange }) => HashKeyRange!.StartingHashKey)).toEqual(['0', half]);
        const parts = await Promise.all(
          children.map(async ({ ShardId }) => read(await iterator('reshard', ShardId!, 'TRIM_HORIZON'))),
        );
        expect(parts.flatMap(({ Records }) => textsOf(Records)).sort()).toEqual(['c', 'd', 'f', 'g', 'h']);
        await kinesis.send(
          new MergeShardsCommand({
            StreamName: 'reshard',
            ShardToMerge: children[0]!.ShardId,
            AdjacentShardToMerge: children[1]!.ShardId,
          }),
        );
        const merged = (await shards()).at(-1)!;
        expect([merged.ParentShardId, merged.AdjacentParentShardId].sort()).toEqual(
          children.map(({ ShardId }) => ShardId),
        );
        expect(merged.HashKeyRange).toEqual({ StartingHashKey: '0', EndingHashKey: LAST_HASH });
      },
    );

    test('takes no more than 500 records a call, nor a record above its limit, nor a stream that is none', async () => {
      const many = Array.from({ length: 501 }, (_, n) => `${n}`);
      await expect(put('limits', many)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
      await expect(put('limits', ['x'.repeat(1_048_577)], () => 'key')).rejects.toMatchObject({
        $metadata: { httpStatusCode: 400 },
      });
      await put('limits', ['x'.repeat(1_048_000)], () => 'key');
      await expect(put('none', ['a'])).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    });
  });
}
