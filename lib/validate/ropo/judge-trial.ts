import type { TriedWorld } from './run-trial.ts';
import { type BandTally, tallyBands, tallyWorld, type WorldTally } from './tally-worlds.ts';

/** How far wrong links move the headline: the same persons with them, less those without. */
export interface LinkShift {
  tally: WorldTally;
  /** Mean over samples, as a share, and the standard error of that mean. */
  shift: number;
  error: number;
}

/** The worlds of a trial by the question that each answers. */
export interface JudgedTrial {
  zero: WorldTally[];
  known: WorldTally[];
  links: LinkShift[];
  members: BandTally[];
}

/** @throws Error where a world of wrong links has no world beside it to be compared with */
export function judgeTrial(tried: readonly TriedWorld[]): JudgedTrial {
  const judged: JudgedTrial = { zero: [], known: [], links: [], members: [] };
  for (const { world, samples } of tried) {
    if (world.nonMembers) {
      judged.members.push(tallyBands(world, samples));
      continue;
    }
    const tally = tallyWorld(world, samples);
    if (world.falselyMerged > 0) judged.links.push(shiftOf(tally, { world, samples }, tried));
    else (world.theta > 0 ? judged.known : judged.zero).push(tally);
  }
  return judged;
}

function shiftOf(tally: WorldTally, { world, samples }: TriedWorld, tried: readonly TriedWorld[]): LinkShift {
  const right = tried.find(
    ({ world: other }) =>
      other.behaviour === world.behaviour &&
      other.theta === world.theta &&
      !other.nonMembers &&
      other.falselyMerged === 0,
  );
  if (!right) throw new Error(`World "${world.name}" has no world without wrong links beside it`);
  const shifts = samples.map(({ figure }, at) => figure.headline - right.samples[at]!.figure.headline);
  const shift = shifts.reduce((sum, each) => sum + each, 0) / shifts.length;
  const squares = shifts.reduce((sum, each) => sum + (each - shift) ** 2, 0);
  return { tally, shift, error: Math.sqrt(squares / (shifts.length - 1) / shifts.length) };
}
