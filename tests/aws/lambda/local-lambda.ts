import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';

/** A function as deployed, run on this machine: the same bundle, the same handler, JSON in and out. */
export interface LocalLambda {
  /**
   * Calls the function as another service does.
   * @throws FunctionError where it throws, takes too long or ends, or where it is given or answers more than 6 MB
   */
  invoke(event: unknown): Promise<unknown>;
  /** All lines that it has logged. */
  logs: readonly string[];
  /** Invocations begun so far. */
  invocations(): number;
  close(): Promise<void>;
}

export interface LambdaOptions {
  /** Folder of the asset. */
  bundle: string;
  /** As the stack names it: `functions/ingest/index.handler`. */
  handler: string;
  environment: Record<string, string>;
  /** Of one invocation, 30,000 unless told. */
  timeoutMs?: number;
  /** Environments that run side by side; those that come on top wait. Four unless told. */
  concurrency?: number;
  /** How far the function's clock is ahead. */
  clockSkewMs?: number;
  /**
   * Whether an invocation ends like one that takes too long, after all its work and before anybody hears of it.
   * @param invocation counted from 1
   */
  diesBeforeAnswer?: (invocation: number) => boolean;
}

/** What Lambda tells of an invocation that went wrong. */
export class FunctionError extends Error {
  readonly errorType: string;
  constructor(errorType: string, message: string) {
    super(message);
    this.errorType = errorType;
  }
}

const MOST_BYTES = 6 * 1_048_576;

interface Answer {
  requestId: string;
  result?: string;
  error?: { errorType: string; errorMessage: string };
}

export function startLambda(options: LambdaOptions): LocalLambda {
  const { bundle, handler, timeoutMs = 30_000, concurrency = 4, diesBeforeAnswer = () => false } = options;
  const [path, name] = handler.split(/\.(?=\w+$)/) as [string, string];
  const functionName = path.split('/').at(-2)!;
  const logs: string[] = [];
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const waiting: ((worker: Worker) => void)[] = [];
  let invocations = 0;

  /** When an environment has loaded its bundle; an invocation's time begins then. Resolves also when it ends. */
  const loaded = new WeakMap<Worker, Promise<unknown>>();

  const started = (): Worker => {
    const worker = new Worker(new URL('worker.mjs', import.meta.url), {
      workerData: {
        file: pathToFileURL(join(bundle, `${path}.mjs`)).href,
        handler: name,
        functionName,
        clockSkewMs: options.clockSkewMs ?? 0,
      },
      // Nothing of this process but where programs are: what a function needs, its stack tells it.
      env: {
        PATH: process.env.PATH ?? '',
        NODE_NO_WARNINGS: '1',
        TZ: ':UTC',
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_LAMBDA_FUNCTION_NAME: functionName,
        AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
        LAMBDA_TASK_ROOT: bundle,
        ...options.environment,
      },
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    all.add(worker);
    // Whoever waits for an answer hears of it.
    worker.on('error', () => {});
    loaded.set(
      worker,
      new Promise((resolve) => {
        worker.once('message', resolve);
        worker.once('exit', resolve);
      }),
    );
    for (const stream of [worker.stdout, worker.stderr])
      createInterface({ input: stream }).on('line', (line) => logs.push(line));
    worker.once('exit', () => {
      all.delete(worker);
      const at = idle.indexOf(worker);
      if (at >= 0) idle.splice(at, 1);
    });
    return worker;
  };

  const free = (): Promise<Worker> => {
    const worker = idle.pop() ?? (all.size < concurrency ? started() : undefined);
    return worker ? Promise.resolve(worker) : new Promise((resolve) => waiting.push(resolve));
  };
  const giveBack = (worker: Worker) => {
    const next = waiting.shift();
    if (next) next(worker);
    else idle.push(worker);
  };
  const end = async (worker: Worker) => {
    all.delete(worker);
    await worker.terminate();
    const next = waiting.shift();
    if (next) next(started());
  };

  /** One invocation in one environment; the environment is gone when it fails like one that crashes. */
  const run = async (worker: Worker, event: string, isLast: boolean): Promise<string> => {
    const requestId = randomUUID();
    await loaded.get(worker);
    const told = await new Promise<Answer | 'late' | 'ended'>((resolve) => {
      const timer = setTimeout(() => resolve('late'), timeoutMs);
      const settle = (answer: Answer | 'ended') => {
        clearTimeout(timer);
        worker.off('exit', ended);
        worker.off('error', ended);
        resolve(answer);
      };
      const ended = () => settle('ended');
      if (!all.has(worker)) return settle('ended');
      worker.once('exit', ended);
      worker.once('error', ended);
      worker.once('message', settle);
      worker.postMessage({ requestId, event, timeoutMs });
    });
    if (told === 'late' || told === 'ended' || isLast) {
      await end(worker);
      if (told === 'ended') throw new FunctionError('Runtime.ExitError', 'The environment ended');
      throw new FunctionError('Sandbox.Timedout', `Task timed out after ${timeoutMs / 1000} seconds`);
    }
    giveBack(worker);
    if (told.error) throw new FunctionError(told.error.errorType, told.error.errorMessage);
    return told.result!;
  };

  return {
    logs,
    invocations: () => invocations,
    async invoke(event) {
      const text = JSON.stringify(event);
      requireSize(text, 'RequestTooLarge');
      const worker = await free();
      invocations += 1;
      const result = await run(worker, text, diesBeforeAnswer(invocations));
      requireSize(result, 'Function.ResponseSizeTooLarge');
      return JSON.parse(result);
    },
    async close() {
      await Promise.all(Array.from(all, (worker) => worker.terminate()));
    },
  };
}

function requireSize(text: string, errorType: string): void {
  if (Buffer.byteLength(text) > MOST_BYTES)
    throw new FunctionError(errorType, `A payload has more than ${MOST_BYTES} bytes`);
}
