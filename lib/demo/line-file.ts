import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** A text file written line by line in large pieces; compressed when its name ends in .gz. */
export interface LineFile {
  readonly lines: number;
  write(line: string): void;
  /** A promise to wait for before writing more, or null while there is room. */
  pressure(): Promise<unknown> | null;
  close(): Promise<void>;
}

const PIECE = 1 << 17;
/** How much may wait for compression and disk while the next records are made. */
const AHEAD = 1 << 22;
/** gzip writes neither name nor time here, so that equal lines make equal bytes. */
const GZIP_LEVEL = 3;

/** `extra` lines are put in among the first ones, each after as many lines as its place says. */
export function openLineFile(path: string, extra: readonly { after: number; line: string }[] = []): LineFile {
  const file = createWriteStream(path, { highWaterMark: AHEAD });
  let head: Writable = file;
  let done: Promise<unknown>;
  if (path.endsWith('.gz')) {
    const options = { level: GZIP_LEVEL, chunkSize: PIECE, highWaterMark: AHEAD };
    const gzip = createGzip(options);
    head = gzip;
    done = pipeline(gzip, file);
  } else {
    done = once(file, 'close');
  }
  done.catch(() => {});
  const waiting = [...extra].sort((a, b) => a.after - b.after);
  let piece = '';
  let lines = 0;
  let hasRoom = true;

  const put = (line: string) => {
    piece += `${line}\n`;
    lines++;
    if (piece.length >= PIECE) {
      hasRoom = head.write(piece);
      piece = '';
    }
  };
  return {
    get lines() {
      return lines;
    },
    write(line) {
      while (waiting[0] && waiting[0].after <= lines) put(waiting.shift()!.line);
      put(line);
    },
    pressure() {
      if (hasRoom || !head.writableNeedDrain) return null;
      hasRoom = true;
      return Promise.race([once(head, 'drain'), done]);
    },
    async close() {
      for (const { line } of waiting.splice(0)) put(line);
      head.end(piece);
      await done;
    },
  };
}

/** A row of comma-separated values (RFC 4180); null is an empty field. */
export function csvLine(values: readonly (string | number | boolean | null | undefined)[]): string {
  return values
    .map((value) => {
      const text = value === null || value === undefined ? '' : String(value);
      return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(',');
}
