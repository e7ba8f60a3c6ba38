import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { GatherSideBySide } from '../../pipeline/import-files.ts';
import type { Gathered } from '../../ports.ts';
import type { Piece, PieceOutcome } from './accept-worker.ts';

/** Below this size of a file the workers' start costs more than they save. */
const WORTHWHILE_BYTES = 6_000_000;
const PIECE_BYTES = 1 << 20;
/** A line that is longer is cut here; the reader refuses both ends, as it refuses every line over its own limit. */
const LONGEST_WAIT = 16 << 20;
/** Records of a piece are numbered from a multiple of this, so that the numbers of two pieces never meet. */
const RECORDS_PER_PIECE = 1e7;

export interface AcceptPool {
  sideBySide: GatherSideBySide;
  close(): void;
}

/** Worker threads that read and accept pieces of large files. They start with the first file that is worth it. */
export function createAcceptPool(secret: string, size: number): AcceptPool {
  let workers: Worker[] = [];
  const started = () => {
    if (workers.length > 0) return workers;
    const entry = new URL('./accept-worker.mjs', import.meta.url);
    workers = Array.from({ length: size }, () => new Worker(entry, { workerData: secret }));
    return workers;
  };
  return {
    sideBySide: (format, file, { source, stores, receivedAt }) => {
      if (size < 2 || file.bytes < WORTHWHILE_BYTES) return null;
      const about = { format: format.name, file: file.name, source, stores, receivedAt };
      return gatherInTurn(started(), about, piecesOf(file.open()));
    },
    close: () => {
      for (const worker of workers) void worker.terminate();
      workers = [];
    },
  };
}

/** Hands pieces to the workers round about, two waiting at each, and yields what comes of them in their order. */
async function* gatherInTurn(
  workers: readonly Worker[],
  about: Omit<Piece, 'bytes' | 'firstRecord'>,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Gathered> {
  const underWay: Promise<PieceOutcome>[] = [];
  let sent = 0;
  let linesBefore = 0;
  const settle = async () => {
    const outcome = await underWay.shift()!;
    if ('error' in outcome) throw new Error(outcome.error);
    for (const { rejections } of outcome.gathered)
      for (const rejection of rejections) rejection.line += linesBefore;
    linesBefore += outcome.lines;
    return outcome.gathered;
  };
  const answers = workers.map(answersOf);
  for await (const bytes of pieces) {
    const at = sent % workers.length;
    workers[at]!.postMessage({ ...about, bytes, firstRecord: 1 + sent * RECORDS_PER_PIECE } satisfies Piece);
    const answer = answers[at]!();
    answer.catch(() => {});
    underWay.push(answer);
    sent += 1;
    if (underWay.length >= 2 * workers.length) yield* await settle();
  }
  while (underWay.length > 0) yield* await settle();
}

/** A worker answers its pieces in the order it got them. */
function answersOf(worker: Worker): () => Promise<PieceOutcome> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const answer = last.then(async () => (await once(worker, 'message'))[0] as PieceOutcome);
    last = answer;
    return answer;
  };
}

/** Cuts a stream at ends of lines into pieces of about a megabyte; a longer line is a piece of its own. */
async function* piecesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const end = length > LONGEST_WAIT ? chunk.length : chunk.lastIndexOf(10) + 1;
    if (end > 0 && length + end >= PIECE_BYTES) {
      yield Uint8Array.from(Buffer.concat([...parts, chunk.subarray(0, end)]));
      parts = [chunk.subarray(end)];
      length = chunk.length - end;
    } else {
      parts.push(chunk);
      length += chunk.length;
    }
  }
  if (length > 0) yield Uint8Array.from(Buffer.concat(parts));
}
