import { readSync } from 'node:fs';
import { BadPaths } from './problems.ts';
import { LF } from './quick-rows.ts';
import type { RowReader } from './row-reader.ts';

/** A part of a file is read at once: rows that begin in it. Parts are shared out among threads one by one. */
export const PART_BYTES = 1 << 20;

/** A row that is longer is no row. */
const MOST_ROW_BYTES = 1 << 24;

/** Rows of a plain file, without its header. */
export interface FileParts {
  file: string;
  descriptor: number;
  /** Where the first row begins, and where the file ends. */
  start: number;
  bytes: number;
  partBytes: number;
}

export const partCount = ({ start, bytes, partBytes }: FileParts): number =>
  Math.ceil((bytes - start) / partBytes);

/**
 * Reads parts until none is left.
 * @param next gives the number of the next part that nobody has read
 * @param threads among how many the parts are shared
 */
export function readParts(parts: FileParts, reader: RowReader, next: () => number, threads: number): void {
  const count = partCount(parts);
  const { partBytes } = parts;
  let buffer: Buffer = Buffer.allocUnsafe(partBytes + (1 << 16));
  let read = 0;
  for (let part = next(); part < count; part = next()) {
    // The first part says about how much room all will take.
    if (read++ === 1) reserveFor(reader, (count / threads) * 1.1);
    // One byte more than the part in front, to see whether a row begins with it.
    const from = parts.start + part * partBytes - 1;
    const end = Math.min(from + 1 + partBytes, parts.bytes);
    let filled = fill(parts, buffer, 0, from, end);
    const firstEnd = buffer.subarray(0, filled).indexOf(LF);
    if (firstEnd < 0 || firstEnd + 1 >= filled) continue;
    let last = end;
    // The last row may go on behind the part.
    while (buffer[filled - 1] !== LF && last < parts.bytes) {
      const more = Math.min(parts.bytes, last + (1 << 16));
      if (filled > MOST_ROW_BYTES + partBytes) throw tooLong(parts.file);
      buffer = roomFor(buffer, filled + more - last + 1);
      const before = filled;
      filled = fill(parts, buffer, filled, last, more);
      last = more;
      const ends = buffer.subarray(before, filled).indexOf(LF);
      if (ends >= 0) filled = before + ends + 1;
    }
    if (buffer[filled - 1] !== LF) {
      buffer = roomFor(buffer, filled + 1);
      buffer[filled++] = LF;
    }
    reader.read(buffer, firstEnd + 1, filled, from + firstEnd + 1);
  }
}

function reserveFor({ rows }: RowReader, times: number): void {
  rows.reserve(Math.ceil(rows.rows * times), Math.ceil(rows.length * times));
}

function fill({ file, descriptor }: FileParts, buffer: Buffer, at: number, from: number, to: number): number {
  let filled = at;
  for (let position = from; position < to; ) {
    const read = readSync(descriptor, buffer, filled, to - position, position);
    if (read === 0)
      throw new BadPaths(`${file} became shorter while it was read: read it again once it is written`);
    filled += read;
    position += read;
  }
  return filled;
}

function roomFor(buffer: Buffer, needed: number): Buffer {
  if (needed <= buffer.length) return buffer;
  const larger = Buffer.allocUnsafe(Math.max(needed, buffer.length * 2));
  buffer.copy(larger);
  return larger;
}

export const tooLong = (file: string) =>
  new BadPaths(
    `${file} has a row of more than ${MOST_ROW_BYTES >> 20} MB, which is the limit: is it a file of lines?`,
  );
