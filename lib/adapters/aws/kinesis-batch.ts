import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { KinesisStreamBatchResponse, KinesisStreamRecord } from 'aws-lambda';
import { cutText, HEAD_CHARACTERS } from '../../domain/kept-aside.ts';
import { type IngestDeps, type Ingested, ingest, setAside } from '../../pipeline/ingest.ts';
import type { DeliveryCounts, StreamRecord } from '../../ports.ts';
import { isOfTheRecord } from './error-kinds.ts';
import { UnreadableRecord } from './kinesis-records.ts';

/** What taking a batch in needs. */
export interface KinesisBatchDeps {
  /**
   * What a record of the stream holds.
   * @throws UnreadableRecord where it holds nothing that can be read
   */
  read(data: Uint8Array): Promise<StreamRecord>;
  ingest: IngestDeps;
}

/** What came of a batch. */
export interface KinesisBatchDone extends DeliveryCounts {
  /** The answer to the mapping: from which record on the batch comes again, if it does. */
  response: KinesisStreamBatchResponse;
  /** Records that had waited for a store and are stored now. */
  released: number;
  /** Why it comes again; null where it does not. */
  failure: unknown;
}

/**
 * Takes a batch of the stream in. What is bad by itself is set aside and never comes again, whatever it does to our
 * code; where the world fails, the batch comes again from the first record that is not stored. A record is told of by
 * its sequence number, and only by that: the mapping takes any other answer for a failure of the whole batch.
 */
export async function ingestKinesisBatch(
  batch: readonly KinesisStreamRecord[],
  deps: KinesisBatchDeps,
): Promise<KinesisBatchDone> {
  const { records, failure: unread } = await readAll(batch, deps);
  const { ingested, done, failure } = await ingestApart(records, deps.ingest);
  const why = failure ?? unread;
  const first = why === null ? undefined : batch[done];
  return {
    ...summed(ingested),
    response: {
      batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first.kinesis.sequenceNumber }],
    },
    failure: why,
  };
}

/** Records up to the first that could not be fetched; those that hold nothing readable are set aside. */
async function readAll(
  batch: readonly KinesisStreamRecord[],
  { read }: KinesisBatchDeps,
): Promise<{ records: StreamRecord[]; failure: unknown }> {
  const found = await Promise.allSettled(
    batch.map(async ({ kinesis }) => {
      const data = Buffer.from(kinesis.data, 'base64');
      try {
        return await read(data);
      } catch (error) {
        if (!(error instanceof UnreadableRecord) && !isOfTheRecord(error)) throw error;
        return unreadable(data, kinesis.approximateArrivalTimestamp);
      }
    }),
  );
  const failed = found.findIndex(({ status }) => status === 'rejected');
  const read_ = failed < 0 ? found : found.slice(0, failed);
  return {
    records: read_.map((one) => (one as PromiseFulfilledResult<StreamRecord>).value),
    failure: failed < 0 ? null : (found[failed] as PromiseRejectedResult).reason,
  };
}

/** @param arrivedSeconds since 1970 UTC, by the clock of the stream: the same whenever the record comes again */
function unreadable(data: Buffer, arrivedSeconds: number): StreamRecord {
  const text = isUtf8(data) ? data.toString('utf8') : `base64:${data.toString('base64')}`;
  return {
    format: 'unknown',
    source: 'stream',
    store_id: null,
    received_at: Math.round(arrivedSeconds * 1000),
    body:
      text.length <= HEAD_CHARACTERS
        ? text
        : cutText(
            text.slice(0, HEAD_CHARACTERS),
            data.length,
            createHash('sha256').update(data).digest('hex'),
          ),
    set_aside: {
      reason: 'unreadable',
      detail: 'no_record: the stream held what the collector did not write',
    },
  };
}

/** What of a batch is in: the first `done` of its records. */
interface TakenIn {
  ingested: Ingested[];
  done: number;
  /** Why the next one is not; null where all are. */
  failure: unknown;
}

/** Takes records in by halves where that fails, down to those that fail by themselves: those are set aside. */
async function ingestApart(records: readonly StreamRecord[], deps: IngestDeps): Promise<TakenIn> {
  const [first] = records;
  if (first === undefined) return { ingested: [], done: 0, failure: null };
  try {
    return { ingested: [await ingest(records, deps)], done: records.length, failure: null };
  } catch (error) {
    if (!isOfTheRecord(error)) return { ingested: [], done: 0, failure: error };
    if (records.length === 1) return aside(first, error, deps);
    const half = records.length >> 1;
    const left = await ingestApart(records.slice(0, half), deps);
    if (left.failure !== null) return left;
    const right = await ingestApart(records.slice(half), deps);
    return {
      ingested: [...left.ingested, ...right.ingested],
      done: left.done + right.done,
      failure: right.failure,
    };
  }
}

async function aside(record: StreamRecord, error: unknown, deps: IngestDeps): Promise<TakenIn> {
  try {
    return { ingested: [await setAside(record, error, deps)], done: 1, failure: null };
  } catch (failure) {
    return { ingested: [], done: 0, failure };
  }
}

function summed(ingested: readonly Ingested[]): DeliveryCounts & { released: number } {
  const counts = { received: 0, stored: 0, duplicates: 0, waiting: 0, released: 0 };
  const rejected: Record<string, number> = {};
  for (const one of ingested) {
    counts.received += one.received;
    counts.stored += one.stored;
    counts.duplicates += one.duplicates;
    counts.waiting += one.waiting;
    counts.released += one.released;
    for (const [reason, n] of Object.entries(one.rejected)) rejected[reason] = (rejected[reason] ?? 0) + n;
  }
  return { ...counts, rejected };
}
