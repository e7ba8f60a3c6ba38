import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { CONTRACTS, RECORD_KINDS, type RecordKind } from '../../lib/domain/contract/index.ts';
import { inputFile } from '../../lib/formats/files.ts';
import type { FoundRecord, InputFile } from '../../lib/formats/format.ts';

/** A file in memory, read in chunks of `chunkBytes`. */
export function fileOf(name: string, content: string | Buffer, chunkBytes = 65_536): InputFile {
  const bytes = Buffer.from(content);
  return {
    name,
    bytes: bytes.length,
    open: () =>
      Readable.from(
        (function* () {
          for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
        })(),
        { objectMode: false },
      ),
  };
}

/** A file in memory, read in two chunks cut at a byte. */
export function fileCutAt(name: string, content: string | Buffer, cut: number): InputFile {
  const bytes = Buffer.from(content);
  const parts = [bytes.subarray(0, cut), bytes.subarray(cut)].filter((part) => part.length > 0);
  return { name, bytes: bytes.length, open: () => Readable.from(parts, { objectMode: false }) };
}

export async function allOf<T>(batches: AsyncIterable<T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

/** The records' values; fails on the first that is unreadable. */
export function valuesOf(records: FoundRecord[], kind?: RecordKind) {
  return records
    .filter((record) => kind === undefined || record.kind === kind)
    .map((record) => {
      if (record.unreadable !== undefined) throw new Error(`line ${record.line}: ${record.unreadable}`);
      return record.value as Record<string, unknown> & { lines?: Record<string, string>[] };
    });
}

/** Line and code word of what could not be read. */
export function unreadableOf(records: { line: number; unreadable?: string | undefined }[]): string[] {
  return records
    .filter((record) => record.unreadable !== undefined)
    .map((record) => `${record.line} ${record.unreadable!.split(':')[0]!}`);
}

const CHECKS = Object.fromEntries(RECORD_KINDS.map((kind) => [kind, TypeCompiler.Compile(CONTRACTS[kind])]));

/** What the contracts have against the records; an empty list is a pass. */
export function contractErrors(records: FoundRecord[]): string[] {
  return records.flatMap((record) => {
    if (record.kind === null || record.unreadable !== undefined) return [];
    const check = CHECKS[record.kind]!;
    if (check.Check(record.value)) return [];
    const error = check.Errors(record.value).First();
    return [`${record.kind} line ${record.line}: ${error?.path} ${error?.message}`];
  });
}

export const NO_DATA = 'the folder ../shared/data with the real files is not here';

/** The files of a folder of real data, or null where it is absent. */
export function realFiles(folder: string, pattern = /\.gz$/): InputFile[] | null {
  const path = join(process.cwd(), '..', 'shared', 'data', folder);
  if (!existsSync(path)) return null;
  return readdirSync(path)
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => inputFile(join(path, name)));
}
