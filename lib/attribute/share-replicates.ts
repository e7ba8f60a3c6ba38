import { Worker } from 'node:worker_threads';
import type { Figures } from './credit-intervals.ts';
import { type ReplicateTask, replicating } from './replicates.ts';

/** Places of a shared counter: the next replicate that nobody has worked out. */
const NEXT = 0;

/** Replicates of a worker, with their numbers. */
export interface ReplicateAnswer {
  numbers: number[];
  figures: Figures[];
}

/** Works out replicates until none is left. */
export function workOff(task: ReplicateTask, replicates: number, shared: Int32Array): ReplicateAnswer {
  const figures = replicating(task);
  const answer: ReplicateAnswer = { numbers: [], figures: [] };
  for (
    let number = Atomics.add(shared, NEXT, 1);
    number < replicates;
    number = Atomics.add(shared, NEXT, 1)
  ) {
    answer.numbers.push(number);
    answer.figures.push(figures(number));
  }
  return answer;
}

/** Steps times replicates from which a second thread pays. */
const WORTH_A_THREAD = 2_000_000;

/** Figures of all replicates, in the order of their numbers, whoever worked them out. */
export async function allReplicates(
  task: ReplicateTask,
  replicates: number,
  threads: number,
): Promise<Figures[]> {
  const shared = new Int32Array(new SharedArrayBuffer(4));
  const helpers =
    task.paths.steps.length * replicates < WORTH_A_THREAD ? 0 : Math.min(threads, replicates) - 1;
  const workers = Array.from(
    { length: helpers },
    () =>
      new Worker(new URL('./replicate-worker.mjs', import.meta.url), {
        workerData: { task, replicates, shared },
        execArgv: [],
      }),
  );
  const answers = workers.map(
    (worker) =>
      new Promise<ReplicateAnswer>((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.once('exit', () => reject(new Error('A thread that drew replicates ended early')));
      }),
  );
  // One may fail while this thread is still at work.
  for (const answer of answers) answer.catch(() => {});
  try {
    const all: Figures[] = new Array(replicates);
    const own = workOff(task, replicates, shared);
    for (const { numbers, figures } of [own, ...(await Promise.all(answers))]) {
      numbers.forEach((number, at) => {
        all[number] = figures[at]!;
      });
    }
    return all;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
