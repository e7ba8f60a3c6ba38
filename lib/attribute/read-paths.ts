import { closeSync } from 'node:fs';
import { type FileKind, readHeader } from './columns.ts';
import { PART_BYTES } from './file-parts.ts';
import { joinRows } from './join-rows.ts';
import { type LocalRows, localRows, type RowsHead } from './local-rows.ts';
import { headerLine, lineAt, openPlain, type Packing, unpacked, wholeLines } from './path-file.ts';
import { type PathSource, sourceOf, sourceOfShares } from './path-source.ts';
import { BadPaths, badRows, Problems } from './problems.ts';
import { RowReader } from './row-reader.ts';
import { readShared } from './share-parts.ts';
import type { SharedPaths } from './shared-work.ts';

/** Reads the rows of a Parquet file as text: a header and lines of CSV. */
export type ReadParquet = (file: string) => AsyncIterable<Buffer>;

export interface ReadOptions {
  kind: FileKind;
  threads: number;
  /** Where the file is Parquet. */
  readParquet?: ReadParquet;
  /** Bytes of a part, and from how many on a thread more is started. */
  partBytes?: number;
  worthAThread?: number;
}

/**
 * Reads a file of paths, whatever its packing.
 * @throws BadPaths with the first few rows that are wrong, their lines, and how many there are
 */
export async function readPaths(file: string, packing: Packing, options: ReadOptions): Promise<PathSource> {
  if (packing === 'plain') return readPlain(file, options);
  const chunks = packing === 'gzip' ? unpacked(file) : options.readParquet!(file);
  const rows = await readStream(file, chunks, options.kind);
  await checkRows(file, packing, options.kind, rows ? [rows] : []);
  return sourceOf(joinRows(file, [rows!]));
}

async function readPlain(file: string, options: ReadOptions): Promise<PathSource> {
  const { columns, parts } = openPlain(file, options.kind, options.partBytes ?? PART_BYTES);
  let shared: SharedPaths | undefined;
  try {
    shared = await readShared(columns, parts, options.threads, options.worthAThread);
    await checkRows(file, 'plain', options.kind, shared.heads);
    return sourceOfShares(file, shared);
  } catch (error) {
    await shared?.close();
    throw error;
  } finally {
    closeSync(parts.descriptor);
  }
}

async function readStream(
  file: string,
  chunks: AsyncIterable<Buffer>,
  kind: FileKind,
): Promise<LocalRows | null> {
  let reader: RowReader | null = null;
  let offset = 0;
  for await (const block of wholeLines(file, chunks)) {
    let from = 0;
    if (!reader) {
      const { line, after } = headerLine(file, block);
      reader = new RowReader(readHeader(file, kind, line));
      from = after;
    }
    reader.read(block, from, block.length, offset + from);
    offset += block.length;
  }
  return reader && localRows(reader);
}

async function checkRows(
  file: string,
  packing: Packing,
  kind: FileKind,
  parts: readonly RowsHead[],
): Promise<void> {
  const problems = new Problems();
  for (const part of parts) problems.merge(part.problems);
  if (problems.count > 0) throw await problemReport(file, packing, problems);
  if (parts.every(({ rows }) => rows === 0)) {
    throw new BadPaths(
      `${file} has a header and no row: it must have a row per ${kind === 'counts' ? 'path' : 'journey'}`,
    );
  }
}

async function problemReport(file: string, packing: Packing, { first, count }: Problems): Promise<BadPaths> {
  const offsets = first.map(({ offset }) => offset);
  const places = packing === 'parquet' ? null : await lineAt(file, packing, offsets);
  return badRows(
    file,
    first.map(({ text }, at) => `${places ? `line ${places[at]}` : 'a row'}: ${text}`),
    count,
  );
}
