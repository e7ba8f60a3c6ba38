import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildPlan } from '../../../pipeline/build-plan.ts';
import { describeBuild } from '../../../pipeline/build-tables.ts';
import { readSeeds, type Seed } from '../../../pipeline/seeds.ts';
import { type BuildWorld, readState, writeState } from './build-state.ts';

/** The shop's own rows of seeds lie in the lake as CSV files below this. */
const SEEDS = 'seeds/';

/**
 * Reads the shop's seeds and keeps them with the build, so that all of it is made by the same ones.
 * @throws Error naming file, line and cell of what does not fit
 */
export async function keepSeeds(world: BuildWorld, buildId: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ropo-seeds-'));
  try {
    for await (const { key } of world.objects.list(SEEDS)) {
      const name = key.slice(SEEDS.length);
      if (!/^[\w-]+\.csv$/.test(name)) continue;
      writeFileSync(join(folder, name), (await world.objects.readText(key)) ?? '');
    }
    await writeState(world, buildId, 'seeds', readSeeds(folder));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let known: { buildId: string; seeds: Seed[] } | null = null;

/** What a build makes; its steps are made anew each time, since some remember. */
export async function planOfBuild(world: BuildWorld, buildId: string): Promise<BuildPlan> {
  if (known?.buildId !== buildId)
    known = { buildId, seeds: await readState<Seed[]>(world, buildId, 'seeds') };
  return describeBuild(known.seeds);
}
