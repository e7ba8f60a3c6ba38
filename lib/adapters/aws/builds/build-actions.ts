import type { AskedFor } from '../../../pipeline/privacy/needles.ts';
import type { LandedTable, StoredRawTable } from '../athena/raw-statements.ts';
import { beginBuild } from './begin-build.ts';
import { checkBuild } from './build-gates.ts';
import type { BuildWorld } from './build-state.ts';
import { closeOnAws } from './close-on-aws.ts';
import { type ErasureWorld, eraseOnAws } from './erase-on-aws.ts';
import { tableMade, tableStatement } from './make-table.ts';
import { mergeStatement } from './merge-landing.ts';
import { planTables } from './plan-tables.ts';
import { discard, publishBuild, tidyUp } from './publish-build.ts';
import { endUpkeep, planUpkeep, type UpkeepOutcome, upkeepStatement } from './upkeep.ts';

/** What build-tables is asked: by the state machine of a build, and the last two by whoever runs the shop. */
export type BuildAction =
  | { action: 'begin'; execution: string }
  | { action: 'merge'; build_id: string; table: LandedTable; step: number }
  | { action: 'plan'; build_id: string }
  | { action: 'statement'; build_id: string; name: string; attempt: number }
  | { action: 'made'; build_id: string; name: string; bytes: number; milliseconds: number }
  | { action: 'check'; build_id: string; most_rows_lost: number }
  | { action: 'publish'; build_id: string }
  | { action: 'tidy'; build_id: string }
  | { action: 'plan-upkeep'; build_id: string }
  | { action: 'upkeep'; build_id: string; table: StoredRawTable; step: number; outcome: UpkeepOutcome }
  | { action: 'end-upkeep'; build_id: string }
  | { action: 'discard'; execution: string; error: string }
  | { action: 'close'; through: string }
  | ({ action: 'erase' } & AskedFor);

/**
 * Does one thing of a build and answers shortly: everything larger lies in the lake.
 * @throws Error when there is no such action
 */
export async function doBuildAction(
  world: BuildWorld,
  erasureWorld: () => Promise<ErasureWorld>,
  asked: BuildAction,
): Promise<unknown> {
  switch (asked.action) {
    case 'begin':
      return await beginBuild(world, asked.execution);
    case 'merge':
      return await mergeStatement(world, asked.build_id, asked.table, asked.step);
    case 'plan':
      return await planTables(world, asked.build_id);
    case 'statement':
      return await tableStatement(world, asked.build_id, asked.name, asked.attempt);
    case 'made':
      return { rows: (await tableMade(world, asked.build_id, asked.name, asked)).rows };
    case 'check':
      await checkBuild(world, asked.build_id, asked.most_rows_lost);
      return {};
    case 'publish': {
      const { build_id, built_at, tables } = await publishBuild(world, asked.build_id);
      return { build_id, built_at, tables: tables.length };
    }
    case 'tidy':
      return { build_id: asked.build_id, ...(await tidyUp(world, asked.build_id)) };
    case 'plan-upkeep':
      return await planUpkeep(world, asked.build_id);
    case 'upkeep':
      return await upkeepStatement(world, asked.build_id, asked.table, asked);
    case 'end-upkeep':
      return await endUpkeep(world, asked.build_id);
    case 'discard':
      return await discard(world, asked.execution, asked.error);
    case 'close':
      return await closeOnAws(world, asked.through);
    case 'erase': {
      const { action: _, ...person } = asked;
      return await eraseOnAws(await erasureWorld(), person);
    }
    default:
      throw new Error(`"${(asked as { action: string }).action}" is no action of a build`);
  }
}
