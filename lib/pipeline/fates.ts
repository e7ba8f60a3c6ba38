import { KEY_COLUMNS } from '../domain/accept/erased.ts';
import type { RawLine, RawRow } from '../domain/raw-tables.ts';
import type { Rejection } from '../ports.ts';
import type { Sighted } from './read-stream.ts';

/** Records decided about since the server started: received = stored + duplicates + rejected + waiting. */
export interface IngestCounts {
  received: number;
  stored: number;
  duplicates: number;
  rejected: number;
  /** For their store. */
  waiting: number;
  /** What came in and is still in the stream: messages and files, which may hold several records each. */
  pending: number;
}

/** What became of one record that came over HTTP, for people who watch. */
export interface Fate {
  received_at: string;
  format: string;
  source: string;
  kind: string | null;
  outcome: 'stored' | 'repeated' | 'rejected' | 'waiting' | 'erased';
  reason: string | null;
  detail: string | null;
  /** Columns of the stored row without its identifiers, and `person`: the first 6 characters of its strongest key. */
  said: Record<string, string | number | boolean>;
}

/** A record, and what was decided about it. */
export interface Sighting extends Sighted {
  outcome: { number: number; lines: readonly RawLine[] } | Rejection;
}

/** @param repeated numbers of the records that were there before */
export function fatesOf(sightings: readonly Sighting[], repeated: ReadonlySet<number>): Fate[] {
  return sightings.map(({ found, from, outcome }): Fate => {
    const came = {
      received_at: new Date(from.received_at).toISOString(),
      format: from.format,
      source: from.source,
      kind: found.kind,
    };
    if ('lines' in outcome)
      return {
        ...came,
        outcome: repeated.has(outcome.number) ? 'repeated' : 'stored',
        reason: null,
        detail: null,
        said: saidBy(outcome.lines[0]!),
      };
    const { reason, detail } = outcome;
    return {
      ...came,
      outcome: reason === 'erased' ? 'erased' : reason === 'unknown_store' ? 'waiting' : 'rejected',
      reason,
      detail,
      said: {},
    };
  });
}

/** Columns that tell a person, or say nothing to one. */
const UNTOLD = new Set<string>([...KEY_COLUMNS, 'fingerprint', 'received_at', 'record_id', '_says_no_time']);
const PERSON_LENGTH = 6;

function saidBy({ json }: RawLine): Fate['said'] {
  const row = JSON.parse(json) as RawRow;
  const said: Fate['said'] = {};
  for (const [name, value] of Object.entries(row)) if (value != null && !UNTOLD.has(name)) said[name] = value;
  const strongest = KEY_COLUMNS.find((column) => row[column] != null);
  if (strongest !== undefined) said.person = String(row[strongest]).slice(0, PERSON_LENGTH);
  return said;
}
