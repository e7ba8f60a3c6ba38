import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { REJECTION_REASONS, type StoreFacts } from '../../../lib/domain/accept/index.ts';
import { isBot } from '../../../lib/domain/bots.ts';
import { createIdentify } from '../../../lib/domain/identifier.ts';
import { RAW_TABLES, STAGED_ONLY } from '../../../lib/domain/raw-tables.ts';
import { FORMATS } from '../../../lib/formats/index.ts';
import { type GatherContext, gather } from '../../../lib/pipeline/gather.ts';
import type { Rejection } from '../../../lib/ports.ts';
import { SECRETS, type Seed } from './corpus.ts';

/** Feeds one file through its format and acceptance, and holds what comes out against what must always be so. */

const STORE: StoreFacts = { time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' };
const NOW = Date.UTC(2026, 0, 15);
const identify = createIdentify('a secret of the fuzzer, no real one');

export interface Fed {
  records: number;
  accepted: number;
  /** What was wrong, or null. */
  finding: string | null;
  /** The file was refused as a whole, with a message. */
  refused: boolean;
}

export async function feed({ format, file, shape }: Omit<Seed, 'text'>, bytes: Buffer): Promise<Fed> {
  const context: GatherContext = {
    identify,
    isBot,
    format,
    source: file,
    stores: new Map([['s1', STORE]]),
    receivedAt: NOW,
    receivedAtText: new Date(NOW).toISOString(),
  };
  const input = {
    name: file,
    bytes: bytes.length,
    open: () => Readable.from([bytes], { objectMode: false }),
  };
  const lines = new Set<number>();
  let records = 0;
  let accepted = 0;
  const started = performance.now();
  try {
    for await (const batch of FORMATS[format]!.read([input])) {
      for (const { line } of batch) lines.add(line);
      const gathered = gather(batch, context, accepted + 1);
      records += batch.length;
      accepted += gathered.accepted;
      if (gathered.accepted + gathered.rejections.length !== batch.length)
        return found(
          `${batch.length} records: ${gathered.accepted} accepted, ${gathered.rejections.length} rejected`,
        );
      for (const { table, text } of gathered.tables) {
        const problem = rowsProblem(table, Buffer.from(text).toString());
        if (problem) return found(problem);
      }
      for (const rejection of gathered.rejections) {
        const problem = rejectionProblem(rejection);
        if (problem) return found(`${problem}: ${JSON.stringify(rejection).slice(0, 600)}`);
      }
    }
  } catch (error) {
    const { name, message, stack } = error as Error;
    const isOfFile = name === 'Error' && message.startsWith(`${file}:`) && message.length < 2000;
    if (shape === 'json lines' || !isOfFile) return found(`threw ${stack}`);
    return {
      records,
      accepted,
      finding: SECRETS.some((secret) => message.includes(secret)) ? `the error tells ${message}` : null,
      refused: true,
    };
  }
  const milliseconds = performance.now() - started;
  // Two hundred times slower than it is: what takes longer than its size is worth shows, a busy machine does not.
  if (milliseconds > 2000 + bytes.length / 5)
    return found(`took ${milliseconds.toFixed(0)} ms for ${bytes.length} bytes`);
  if (shape === 'json lines') {
    const lost = linesOf(bytes).filter((number) => !lines.has(number));
    if (lost.length > 0 && format !== 'segment' && !format.endsWith('-orders'))
      return found(`lines ${lost.slice(0, 5)} are neither accepted nor rejected`);
  }
  return { records, accepted, finding: null, refused: false };

  function found(finding: string): Fed {
    return { records, accepted, finding: finding.slice(0, 3000), refused: false };
  }
}

/** Numbers of the lines that are not blank. */
function linesOf(bytes: Buffer): number[] {
  const numbers: number[] = [];
  for (let start = 0, number = 1; start < bytes.length; number++) {
    const found = bytes.indexOf(10, start);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    if (!isUtf8(line) || line.toString().trim() !== '') numbers.push(number);
    start = end + 1;
  }
  return numbers;
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** What is wrong with rows that the lake would take: another column or type, or text that a database cuts. */
function rowsProblem(table: keyof typeof RAW_TABLES, text: string): string | null {
  const columns: Record<string, string> = { ...RAW_TABLES[table], ...STAGED_ONLY };
  for (const json of text.split('\n')) {
    if (json === '') continue;
    if (tellsSecret(json)) return `a secret is stored: ${json}`;
    let row: Record<string, unknown>;
    try {
      row = JSON.parse(json);
    } catch {
      return `${table} holds no JSON: ${json}`;
    }
    for (const [name, value] of Object.entries(row)) {
      const problem = cellProblem(columns[name], value);
      if (problem) return `${table}.${name} ${problem}: ${json}`;
    }
    if (typeof row.fingerprint !== 'string' || typeof row.record_id !== 'string')
      return `${table} without its ids: ${json}`;
  }
  return null;
}

function cellProblem(type: string | undefined, value: unknown): string | null {
  switch (type) {
    case 'varchar':
      if (typeof value !== 'string') return 'is no text';
      return value.isWellFormed() && !value.includes('\0') ? null : 'is broken text';
    case 'bigint':
      return Number.isSafeInteger(value) ? null : 'is no whole number';
    case 'double':
      return Number.isFinite(value) ? null : 'is no number';
    case 'boolean':
      return typeof value === 'boolean' ? null : 'is no boolean';
    case 'timestamp':
      return typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value))
        ? null
        : 'is no time';
    case 'date':
      return typeof value === 'string' &&
        /^\d{4}-\d{2}-\d{2}$/.test(value) &&
        !Number.isNaN(Date.parse(value))
        ? null
        : 'is no date';
    default:
      return 'is no column';
  }
}

function rejectionProblem({ reason, detail, original, record, line }: Rejection): string | null {
  if (!Object.hasOwn(REJECTION_REASONS, reason)) return 'unknown reason';
  if (detail.length > 2000) return 'endless detail';
  if (tellsSecret(detail)) return 'a detail tells a secret';
  // The address may stand in what is kept; the card may not.
  if (CARD.test(original)) return 'a card number is kept in the original';
  if (record !== null && CARD.test(withoutIds(record))) return 'a card number is kept in the record';
  if (!Number.isInteger(line) || line < 1) return 'no line';
  if (record !== null) JSON.parse(record);
  return null;
}

/** Names by which records are told apart are kept to the letter. */
const withoutIds = (json: string) =>
  json.replace(/"(?:[a-z_]*_id|sku|line_no|door|revision)":(?:"(?:[^"\\]|\\.)*"|[\d.]+)/g, '');
/** Part of a longer word or number it is none. */
const CARD = new RegExp(`(?<![\\p{L}\\p{N}])${SECRETS[0]}(?![\\p{L}\\p{N}])`, 'u');

const tellsSecret = (json: string) => {
  if (!SECRETS.some((secret) => json.includes(secret))) return false;
  const told = withoutIds(json);
  return told.includes(SECRETS[1]!) || CARD.test(told);
};
