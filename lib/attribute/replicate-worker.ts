import { parentPort, workerData } from 'node:worker_threads';
import type { ReplicateTask } from './replicates.ts';
import { workOff } from './share-replicates.ts';

/** Works out replicates beside the main thread. */
const { task, replicates, shared } = workerData as {
  task: ReplicateTask;
  replicates: number;
  shared: Int32Array;
};
parentPort!.postMessage(workOff(task, replicates, shared));
