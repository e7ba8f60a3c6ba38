import { join } from 'node:path';
import { loadServer } from '../../lib/bench/collect/http-load.ts';
import { runIngest } from '../../lib/bench/collect/ingest-job.ts';
import { collectBenchText } from '../../lib/bench/collect/show-collect.ts';
import { inBenchFolder, sayBench } from './bench-folder.ts';
import { remark, say } from './context.ts';

export interface CollectOptions {
  /** Distinct identifiers that the events carry. */
  identifiers: number;
  /** How long each server is loaded. */
  seconds: number;
}

/** Measures ingest on one core and the collector under load, beside bare parsing and a bare server. */
export async function benchCollect({ identifiers, seconds }: CollectOptions): Promise<void> {
  await inBenchFolder(async (folder) => {
    // Every person is met once, and some of them again.
    const events = Math.max(200_000, identifiers);
    remark(`bench: collect, ingest of ${events.toLocaleString('en-US')} events ...`);
    const ingest = await runIngest({ root: join(folder, 'ingest'), events, identifiers });
    remark('bench: collect, HTTP ...');
    const bare = await loadServer('bare', folder, seconds);
    const collector = await loadServer('collector', join(folder, 'collector'), seconds);
    await sayBench('Bench of the collector and of what takes its events into the lake', folder);
    say(collectBenchText(ingest, collector, bare));
  });
}
