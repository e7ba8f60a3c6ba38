import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { REJECTION_REASONS, type RejectionReason } from '../../domain/accept/index.ts';
import type { StreamRecord } from '../../ports.ts';
import type { LargeBodies } from './large-bodies.ts';

/**
 * A record of the stream as bytes: JSON, and gzip of it where that saves something; above what Kinesis takes, JSON that
 * says where the rest is. One record of ours is one of Kinesis, so that a record that fails is one that Kinesis can name.
 * Packing the messages of a request together would save the rounding to whole kilobytes, a few dollars at a hundred
 * million events a month, and gzip takes much of that already.
 */

const zipped = promisify(gzip);
const unzipped = promisify(gunzip);

/** Kinesis takes 1 MiB, the partition key included: 256 characters of up to 4 bytes. */
export const MOST_RECORD_BYTES = (1 << 20) - 1024;
/** Kinesis bills by started kilobytes: nothing is saved below. */
const ZIP_FROM_BYTES = 1024;
/** A record is larger than the largest body that the collector takes only if it is none of ours. */
const MOST_UNZIPPED_BYTES = 128 << 20;

/** Thrown where the bytes of a record are none of ours; what it says never quotes them. */
export class UnreadableRecord extends Error {}

const LARGE = /^[0-9a-f]{64}$/;

/** The bytes of a record, at most `MOST_RECORD_BYTES`. */
export async function encodeKinesisRecord(
  record: StreamRecord,
  largeBodies: LargeBodies,
): Promise<Uint8Array> {
  const plain = Buffer.from(JSON.stringify(record));
  if (plain.length <= ZIP_FROM_BYTES) return plain;
  const small = await zipped(plain);
  if (small.length > MOST_RECORD_BYTES) {
    const { body: _, ...about } = record;
    return Buffer.from(JSON.stringify({ ...about, large: await largeBodies.put(small) }));
  }
  return small.length < plain.length || plain.length > MOST_RECORD_BYTES ? small : plain;
}

/**
 * The record in bytes that came from Kinesis.
 * @throws UnreadableRecord for what is none, whatever it is; other errors where a large body cannot be had: a bucket
 *   that is the wrong one has none either
 */
export async function readKinesisRecord(data: Uint8Array, largeBodies: LargeBodies): Promise<StreamRecord> {
  const said = await objectIn(data);
  if (typeof said.large !== 'string') return recordOf(said);
  if (!LARGE.test(said.large)) throw new UnreadableRecord('The record names a large body that cannot be');
  return recordOf(await objectIn(await largeBodies.get(said.large)));
}

async function objectIn(data: Uint8Array): Promise<Record<string, unknown>> {
  let value: unknown;
  try {
    const isZipped = data[0] === 0x1f && data[1] === 0x8b;
    const bytes = isZipped ? await unzipped(data, { maxOutputLength: MOST_UNZIPPED_BYTES }) : data;
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch {
    throw new UnreadableRecord(`The record has ${data.length} bytes that are no JSON and no gzip of it`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UnreadableRecord('The record is JSON, but no object');
  return value as Record<string, unknown>;
}

/** Names that a version to come may add are left alone. */
function recordOf(said: Record<string, unknown>): StreamRecord {
  const { format, source, store_id, received_at, body, set_aside } = said;
  const wrong =
    typeof format !== 'string'
      ? 'format'
      : typeof source !== 'string'
        ? 'source'
        : store_id !== null && typeof store_id !== 'string'
          ? 'store_id'
          : typeof received_at !== 'number' || !Number.isFinite(received_at)
            ? 'received_at'
            : typeof body !== 'string'
              ? 'body'
              : null;
  if (wrong !== null)
    throw new UnreadableRecord(`The record has no "${wrong}" as records of the stream have`);
  const record = { format, source, store_id, received_at, body } as StreamRecord;
  const aside = set_aside as { reason?: unknown; detail?: unknown } | null | undefined;
  if (aside == null) return record;
  if (!isReason(aside.reason) || typeof aside.detail !== 'string')
    throw new UnreadableRecord('The record has no "set_aside" as records of the stream have');
  return { ...record, set_aside: { reason: aside.reason, detail: aside.detail } };
}

const isReason = (value: unknown): value is RejectionReason =>
  typeof value === 'string' && Object.hasOwn(REJECTION_REASONS, value);
