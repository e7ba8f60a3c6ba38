import { HARVEST, MIXED, NULL } from './harvest-worlds.ts';
import { FADING, ORDER, PLAIN, SATURATION } from './open-worlds.ts';
import type { World } from './world.ts';

/** Every causal world; all have the same channels. */
export const WORLDS: readonly World[] = [PLAIN, HARVEST, ORDER, FADING, SATURATION, MIXED, NULL];

export const WORLD_NAMES: readonly string[] = WORLDS.map(({ name }) => name);

/** @throws RangeError when there is no world of that name. */
export function worldNamed(name: string): World {
  const world = WORLDS.find((known) => known.name === name);
  if (!world) throw new RangeError(`There is no world "${name}". The worlds are: ${WORLD_NAMES.join(', ')}`);
  return world;
}
