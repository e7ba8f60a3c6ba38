import { parentPort, workerData } from 'node:worker_threads';
import { answerShare } from './answer-share.ts';
import { type TouchTask, takeBuckets } from './share-touches.ts';

/** Makes paths of touches beside the main thread. */
const { task, shared, threads } = workerData as { task: TouchTask; shared: Int32Array; threads: number };
answerShare(parentPort!, () => takeBuckets(task, shared, threads));
