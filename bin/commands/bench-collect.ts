import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { loadServer } from '../../lib/bench/collect/http-load.ts';
import { runIngest } from '../../lib/bench/collect/ingest-job.ts';
import { collectBenchText } from '../../lib/bench/collect/show-collect.ts';
import { machineLines } from '../../lib/bench/machine.ts';
import { remark, say } from './context.ts';

export interface CollectOptions {
  /** Distinct identifiers that the events carry. */
  identifiers: number;
  /** How long each server is loaded. */
  seconds: number;
}

/** Measures ingest on one core and the collector under load, beside bare parsing and a bare server. */
export async function benchCollect({ identifiers, seconds }: CollectOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ropo-bench-'));
  const tidy = () => rmSync(folder, { recursive: true, force: true });
  const interrupted = () => {
    tidy();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  try {
    // Every person is met once, and some of them again.
    const events = Math.max(200_000, identifiers);
    remark(`bench: collect, ingest of ${events.toLocaleString('en-US')} events ...`);
    const ingest = await runIngest({ root: join(folder, 'ingest'), events, identifiers });
    remark('bench: collect, HTTP ...');
    const bare = await loadServer('bare', folder, seconds);
    const collector = await loadServer('collector', join(folder, 'collector'), seconds);
    say('Bench of the collector and of what takes its events into the lake');
    const engine = await openEngine({ spillDirectory: join(folder, 'spill') });
    try {
      for (const line of await machineLines(engine)) say(line);
    } finally {
      engine.close();
    }
    say();
    say(collectBenchText(ingest, collector, bare));
  } finally {
    process.off('SIGINT', interrupted);
    tidy();
  }
}
