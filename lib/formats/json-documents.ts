import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { beyondLimits } from '../domain/record-limits.ts';
import type { FoundRecord, InputFile } from './format.ts';
import { isObject } from './json-fields.ts';
import { repeatsName } from './json-names.ts';
import { type JsonLine, type JsonObject, jsonObjects } from './jsonl.ts';

/** A file that is one JSON text is held whole; JSON Lines may be of any length. */
const MAX_DOCUMENT_BYTES = 67_108_864;
/** Enough to tell a line of JSON from the beginning of a text over many lines. */
const HEAD_BYTES = 1_048_576;
/** What is kept of a text that cannot be read. */
const KEPT_BYTES = 4096;
const BOM = '\uFEFF';

/** An object that was found. */
export type JsonDocument = Extract<JsonLine, { value: JsonObject }>;

/**
 * The objects of a file that a system's export or answer may be: JSON Lines, an array, or an object that holds them
 * under a name (`{"orders": [...]}`); the last also as a line of JSON Lines. `line` counts lines, or objects of the one
 * text.
 * @param list name that a list of objects stands under
 * @param single name that one object stands under
 * @throws Error where a file that is one JSON text is longer than 64 MiB
 */
export async function* jsonDocuments(
  file: InputFile,
  list: string,
  single: string,
): AsyncGenerator<JsonLine[]> {
  const { head, rest } = await headOf(file);
  if (isLines(head)) {
    const whole: InputFile = {
      ...file,
      open: () => Readable.from(chunks(head, rest), { objectMode: false }),
    };
    for await (const lines of jsonObjects(whole)) {
      yield lines.flatMap((line) => (line.unreadable === undefined ? inside(line, list, single) : [line]));
    }
    return;
  }
  const bytes = [head];
  let size = head.length;
  for await (const chunk of rest) {
    size += chunk.length;
    if (size > MAX_DOCUMENT_BYTES) {
      await rest.return(undefined);
      throw new Error(
        `${file.name}: one JSON text of more than ${MAX_DOCUMENT_BYTES} bytes; write it as JSON Lines`,
      );
    }
    bytes.push(chunk);
  }
  yield documentOf(Buffer.concat(bytes, size), list, single);
}

/**
 * The reader of files that hold a system's orders, alone or as a list.
 * @param recordsOf what records a document is
 */
export function orderDocuments(
  recordsOf: (document: JsonDocument) => FoundRecord[],
): (files: InputFile[]) => AsyncGenerator<FoundRecord[]> {
  return async function* read(files) {
    for (const file of files) {
      for await (const documents of jsonDocuments(file, 'orders', 'order')) {
        const found = documents.flatMap((document) =>
          document.unreadable === undefined ? recordsOf(document) : [{ kind: null, ...document }],
        );
        if (found.length > 0) yield found;
      }
    }
  };
}

function documentOf(bytes: Buffer, list: string, single: string): JsonLine[] {
  if (!isUtf8(bytes)) return [unreadable(bytes, 'not_utf8: the file holds bytes that are not UTF-8')];
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith(BOM) ? text.slice(1) : text);
  } catch {
    return [unreadable(bytes, 'not_json: the file is neither JSON Lines nor one JSON text')];
  }
  const beyond = beyondLimits(value, text);
  const whole = { original: text, line: 0, ...(beyond === null && repeatsName(text, value) ? REPEATS : {}) };
  if (Array.isArray(value)) return listed(value, whole);
  if (isObject(value)) return inside({ ...whole, value }, list, single);
  return [unreadable(bytes, 'not_object: the file holds neither an object nor a list')];
}

/** Of a list it cannot be told in which of its objects a name stands twice: then it may be in any. */
const REPEATS = { repeatsName: true };

function unreadable(bytes: Buffer, reason: string): JsonLine {
  return { original: bytes.toString('utf8', 0, KEPT_BYTES), line: 1, unreadable: reason };
}

/** Where objects come from: the text they stand in, and its line, or 0 where their place in it counts. */
type Whole = { original: string; line: number; repeatsName?: boolean };

/** What an object holds under either name, or the object itself. */
function inside(whole: Whole & { value: JsonObject }, list: string, single: string): JsonLine[] {
  const { value } = whole;
  if (Array.isArray(value[list])) return listed(value[list], whole);
  return listed([isObject(value[single]) ? value[single] : value], whole);
}

function listed(values: unknown[], { original: text, line, repeatsName = false }: Whole): JsonLine[] {
  return values.map((value, index): JsonLine => {
    const place = line || index + 1;
    const beyond = beyondLimits(value, text);
    // What is nested too deeply cannot be written as text again.
    if (beyond !== null)
      return { original: text.slice(0, KEPT_BYTES), line: place, unreadable: beyond, reason: 'too_large' };
    const original = JSON.stringify(value);
    if (!isObject(value)) return { original, line: place, unreadable: 'not_object: an item of the list' };
    return { original, line: place, value, ...(repeatsName ? REPEATS : {}) };
  });
}

/**
 * Whether a text that begins so is JSON Lines: its first line is a whole object, or, where that one is broken, another
 * line begins as an object does. What is written over many lines is indented.
 */
function isLines(head: Buffer): boolean {
  const text = head.toString('utf8').replace(/^[\uFEFF\s]+/, '');
  if (!text.startsWith('{')) return !text.startsWith('[');
  const [first = ''] = text.split('\n', 1);
  return isWhole(first) || text.includes('\n{', first.length);
}

function isWhole(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

async function headOf(file: InputFile): Promise<{ head: Buffer; rest: AsyncGenerator<Buffer> }> {
  const rest = chunksOf(file);
  const parts: Buffer[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const { done, value } = await rest.next();
    if (done) break;
    parts.push(value);
    size += value.length;
  }
  return { head: Buffer.concat(parts, size), rest };
}

async function* chunksOf(file: InputFile): AsyncGenerator<Buffer> {
  yield* file.open() as AsyncIterable<Buffer>;
}

async function* chunks(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}
