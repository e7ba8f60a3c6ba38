import { Readable } from 'node:stream';
import { RECORD_KINDS } from '../../domain/contract/index.ts';
import type { ImportFormat, InputFile } from '../../formats/format.ts';
import { FORMATS } from '../../formats/index.ts';
import { xmlText } from '../../formats/xml-text.ts';
import { textOf, UnreadableBody } from '../read-body.ts';

/** What tills may send: what happens in their store. */
export const TILL_FORMATS: readonly string[] = ['receipts', 'store_visits', 'footfall', 'poslog'];

/** What back offices may send: every contract, and what tills and shop systems write. */
export const UPLOAD_FORMATS: readonly string[] = [
  ...RECORD_KINDS,
  'poslog',
  'shopify-orders',
  'square-orders',
];

/** Content types that say nothing of use, or what is read here; others are no text of records. */
const TAKEN_TYPES =
  /^(?:text\/(?:plain|csv|xml|tab-separated-values)|application\/(?:json|jsonl|jsonlines|x-jsonlines|x-ndjson|ndjson|csv|xml|octet-stream|gzip|x-gzip|x-www-form-urlencoded))$/;

/** Whether a content type can be that of an upload; curl calls every body a form, so that is taken too. */
export function isTakenType(contentType: string | null | undefined): boolean {
  const type = (contentType ?? '').split(';', 1).join('').trim().toLowerCase();
  return type === '' || TAKEN_TYPES.test(type);
}

/**
 * The text of an upload: UTF-8, or of XML the encoding that it declares. The declaration goes, as the text that is kept
 * is UTF-8.
 * @throws UnreadableBody where the bytes are no such text
 */
export async function uploadText(format: string, bytes: Uint8Array): Promise<string> {
  if (format !== 'poslog') return textOf(bytes);
  let text = '';
  try {
    for await (const part of xmlText(bytesFile(format, bytes))) text += part;
  } catch {
    throw new UnreadableBody('unknown_encoding: the XML declares an encoding that is not known', bytes);
  }
  return text.replace(/^\uFEFF?\s*<\?xml[^>]*\?>/, '');
}

/**
 * Whether a text is one of its format as a whole: records in it may be bad, which ingest sorts out one by one, but a
 * header that names no known column, or XML without a transaction, would leave nothing to sort.
 */
export async function canBeRead(format: ImportFormat, text: string): Promise<boolean> {
  const records = format.read([bytesFile(format.name, Buffer.from(text))])[Symbol.asyncIterator]();
  try {
    await records.next();
    return true;
  } catch {
    return false;
  } finally {
    await records.return?.();
  }
}

/** The format of a name that may be uploaded. */
export function uploadFormat(name: string): ImportFormat | undefined {
  return UPLOAD_FORMATS.includes(name) && Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
}

function bytesFile(name: string, bytes: Uint8Array): InputFile {
  return { name, bytes: bytes.length, open: () => Readable.from([bytes], { objectMode: false }) };
}
