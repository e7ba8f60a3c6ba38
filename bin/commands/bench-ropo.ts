import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type RopoResult, runRopoPart } from '../../lib/bench/ropo/ropo-job.ts';
import { ropoBenchText } from '../../lib/bench/ropo/show-ropo-bench.ts';
import { linesOf } from '../../lib/bench/ropo/store-shop.ts';
import { inBenchFolder, sayBench } from './bench-folder.ts';
import { remark, say } from './context.ts';

/** Part of events and receipts that carry the shared identifier. */
const SHARED_PART = 0.01;

/** Makes two shops, one with an identifier that many share, and measures the ROPO part of the build of each. */
export async function benchRopo(events: number): Promise<void> {
  await inBenchFolder(async (folder) => {
    const measure = async (name: string, sharedPart: number): Promise<RopoResult> => {
      remark(`bench: ropo, ${name} ...`);
      const root = join(folder, name.replaceAll(' ', '-'));
      const result = await runRopoPart(root, { events, sharedPart });
      rmSync(root, { recursive: true, force: true });
      return result;
    };
    const plain = await measure('plain', 0);
    const shared = await measure('shared id', SHARED_PART);
    const lines = linesOf({ events, sharedPart: 0 });
    await sayBench(
      `Bench of the ROPO part of a build: ${events.toLocaleString('en-US')} web events, ${lines.toLocaleString('en-US')} receipt lines; beside it the same with one identifier on ${SHARED_PART * 100}% of events and receipts`,
      folder,
    );
    say(ropoBenchText(events, plain, shared));
  });
}
