import type { RejectionReason } from '../domain/accept/index.ts';
import type { RecordKind } from '../domain/contract/index.ts';
import { beyondLimits } from '../domain/record-limits.ts';
import type { FoundRecord, InputFile } from './format.ts';
import { repeatsName } from './json-names.ts';
import { lineBatches, type TextLine } from './lines.ts';

export type JsonObject = Record<string, unknown>;

/** A line of JSON Lines: the object it holds, or the reason why it holds none. */
export type JsonLine = { original: string; line: number } & (
  | { value: JsonObject; repeatsName?: boolean; unreadable?: undefined }
  | { value?: undefined; unreadable: string; reason?: RejectionReason }
);

/** Reads JSON Lines in batches; blank lines are no records. Bad lines are values with a reason, in their place. */
export async function* jsonObjects(file: InputFile): AsyncGenerator<JsonLine[]> {
  for await (const lines of lineBatches(file)) {
    const found: JsonLine[] = [];
    for (const line of lines) {
      const json = jsonLine(line);
      if (json !== null) found.push(json);
    }
    if (found.length > 0) yield found;
  }
}

/** The reader of a file that holds one JSON object of a contract kind per line. */
export function jsonLines(kind: RecordKind): (file: InputFile) => AsyncGenerator<FoundRecord[]> {
  return async function* read(file) {
    for await (const batch of jsonObjects(file)) {
      yield batch.map((json): FoundRecord => {
        if (json.unreadable !== undefined || json.repeatsName) return { ...json, kind };
        // Nearly all are so, and naming what they hold is quicker than copying it.
        return { kind, value: json.value, original: json.original, line: json.line };
      });
    }
  };
}

/** An escaped NUL: an odd number of backslashes before "u0000". */
const ESCAPED_NUL = /(?<!\\)(?:\\\\)*\\u0000/;

function jsonLine(line: TextLine): JsonLine | null {
  const { number, text } = line;
  if (line.unreadable !== undefined) {
    return {
      original: text,
      line: number,
      unreadable: line.unreadable,
      ...(line.reason ? { reason: line.reason } : {}),
    };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const plain = text.trim();
    if (plain === '') return null;
    // Files that were joined have byte order marks inside.
    if (text.startsWith('\uFEFF')) return jsonLine({ number, text: text.slice(1) });
    return { original: text, line: number, unreadable: `not_json: ${withoutContent(error)}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { original: text, line: number, unreadable: `not_object: the line holds ${nameOf(value)}` };
  }
  if (text.includes('\\u0000') && ESCAPED_NUL.test(text)) {
    return { original: text, line: number, unreadable: 'nul_character: the line holds an escaped NUL' };
  }
  const beyond = beyondLimits(value, text);
  if (beyond !== null) return { original: text, line: number, unreadable: beyond, reason: 'too_large' };
  const found: JsonLine = { original: text, line: number, value: value as JsonObject };
  if (repeatsName(text, value)) found.repeatsName = true;
  return found;
}

/** What JSON.parse complains of and where, without the quotation of the line that it adds: that may be personal. */
function withoutContent(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const position = /at position \d+/.exec(message)?.[0];
  if (message.includes('end of JSON input')) return 'the line ends inside the object';
  return position === undefined ? 'the line is not valid JSON' : `the line is not valid JSON ${position}`;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}
