import { createFaults, ServiceError } from './faults.ts';
import { type Emulator, startJsonService } from './json-service.ts';
import { type KeptRecord, type Shard, Shards } from './kinesis-shards.ts';

export type { KeptRecord } from './kinesis-shards.ts';

export interface KinesisEmulator extends Emulator {
  /** All that a stream holds, in the order that it came in. */
  recordsOf(streamName: string): KeptRecord[];
}

/** As AWS has them, in bytes; a record counts with its partition key. */
export const KINESIS_LIMITS = {
  records: 500,
  requestBytes: 5 << 20,
  recordBytes: 1 << 20,
  keyCharacters: 256,
};
const READ_LIMITS = { records: 10_000, bytes: 10 << 20 };

interface OfStream {
  StreamName?: string;
  StreamARN?: string;
}
interface Entry {
  Data: string;
  PartitionKey: string;
  ExplicitHashKey?: string;
}

/** Streams of Kinesis with a shard each unless told, over HTTP/1.1 and HTTP/2 on one port. */
export async function startKinesis(
  options: { streams?: Record<string, number>; now?: () => number } = {},
): Promise<KinesisEmulator> {
  const { now = Date.now } = options;
  const streams = new Map<string, Shards>();
  for (const [name, count] of Object.entries(options.streams ?? {}))
    streams.set(name, new Shards(count, now));
  const faults = createFaults();

  const named = ({ StreamName, StreamARN }: OfStream): [string, Shards] => {
    const name = StreamName ?? StreamARN?.split('/')[1] ?? '';
    const shards = streams.get(name);
    if (!shards) throw new ServiceError('ResourceNotFoundException', `There is no stream ${name}`);
    return [name, shards];
  };

  const put = (shards: Shards, { PartitionKey, Data, ExplicitHashKey }: Entry) =>
    shards.put(shards.ofKey(PartitionKey, ExplicitHashKey), PartitionKey, Buffer.from(Data, 'base64'));

  const listening = await startJsonService({
    faults,
    actions: {
      CreateStream({ StreamName, ShardCount = 4 }: { StreamName: string; ShardCount?: number }) {
        if (streams.has(StreamName))
          throw new ServiceError('ResourceInUseException', `There is a stream ${StreamName}`);
        streams.set(StreamName, new Shards(ShardCount, now));
      },
      DescribeStreamSummary(input: OfStream) {
        const [name, shards] = named(input);
        return {
          StreamDescriptionSummary: {
            StreamName: name,
            StreamARN: arnOf(name),
            StreamStatus: 'ACTIVE',
            StreamModeDetails: { StreamMode: 'ON_DEMAND' },
            RetentionPeriodHours: 24,
            StreamCreationTimestamp: 0,
            EnhancedMonitoring: [],
            OpenShardCount: shards.open().length,
          },
        };
      },
      ListShards(input: OfStream & { NextToken?: string; MaxResults?: number }) {
        const [name, shards] = input.NextToken
          ? named({ StreamName: input.NextToken.split(' ')[0]! })
          : named(input);
        const from = Number(input.NextToken?.split(' ')[1] ?? 0);
        const upTo = from + (input.MaxResults ?? 1000);
        return {
          Shards: shards.all.slice(from, upTo).map(shownShard),
          ...(upTo < shards.all.length ? { NextToken: `${name} ${upTo}` } : {}),
        };
      },
      PutRecord(input: OfStream & Entry) {
        const [, shards] = named(input);
        checkEntry(input, 0);
        const { shardId, sequenceNumber } = put(shards, input);
        return { ShardId: shardId, SequenceNumber: sequenceNumber };
      },
      PutRecords(input: OfStream & { Records: Entry[] }) {
        const [, shards] = named(input);
        const { Records: entries } = input;
        if (entries.length === 0 || entries.length > KINESIS_LIMITS.records)
          throw invalid(`PutRecords of ${entries.length} records; at most ${KINESIS_LIMITS.records}`);
        entries.forEach(checkEntry);
        const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
        if (bytes > KINESIS_LIMITS.requestBytes)
          throw new ServiceError(
            'InvalidArgumentException',
            `Records exceed ${KINESIS_LIMITS.requestBytes} bytes: ${bytes}`,
          );
        const records = entries.map((entry, place) => {
          const fault = faults.ofEntry('PutRecords', place, entry);
          if (fault) return { ErrorCode: fault.code, ErrorMessage: fault.message ?? fault.code };
          const { shardId, sequenceNumber } = put(shards, entry);
          return { ShardId: shardId, SequenceNumber: sequenceNumber };
        });
        return {
          FailedRecordCount: records.filter((record) => 'ErrorCode' in record).length,
          EncryptionType: 'KMS',
          Records: records,
        };
      },
      GetShardIterator(
        input: OfStream & {
          ShardId: string;
          ShardIteratorType: string;
          StartingSequenceNumber?: string;
          Timestamp?: number;
        },
      ) {
        const [name, shards] = named(input);
        return { ShardIterator: iteratorOf(name, input.ShardId, placeOf(shards.find(input.ShardId), input)) };
      },
      GetRecords({ ShardIterator, Limit = READ_LIMITS.records }: { ShardIterator: string; Limit?: number }) {
        const [name, shardId, place] = readIterator(ShardIterator);
        const [, shards] = named({ StreamName: name });
        const shard = shards.find(shardId);
        const read: KeptRecord[] = [];
        let bytes = 0;
        for (let at = place; at < shard.records.length && read.length < Limit; at++) {
          const record = shard.records[at]!;
          bytes += record.data.length;
          if (bytes > READ_LIMITS.bytes && read.length > 0) break;
          read.push(record);
        }
        const next = place + read.length;
        const isAtEnd = next >= shard.records.length;
        const isOver = isAtEnd && shard.endedAt !== null;
        const children = isOver ? shards.all.filter(({ parents }) => parents.includes(shardId)) : [];
        return {
          Records: read.map(({ sequenceNumber, partitionKey, data, arrivedAt }) => ({
            SequenceNumber: sequenceNumber,
            PartitionKey: partitionKey,
            Data: data.toString('base64'),
            ApproximateArrivalTimestamp: arrivedAt / 1000,
            EncryptionType: 'KMS',
          })),
          MillisBehindLatest: isAtEnd ? 0 : Math.max(0, now() - shard.records[next]!.arrivedAt),
          ...(isOver
            ? {
                ChildShards: children.map((child) => ({
                  ShardId: child.id,
                  ParentShards: child.parents,
                  HashKeyRange: rangeOf(child),
                })),
              }
            : { NextShardIterator: iteratorOf(name, shardId, next) }),
        };
      },
      SplitShard(input: OfStream & { ShardToSplit: string; NewStartingHashKey: string }) {
        named(input)[1].split(input.ShardToSplit, BigInt(input.NewStartingHashKey));
      },
      MergeShards(input: OfStream & { ShardToMerge: string; AdjacentShardToMerge: string }) {
        named(input)[1].merge(input.ShardToMerge, input.AdjacentShardToMerge);
      },
      UpdateShardCount(input: OfStream & { TargetShardCount: number }) {
        const [name, shards] = named(input);
        const before = shards.open().length;
        shards.resize(input.TargetShardCount);
        return { StreamName: name, CurrentShardCount: before, TargetShardCount: input.TargetShardCount };
      },
    },
  });

  return {
    ...listening,
    recordsOf: (streamName) =>
      named({ StreamName: streamName })[1]
        .all.flatMap(({ records }) => records)
        .sort((a, b) => (a.sequenceNumber < b.sequenceNumber ? -1 : 1)),
  };
}

