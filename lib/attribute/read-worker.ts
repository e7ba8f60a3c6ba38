import { parentPort, workerData } from 'node:worker_threads';
import { answerShare } from './answer-share.ts';
import type { Columns } from './columns.ts';
import type { FileParts } from './file-parts.ts';
import { readShare } from './part-reader.ts';
import { nextPart, STARTED } from './share-parts.ts';

/** Reads parts of a file beside the main thread. */
const { columns, parts, shared, threads } = workerData as {
  columns: Columns;
  parts: FileParts;
  shared: Int32Array;
  threads: number;
};
Atomics.add(shared, STARTED, 1);
answerShare(parentPort!, () => readShare(columns, parts, nextPart(shared), threads));
