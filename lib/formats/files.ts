import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { globSync } from 'tinyglobby';
import type { InputFile } from './format.ts';

/** An input file on disk, decompressed on the way when its name ends in .gz. */
export function inputFile(path: string, onBytes: (bytes: number) => void = () => {}): InputFile {
  return {
    name: basename(path).replace(/\.gz$/, ''),
    bytes: statSync(path).size,
    open: () => {
      const file = createReadStream(path, { highWaterMark: 1 << 20 });
      file.on('data', (chunk) => onBytes(chunk.length));
      return path.endsWith('.gz') ? gunzipped(file, path) : file;
    },
  };
}

/** A cut or damaged .gz file is an error that names the file. */
function gunzipped(file: Readable, path: string): Readable {
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  const out = new Transform({ transform: (chunk, _, done) => done(null, chunk) });
  gunzip.on('error', (error) => out.destroy(new Error(`${path} is not whole gzip data: ${error.message}`)));
  file.on('error', (error) => out.destroy(error));
  return file.pipe(gunzip).pipe(out);
}

/**
 * The files that a list of paths, folders and globs stands for, each once, in the order given.
 * @throws Error when one of them names nothing.
 */
export function expandPaths(patterns: readonly string[]): string[] {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const matches = existsSync(pattern)
      ? [pattern]
      : globSync(pattern, { absolute: false, onlyFiles: false }).sort();
    if (matches.length === 0)
      throw new Error(`${pattern} names no file. Give a path, a folder or a glob such as 'data/*.jsonl.gz'`);
    for (const match of matches) {
      if (!statSync(match).isDirectory()) found.add(match);
      else
        for (const name of readdirSync(match).sort())
          if (!name.startsWith('.') && statSync(join(match, name)).isFile()) found.add(join(match, name));
    }
  }
  return [...found];
}
