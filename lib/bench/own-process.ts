import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Runs jobs of the bench in processes of their own, so that memory and time are theirs alone. A job is a module that
 * exports `answer`, an async function of what it is sent; started as such a process, this file runs one.
 */
interface Order {
  job: string;
  sent: unknown;
}

/** What such a process answers with. */
type Answer = { result: unknown } | { failed: string };

/** Teaches a process to read TypeScript. */
const TYPESCRIPT = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

const MARK = 'ropo-bench-job';

/**
 * Runs the job of a module in a new process and returns its answer.
 * @throws Error with `name` when it fails
 */
export function runInProcess<Result>(name: string, job: URL, sent: unknown): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [MARK], { execArgv: ['--import', TYPESCRIPT] });
    let answer: Answer | undefined;
    child.on('message', (message: Answer) => {
      answer = message;
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (answer && 'result' in answer) resolve(answer.result as Result);
      else if (answer) reject(new Error(`Bench ${name} failed: ${answer.failed}`));
      else reject(new Error(`Bench ${name} ended with ${signal ?? `exit code ${code}`}`));
    });
    child.send({ job: job.href, sent } satisfies Order);
  });
}

async function answerTo({ job, sent }: Order): Promise<Answer> {
  try {
    const module = (await import(job)) as { answer(sent: unknown): Promise<unknown> };
    return { result: await module.answer(sent) };
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

if (process.argv[2] === MARK && process.send) {
  process.once('message', (order: Order) => {
    void answerTo(order).then((answer) => process.send!(answer, () => process.disconnect()));
  });
}
