import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import type { RawTable } from '../../domain/raw-tables.ts';
import type { Delivery, DeliveryCounts, EventLake, Gathered, Rejection } from '../../ports.ts';
import { createRecordPacker, type RecordPacker } from './delivery-records.ts';
import type { Registry, ToldStore } from './dynamodb-registry.ts';
import type { Rejections } from './rejections.ts';
import { atMost, type Left, type RetryBudget, untilNoneLeft } from './retries.ts';

/** As Firehose has them. */
const MOST_RECORDS = 500;
const MOST_BYTES = 4 << 20;
/** Tables that are sent at once. */
const AT_ONCE = 4;

/** Thrown where records of a delivery wait for stores that came meanwhile: when it comes again they are known. */
export class StoresArrived extends Error {}

export interface FirehoseLakeOptions {
  firehose: FirehoseClient;
  /** What the names of the delivery streams begin with; the raw table follows, with - for _. */
  prefix: string;
  registry: Registry;
  rejections: Rejections;
  /** How long what Firehose refuses is sent again; 20 s unless told. */
  retry?: RetryBudget;
}

/**
 * The lake behind Firehose, one delivery stream per raw table. `stored` are records that Firehose holds for good; those
 * that were there before are found when a build brings what has landed into the raw tables, one row per record id and
 * fingerprint, so that none is a duplicate here. Rejections are objects of S3, and stores stand in the registry too.
 */
export function createFirehoseLake(options: FirehoseLakeOptions): EventLake {
  const { registry, rejections } = options;
  /** Ids of the stores that were told last, which records are accepted by; null where nobody has asked. */
  let storesTold: ReadonlySet<string> | null = null;
  return {
    async stores() {
      const stores = await registry.stores();
      storesTold = new Set(stores.keys());
      return stores;
    },
    tombstones: () => registry.tombstones(),
    deliver: async () => openDelivery(options, storesTold),
    rejections: (reasons) => rejections.list(reasons),
    forget: (rejectionIds) => rejections.forget(rejectionIds),
  };
}

function openDelivery(
  { firehose, prefix, registry, rejections, retry = { forMs: 20_000 } }: FirehoseLakeOptions,
  storesTold: ReadonlySet<string> | null,
): Delivery {
  const counts: DeliveryCounts = { received: 0, stored: 0, duplicates: 0, rejected: {}, waiting: 0 };
  const packers = new Map<RawTable, RecordPacker>();
  const refused: Rejection[] = [];
  const stores = new Map<string, ToldStore>();

  const send = async (isLast: boolean) => {
    const calls: { stream: string; records: Uint8Array[] }[] = [];
    for (const [table, packer] of packers) {
      const stream = `${prefix}-${table.replaceAll('_', '-')}`;
      for (const records of callsOf(packer.take(isLast))) calls.push({ stream, records });
    }
    await atMost(AT_ONCE, calls, ({ stream, records }) =>
      untilNoneLeft(
        `PutRecordBatch to ${stream}`,
        records,
        (left) => putRecordBatch(firehose, stream, left),
        retry,
      ),
    );
  };

  return {
    repeated: new Set(),
    async take({ accepted, tables, rejections: newly }: Gathered) {
      counts.received += accepted + newly.length;
      counts.stored += accepted;
      for (const { table, text } of tables) {
        const packer = packers.get(table) ?? createRecordPacker(table);
        packers.set(table, packer);
        packer.add(text);
        if (table === 'raw_stores') for (const store of storesIn(text)) addStore(stores, store);
      }
      for (const rejection of newly) {
        if (rejection.reason === 'unknown_store') counts.waiting += 1;
        else counts.rejected[rejection.reason] = (counts.rejected[rejection.reason] ?? 0) + 1;
        refused.push(rejection);
      }
      await send(false);
    },
    async close() {
      await send(true);
      // Before what waits is listed, here or by another process: so one of the two sees the other.
      if (stores.size > 0) await registry.putStores([...stores.values()]);
      if (refused.length > 0) await rejections.add(refused);
      if (counts.waiting > 0 && storesTold !== null)
        await checkStores(registry, rejections, refused, new Set([...storesTold, ...stores.keys()]));
      return counts;
    },
    async abort() {
      packers.clear();
    },
  };
}

/**
 * Looks once more for the stores that records wait for, once these are on the list: whoever brings a store tries
 * those again that are on the list by then, and nobody would after that.
 * @throws StoresArrived where there are stores that were not known before
 */
async function checkStores(
  registry: Registry,
  rejections: Rejections,
  refused: readonly Rejection[],
  known: ReadonlySet<string>,
): Promise<void> {
  const now = await registry.storesNow();
  if ([...now.keys()].every((id) => known.has(id))) return;
  const waiting = refused.filter(({ reason }) => reason === 'unknown_store');
  await rejections.forget(waiting.map(({ rejection_id }) => rejection_id));
  throw new StoresArrived(
    `${waiting.length} records wait for stores, and stores have come meanwhile; they are taken in when they come again`,
  );
}

async function putRecordBatch(
  firehose: FirehoseClient,
  stream: string,
  records: Uint8Array[],
): Promise<Left<Uint8Array>> {
  const { FailedPutCount = 0, RequestResponses = [] } = await firehose.send(
    new PutRecordBatchCommand({
      DeliveryStreamName: stream,
      Records: records.map((record) => ({ Data: record })),
    }),
  );
  // It answers 200 also where it has not taken all.
  if (FailedPutCount === 0) return { left: [], reason: '' };
  const left = records.filter((_, at) => RequestResponses[at]?.ErrorCode !== undefined);
  const reason = RequestResponses.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode ?? 'unknown';
  return { left, reason };
}

function callsOf(records: readonly Uint8Array[]): Uint8Array[][] {
  const calls: Uint8Array[][] = [];
  let bytes = 0;
  for (const record of records) {
    const call = calls.at(-1);
    if (call === undefined || call.length >= MOST_RECORDS || bytes + record.length > MOST_BYTES) {
      calls.push([record]);
      bytes = record.length;
    } else {
      call.push(record);
      bytes += record.length;
    }
  }
  return calls;
}

function* storesIn(text: Uint8Array): Generator<ToldStore> {
  for (const line of Buffer.from(text).toString().split('\n')) {
    if (line === '') continue;
    const { store_id, time_zone, currency, country, revision, fingerprint } = JSON.parse(line) as ToldStore;
    yield {
      store_id,
      time_zone,
      currency,
      country: country ?? null,
      revision: revision ?? null,
      fingerprint,
    };
  }
}

/** Keeps the telling of a store that wins. */
function addStore(stores: Map<string, ToldStore>, store: ToldStore): void {
  const known = stores.get(store.store_id);
  const order =
    known && (known.revision ?? Number.NEGATIVE_INFINITY) - (store.revision ?? Number.NEGATIVE_INFINITY);
  if (order === undefined || order < 0 || (order === 0 && store.fingerprint < known!.fingerprint))
    stores.set(store.store_id, store);
}
