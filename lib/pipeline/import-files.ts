import { createHash } from 'node:crypto';
import { type AcceptContext, accept, type RejectionReason, type StoreFacts } from '../domain/accept/index.ts';
import { CONTRACT_VERSION, type Store } from '../domain/contract/index.ts';
import type { FoundRecord, ImportFormat, InputFile } from '../formats/format.ts';
import type { Delivery, DeliveryCounts, EventLake, Rejection } from '../ports.ts';

export interface Importer extends Pick<AcceptContext, 'identify' | 'isBot'> {
  lake: EventLake;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
}

function contextOf({ identify, isBot, now }: Importer, stores: Map<string, StoreFacts>): AcceptContext {
  const receivedAt = now();
  return {
    identify,
    isBot,
    store: (id) => stores.get(id),
    receivedAt,
    receivedAtText: new Date(receivedAt).toISOString(),
  };
}

/** What came of one source, and of the records that had waited for what it brought. */
export interface ImportResult extends DeliveryCounts {
  source: string;
  /** Records that had waited for a store and are stored now. */
  released: number;
}

/**
 * Takes in files of one format as one delivery: each record is accepted or kept aside with its reason, and none
 * blocks its neighbours. Records refused for a store that arrives with these files are tried again at the end.
 */
export async function importFiles(
  importer: Importer,
  format: ImportFormat,
  files: InputFile[],
  onProgress: (records: number) => void = () => {},
): Promise<ImportResult> {
  const { lake } = importer;
  const source = files.length === 1 ? files[0]!.name : format.name;
  const stores = await lake.stores();
  const before = stores.size;
  const context = contextOf(importer, stores);
  const delivery = await lake.deliver({ format: format.name, files: files.map((file) => file.name) });
  let counts: DeliveryCounts;
  try {
    let records = 0;
    for await (const batch of format.read(files)) {
      for (const found of batch) takeIn(found, source, format.name, context, delivery, stores);
      records += batch.length;
      onProgress(records);
      await delivery.breathe();
    }
    counts = await delivery.close();
  } catch (error) {
    await delivery.abort();
    throw error;
  }
  const released = stores.size > before ? (await replayRejections(importer, ['unknown_store'])).stored : 0;
  return { source, ...counts, released };
}

function takeIn(
  found: FoundRecord,
  file: string,
  format: string,
  context: AcceptContext,
  delivery: Delivery,
  stores: Map<string, StoreFacts>,
): void {
  const about = { format, file, line: found.line, kind: found.kind, original: found.original };
  if (found.unreadable !== undefined) {
    delivery.reject(rejectionOf(about, null, 'unreadable', found.unreadable, context.receivedAt));
    return;
  }
  const outcome = accept(found.kind, found.value, context, found.original);
  if (!outcome.ok) {
    delivery.reject(rejectionOf(about, found.value, outcome.reason, outcome.detail, context.receivedAt));
    return;
  }
  delivery.store(outcome.lines);
  if (found.kind === 'stores') {
    const { store_id, time_zone, currency, country } = found.value as Store;
    stores.set(store_id, { time_zone, currency, country: country ?? null });
  }
}

function rejectionOf(
  about: Pick<Rejection, 'format' | 'file' | 'line' | 'kind' | 'original'>,
  value: unknown,
  reason: RejectionReason,
  detail: string,
  receivedAt: number,
): Rejection {
  const record = value === null || value === undefined ? null : JSON.stringify(value);
  return {
    rejection_id: createHash('sha256')
      .update(JSON.stringify([about.format, about.kind, about.original, record]))
      .digest('base64url')
      .slice(0, 22),
    ...about,
    reason,
    detail,
    record,
    contract_version: CONTRACT_VERSION,
    received_at: new Date(receivedAt).toISOString(),
  };
}

/**
 * Tries rejected records again. Those that are accepted now are stored and leave the list; the rest stay with
 * their present reason. Unreadable text is left to a new import of its file.
 */
export async function replayRejections(
  importer: Importer,
  reasons?: readonly RejectionReason[],
): Promise<{ tried: number; stored: number; duplicates: number; left: number }> {
  const { lake } = importer;
  const stores = await lake.stores();
  const context = contextOf(importer, stores);
  const all = await lake.rejections();
  const tried = all.filter(
    (r) => r.record !== null && r.kind !== null && (!reasons || reasons.includes(r.reason)),
  );
  if (tried.length === 0) return { tried: 0, stored: 0, duplicates: 0, left: all.length };
  const delivery = await lake.deliver({ format: 'replay', files: [] });
  const released: string[] = [];
  try {
    for (const rejection of tried) {
      const outcome = accept(
        rejection.kind as never,
        JSON.parse(rejection.record!),
        context,
        rejection.original,
      );
      if (!outcome.ok) continue;
      delivery.store(outcome.lines);
      released.push(rejection.rejection_id);
      await delivery.breathe();
    }
  } catch (error) {
    await delivery.abort();
    throw error;
  }
  const counts = await delivery.close();
  await lake.forget(released);
  return {
    tried: tried.length,
    stored: counts.stored,
    duplicates: counts.duplicates,
    left: all.length - released.length,
  };
}
