import { Readable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import { erasedAmong } from '../../domain/accept/erased.ts';
import type { StoreFacts } from '../../domain/accept/index.ts';
import { isBot } from '../../domain/bots.ts';
import { createIdentify } from '../../domain/identifier.ts';
import { FORMATS } from '../../formats/index.ts';
import { type GatherContext, gather } from '../../pipeline/gather.ts';
import type { Gathered } from '../../ports.ts';

/** A piece of a file: whole lines. */
export interface Piece {
  /** Comes back with the answer. */
  id: number;
  format: string;
  file: string;
  source: string;
  stores: Map<string, StoreFacts>;
  receivedAt: number;
  firstRecord: number;
  bytes: Uint8Array;
  /** Keys of erased persons; null where they are those of the piece before. */
  erased: ReadonlySet<string> | null;
}

/** What came of a piece; `lines` lets the sender number the lines of the pieces after it. */
export type PieceAnswer = { id: number } & ({ gathered: Gathered[]; lines: number } | { error: string });

const identify = createIdentify(workerData as string);
let isErased: GatherContext['isErased'];

parentPort!.on('message', (piece: Piece) => {
  gatherPiece(piece).then(
    (outcome) => {
      const buffers = outcome.gathered.flatMap(({ tables }) =>
        tables.map(({ text }) => text.buffer as ArrayBuffer),
      );
      parentPort!.postMessage({ id: piece.id, ...outcome } satisfies PieceAnswer, [...new Set(buffers)]);
    },
    (error: Error) => parentPort!.postMessage({ id: piece.id, error: error.message } satisfies PieceAnswer),
  );
});

async function gatherPiece(piece: Piece): Promise<{ gathered: Gathered[]; lines: number }> {
  const { format, file, source, stores, receivedAt, bytes } = piece;
  const receivedAtText = new Date(receivedAt).toISOString();
  if (piece.erased) isErased = piece.erased.size > 0 ? erasedAmong(piece.erased) : undefined;
  const context: GatherContext = {
    identify,
    isBot,
    isErased,
    format,
    source,
    stores,
    receivedAt,
    receivedAtText,
  };
  const input = {
    name: file,
    bytes: bytes.length,
    open: () => Readable.from([Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)]),
  };
  const gathered: Gathered[] = [];
  let next = piece.firstRecord;
  for await (const batch of FORMATS[format]!.read([input])) {
    const part = gather(batch, context, next);
    next += part.accepted;
    gathered.push(part);
  }
  return { gathered, lines: newlines(bytes) };
}

function newlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
