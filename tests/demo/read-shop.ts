import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { DemoFile } from '../../lib/demo/write-shop.ts';

/** The lines of a file that are no deliberate faults; those are listed in the truth. */
export function goodLines(file: string, faults: ReadonlySet<string> = new Set()): string[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').filter((line) => line !== '' && !faults.has(line));
}

export interface KnownFault {
  file: string;
  reason: string;
  line: string;
}

export const faultsIn = (directory: string): KnownFault[] =>
  goodLines(join(directory, 'truth', 'faults.jsonl')).map((line) => JSON.parse(line) as KnownFault);

/** Records of an input file in the words of its contract; CSV fields become text, numbers where given, or absent. */
export function recordsOf(
  { file }: DemoFile,
  faults: ReadonlySet<string>,
  numbers: readonly string[] = [],
): Record<string, unknown>[] {
  if (!basename(file).endsWith('.csv')) {
    return goodLines(file, faults).map((line) => JSON.parse(line) as Record<string, unknown>);
  }
  return parse(readFileSync(file), {
    columns: true,
    cast: (value, { column }) =>
      value === '' ? null : numbers.includes(String(column)) ? Number(value) : value,
  }) as Record<string, unknown>[];
}
