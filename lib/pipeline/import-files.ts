import type { AcceptContext, StoreFacts } from '../domain/accept/index.ts';
import type { FoundRecord, ImportFormat, InputFile } from '../formats/format.ts';
import type { DeliveryCounts, EventLake, Gathered } from '../ports.ts';
import { type GatherContext, gather } from './gather.ts';

/** Gathers a file in pieces, side by side; null where that is not worth it (a small file, one core). */
export type GatherSideBySide = (
  format: ImportFormat,
  file: InputFile,
  context: Pick<GatherContext, 'source' | 'stores' | 'receivedAt'>,
) => AsyncIterable<Gathered> | null;

export interface Importer extends Pick<AcceptContext, 'identify' | 'isBot'> {
  lake: EventLake;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  sideBySide?: GatherSideBySide;
}

/** What came of one source, and of the records that had waited for what it brought. */
export interface ImportResult extends DeliveryCounts {
  source: string;
  /** Records that had waited for a store and are stored now. */
  released: number;
}

function contextOf(
  { identify, isBot, now }: Importer,
  format: string,
  source: string,
  stores: Map<string, StoreFacts>,
): GatherContext {
  const receivedAt = now();
  return {
    identify,
    isBot,
    format,
    source,
    stores,
    receivedAt,
    receivedAtText: new Date(receivedAt).toISOString(),
  };
}

/**
 * Takes in files of one format as one delivery: each record is accepted or kept aside with its reason, and none
 * blocks its neighbours. Records refused for a store that arrives with these files are tried again at the end.
 * @throws Error when a file itself cannot be read; nothing of it is stored then but whole parts written before
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
  const context = contextOf(importer, format.name, source, stores);
  const delivery = await lake.deliver();
  let counts: DeliveryCounts;
  let bringsStores = false;
  try {
    let records = 0;
    for await (const gathered of gatherAll(importer, format, files, context)) {
      records += gathered.accepted + gathered.rejections.length;
      bringsStores ||= gathered.tables.some(({ table }) => table === 'raw_stores');
      onProgress(records);
      await delivery.take(gathered);
    }
    counts = await delivery.close();
  } catch (error) {
    await delivery.abort();
    throw error;
  }
  const released = bringsStores ? (await replayRejections(importer, ['unknown_store'])).stored : 0;
  return { source, ...counts, released };
}

async function* gatherAll(
  { sideBySide }: Importer,
  format: ImportFormat,
  files: InputFile[],
  context: GatherContext,
): AsyncGenerator<Gathered> {
  const [file] = files;
  const pieces =
    file && files.length === 1 && format.standsByLine?.(file) ? sideBySide?.(format, file, context) : null;
  if (pieces) {
    yield* pieces;
    return;
  }
  let firstRecord = 1;
  for await (const batch of format.read(files)) {
    const gathered = gather(batch, context, firstRecord);
    firstRecord += gathered.accepted;
    yield gathered;
  }
}

/**
 * Tries rejected records again. Those that are accepted now are stored and leave the list; the rest stay, with the
 * reason that they have now. Text that could not be read is left to a new import of its file.
 */
export async function replayRejections(
  importer: Importer,
  reasons?: readonly string[],
): Promise<{ tried: number; stored: number; duplicates: number; left: number }> {
  const { lake } = importer;
  const all = await lake.rejections();
  const tried = all.filter(
    (r) => r.record !== null && r.kind !== null && (!reasons || reasons.includes(r.reason)),
  );
  if (tried.length === 0) return { tried: 0, stored: 0, duplicates: 0, left: all.length };
  const stores = await lake.stores();
  const delivery = await lake.deliver();
  const settled: string[] = [];
  let stored = 0;
  let counts: DeliveryCounts;
  try {
    for (const old of tried) {
      const found = {
        kind: old.kind,
        value: JSON.parse(old.record!),
        original: old.original,
        line: old.line,
      } as FoundRecord;
      const gathered = gather([found], contextOf(importer, old.format, old.file, stores), stored + 1);
      if (gathered.rejections[0]?.reason === old.reason) continue;
      await delivery.take(gathered);
      stored += gathered.accepted;
      settled.push(old.rejection_id);
    }
    counts = await delivery.close();
  } catch (error) {
    await delivery.abort();
    throw error;
  }
  await lake.forget(settled);
  return {
    tried: tried.length,
    stored: counts.stored,
    duplicates: counts.duplicates,
    left: all.length - stored,
  };
}
