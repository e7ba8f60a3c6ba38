import { type FileHandle, open } from 'node:fs/promises';
import type { StreamRecord } from '../../ports.ts';
import { frameAt, nextFrame } from './log-frames.ts';
import type { LogPosition, Segment } from './log-segments.ts';

/** Records of the log in their order. */
export interface LogBatch {
  records: StreamRecord[];
  /** The place behind them. */
  upTo: LogPosition;
  /** Bytes of the log that could not be read on the way; their file is kept. */
  damaged: number;
}

/**
 * Reads whole frames of a file from a place on until there are enough records, or as many as there are.
 * @param segment `bytes` says how much of the file is on disk for good
 */
export async function readFrames(
  segment: Segment,
  offset: number,
  enough: { records: number; bytes: number },
): Promise<LogBatch> {
  const handle = await open(segment.path, 'r');
  try {
    return await framesFrom(handle, segment, offset, enough);
  } finally {
    await handle.close();
  }
}

async function framesFrom(
  handle: FileHandle,
  { number, seed, bytes }: Segment,
  offset: number,
  enough: { records: number; bytes: number },
): Promise<LogBatch> {
  let buffer = await bytesOf(handle, offset, Math.min(bytes - offset, enough.bytes));
  const records: StreamRecord[] = [];
  let damaged = 0;
  let at = 0;
  while (at < buffer.length && records.length < enough.records) {
    const frame = frameAt(buffer, at, seed);
    if (typeof frame === 'object') {
      for (const record of frame.records()) records.push(record);
      at = frame.end;
      continue;
    }
    if (frame === 'short' && records.length > 0) break;
    // Either a frame that is longer than a batch, or no frame: the rest of the file tells.
    if (offset + buffer.length < bytes) {
      buffer = await bytesOf(handle, offset, bytes - offset);
      continue;
    }
    const next = nextFrame(buffer, at + 1, seed);
    damaged += (next < 0 ? buffer.length : next) - at;
    at = next < 0 ? buffer.length : next;
  }
  return { records, upTo: { segment: number, offset: offset + at }, damaged };
}

async function bytesOf(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
