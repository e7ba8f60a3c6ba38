import { Worker } from 'node:worker_threads';
import type { GatherSideBySide } from '../../pipeline/import-files.ts';
import type { Gathered } from '../../ports.ts';
import type { Piece, PieceAnswer } from './accept-worker.ts';

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
  let desks: Desk[] = [];
  const opened = () => {
    if (desks.length === 0) desks = Array.from({ length: size }, () => openDesk(secret));
    return desks;
  };
  return {
    sideBySide: (format, file, { source, stores, receivedAt, erased = new Set() }) => {
      if (size < 2 || file.bytes < WORTHWHILE_BYTES) return null;
      const about = { format: format.name, file: file.name, source, stores, receivedAt };
      return gatherInTurn(opened(), about, erased, piecesOf(file.open()));
    },
    close: () => {
      for (const desk of desks) desk.close();
      desks = [];
    },
  };
}

type Settled = Extract<PieceAnswer, { gathered: Gathered[] }>;

/** One worker: a piece goes in, what came of it comes out. */
interface Desk {
  ask(piece: Omit<Piece, 'id'>): Promise<Settled>;
  close(): void;
}

function openDesk(secret: string): Desk {
  const worker = new Worker(new URL('./accept-worker.mjs', import.meta.url), {
    workerData: secret,
    // Room for a piece and what is made of it to die young: tidying memory was a quarter of the work.
    resourceLimits: { maxYoungGenerationSizeMb: 192 },
  });
  const waiting = new Map<number, { resolve(answer: Settled): void; reject(error: Error): void }>();
  let asked = 0;
  const failAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on('message', (answer: PieceAnswer) => {
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) asker?.reject(new Error(answer.error));
    else asker?.resolve(answer);
  });
  worker.on('error', failAll);
  worker.on('exit', (code) => failAll(new Error(`A worker thread ended with code ${code}`)));
  return {
    ask: (piece) =>
      new Promise((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve, reject });
        worker.postMessage({ ...piece, id: asked } satisfies Piece);
      }),
    close: () => void worker.terminate(),
  };
}

/** Hands pieces to the workers round about, two waiting at each, and yields what comes of them in their order. */
async function* gatherInTurn(
  desks: readonly Desk[],
  about: Omit<Piece, 'id' | 'bytes' | 'firstRecord' | 'erased'>,
  erased: ReadonlySet<string>,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Gathered> {
  const underWay: Promise<Settled>[] = [];
  let sent = 0;
  let linesBefore = 0;
  const settle = async () => {
    const { gathered, lines } = await underWay.shift()!;
    for (const { rejections } of gathered) for (const rejection of rejections) rejection.line += linesBefore;
    linesBefore += lines;
    return gathered;
  };
  for await (const bytes of pieces) {
    const answer = desks[sent % desks.length]!.ask({
      ...about,
      erased: sent < desks.length ? erased : null,
      bytes,
      firstRecord: 1 + sent * RECORDS_PER_PIECE,
    });
    // It is awaited in its turn; until then a failure is nobody's.
    answer.catch(() => {});
    underWay.push(answer);
    sent += 1;
    if (underWay.length >= 2 * desks.length) yield* await settle();
  }
  while (underWay.length > 0) yield* await settle();
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
