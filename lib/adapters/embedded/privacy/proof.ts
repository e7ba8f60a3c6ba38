import { createReadStream, existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Finding, StoreScanned } from '../../../pipeline/privacy/certificate.ts';
import type { Needle } from '../../../pipeline/privacy/needles.ts';
import { type Engine, pathLiteral } from '../duckdb.ts';

/** The one place that keeps keyed hashes of erased persons, so that they stay out. */
export const TOMBSTONES = join('lake', 'raw_tombstones');

/**
 * Reads every file below a folder, byte by byte and, where it is Parquet, value by value in every column of text; what
 * is packed as .gz is unpacked.
 * Time: the bytes x needles; memory: a piece of a file.
 */
export async function searchFolder(
  engine: Engine,
  root: string,
  needles: readonly Needle[],
): Promise<{ scanned: StoreScanned[]; findings: Finding[] }> {
  const stores = new Map<string, StoreScanned>();
  const findings: Finding[] = [];
  for (const path of filesBelow(root)) {
    const file = relative(root, path);
    const looked = needles.filter(({ what }) => !(what === 'keyed hash' && file.startsWith(TOMBSTONES)));
    const store = storeOf(file);
    const scanned = stores.get(store) ?? { store, files: 0, bytes: 0, rows: 0 };
    stores.set(store, scanned);
    scanned.files += 1;
    const { bytes, found } = await searchFile(path, looked);
    scanned.bytes += bytes;
    for (const what of found) findings.push({ file, column: null, what });
    if (!path.endsWith('.parquet')) continue;
    const values = await searchValues(engine, path, looked);
    scanned.rows += values.rows;
    for (const finding of values.found) findings.push({ file, ...finding });
  }
  return { scanned: [...stores.values()].sort((a, b) => (a.store < b.store ? -1 : 1)), findings };
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

/** What of the needles stands in the bytes of a file. */
export async function searchFile(
  path: string,
  needles: readonly Needle[],
): Promise<{ bytes: number; found: Set<string> }> {
  const wanted = needles.flatMap(({ text, anyCase, what }) => [
    { bytes: Buffer.from(text), anyCase, what },
    // A keyed hash may be kept as the bytes that its text stands for.
    ...(what === 'keyed hash' ? [{ bytes: Buffer.from(text, 'base64url'), anyCase: false, what }] : []),
  ]);
  const overlap = Math.max(0, ...wanted.map(({ bytes }) => bytes.length - 1));
  const found = new Set<string>();
  let before: Buffer = Buffer.alloc(0);
  const raw = createReadStream(path, { highWaterMark: 1 << 20 });
  const stream: Readable = path.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => stream.destroy(error));
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const piece = Buffer.concat([before, chunk]);
    const lower = lowered(piece);
    for (const { bytes, anyCase, what } of wanted)
      if ((anyCase ? lower : piece).includes(bytes)) found.add(what);
    before = piece.subarray(Math.max(0, piece.length - overlap));
  }
  return { bytes: statSync(path).size, found };
}

/** The bytes with A to Z as a to z; other bytes stay. */
function lowered(bytes: Buffer): Buffer {
  const lower = Buffer.from(bytes);
  for (let at = 0; at < lower.length; at++) {
    const byte = lower[at]!;
    if (byte >= 65 && byte <= 90) lower[at] = byte + 32;
  }
  return lower;
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

async function searchValues(
  engine: Engine,
  path: string,
  needles: readonly Needle[],
): Promise<{ rows: number; found: Omit<Finding, 'file'>[] }> {
  const scan = `read_parquet(${pathLiteral(path)})`;
  const described = await engine.rows(`DESCRIBE SELECT * FROM ${scan}`);
  const columns = described.flatMap((row) =>
    String(row.column_type) === 'VARCHAR' ? [String(row.column_name)] : [],
  );
  const kinds = [...new Set(needles.map(({ what }) => what))];
  const patterns = kinds.map((kind) =>
    needles
      .filter(({ what }) => what === kind)
      .map(({ text, anyCase }) => (anyCase ? `(?i:${escaped(text)})` : escaped(text)))
      .join('|'),
  );
  const cells = columns.flatMap((column) =>
    kinds.map(
      (_, at) => `count(CASE WHEN regexp_matches("${column.replaceAll('"', '""')}", $${at + 1}) THEN 1 END)`,
    ),
  );
  const {
    rows: [counts = []],
  } = await engine.table(
    `SELECT count(*), ${cells.join(', ') || '0'} FROM ${scan}`,
    cells.length ? patterns : [],
  );
  const found = columns.flatMap((column, at) =>
    kinds.flatMap((what, kind) =>
      Number(counts[1 + at * kinds.length + kind]) > 0 ? [{ column, what }] : [],
    ),
  );
  return { rows: Number(counts[0]), found };
}
