import { createHash } from 'node:crypto';
import { type AcceptContext, accept, type RejectionReason, type StoreFacts } from '../domain/accept/index.ts';
import { keptAside } from '../domain/card-number.ts';
import { CONTRACT_VERSION, type Store } from '../domain/contract/index.ts';
import type { RawTable } from '../domain/raw-tables.ts';
import type { FoundRecord } from '../formats/format.ts';
import type { Gathered, Rejection } from '../ports.ts';

/** What records are gathered for: whose they are and what acceptance needs to know. */
export interface GatherContext extends Omit<AcceptContext, 'store'> {
  format: string;
  source: string;
  /** The stores known so far; stores among the records are added. */
  stores: Map<string, StoreFacts>;
}

const encoder = new TextEncoder();

/**
 * Decides about a batch of records and writes the accepted ones as the lake takes them: a text of JSON lines per raw
 * table. Every line carries `_record`, the number of its record counted from `firstRecord`; it is negative on lines
 * that a record leaves in other tables than its own.
 */
export function gather(batch: readonly FoundRecord[], context: GatherContext, firstRecord: number): Gathered {
  const accepting: AcceptContext = { ...context, store: (id) => context.stores.get(id) };
  const lines = new Map<RawTable, string[]>();
  const rejections: Rejection[] = [];
  let accepted = 0;
  for (const found of batch) {
    if (found.unreadable !== undefined) {
      rejections.push(rejectionOf(found, context, 'unreadable', found.unreadable));
      continue;
    }
    const outcome = accept(found.kind, found.value, accepting, found.original);
    if (!outcome.ok) {
      rejections.push(rejectionOf(found, context, outcome.reason, outcome.detail));
      continue;
    }
    const record = firstRecord + accepted;
    const home = outcome.lines[0]!.table;
    for (const { table, json } of outcome.lines) {
      let texts = lines.get(table);
      if (!texts) {
        texts = [];
        lines.set(table, texts);
      }
      texts.push(`${json.slice(0, -1)},"_record":${table === home ? record : -record}}\n`);
    }
    accepted += 1;
    if (found.kind === 'stores') addStore(found.value as Store, context.stores);
  }
  const tables = Array.from(lines, ([table, texts]) => ({
    table,
    rows: texts.length,
    text: encoder.encode(texts.join('')),
  }));
  return { accepted, tables, rejections };
}

function addStore({ store_id, time_zone, currency, country }: Store, stores: Map<string, StoreFacts>): void {
  stores.set(store_id, { time_zone, currency, country: country ?? null });
}

function rejectionOf(
  found: FoundRecord,
  context: GatherContext,
  reason: RejectionReason,
  detail: string,
): Rejection {
  const { record, original } = keptAside(found.value, found.original);
  return {
    rejection_id: createHash('sha256')
      .update(JSON.stringify([context.format, found.kind, original, record, reason]))
      .digest('base64url')
      .slice(0, 22),
    format: context.format,
    file: context.source,
    line: found.line,
    kind: found.kind,
    reason,
    detail,
    original,
    record,
    contract_version: CONTRACT_VERSION,
    received_at: context.receivedAtText,
  };
}
