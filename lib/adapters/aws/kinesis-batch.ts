import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { KinesisStreamBatchResponse, KinesisStreamRecord } from 'aws-lambda';
import { cutText, HEAD_CHARACTERS } from '../../domain/kept-aside.ts';
import { type IngestDeps, type Ingested, ingest, setAside } from '../../pipeline/ingest.ts';
import type { DeliveryCounts, StreamRecord } from '../../ports.ts';
import { isRefusal, mayBeOfTheRecord } from './error-kinds.ts';
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
  /**
   * A service refuses its first record, or all of them. Whoever answers the mapping throws then, so that the batch comes
   * again by halves, which costs no try: neighbours get through, and a record that is refused by itself is kept whole.
   */
  isRefused: boolean;
}

/**
 * Takes a batch of the stream in. What nobody can read is set aside and never comes again, and so is a record that our code
 * fails at while its neighbours pass. All else is of the world: the batch comes again from the first record that is not
 * stored, and in the end the mapping keeps it whole. A record is told of by its sequence number, and only by that: the
 * mapping takes any other answer for a failure of the whole batch.
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
    isRefused: done === 0 && isRefusal(why),
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
        if (!(error instanceof UnreadableRecord)) throw error;
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

/** What of a batch is in: the first `done` of its records, but for suspects among them. */
interface TakenIn {
  ingested: Ingested[];
  done: number;
  /** Why the next one is not; null where all are. */
  failure: unknown;
  /** Records that our code failed at, by their place. */
  suspects: { place: number; record: StreamRecord; error: unknown }[];
}

/**
 * Takes records in, and sets those aside that our code fails at by themselves. Where it fails at all of them that is no
 * proof against any: a deployment may be wrong, and they come again.
 */
async function ingestApart(
  records: readonly StreamRecord[],
  deps: IngestDeps,
): Promise<Omit<TakenIn, 'suspects'>> {
  const { suspects, ...taken } = await ingestByHalves(records, 0, deps);
  const [first] = suspects;
  if (first === undefined) return taken;
  if (taken.ingested.length === 0) return { ...taken, done: 0, failure: taken.failure ?? first.error };
  for (const { place, record, error } of suspects) {
    try {
      taken.ingested.push(await setAside(record, error, deps));
    } catch (failure) {
      return { ...taken, done: place, failure };
    }
  }
  return taken;
}

/** Takes records in by halves where our code fails at them, down to those that it fails at by themselves. */
async function ingestByHalves(
  records: readonly StreamRecord[],
  place: number,
  deps: IngestDeps,
): Promise<TakenIn> {
  const [record] = records;
  if (record === undefined) return { ingested: [], done: 0, failure: null, suspects: [] };
  try {
    const ingested = [await ingest(records, deps)];
    return { ingested, done: records.length, failure: null, suspects: [] };
  } catch (error) {
    if (!mayBeOfTheRecord(error)) return { ingested: [], done: 0, failure: error, suspects: [] };
    if (records.length === 1)
      return { ingested: [], done: 1, failure: null, suspects: [{ place, record, error }] };
    const half = records.length >> 1;
    const left = await ingestByHalves(records.slice(0, half), place, deps);
    if (left.failure !== null) return left;
    const right = await ingestByHalves(records.slice(half), place + half, deps);
    return {
      ingested: [...left.ingested, ...right.ingested],
      done: left.done + right.done,
      failure: right.failure,
      suspects: [...left.suspects, ...right.suspects],
    };
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
