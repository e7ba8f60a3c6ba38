import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { openEngine } from '../../../lib/adapters/embedded/duckdb.ts';
import type { RawTable } from '../../../lib/domain/raw-tables.ts';
import type { Rejection } from '../../../lib/ports.ts';
import { type Emulators, NAMES } from '../emulators/index.ts';
import { failuresIn } from '../lambda/on-failure.ts';

/** What became of what came in, by the ids of records. */
export interface Ledger {
  /** Ids of rows as the raw tables have them once landing is merged: one per record id and fingerprint. */
  stored: string[];
  /** Rows that landed, however often. */
  landed: number;
  /** What was set aside, one per id of a rejection; those that wait for their store are none of them. */
  rejected: Rejection[];
  waiting: Rejection[];
  /** Texts of messages that were given up, which are kept whole on S3. */
  pending: string[];
}

/** Tables that web messages, receipts and feedback have their home in. */
const HOMES: readonly RawTable[] = ['raw_events', 'raw_sales', 'raw_touches', 'raw_stores'];

export async function ledgerOf(shop: {
  emulators: Emulators;
  s3: S3Client;
  failures: string;
}): Promise<Ledger> {
  const { emulators } = shop;
  emulators.firehose.flush();
  const lake = join(emulators.folder, NAMES.lake);
  const landed = (await Promise.all(HOMES.map((table) => landedIn(join(lake, 'landing', table))))).flat();
  const aside = new Map(
    rejectionsIn(join(lake, 'rejections')).map((rejection) => [rejection.rejection_id, rejection]),
  );
  const all = [...aside.values()];
  const failures = await failuresIn(shop.s3, shop.failures);
  return {
    stored: [...new Map(landed.map(({ id, fingerprint }) => [`${id} ${fingerprint}`, id])).values()].sort(),
    landed: landed.length,
    rejected: all.filter(({ reason }) => reason !== 'unknown_store'),
    waiting: all.filter(({ reason }) => reason === 'unknown_store'),
    pending: failures.flatMap(({ event }) => event.Records.map(({ kinesis }) => bodyIn(kinesis.data))),
  };
}

async function landedIn(folder: string): Promise<{ id: string; fingerprint: string }[]> {
  if (!existsSync(folder)) return [];
  const engine = await openEngine({ spillDirectory: folder, memoryLimit: '512MB', threads: 1 });
  try {
    const rows = await engine.rows(
      `SELECT record_id, fingerprint FROM read_parquet('${folder}/**/*.parquet', union_by_name = true)`,
    );
    return rows.map(({ record_id, fingerprint }) => ({
      id: String(record_id),
      fingerprint: String(fingerprint),
    }));
  } finally {
    engine.close();
  }
}

function rejectionsIn(folder: string): Rejection[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.jsonl'))
    .flatMap((path) => readFileSync(join(folder, path), 'utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line) as Rejection);
}

/** The message of a record of the stream, as it was sent. */
function bodyIn(data: string): string {
  const bytes = Buffer.from(data, 'base64');
  return (JSON.parse((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString()) as { body: string }).body;
}
