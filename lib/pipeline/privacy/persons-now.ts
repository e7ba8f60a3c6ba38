import type { Warehouse } from '../../ports.ts';
import { describeBuild, makeTables } from '../build-tables.ts';
import type { Seed } from '../seeds.ts';

/**
 * Makes `persons` of the raw tables as they are now, and of a build nothing else but what that takes. Nothing is
 * published.
 */
export async function makePersonsNow(warehouse: Warehouse, seeds: readonly Seed[]): Promise<void> {
  const { makers } = describeBuild(seeds);
  const needed = new Set(['persons']);
  for (const maker of makers.toReversed())
    if (maker.makes.some((table) => needed.has(table))) for (const table of maker.reads) needed.add(table);
  for (const maker of makers.filter(({ makes }) => makes.some((table) => needed.has(table))))
    await makeTables(maker, warehouse, async (_, run) => void (await run()));
}
