import { type KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { type EventStream, StreamFull } from '../../ports.ts';
import { encodeKinesisRecord } from './kinesis-records.ts';
import type { LargeBodies } from './large-bodies.ts';
import { partitionKeys } from './partition-keys.ts';
import { atMost, type Left, RetriesSpent, type RetryBudget, untilNoneLeft } from './retries.ts';

/** As Kinesis has them; bytes count with the partition keys. */
const MOST_RECORDS = 500;
const MOST_BYTES = 5 << 20;
/** Calls of one append that are under way at once, and bodies that are encoded at once. */
const AT_ONCE = 8;
/** Whole seconds: shards of a stream on demand double within minutes, and a short pause is often enough. */
const RETRY_AFTER = 5;

export interface KinesisStreamOptions {
  client: KinesisClient;
  streamName: string;
  largeBodies: LargeBodies;
  /** What partition keys are hashed with, so that they tell nobody's identifier. */
  personKeySecret: string | Buffer;
  /** How long what Kinesis refuses is sent again; 8 s unless told, less than its senders wait for. */
  retry?: RetryBudget;
}

interface Entry {
  Data: Uint8Array;
  PartitionKey: string;
}

/**
 * The stream as Kinesis. An append takes as few calls as its records need; of a call that is answered in parts only what
 * was refused is sent again. Where an append fails, some of it may have been taken: its sender sends all of it again, and
 * what is repeated is found by its ids.
 */
export function createKinesisStream(options: KinesisStreamOptions): EventStream {
  const { client, streamName, largeBodies, personKeySecret, retry = { forMs: 8000 } } = options;
  const keyOf = partitionKeys(personKeySecret.toString());

  const send = async (entries: Entry[]): Promise<Left<Entry>> => {
    const { FailedRecordCount = 0, Records = [] } = await client.send(
      new PutRecordsCommand({ StreamName: streamName, Records: entries }),
    );
    if (FailedRecordCount === 0) return { left: [], reason: '' };
    const left = entries.filter((_, at) => Records[at]?.ErrorCode !== undefined);
    const reason = Records.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode ?? 'unknown';
    return { left, reason };
  };

  return {
    async append(records) {
      const entries = await atMost(
        AT_ONCE,
        records,
        async (record): Promise<Entry> => ({
          Data: await encodeKinesisRecord(record, largeBodies),
          PartitionKey: keyOf(record),
        }),
      );
      try {
        await atMost(AT_ONCE, callsOf(entries), (some) =>
          untilNoneLeft(`PutRecords to ${streamName}`, some, send, retry),
        );
      } catch (error) {
        if (error instanceof RetriesSpent && isThrottled(error.reason))
          throw new StreamFull(error.message, RETRY_AFTER);
        throw error;
      }
    },
  };
}

const isThrottled = (reason: string) => /throughput|throttl|limitexceeded|slowdown/i.test(reason);

/** Records as the calls that take them, in their order. */
function callsOf(entries: readonly Entry[]): Entry[][] {
  const calls: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const size = entry.Data.length + Buffer.byteLength(entry.PartitionKey);
    const call = calls.at(-1);
    if (call === undefined || call.length >= MOST_RECORDS || bytes + size > MOST_BYTES) {
      calls.push([entry]);
      bytes = size;
    } else {
      call.push(entry);
      bytes += size;
    }
  }
  return calls;
}
