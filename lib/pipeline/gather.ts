import { createHash } from 'node:crypto';
import {
  type Acceptance,
  type AcceptContext,
  accept,
  detailText,
  type RejectionReason,
  type StoreFacts,
} from '../domain/accept/index.ts';
import { CONTRACT_VERSION, type RecordKind, type Store } from '../domain/contract/index.ts';
import { holdsErased } from '../domain/erased-text.ts';
import { keptAside } from '../domain/kept-aside.ts';
import type { RawLine, RawTable } from '../domain/raw-tables.ts';
import type { FoundRecord } from '../formats/format.ts';
import type { Gathered, Rejection } from '../ports.ts';
import { TableText } from './table-text.ts';

/** What records are gathered for: whose they are and what acceptance needs to know. */
export interface GatherContext extends Omit<AcceptContext, 'store'> {
  format: string;
  source: string;
  /** The stores known so far; stores among the records are added. */
  stores: Map<string, StoreFacts>;
  /** How the record at a place of the batch came, where those of a batch did not come together; it then stands for what is said here. */
  arrivalOf?: (place: number) => Arrival;
  /** Told of every record, in order: under which number it is stored and as what, or why not. */
  told?: (place: number, outcome: { number: number; lines: readonly RawLine[] } | Rejection) => void;
}

/** How a record came. */
export interface Arrival extends Pick<AcceptContext, 'receivedAt' | 'receivedAtText'> {
  format: string;
  source: string;
  /** The only store that its sender speaks for; null where that is any. */
  store_id: string | null;
  /** Number of its line in what it came with. */
  line: number;
}

/**
 * Decides about a batch of records and writes the accepted ones as the lake takes them: a text of JSON lines per raw
 * table. Every line carries `_record`, the number of its record counted from `firstRecord`; it is negative on lines
 * that a record leaves in other tables than its own.
 */
export function gather(batch: readonly FoundRecord[], context: GatherContext, firstRecord: number): Gathered {
  const accepting: AcceptContext = { ...context, store: (id) => context.stores.get(id) };
  const texts = new Map<RawTable, TableText>();
  const rejections: Rejection[] = [];
  let accepted = 0;
  for (const [place, found] of batch.entries()) {
    const arrival = context.arrivalOf?.(place) ?? null;
    if (arrival !== null) {
      accepting.receivedAt = arrival.receivedAt;
      accepting.receivedAtText = arrival.receivedAtText;
    }
    const outcome = decide(found, accepting, arrival);
    if (!outcome.ok) {
      const rejection = rejectionOf(found, context, outcome, arrival, [firstRecord, place]);
      rejections.push(rejection);
      context.told?.(place, rejection);
      continue;
    }
    const record = firstRecord + accepted;
    const home = outcome.lines[0]!.table;
    for (const { table, json } of outcome.lines) {
      let text = texts.get(table);
      if (!text) {
        text = new TableText();
        texts.set(table, text);
      }
      text.add(json, table === home ? record : -record);
    }
    accepted += 1;
    if (found.kind === 'stores') addStore(found.value as Store, context.stores);
    context.told?.(place, { number: record, lines: outcome.lines });
  }
  const tables = Array.from(texts, ([table, text]) => ({ table, rows: text.rows, text: text.text() }));
  return { accepted, tables, rejections };
}

function decide(found: FoundRecord, accepting: AcceptContext, arrival: Arrival | null): Acceptance {
  if (found.unreadable !== undefined)
    return { ok: false, reason: found.reason ?? 'unreadable', detail: detailText(found.unreadable) };
  if (arrival === null) return accept(found.kind, found.value, accepting, found);
  if (arrival.store_id !== null && !isOfStore(found.kind, found.value, arrival.store_id))
    return {
      ok: false,
      reason: 'wrong_store',
      detail: `${found.kind}: the key "${arrival.source}" speaks for store "${arrival.store_id}" alone`,
    };
  try {
    return accept(found.kind, found.value, accepting, found);
  } catch (error) {
    // A stream goes on whatever a record does to our code; the record is kept for when that is mended.
    return { ok: false, reason: 'unreadable', detail: thrownBy(error) };
  }
}

/** What is kept of an error that a record made: its class, since its message may quote the record. */
export const thrownBy = (error: unknown) =>
  `failed: reading it ended with ${error instanceof Error ? error.name : typeof error}`;

/** Kinds whose records are always of one store; one that names none is left to its contract. */
const OF_A_STORE: readonly RecordKind[] = ['receipts', 'store_visits', 'footfall', 'stores'];

function isOfStore(kind: RecordKind, value: unknown, storeId: string): boolean {
  const named = (value as { store_id?: unknown } | null)?.store_id;
  return named === storeId || (named == null && OF_A_STORE.includes(kind));
}

function addStore({ store_id, time_zone, currency, country }: Store, stores: Map<string, StoreFacts>): void {
  stores.set(store_id, { time_zone, currency, country: country ?? null });
}

/** Whether what cannot be stored must not be kept aside either: in the words of its contract, or as it came. */
function holdsErasedPerson(
  { value, original }: FoundRecord,
  { isErased, identify, stores }: GatherContext,
): boolean {
  if (!isErased) return false;
  const countries = [...new Set(Array.from(stores.values(), ({ country }) => country ?? ''))];
  return holdsErased(
    `${original}\n${JSON.stringify(value ?? null)}`,
    identify,
    isErased,
    countries.filter(Boolean),
  );
}

function rejectionOf(
  found: FoundRecord,
  context: GatherContext,
  { reason, detail }: { reason: RejectionReason; detail: string },
  arrival: Arrival | null,
  position: readonly number[],
): Rejection {
  if (reason !== 'erased' && holdsErasedPerson(found, context)) {
    const erased = {
      reason: 'erased',
      detail: 'It holds an identifier of a person that was erased',
    } as const;
    return rejectionOf(found, context, erased, arrival, position);
  }
  const { record, original } =
    reason === 'erased' ? { record: null, original: '' } : keptAside(found.value, found.original);
  const format = arrival?.format ?? context.format;
  // Two tills may send the same text, and what comes of it later is for each by itself.
  const scope = arrival?.store_id == null ? [] : [arrival.store_id];
  const file = arrival?.source ?? context.source;
  const line = arrival?.line ?? found.line;
  const receivedAt = arrival?.receivedAtText ?? context.receivedAtText;
  // Nothing is kept by which records of an erased person could be told apart, so they are by when and where they came.
  const place = reason === 'erased' ? [receivedAt, file, line, ...position] : [];
  return {
    rejection_id: createHash('sha256')
      .update(JSON.stringify([format, found.kind, original, record, reason, ...scope, ...place]))
      .digest('base64url')
      .slice(0, 22),
    format,
    file,
    line,
    kind: found.kind,
    reason,
    detail,
    original,
    record,
    contract_version: CONTRACT_VERSION,
    received_at: receivedAt,
    store_scope: arrival?.store_id ?? null,
  };
}
