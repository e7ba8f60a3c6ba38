import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { machineLines } from '../../lib/bench/machine.ts';
import { say } from './context.ts';

/** Runs something in a folder of its own, which is gone afterwards, also when Ctrl+C ends it. */
export async function inBenchFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ropo-bench-'));
  const tidy = () => rmSync(folder, { recursive: true, force: true });
  const interrupted = () => {
    tidy();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  try {
    await run(folder);
  } finally {
    process.off('SIGINT', interrupted);
    tidy();
  }
}

/** Says what was measured, and on which machine. */
export async function sayBench(title: string, folder: string): Promise<void> {
  say(title);
  const engine = await openEngine({ spillDirectory: join(folder, 'spill') });
  try {
    for (const line of await machineLines(engine)) say(line);
  } finally {
    engine.close();
  }
  say();
}
