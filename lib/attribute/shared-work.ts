import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { LocalRows, RowsHead } from './local-rows.ts';
import type { Share, SumsWanted } from './part-reader.ts';
import type { PathSums } from './path-sums.ts';
import { BadPaths } from './problems.ts';

/** What a thread answers: first what it has read, then what it is asked for. */
export type ShareAnswer =
  | { head: RowsHead }
  | { rows: LocalRows }
  | { sums: PathSums }
  | { failed: string; isBadPaths: boolean };

/** What a thread is asked for, once. */
export type ShareQuestion = SumsWanted | 'rows';

/** Paths that several threads have read, each its share. */
export interface SharedPaths {
  heads: RowsHead[];
  rows(): Promise<LocalRows[]>;
  sums(wanted: SumsWanted): Promise<PathSums[]>;
  close(): Promise<void>;
}

/** A thread beside this one, and its first answer. */
export interface Helper {
  worker: Worker;
  head: Promise<ShareAnswer>;
}

/** @param file Name of the worker, beside this file. */
export function startHelper(file: string, workerData: unknown): Helper {
  const worker = new Worker(new URL(file, import.meta.url), { workerData, execArgv: [] });
  const head = answerOf(worker);
  // It may fail while nobody waits for it yet.
  head.catch(() => {});
  return { worker, head };
}

export async function endHelpers(helpers: readonly Helper[]): Promise<void> {
  await Promise.all(helpers.map(({ worker }) => worker.terminate()));
}

/** Puts together what this thread has read with what the helpers have. */
export async function sharedPaths(
  own: Share,
  helpers: readonly Helper[],
  close: () => Promise<void>,
): Promise<SharedPaths> {
  const heads = await Promise.all(helpers.map(({ head }) => head));
  const ask = async <T>(question: ShareQuestion, pick: (answer: ShareAnswer) => T, mine: () => T) => {
    const others = Promise.all(helpers.map(async ({ worker }) => pick(await asked(worker, question))));
    others.catch(() => {});
    return [mine(), ...(await others)];
  };
  return {
    heads: [own.head, ...heads.map((answer) => ('head' in answer ? answer.head : refused(answer)))],
    rows: () => ask('rows', (answer) => ('rows' in answer ? answer.rows : refused(answer)), own.rows),
    sums: (wanted) =>
      ask(
        wanted,
        (answer) => ('sums' in answer ? answer.sums : refused(answer)),
        () => own.sums(wanted),
      ),
    close,
  };
}

function refused(answer: ShareAnswer): never {
  if (!('failed' in answer)) throw new Error('A thread gave an answer to another question');
  throw answer.isBadPaths ? new BadPaths(answer.failed) : new Error(answer.failed);
}

function asked(worker: Worker, question: ShareQuestion): Promise<ShareAnswer> {
  const answer = answerOf(worker);
  worker.postMessage(question);
  return answer;
}

async function answerOf(worker: Worker): Promise<ShareAnswer> {
  const [answer] = (await once(worker, 'message')) as [ShareAnswer];
  return answer;
}
