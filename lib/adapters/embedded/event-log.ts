import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type EventStream, StreamFull } from '../../ports.ts';
import { encodeRecords } from './log-frames.ts';
import { type LogBatch, readFrames } from './log-reader.ts';
import {
  type LogPosition,
  readPosition,
  type Segment,
  segmentsIn,
  surveySegment,
  writePosition,
} from './log-segments.ts';
import { openLogWriter } from './log-writer.ts';
import { ShopBusy, type ShopDirectory } from './shop-directory.ts';
import { takeLock } from './writer-lock.ts';

const BACKLOG_BYTES = 512e6;
const SEGMENT_BYTES = 32 << 20;
/** Most that one write to the disk takes. */
const GROUP_BYTES = 8 << 20;
const RETRY_AFTER = 5;

export interface EventLogOptions {
  /** Most bytes that may wait for ingest; 512 MB unless told. */
  backlogBytes?: number;
  /** Size at which a file of the log is full; 32 MB unless told. */
  segmentBytes?: number;
  /** Told of each file that is kept as some of it can be read no more; unless given, it is said on stderr. */
  onDamaged?: (keptAs: string) => void;
}

/** The embedded stream: files that are appended to, in `stream/` of the shop, for one process at a time. */
export interface EventLog extends EventStream {
  /** The next records after those read before; null where all were read. */
  read(enough: { records: number; bytes: number }): Promise<LogBatch | null>;
  /** A batch is in the lake, as are those before it: files that it ends go, and a new start begins behind it. */
  commit(batch: LogBatch): Promise<void>;
  /** Reads again from the last commit. */
  rewind(): void;
  /** Records and bytes that are on disk and not committed. */
  backlog(): { records: number; bytes: number };
  /** Called whenever there is more to read. */
  onGrown(listener: () => void): void;
  /** Takes no more appends, and waits for those under way. */
  endAppends(): Promise<void>;
  /** Ends appends and gives the log free. What was not committed stays. */
  close(): Promise<void>;
}

