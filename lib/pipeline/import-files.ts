import { erasedAmong } from '../domain/accept/erased.ts';
import type { StoreFacts } from '../domain/accept/index.ts';
import type { ImportFormat, InputFile } from '../formats/format.ts';
import type { DeliveryCounts, Gathered } from '../ports.ts';
import { type GatherContext, gather } from './gather.ts';
import { type Replayer, replayRejections } from './replay-rejections.ts';

export { replayRejections } from './replay-rejections.ts';

/** Gathers a file in pieces, side by side; null where that is not worth it (a small file, one core). */
export type GatherSideBySide = (
  format: ImportFormat,
  file: InputFile,
  context: Pick<GatherContext, 'source' | 'stores' | 'receivedAt'> & { erased?: ReadonlySet<string> },
) => AsyncIterable<Gathered> | null;

export interface Importer extends Replayer {
  sideBySide?: GatherSideBySide;
}

/** What came of one source, and of the records that had waited for what it brought. */
export interface ImportResult extends DeliveryCounts {
  source: string;
  /** Records that had waited for a store and are stored now. */
  released: number;
}

interface ImportContext extends GatherContext {
  /** Keys of all erased persons. */
  erased: ReadonlySet<string>;
}

function contextOf(
  { identify, isBot, now }: Importer,
  format: string,
  source: string,
  stores: Map<string, StoreFacts>,
  erased: ReadonlySet<string>,
): ImportContext {
  const receivedAt = now();
  return {
    identify,
    isBot,
    format,
    source,
    stores,
    receivedAt,
    receivedAtText: new Date(receivedAt).toISOString(),
    erased,
    isErased: erased.size > 0 ? erasedAmong(erased) : undefined,
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
  const context = contextOf(importer, format.name, source, stores, await lake.tombstones());
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
  context: ImportContext,
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
