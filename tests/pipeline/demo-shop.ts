import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type DemoFile, writeDemoShop } from '../../lib/demo/write-shop.ts';
import { inputFile } from '../../lib/formats/files.ts';
import { FORMATS } from '../../lib/formats/index.ts';
import { type ImportResult, importFiles } from '../../lib/pipeline/import-files.ts';
import { faultsIn, type KnownFault } from '../demo/read-shop.ts';
import { type TemporaryShop, textFile } from '../temporary-shop.ts';

/** The input files of a demo shop, in a folder that goes away with `remove`. */
export interface DemoFiles {
  directory: string;
  files: DemoFile[];
  faults: KnownFault[];
  remove(): void;
}

export async function writeDemoFiles(persons: number, seed: number): Promise<DemoFiles> {
  const directory = mkdtempSync(join(tmpdir(), 'ropo-demo-'));
  const files = await writeDemoShop({ directory, persons, seed });
  return {
    directory,
    files,
    faults: faultsIn(directory),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

export async function importDemo(
  { shop }: TemporaryShop,
  files: readonly DemoFile[],
): Promise<ImportResult[]> {
  const results: ImportResult[] = [];
  for (const { format, file } of files) {
    results.push(await importFiles(shop.importer, FORMATS[format]!, [inputFile(file)]));
  }
  return results;
}

/** The lines of an input file, packed or not, without the empty one at its end. */
export function linesOf({ file }: DemoFile): string[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}

/** An input file cut into `count` files of its lines; one with a header stays whole. */
export function piecesOf(
  demoFile: DemoFile,
  count: number,
): { format: string; name: string; text: string }[] {
  const name = basename(demoFile.file, '.gz');
  const lines = linesOf(demoFile);
  if (name.endsWith('.csv')) return [{ format: demoFile.format, name, text: lines.join('\n') }];
  const size = Math.ceil(lines.length / count);
  return Array.from({ length: count }, (_, at) => ({
    format: demoFile.format,
    name: `${at}-${name}`,
    text: lines.slice(at * size, (at + 1) * size).join('\n'),
  })).filter(({ text }) => text !== '');
}

export const importText = ({ shop }: TemporaryShop, format: string, name: string, text: string) =>
  importFiles(shop.importer, FORMATS[format]!, [textFile(name, text)]);