const arnOf = (name: string) => `arn:aws:kinesis:eu-south-1:000000000000:stream/${name}`;
const invalid = (message: string) => new ServiceError('ValidationException', message);

const bytesOf = ({ Data, PartitionKey }: Entry) =>
  Buffer.byteLength(Data, 'base64') + Buffer.byteLength(PartitionKey);

function checkEntry(entry: Entry, place: number): void {
  const { PartitionKey: key } = entry;
  if (key.length === 0 || [...key].length > KINESIS_LIMITS.keyCharacters)
    throw invalid(`The partition key of record ${place} has ${key.length} characters; 1 to 256`);
  if (bytesOf(entry) > KINESIS_LIMITS.recordBytes)
    throw invalid(`Record ${place} has ${bytesOf(entry)} bytes; at most ${KINESIS_LIMITS.recordBytes}`);
}

const rangeOf = ({ from, to }: Shard) => ({ StartingHashKey: String(from), EndingHashKey: String(to) });

const shownShard = (shard: Shard) => ({
  ShardId: shard.id,
  HashKeyRange: rangeOf(shard),
  SequenceNumberRange: {
    StartingSequenceNumber: shard.beganAt,
    ...(shard.endedAt === null ? {} : { EndingSequenceNumber: shard.endedAt }),
  },
  ...(shard.parents[0] === undefined ? {} : { ParentShardId: shard.parents[0] }),
  ...(shard.parents[1] === undefined ? {} : { AdjacentParentShardId: shard.parents[1] }),
});

function placeOf(
  { records }: Shard,
  asked: { ShardIteratorType: string; StartingSequenceNumber?: string; Timestamp?: number },
): number {
  const first = (isFrom: (record: KeptRecord) => boolean) => {
    const at = records.findIndex(isFrom);
    return at < 0 ? records.length : at;
  };
  const { StartingSequenceNumber: from = '', Timestamp: time = 0 } = asked;
  switch (asked.ShardIteratorType) {
    case 'TRIM_HORIZON':
      return 0;
    case 'LATEST':
      return records.length;
    case 'AT_SEQUENCE_NUMBER':
      return first(({ sequenceNumber }) => sequenceNumber >= from);
    case 'AFTER_SEQUENCE_NUMBER':
      return first(({ sequenceNumber }) => sequenceNumber > from);
    case 'AT_TIMESTAMP':
      return first(({ arrivedAt }) => arrivedAt >= time * 1000);
    default:
      throw invalid(`There is no iterator of type ${asked.ShardIteratorType}`);
  }
}

const iteratorOf = (name: string, shardId: string, place: number) =>
  Buffer.from(JSON.stringify([name, shardId, place])).toString('base64');

function readIterator(iterator: string): [string, string, number] {
  try {
    return JSON.parse(Buffer.from(iterator, 'base64').toString());
  } catch {
    throw new ServiceError('InvalidArgumentException', 'The iterator is none');
  }
}