interface Append {
  bytes: Buffer;
  records: number;
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Opens the log of a shop. Appends that come together share one write and one wait for the disk. A record is told taken
 * only when it is on disk; what a crash cut short is not.
 * @throws ShopBusy when another process has it open
 */
export function openEventLog({ root }: ShopDirectory, options: EventLogOptions = {}): EventLog {
  const { backlogBytes = BACKLOG_BYTES, segmentBytes = SEGMENT_BYTES, onDamaged = sayDamaged } = options;
  const folder = join(root, 'stream');
  const seed = randomBytes(4).readUInt32LE();
  mkdirSync(folder, { recursive: true });
  const lock = takeLock(join(folder, 'lock'), 'collect');
  if (typeof lock !== 'function')
    throw new ShopBusy(
      `${root} has a collector already: process ${lock.pid}. Stop it, or give --data another folder`,
    );

  let committed = readPosition(folder);
  let reading = committed;
  /** Takes a file of the log away that was taken in; what can be read no more stays for whoever can mend it. */
  const remove = ({ path, isDamaged }: Segment) => {
    if (!isDamaged) return rmSync(path);
    renameSync(path, `${path}.damaged`);
    onDamaged(`${path}.damaged`);
  };
  const { segments, records: recordsFound } = takeUp(segmentsIn(folder), committed, remove);
  let recordsWaiting = recordsFound;
  // Numbers are never used twice, or a position could point into the wrong file.
  const lastNumber = Math.max(committed.segment, segments.at(-1)?.number ?? 0);
  const writer = openLogWriter(folder, lastNumber, seed, segmentBytes, (segment) => segments.push(segment));
  let queue: Append[] = [];
  let queued = 0;
  let writing: Promise<void> | null = null;
  let isClosed = false;
  let grown = () => {};

  const writeQueue = async () => {
    while (queue.length > 0) {
      const group: Append[] = [];
      let bytes = 0;
      for (const append of queue) {
        if (group.length > 0 && bytes + append.bytes.length > GROUP_BYTES) break;
        group.push(append);
        bytes += append.bytes.length;
      }
      queue = queue.slice(group.length);
      try {
        await writer.write(Buffer.concat(group.map((append) => append.bytes)));
        for (const { records, resolve } of group) {
          recordsWaiting += records;
          resolve();
        }
        grown();
      } catch (error) {
        for (const { reject } of group) reject(fullDisk(error) ?? (error as Error));
      }
      queued -= bytes;
    }
    writing = null;
  };

  const endAppends = async () => {
    isClosed = true;
    await writing;
  };

  const bytesWaiting = () =>
    segments.reduce(
      (sum, { number, bytes }) =>
        sum +
        bytes -
        (number === committed.segment ? committed.offset : number < committed.segment ? bytes : 0),
      0,
    );

  /** Takes away the files of which everything is in the lake: they hold what people sent in clear. */
  const removeTaken = async () => {
    for (const segment of [...segments]) {
      const { number, bytes } = segment;
      if (number > committed.segment || (number === committed.segment && bytes > committed.offset)) continue;
      const isCurrent = segment === writer.current();
      // Another write is about to add to it.
      if (isCurrent && writing !== null) continue;
      segments.splice(segments.indexOf(segment), 1);
      if (isCurrent) await writer.endSegment();
      remove(segment);
    }
  };

  return {
    append(records) {
      if (isClosed) return Promise.reject(new Error('The stream is closed'));
      if (records.length === 0) return Promise.resolve();
      const held = bytesWaiting() + queued;
      if (held >= backlogBytes) return Promise.reject(full(held, backlogBytes));
      let bytes: Buffer;
      try {
        bytes = encodeRecords(records, seed);
      } catch (error) {
        return Promise.reject(error);
      }
      if (bytes.length > backlogBytes)
        return Promise.reject(
          new RangeError(`Records of ${bytes.length} bytes are more than the stream holds: ${backlogBytes}`),
        );
      if (held + bytes.length > backlogBytes) return Promise.reject(full(held, backlogBytes));
      queued += bytes.length;
      return new Promise((resolve, reject) => {
        queue.push({ bytes, records: records.length, resolve, reject });
        writing ??= writeQueue();
      });
    },

    async read(enough) {
      for (const segment of segments) {
        const offset = segment.number === reading.segment ? reading.offset : 0;
        if (segment.number < reading.segment || offset >= segment.bytes) continue;
        const batch = await readFrames(segment, offset, enough);
        reading = batch.upTo;
        if (batch.damaged > 0) segment.isDamaged = true;
        return batch;
      }
      return null;
    },

    async commit({ upTo, records }) {
      await writePosition(folder, upTo);
      committed = upTo;
      // Where something could not be read, the count was too high.
      recordsWaiting = bytesWaiting() === 0 ? 0 : recordsWaiting - records.length;
      await removeTaken();
    },

    rewind() {
      reading = committed;
    },
    backlog: () => ({ records: recordsWaiting, bytes: bytesWaiting() }),
    onGrown(listener) {
      grown = listener;
    },
    endAppends,
    async close() {
      await endAppends();
      await writer.endSegment();
      lock();
    },
  };
}

/** What a run before has left: files to read, with the whole records in them; what is taken in already goes. */
function takeUp(
  found: readonly Segment[],
  committed: LogPosition,
  remove: (segment: Segment) => void,
): { segments: Segment[]; records: number } {
  const segments: Segment[] = [];
  let records = 0;
  for (const segment of found) {
    const isBehind = segment.number < committed.segment;
    const from = isBehind ? segment.bytes : segment.number === committed.segment ? committed.offset : 0;
    const survey = surveySegment(segment, from);
    // A write that a crash cut short goes unread: nobody was told that it was taken.
    const left = { ...segment, bytes: survey.end, isDamaged: survey.isDamaged };
    if (survey.records === 0) remove(left);
    else segments.push(left);
    records += survey.records;
  }
  return { segments, records };
}

function sayDamaged(keptAs: string): void {
  process.stderr.write(
    `stream: a file has bytes that cannot be read; what can be is taken in, and the file is kept as ${basename(keptAs)}\n`,
  );
}

const full = (held: number, most: number) =>
  new StreamFull(`${held} bytes wait for ingest; the stream holds ${most}`, RETRY_AFTER);

function fullDisk(error: unknown): StreamFull | null {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new StreamFull('The disk of the stream is full', 6 * RETRY_AFTER)
    : null;
}
