import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import type { Finding, Remark, StoreScanned } from '../../../pipeline/privacy/certificate.ts';
import { NAMES_OF_THINGS, needlesIn, WHY_REMARK } from '../../../pipeline/privacy/find-needles.ts';
import type { Needle } from '../../../pipeline/privacy/needles.ts';
import type { Engine } from '../duckdb.ts';
import { searchValues } from './proof-values.ts';

/** The one place that keeps keyed hashes of erased persons, so that they stay out. */
export const TOMBSTONES = join('lake', 'raw_tombstones');

/**
 * Reads every file below a folder, in every reading of its text; where it is Parquet, value by value in every column that
 * can hold text. What is packed as .gz is unpacked. An id that stands where records and things are named is remarked.
 * Time: the bytes x needles; memory: a piece of a file.
 */
export async function searchFolder(
  engine: Engine,
  root: string,
  needles: readonly Needle[],
): Promise<{ scanned: StoreScanned[]; findings: Finding[]; remarks: Remark[] }> {
  const stores = new Map<string, StoreScanned>();
  const findings: Finding[] = [];
  const remarks: Remark[] = [];
  for (const path of filesBelow(root)) {
    const file = relative(root, path);
    const looked = needles.filter(({ what }) => !(what === 'keyed hash' && file.startsWith(TOMBSTONES)));
    const store = storeOf(file);
    const scanned = stores.get(store) ?? { store, files: 0, bytes: 0, rows: 0 };
    stores.set(store, scanned);
    scanned.files += 1;
    const isTable = path.endsWith('.parquet');
    // In packed bytes anything may stand beside a clear value; there its columns tell, all of them.
    const inBytes = isTable ? looked.filter(({ what }) => what !== 'clear value') : looked;
    const { bytes, found } = await searchFile(path, inBytes);
    scanned.bytes += bytes;
    for (const what of found) findings.push({ file, column: null, what });
    if (!isTable) continue;
    const values = await searchValues(engine, path, looked);
    scanned.rows += values.rows;
    for (const { column, needle } of values.found) {
      if (needle.isCommonId && NAMES_OF_THINGS.has(column)) addTo(remarks, { file, column, why: WHY_REMARK });
      else addTo(findings, { file, column, what: needle.what });
    }
  }
  return { scanned: [...stores.values()].sort((a, b) => (a.store < b.store ? -1 : 1)), findings, remarks };
}

/** One line for each place and sort. */
function addTo<Place extends object>(places: Place[], place: Place): void {
  const text = JSON.stringify(place);
  if (!places.some((each) => JSON.stringify(each) === text)) places.push(place);
}

/** The table or part of the shop that a file is of. */
function storeOf(file: string): string {
  const [folder = '', table] = file.split('/');
  return folder === 'lake' && table ? table : file.includes('/') ? folder : '.';
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : [];
  });
}

/** Characters of a file that are looked at again with the next piece, so that no cut goes through a value. */
const OVERLAP = 8192;
const BREAK = /[\s\0"'<>,;{}]/;

/** What of the needles stands in a file: in its text, whatever it is written in, and as the bytes of keyed hashes. */
export async function searchFile(
  path: string,
  needles: readonly Needle[],
): Promise<{ bytes: number; found: Set<string> }> {
  const hashes = needles.filter(({ what }) => what === 'keyed hash');
  // A keyed hash may be kept as the bytes that its text stands for.
  const wanted = hashes.map(({ text, what }) => ({ bytes: Buffer.from(text, 'base64url'), what }));
  const longest = Math.max(1, ...wanted.map(({ bytes }) => bytes.length));
  const found = new Set<string>();
  const decoder = new StringDecoder('utf8');
  let before: Buffer = Buffer.alloc(0);
  let text = '';
  const look = (piece: string) => {
    for (const { what } of needlesIn(piece, needles)) found.add(what);
  };
  const raw = createReadStream(path, { highWaterMark: 1 << 20 });
  const stream: Readable = path.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => stream.destroy(error));
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const piece = Buffer.concat([before, chunk]);
    for (const { bytes, what } of wanted) if (piece.includes(bytes)) found.add(what);
    before = piece.subarray(Math.max(0, piece.length - longest + 1));
    text += decoder.write(chunk);
    if (text.length < 2 * OVERLAP) continue;
    const end = lastBreak(text, text.length);
    look(text.slice(0, end));
    text = text.slice(lastBreak(text, end - OVERLAP));
  }
  look(text + decoder.end());
  return { bytes: statSync(path).size, found };
}

/** Where a text can be cut without cutting a value, at most `OVERLAP` characters before a place; else that place. */
function lastBreak(text: string, place: number): number {
  for (let at = place; at > Math.max(0, place - OVERLAP); at--) if (BREAK.test(text[at - 1]!)) return at;
  return Math.max(0, place);
}
