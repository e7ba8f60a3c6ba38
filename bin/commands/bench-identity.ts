import { runIdentityBench } from '../../lib/bench/identity/identity-job.ts';
import { identityBenchText } from '../../lib/bench/identity/show-identity-bench.ts';
import { inBenchFolder, sayBench } from './bench-folder.ts';
import { remark, say } from './context.ts';

/** Measures a rebuild of the identity graph, beside the bare pass over the same links. */
export async function benchIdentity(links: number): Promise<void> {
  await inBenchFolder(async (folder) => {
    remark('bench: identity ...');
    const result = await runIdentityBench(links);
    await sayBench(`Bench of the identity graph: ${links.toLocaleString('en-US')} links`, folder);
    say(identityBenchText(result));
  });
}
