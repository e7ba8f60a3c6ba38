import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { runIdentityBench } from '../../lib/bench/identity/identity-job.ts';
import { identityBenchText } from '../../lib/bench/identity/show-identity-bench.ts';
import { machineLines } from '../../lib/bench/machine.ts';
import { remark, say } from './context.ts';

/** Measures a rebuild of the identity graph, beside the bare pass over the same links. */
export async function benchIdentity(links: number): Promise<void> {
  remark('bench: identity ...');
  const result = await runIdentityBench(links);
  say(`Bench of the identity graph: ${links.toLocaleString('en-US')} links`);
  const folder = mkdtempSync(join(tmpdir(), 'ropo-bench-'));
  const engine = await openEngine({ spillDirectory: folder });
  try {
    for (const line of await machineLines(engine)) say(line);
  } finally {
    engine.close();
    rmSync(folder, { recursive: true, force: true });
  }
  say();
  say(identityBenchText(result));
}
