import { crc32 } from 'node:zlib';
import type { StreamRecord } from '../../ports.ts';

/**
 * How stream records stand in a file of the log. Records that came together and are of one sender are one frame:
 *
 *     mark u32 | length of the rest u32 | CRC-32 of the rest u32 | length of the head u16 | head | (length u32, body)...
 *
 * numbers little-endian, the head as JSON, bodies in UTF-8. What a crash has left half-written fails its checksum. The
 * checksum starts from a random seed that the file's name holds, so that a body written to look like a frame is none.
 */
const MARK = 0x6f706f72;
const BEFORE_REST = 12;
const MARK_BYTES = Buffer.from('ropo');

const RECORDS_PER_FRAME = 1000;
const BYTES_PER_FRAME = 4 << 20;

/** What the records of a frame have in common. */
type Head = Omit<StreamRecord, 'body'> & { count: number };

/** Its length is a u16. */
const MOST_HEAD_BYTES = 0xffff;

/**
 * Records as frames, in one piece.
 * @throws RangeError where what a record says besides its body has more than 65535 bytes
 */
export function encodeRecords(records: readonly StreamRecord[], seed: number): Buffer {
  const frames: Buffer[] = [];
  for (let from = 0; from < records.length; ) {
    const first = records[from]!;
    const sizes: number[] = [];
    let bytes = 0;
    let to = from;
    do {
      const size = Buffer.byteLength(records[to]!.body);
      sizes.push(size);
      bytes += 4 + size;
      to += 1;
    } while (
      to < records.length &&
      sizes.length < RECORDS_PER_FRAME &&
      bytes < BYTES_PER_FRAME &&
      haveOneHead(records[to]!, first)
    );
    frames.push(frameOf(records.slice(from, to), sizes, bytes, seed));
    from = to;
  }
  return frames.length === 1 ? frames[0]! : Buffer.concat(frames);
}

const haveOneHead = (a: StreamRecord, b: StreamRecord) =>
  a.source === b.source &&
  a.format === b.format &&
  a.received_at === b.received_at &&
  a.store_id === b.store_id &&
  a.set_aside === b.set_aside;

function frameOf(records: readonly StreamRecord[], sizes: number[], bytes: number, seed: number): Buffer {
  const { body: _, ...shared } = records[0]!;
  const head = Buffer.from(JSON.stringify({ ...shared, count: sizes.length } satisfies Head));
  if (head.length > MOST_HEAD_BYTES)
    throw new RangeError(
      `Format, source and the like of a record have ${head.length} bytes; the stream takes ${MOST_HEAD_BYTES}`,
    );
  const frame = Buffer.allocUnsafe(BEFORE_REST + 2 + head.length + bytes);
  let at = BEFORE_REST;
  at = frame.writeUInt16LE(head.length, at);
  at += head.copy(frame, at);
  for (const [index, size] of sizes.entries()) {
    at = frame.writeUInt32LE(size, at);
    at += frame.write(records[index]!.body, at);
  }
  const rest = frame.subarray(BEFORE_REST);
  frame.writeUInt32LE(MARK, 0);
  frame.writeUInt32LE(rest.length, 4);
  frame.writeUInt32LE(crc32(rest, seed), 8);
  return frame;
}

/** A frame that is whole, by its place in a buffer. */
export interface Frame {
  end: number;
  count: number;
  records(): StreamRecord[];
}

/**
 * The frame that begins at a place; 'short' where the buffer ends before it does, 'damaged' where none begins or its
 * checksum is another.
 */
export function frameAt(buffer: Buffer, at: number, seed: number): Frame | 'short' | 'damaged' {
  if (buffer.length - at < BEFORE_REST) return 'short';
  if (buffer.readUInt32LE(at) !== MARK) return 'damaged';
  const start = at + BEFORE_REST;
  const end = start + buffer.readUInt32LE(at + 4);
  if (end > buffer.length) return 'short';
  const rest = buffer.subarray(start, end);
  if (rest.length < 2 || crc32(rest, seed) !== buffer.readUInt32LE(at + 8)) return 'damaged';
  const bodies = 2 + rest.readUInt16LE(0);
  const { count, ...shared } = JSON.parse(rest.toString('utf8', 2, bodies)) as Head;
  return { end, count, records: () => recordsIn(rest, bodies, count, shared) };
}

function recordsIn(rest: Buffer, from: number, count: number, shared: Omit<Head, 'count'>): StreamRecord[] {
  const records: StreamRecord[] = [];
  let at = from;
  for (let index = 0; index < count; index++) {
    const end = at + 4 + rest.readUInt32LE(at);
    records.push({ ...shared, body: rest.toString('utf8', at + 4, end) });
    at = end;
  }
  return records;
}

/**
 * Whether what a file holds from a place on is a write that was cut short: the beginning of a frame, or zeros, where a
 * power cut left a length without contents. A frame that is all there and fails its checksum is none.
 */
export function isCutShort(buffer: Buffer, at: number): boolean {
  const found = buffer.subarray(at);
  if (found.every((byte) => byte === 0)) return true;
  const mark = found.subarray(0, MARK_BYTES.length);
  if (!mark.equals(MARK_BYTES.subarray(0, mark.length))) return false;
  if (found.length < BEFORE_REST) return true;
  const rest = found.subarray(BEFORE_REST);
  return found.readUInt32LE(4) > rest.length && !hasAllRecords(rest);
}

/** Whether all that a frame announces is there, be its own length another. */
function hasAllRecords(rest: Buffer): boolean {
  if (rest.length < 2) return false;
  let at = 2 + rest.readUInt16LE(0);
  if (at > rest.length) return false;
  let count: number;
  try {
    ({ count } = JSON.parse(rest.toString('utf8', 2, at)) as Head);
  } catch {
    // A head that is all there and not what was written.
    return true;
  }
  for (let index = 0; index < count; index++) {
    if (at + 4 > rest.length) return false;
    at += 4 + rest.readUInt32LE(at);
  }
  return at <= rest.length;
}

/** Where the next whole frame begins, at a place or after it; -1 where none does. */
export function nextFrame(buffer: Buffer, from: number, seed: number): number {
  for (let at = buffer.indexOf(MARK_BYTES, from); at >= 0; at = buffer.indexOf(MARK_BYTES, at + 1))
    if (typeof frameAt(buffer, at, seed) === 'object') return at;
  return -1;
}
