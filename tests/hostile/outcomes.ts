import { Readable } from 'node:stream';
import type { StoreFacts } from '../../lib/domain/accept/index.ts';
import { isBot } from '../../lib/domain/bots.ts';
import { createIdentify } from '../../lib/domain/identifier.ts';
import { FORMATS } from '../../lib/formats/index.ts';
import { gather } from '../../lib/pipeline/gather.ts';
import type { Rejection } from '../../lib/ports.ts';

export const NOW = Date.UTC(2026, 0, 15);
const STORES: [string, StoreFacts][] = [['s1', { time_zone: 'Europe/Rome', currency: 'EUR', country: 'IT' }]];

export interface Outcomes {
  /** `stored` or the reason why not, of every record in order. */
  fates: string[];
  rows: Record<string, unknown>[];
  rejections: Rejection[];
}

/** What becomes of the records of one file, from its bytes to the rows for the lake and the list of what is set aside. */
export async function outcomesOf(
  format: string,
  content: string | Buffer,
  name = `${format}.jsonl`,
): Promise<Outcomes> {
  const bytes = Buffer.from(content);
  const file = { name, bytes: bytes.length, open: () => Readable.from([bytes], { objectMode: false }) };
  const fates: string[] = [];
  const rows: Record<string, unknown>[] = [];
  const all: Rejection[] = [];
  for await (const batch of FORMATS[format]!.read([file])) {
    const { tables, rejections } = gather(
      batch,
      {
        identify: createIdentify('a secret that is long enough'),
        isBot,
        format,
        source: name,
        stores: new Map(STORES),
        receivedAt: NOW,
        receivedAtText: new Date(NOW).toISOString(),
        told: (_, outcome) => fates.push('lines' in outcome ? 'stored' : outcome.reason),
      },
      1,
    );
    all.push(...rejections);
    for (const { table, text } of tables) {
      for (const json of Buffer.from(text).toString().trim().split('\n'))
        rows.push({ table, ...JSON.parse(json) });
    }
  }
  return { fates, rows, rejections: all };
}

/** The same of values that are written as JSON Lines. */
export const outcomesOfValues = (format: string, ...values: unknown[]): Promise<Outcomes> =>
  outcomesOf(
    format,
    values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n'),
  );
