import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { machineLines } from '../../lib/bench/machine.ts';
import { type RopoResult, runRopoPart } from '../../lib/bench/ropo/ropo-job.ts';
import { ropoBenchText } from '../../lib/bench/ropo/show-ropo-bench.ts';
import { linesOf } from '../../lib/bench/ropo/store-shop.ts';
import { remark, say } from './context.ts';

/** Part of events and receipts that carry the shared identifier. */
const SHARED_PART = 0.01;

/** Makes two shops, one with an identifier that many share, and measures the ROPO part of the build of each. */
export async function benchRopo(events: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ropo-bench-'));
  const tidy = () => rmSync(folder, { recursive: true, force: true });
  const interrupted = () => {
    tidy();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  try {
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
    say(
      `Bench of the ROPO part of a build: ${events.toLocaleString('en-US')} web events, ${lines.toLocaleString('en-US')} receipt lines; beside it the same with one identifier on ${SHARED_PART * 100}% of events and receipts`,
    );
    const engine = await openEngine({ spillDirectory: join(folder, 'spill') });
    try {
      for (const line of await machineLines(engine)) say(line);
    } finally {
      engine.close();
    }
    say();
    say(ropoBenchText(events, plain, shared));
  } finally {
    process.off('SIGINT', interrupted);
    tidy();
  }
}
