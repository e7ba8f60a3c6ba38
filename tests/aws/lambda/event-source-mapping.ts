import { setTimeout as pause } from 'node:timers/promises';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { S3Client } from '@aws-sdk/client-s3';
import { laneOf, type MappedRecord } from './mapped-record.ts';
import { type FailureCondition, keepFailure } from './on-failure.ts';
import { shardReaders } from './shard-readers.ts';

/** What Lambda does between a stream and a function, by the settings that a stack gives it. */
export interface MappingOptions {
  kinesis: KinesisClient;
  streamName: string;
  invoke(event: unknown): Promise<unknown>;
  /** Most records of a batch; 100 unless told. */
  batchSize?: number;
  /** How long a batch waits to be full; 0 unless told. */
  windowMs?: number;
  /** Batches of one shard side by side, each with persons of its own; 1 unless told. */
  parallelization?: number;
  /** Whether the function tells from which record on a batch comes again. */
  reportsItemFailures: boolean;
  /** Whether a batch that fails comes again by halves. */
  bisects: boolean;
  /** How often a batch comes again. */
  retries: number;
  /** Records that are older are not tried any more; no limit unless told. */
  maxAgeMs?: number;
  /** Where records end that are not tried any more, whole. */
  onFailure: { s3: S3Client; bucket: string };
  /** Between two tries of a batch; 2 ms unless told. */
  backOffMs?: number;
  /** Milliseconds since 1970 UTC, for the age of records. */
  now?: () => number;
}

export interface Mapping {
  /** Resolves when all that is in the stream at this moment is done with. */
  drained(): Promise<void>;
  /** Stops, like a mapping that is deleted: what a batch under way answers changes nothing. Resolves when it has ended. */
  close(): Promise<void>;
  /** Counts so far: batches sent, those that failed, and records given up, by why. */
  told: { sent: number; failed: number; givenUp: Record<FailureCondition, number> };
}

/** What of a batch is still to be tried: nothing where all is in. */
interface Sent {
  left: readonly MappedRecord[];
  as: 'answered' | 'failed';
}

const MOST_PAYLOAD_BYTES = 6 * 1_048_576;

/**
 * Starts a mapping, from the oldest record on: it knows nothing of what another one has done. Records of one person stay
 * in order, a shard's children wait for it, and what fails by itself ends on S3 and blocks nothing for longer than its
 * tries take.
 */
export function startMapping(options: MappingOptions): Mapping {
  const { batchSize = 100, windowMs = 0, parallelization = 1, backOffMs = 2, now = Date.now } = options;
  const told: Mapping['told'] = {
    sent: 0,
    failed: 0,
    givenUp: { RetryAttemptsExhausted: 0, RecordAgeExceeded: 0 },
  };
  let isClosed = false;
  const gaveUp = (records: readonly MappedRecord[], condition: FailureCondition, tries: number) => {
    told.givenUp[condition] += records.length;
    return keepFailure(options.onFailure, { records, condition, tries, streamName: options.streamName });
  };

  const send = async (batch: readonly MappedRecord[]): Promise<Sent> => {
    told.sent += 1;
    try {
      const answer = await options.invoke({ Records: batch.map(({ event }) => event) });
      if (!options.reportsItemFailures) return { left: [], as: 'answered' };
      const from = firstFailed(answer, batch);
      return from === null ? { left: batch, as: 'failed' } : { left: batch.slice(from), as: 'answered' };
    } catch {
      return { left: batch, as: 'failed' };
    }
  };

  /** Works a batch off: in, or given up. What comes again from a record on, or by halves, costs no try. */
  const workOff = async (batch: readonly MappedRecord[], tries: number): Promise<void> => {
    if (isClosed) return;
    const maxAge = options.maxAgeMs ?? Number.POSITIVE_INFINITY;
    const young = batch.filter(({ arrivedAt }) => now() - arrivedAt <= maxAge);
    const old = batch.filter((record) => !young.includes(record));
    if (old.length > 0) await gaveUp(old, 'RecordAgeExceeded', tries);
    if (young.length === 0) return;
    const { left, as } = await send(young);
    if (isClosed || left.length === 0) return;
    told.failed += 1;
    if (backOffMs > 0) await pause(backOffMs);
    if (options.bisects && as === 'answered' && left.length < young.length) return workOff(left, tries);
    if (options.bisects && as === 'failed' && left.length > 1) {
      const half = left.length >> 1;
      await workOff(left.slice(0, half), tries);
      return workOff(left.slice(half), tries);
    }
    if (tries >= options.retries) return gaveUp(left, 'RetryAttemptsExhausted', tries + 1);
    return workOff(left, tries + 1);
  };

  /** Works off what a read of a shard gave, lane by lane, and resolves when the shard may go on. */
  const takeAll = async (records: readonly MappedRecord[]): Promise<void> => {
    const lanes: MappedRecord[][] = Array.from({ length: parallelization }, () => []);
    for (const record of records) lanes[laneOf(record, parallelization)]!.push(record);
    await Promise.all(
      lanes.map(async (lane) => {
        for (const batch of batchesOf(lane, batchSize)) await workOff(batch, 0);
      }),
    );
  };

  const readers = shardReaders(options.kinesis, options.streamName, {
    takeAll,
    /** A read that is not full waits for more, as long as the window is. */
    enough: { records: batchSize * parallelization, windowMs },
  });

  return {
    told,
    drained: () => readers.drained(),
    async close() {
      isClosed = true;
      await readers.close();
    },
  };
}

/**
 * The place of the first record that comes again, by the answer of a function: the lowest number counts, whatever else it
 * names. An empty list is success. Null where the answer names what is no number of the batch: the function failed then.
 */
export function firstFailed(
  answer: unknown,
  batch: readonly Pick<MappedRecord, 'sequenceNumber'>[],
): number | null {
  const failures = (answer as { batchItemFailures?: unknown } | null)?.batchItemFailures;
  if (failures === undefined || failures === null) return batch.length;
  if (!Array.isArray(failures)) return null;
  let first = batch.length;
  for (const failure of failures) {
    const id: unknown = (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    const at = batch.findIndex(({ sequenceNumber }) => sequenceNumber === id);
    if (at < 0) return null;
    first = Math.min(first, at);
  }
  return first;
}

/** Batches by number and by size of the event. */
function* batchesOf(lane: readonly MappedRecord[], batchSize: number): Generator<MappedRecord[]> {
  let batch: MappedRecord[] = [];
  let bytes = 0;
  for (const record of lane) {
    if (batch.length > 0 && (batch.length === batchSize || bytes + record.bytes > MOST_PAYLOAD_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += record.bytes;
  }
  if (batch.length > 0) yield batch;
}
