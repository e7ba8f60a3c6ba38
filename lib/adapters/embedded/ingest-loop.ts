import type { Fate, IngestCounts, Ingested } from '../../pipeline/ingest.ts';
import type { EventStream } from '../../ports.ts';
import { type EventLogOptions, openEventLog } from './event-log.ts';
import { type IngestDesk, type IngestDeskOptions, openIngestDesk } from './ingest-desk.ts';
import { openShopDirectory, ShopBusy, type ShopDirectory } from './shop-directory.ts';

/** A shop's stream, and what takes from it into the lake. */
export interface IngestLoop {
  stream: EventStream;
  /** Tells a listener what became of the records of each batch, of very large ones the last. */
  fates(listener: (fates: readonly Fate[]) => void): void;
  counts(): IngestCounts;
  /**
   * Resolves when all that was appended before is in the lake.
   * @throws Error when the loop was closed before that
   */
  drained(): Promise<void>;
  /** Takes no more, delivers what waits, and ends. What cannot be delivered now stays in the stream for the next run. */
  close(): Promise<void>;
}

export interface IngestOptions extends EventLogOptions, IngestDeskOptions {
  /** Most messages and files of one delivery; 20,000 unless told. */
  batchRecords?: number;
  /** Most bytes of one delivery; 16 MB unless told. A file that is larger is one by itself. */
  batchBytes?: number;
  /** How long the first of a batch may wait for others, in milliseconds; 1000 unless told. */
  waitMs?: number;
  /** Pauses after one, two, three... failures of a batch, in milliseconds; the last again and again. */
  backOffMs?: readonly number[];
  /** How long the last deliveries wait for the shop's lock once the loop is closed, in milliseconds; 10,000 unless told. */
  lastPatienceMs?: number;
  /** Told of what failed and is tried again; without it the class of the error is written to stderr. */
  onError?: (error: Error) => void;
}

const BACK_OFF_MS = [500, 1000, 2000, 5000, 10_000, 30_000];
/** After so many failures of a batch it is taken apart. */
const TAKEN_APART_AFTER = 3;
const LAST_PATIENCE_MS = 10_000;

/**
 * Opens the stream of a shop and takes what comes into its lake, about a batch a second. The shop's lock is held only
 * while it delivers, and others that wait for it go first. What fails is tried again, later and later, and nothing is
 * given up; a record that fails by itself is set aside.
 * @throws ShopBusy when another process collects for the shop
 */
export async function startIngest(
  { root }: Pick<ShopDirectory, 'root'>,
  options: IngestOptions = {},
): Promise<IngestLoop> {
  const { waitMs = 1000, backOffMs = BACK_OFF_MS, onError = sayFailed } = options;
  const { lastPatienceMs = LAST_PATIENCE_MS } = options;
  const enough = { records: options.batchRecords ?? 20_000, bytes: options.batchBytes ?? 16 << 20 };
  const directory = openShopDirectory(root);
  const log = openEventLog(directory, options);
  let desk: IngestDesk;
  try {
    desk = openIngestDesk(directory, options);
  } catch (error) {
    await log.close();
    throw error;
  }
  const listeners: ((fates: readonly Fate[]) => void)[] = [];
  const counts = { received: 0, stored: 0, duplicates: 0, rejected: 0, waiting: 0 };
  let committed = 0;
  let drains: { upTo: number; resolve(): void; reject(error: Error): void }[] = [];
  let isClosing = false;
  /** Ends the pause that the loop is in. */
  let wake = () => {};
  const isUrgent = () => isClosing || drains.length > 0;
  log.onGrown(() => {
    if (isUrgent() || log.backlog().records >= enough.records || isIdle) wake();
  });
  let isIdle = false;

  /** Resolves after a time, or when something asks for it to go on. */
  const rest = (ms: number | null) =>
    new Promise<void>((resolve) => {
      const timer = ms === null ? null : setTimeout(() => wake(), ms);
      wake = () => {
        if (timer) clearTimeout(timer);
        wake = () => {};
        resolve();
      };
    });

  const backOff = async (ms: number) => {
    const until = performance.now() + ms;
    for (let left = ms; left > 0 && !isClosing; left = until - performance.now()) await rest(left);
  };

  const settleDrains = () => {
    const isEmpty = log.backlog().records === 0;
    for (const { upTo, resolve } of drains) if (isEmpty || committed >= upTo) resolve();
    drains = drains.filter(({ upTo }) => !isEmpty && committed < upTo);
  };

  const deliverNext = async (takesApart: boolean) => {
    const batch = await log.read(enough);
    if (batch === null) return;
    const commit = async () => {
      await log.commit(batch);
      committed += batch.records.length;
    };
    if (batch.records.length === 0) return commit();
    const patience = () => (isClosing ? lastPatienceMs : Number.POSITIVE_INFINITY);
    const ingested = await desk.deliver(batch.records, takesApart, commit, patience);
    for (const one of ingested) addTo(counts, one);
    const fates = ingested.flatMap((one) => one.fates);
    if (fates.length > 0) for (const listener of listeners) listener(fates);
    await desk.mergeFiles();
  };

  const run = async () => {
    for (let failures = 0; ; ) {
      const waiting = log.backlog().records;
      settleDrains();
      if (waiting === 0) {
        if (isClosing) return;
        isIdle = true;
        await rest(null);
        isIdle = false;
        continue;
      }
      if (failures === 0 && waiting < enough.records && !isUrgent()) await rest(waitMs);
      try {
        await deliverNext(failures >= TAKEN_APART_AFTER);
        failures = 0;
      } catch (error) {
        log.rewind();
        failures += 1;
        onError(error as Error);
        if (isClosing && (error instanceof ShopBusy || failures > TAKEN_APART_AFTER + 1)) return;
        await backOff(backOffMs[Math.min(failures, backOffMs.length) - 1] ?? 0);
      }
    }
  };
  const running = run();
  let closing: Promise<void> | null = null;

  const close = async () => {
    await log.endAppends();
    isClosing = true;
    wake();
    await running;
    for (const { reject } of drains) reject(new Error('The loop was closed with records in its stream'));
    await desk.close();
    await log.close();
  };

  return {
    stream: { append: (records) => log.append(records) },
    fates: (listener) => void listeners.push(listener),
    counts: () => ({ ...counts, pending: log.backlog().records }),
    drained() {
      const upTo = committed + log.backlog().records;
      if (upTo === committed) return Promise.resolve();
      return new Promise((resolve, reject) => {
        drains.push({ upTo, resolve, reject });
        wake();
      });
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function addTo(counts: Omit<IngestCounts, 'pending'>, ingested: Ingested): void {
  // Those that had waited and are stored now; some may have waited since before this run.
  const released = Math.min(ingested.released, counts.waiting);
  counts.received += ingested.received;
  counts.stored += ingested.stored + released;
  counts.duplicates += ingested.duplicates;
  counts.rejected += Object.values(ingested.rejected).reduce((sum, n) => sum + n, 0);
  counts.waiting += ingested.waiting - released;
}

/** The message of an engine's error may quote a record, so only what comes before that is told. */
function sayFailed(error: Error): void {
  const kind =
    error instanceof ShopBusy
      ? error.message
      : (/^[A-Z][\w ]* Error(?=:)/.exec(error.message)?.[0] ?? error.name);
  process.stderr.write(`ingest: ${kind}; what came in is kept and tried again\n`);
}
