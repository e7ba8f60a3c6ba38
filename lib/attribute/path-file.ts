import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { type Columns, type FileKind, readHeader } from './columns.ts';
import { type FileParts, tooLong } from './file-parts.ts';
import { BadPaths } from './problems.ts';
import { LF } from './quick-rows.ts';

/** How a file of rows is packed: Parquet has no lines and is read by an engine. */
export type Packing = 'plain' | 'gzip' | 'parquet';

const HEAD_BYTES = 1 << 16;
const BOM = [0xef, 0xbb, 0xbf];

/**
 * Says how a file is packed by its first bytes, whatever its name.
 * @throws BadPaths when there is no such file, it is empty or UTF-16
 */
export function packingOf(file: string): Packing {
  const head = headOf(file, 4);
  const begins = (...bytes: number[]) => bytes.every((byte, at) => head[at] === byte);
  if (head.length === 0) throw new BadPaths(`${file} is empty: it must have a header and a row per path`);
  if (begins(0xff, 0xfe) || begins(0xfe, 0xff)) throw new BadPaths(`${file} is UTF-16: save it as UTF-8`);
  if (begins(0x1f, 0x8b)) return 'gzip';
  if (head.toString('latin1') === 'PAR1') return 'parquet';
  if (/\.(parquet|pq)$/i.test(file)) {
    throw new BadPaths(`${file} is not Parquet, though its name says so: it does not begin with PAR1`);
  }
  if (/\.gz$/i.test(file)) throw new BadPaths(`${file} is not gzip data, though its name says so`);
  return 'plain';
}

function headOf(file: string, bytes: number): Buffer {
  const descriptor = opened(file);
  try {
    const head = Buffer.alloc(bytes);
    return head.subarray(0, readSync(descriptor, head, 0, bytes, 0));
  } finally {
    closeSync(descriptor);
  }
}

function opened(file: string): number {
  try {
    const descriptor = openSync(file, 'r');
    const about = fstatSync(descriptor);
    if (about.isFile()) return descriptor;
    closeSync(descriptor);
    throw new BadPaths(`${file} is ${about.isDirectory() ? 'a folder' : 'no file on disk'}: give a file`);
  } catch (error) {
    if (error instanceof BadPaths) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new BadPaths(
      code === 'ENOENT' ? `There is no file ${file}` : `${file} cannot be read: ${(error as Error).message}`,
    );
  }
}

/** Opens a plain file behind its header. */
export function openPlain(
  file: string,
  kind: FileKind,
  partBytes: number,
): { columns: Columns; parts: FileParts } {
  const descriptor = opened(file);
  const bytes = fstatSync(descriptor).size;
  const head = Buffer.alloc(HEAD_BYTES);
  const { line, after } = headerLine(file, head.subarray(0, readSync(descriptor, head, 0, HEAD_BYTES, 0)));
  const parts = { file, descriptor, start: Math.min(after, bytes), bytes, partBytes };
  return { columns: readHeader(file, kind, line), parts };
}

/** The first line without mark and line end, and where the next one begins. */
export function headerLine(file: string, head: Buffer): { line: string; after: number } {
  const end = head.indexOf(LF);
  if (end < 0 && head.length >= HEAD_BYTES) {
    throw new BadPaths(
      `${file}, line 1 is longer than ${HEAD_BYTES} bytes: it must be a header such as path,total_conversions`,
    );
  }
  const start = BOM.every((byte, at) => head[at] === byte) ? BOM.length : 0;
  const line = head.toString('utf8', start, end < 0 ? head.length : end).replace(/\r$/, '');
  return { line, after: end < 0 ? head.length : end + 1 };
}

/** The bytes of a file, unpacked. */
export async function* unpacked(file: string): AsyncGenerator<Buffer> {
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  const gunzip = createGunzip({ chunkSize: 1 << 20 });
  source.on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Buffer;
  } catch (error) {
    throw new BadPaths(`${file} is not whole gzip data: ${(error as Error).message}. Pack it again`);
  } finally {
    source.destroy();
  }
}

/** Joins chunks to blocks of whole lines, the last one ended too. */
export async function* wholeLines(file: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const last = chunk.lastIndexOf(LF);
    held.push(last < 0 ? chunk : chunk.subarray(0, last + 1));
    size += chunk.length;
    if (last < 0) {
      if (size > 1 << 25) throw tooLong(file);
      continue;
    }
    yield Buffer.concat(held);
    held = [chunk.subarray(last + 1)];
    size = chunk.length - last - 1;
  }
  if (size > 0) yield Buffer.concat([...held, Buffer.of(LF)]);
}

/** The line, from 1, in which an offset of the unpacked file lies. */
export async function lineAt(file: string, packing: Packing, offsets: readonly number[]): Promise<number[]> {
  const chunks = packing === 'gzip' ? unpacked(file) : createReadStream(file, { highWaterMark: 1 << 20 });
  const lines: number[] = [];
  let line = 1;
  let position = 0;
  for await (const chunk of chunks as AsyncIterable<Buffer>) {
    let at = 0;
    while (lines.length < offsets.length && offsets[lines.length]! < position + chunk.length) {
      const until = offsets[lines.length]! - position;
      for (let end = chunk.indexOf(LF, at); end >= 0 && end < until; end = chunk.indexOf(LF, at)) {
        line += 1;
        at = end + 1;
      }
      lines.push(line);
    }
    if (lines.length === offsets.length) break;
    for (let end = chunk.indexOf(LF, at); end >= 0; end = chunk.indexOf(LF, at)) {
      line += 1;
      at = end + 1;
    }
    position += chunk.length;
  }
  return lines;
}
