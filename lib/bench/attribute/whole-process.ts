import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a process took from its start to its end. */
export interface WholeProcess {
  seconds: number;
  peakBytes: number;
}

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const LAUNCHER = here('../../../bin/ropo.mjs');

/** The command line, with words. */
export const runRopo = (...words: string[]) => runNode(LAUNCHER, ...words);

/** One query on an engine that nothing of this project has touched. */
export const runSql = (sql: string, threads: number, spill: string) =>
  runNode(here('./run-sql.mjs'), sql, String(threads), spill);

/**
 * Runs Node with a script and measures all of it, start-up and reading included.
 * @throws Error with what it wrote when it fails
 */
function runNode(script: string, ...words: string[]): Promise<WholeProcess> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, ['--require', here('./tell-memory.cjs'), script, ...words], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    let complaint = '';
    let memory = '';
    child.stdio[2]!.on('data', (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.stdio[3]!.on('data', (chunk: Buffer) => {
      memory += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const seconds = (performance.now() - started) / 1000;
      if (code === 0) resolve({ seconds, peakBytes: Number(memory) * 1024 });
      else
        reject(
          new Error(`${script} ended with ${signal ?? `exit code ${code}`}: ${complaint.slice(0, 2000)}`),
        );
    });
  });
}
