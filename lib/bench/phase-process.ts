import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BenchShop, PHASES, type PhaseName, type PhaseResult } from './phases.ts';

/** Runs phases of the bench in processes of their own: started as one, this file runs the phase it is sent. */

interface Order {
  phase: PhaseName;
  shop: BenchShop;
}

/** What a phase process answers with. */
type Answer = { result: PhaseResult } | { failed: string };

/** Teaches a process to read TypeScript. */
const TYPESCRIPT = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

const MARK = 'ropo-bench-phase';

/**
 * Runs one phase in a new process and returns what it took there.
 * @throws Error with the phase's name when it fails
 */
export function runPhase(phase: PhaseName, shop: BenchShop): Promise<PhaseResult> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [MARK], {
      execArgv: ['--import', TYPESCRIPT],
    });
    let answer: Answer | undefined;
    child.on('message', (message: Answer) => {
      answer = message;
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      if (answer && 'result' in answer) resolve(answer.result);
      else if (answer) reject(new Error(`Bench phase ${phase} failed: ${answer.failed}`));
      else reject(new Error(`Bench phase ${phase} ended with ${signal ?? `exit code ${code}`}`));
    });
    child.send({ phase, shop } satisfies Order);
  });
}

async function answerTo({ phase, shop }: Order): Promise<Answer> {
  try {
    return { result: await PHASES[phase](shop) };
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

if (process.argv[2] === MARK && process.send) {
  process.once('message', (order: Order) => {
    void answerTo(order).then((answer) => process.send!(answer, () => process.disconnect()));
  });
}
