import { Readable } from 'node:stream';
import type { FoundRecord, ImportFormat, InputFile } from '../formats/format.ts';
import { FORMATS } from '../formats/index.ts';
import type { StreamRecord } from '../ports.ts';
import { thrownBy } from './gather.ts';

/** A record found in what came over HTTP, and with which of it. */
export interface Sighted {
  found: FoundRecord;
  from: StreamRecord;
}

const CHUNK_CHARACTERS = 1 << 18;

/**
 * Reads what the stream holds, format by format, stores before all. What stands on lines of its own is read
 * together, as the lines of one text, so that thousands of messages cost one reading; files are read one by one.
 * What our own code fails at is narrowed down to the record that makes it fail, which is told as unreadable.
 */
export async function* readStream(records: readonly StreamRecord[]): AsyncGenerator<Sighted[]> {
  const groups = [...inFormats(records)];
  // Others lean on the stores.
  groups.sort(([a], [b]) => Number(b === FORMATS.stores) - Number(a === FORMATS.stores));
  for (const [format, group] of groups) {
    if (format === null) {
      yield group.map(unread);
      continue;
    }
    for (const part of readTogether(format, group)) yield* readPart(format, part);
  }
}

/** Records by their format; under null those that cannot be read at all. */
function inFormats(records: readonly StreamRecord[]): Map<ImportFormat | null, StreamRecord[]> {
  const groups = new Map<ImportFormat | null, StreamRecord[]>();
  for (const record of records) {
    const isKnown = record.set_aside === undefined && Object.hasOwn(FORMATS, record.format);
    const format = isKnown ? FORMATS[record.format]! : null;
    const group = groups.get(format);
    if (group) group.push(record);
    else groups.set(format, [record]);
  }
  return groups;
}

function unread(record: StreamRecord): Sighted {
  const { set_aside, body } = record;
  const aside = set_aside ?? {
    reason: 'unreadable' as const,
    detail: 'unknown_format: there is no format of that name',
  };
  return {
    from: record,
    found: { kind: null, original: body, line: 1, unreadable: aside.detail, reason: aside.reason },
  };
}

/** Runs of records that are read as one text, and the others each by itself. */
function readTogether(format: ImportFormat, records: readonly StreamRecord[]): StreamRecord[][] {
  const parts: StreamRecord[][] = [];
  let run: StreamRecord[] | null = null;
  for (const record of records) {
    if (!standsByLine(format, record.body)) {
      parts.push([record]);
      run = null;
    } else if (run) run.push(record);
    else {
      run = [record];
      parts.push(run);
    }
  }
  return parts;
}

const standsByLine = (format: ImportFormat, body: string) =>
  body.startsWith('{') && format.standsByLine?.(fileOf(format, ['{'])) === true;

/** Bodies as one file, each from a line of its own on. */
function fileOf(format: ImportFormat, bodies: readonly string[]): InputFile {
  const characters = bodies.reduce((sum, body) => sum + body.length, 0);
  return {
    // The name tells lines of JSON from CSV.
    name: `${format.name}${bodies[0]?.startsWith('{') ? '.jsonl' : ''}`,
    bytes: characters,
    open: () => Readable.from(chunksOf(bodies), { objectMode: false }),
  };
}

function* chunksOf(bodies: readonly string[]): Generator<Buffer> {
  let from = 0;
  let characters = 0;
  for (const [at, body] of bodies.entries()) {
    characters += body.length;
    if (characters < CHUNK_CHARACTERS && at < bodies.length - 1) continue;
    const text = bodies.slice(from, at + 1).join('\n');
    yield Buffer.from(at < bodies.length - 1 ? `${text}\n` : text);
    from = at + 1;
    characters = 0;
  }
}

async function* readPart(format: ImportFormat, part: readonly StreamRecord[]): AsyncGenerator<Sighted[]> {
  const read: Sighted[][] = [];
  try {
    for await (const batch of sightedIn(format, part)) read.push(batch);
  } catch (error) {
    if (part.length === 1) {
      const [record] = part as [StreamRecord];
      yield [unread({ ...record, set_aside: { reason: 'unreadable', detail: thrownBy(error) } })];
      return;
    }
    const half = part.length >> 1;
    yield* readPart(format, part.slice(0, half));
    yield* readPart(format, part.slice(half));
    return;
  }
  yield* read;
}

async function* sightedIn(format: ImportFormat, part: readonly StreamRecord[]): AsyncGenerator<Sighted[]> {
  /** Line of the text that each record begins at. */
  const firstLines = new Int32Array(part.length + 1);
  let line = 1;
  for (const [at, { body }] of part.entries()) {
    firstLines[at] = line;
    line += linesIn(body);
  }
  firstLines[part.length] = line;
  const bodies = part.map(({ body }) => body);
  const file = fileOf(format, bodies);
  let at = 0;
  for await (const batch of format.read([file])) {
    yield batch.map((found): Sighted => {
      while (at < part.length - 1 && found.line >= firstLines[at + 1]!) at += 1;
      found.line -= firstLines[at]! - 1;
      return { found, from: part[at]! };
    });
  }
}

function linesIn(body: string): number {
  let lines = 1;
  for (let at = body.indexOf('\n'); at >= 0; at = body.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
