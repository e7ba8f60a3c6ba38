import { join } from 'node:path';
import { shopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { currentBuild } from '../../lib/adapters/embedded/warehouse.ts';
import { benchApiOf } from '../../lib/bench/api/api-load.ts';
import { apiBenchText } from '../../lib/bench/api/show-api-bench.ts';
import { runPhase } from '../../lib/bench/phase-process.ts';
import type { BenchShop, PhaseName } from '../../lib/bench/phases.ts';
import { inBenchFolder, sayBench } from './bench-folder.ts';
import { remark, say, UserError } from './context.ts';

export interface ApiBenchOptions {
  touchpoints: number;
  /** How long each server is loaded. */
  seconds: number;
  /** Folder of a bench that has built a shop, or of a shop: measured as it is. */
  keep?: string | undefined;
}

/** Measures the API on a built shop, beside the bare framework that answers the same bytes. */
export async function benchApi({ touchpoints, seconds, keep }: ApiBenchOptions): Promise<void> {
  await inBenchFolder(async (folder) => {
    const root = keep === undefined ? await madeShop(folder, touchpoints) : builtShopIn(keep);
    remark('bench: api ...');
    const bench = await benchApiOf(root, seconds, join(folder, 'answers.json'));
    const of = keep === undefined ? `a shop of ${touchpoints.toLocaleString('en-US')} touchpoints` : keep;
    await sayBench(`Bench of the API on ${of}`, folder);
    say(apiBenchText(bench, touchpoints));
  });
}

function builtShopIn(keep: string): string {
  const root = [join(keep, 'shop'), keep].find((one) => currentBuild(shopDirectory(one)) !== null);
  if (root === undefined)
    throw new UserError(`${keep} holds no built shop: bench import and build there first`);
  return root;
}

async function madeShop(folder: string, touchpoints: number): Promise<string> {
  const shop: BenchShop = {
    input: join(folder, 'input'),
    root: join(folder, 'shop'),
    touchpoints,
    seed: 1,
    files: [],
  };
  const run = async (phase: PhaseName) => {
    remark(`bench: ${phase} ...`);
    return runPhase(phase, shop);
  };
  shop.files = (await run('generate')).files!;
  await run('import');
  await run('build');
  return shop.root;
}
