import type { Behaviour, NonMembers, RopoWorld } from '../../demo/ropo-worlds/world.ts';
import {
  BEHAVIOURS,
  behaviourNamed,
  THETAS,
  withFalseMerges,
  withNonMembers,
  worldOf,
} from '../../demo/ropo-worlds/worlds.ts';

/** Parts of persons that are linked to a wrong one. */
export const FALSE_MERGES = [0.01, 0.05] as const;

/** Behaviours in which wrong links are tried: without and with a common rhythm of browsing and buying. */
const LINKED = ['plain', 'burst'];
/** With no true ROPO, where a wrong link can only invent some, and with much, where it can hide some. */
const LINKED_THETAS = [0, 0.4];

/** Six of ten are members; the others buy half as often and research as much, half as much, or never. */
const THETA_RATIOS = [1, 0.5, 0];
const nonMembers = (thetaRatio: number): NonMembers => ({
  memberShare: 0.6,
  thetaRatio,
  activityRatio: 0.5,
});
const MEMBER_THETA = 0.4;

const everyTheta = (behaviour: Behaviour): RopoWorld[] => THETAS.map((theta) => worldOf(behaviour, theta));

/** No true ROPO, in every behaviour. */
export const ZERO_WORLDS: readonly RopoWorld[] = BEHAVIOURS.map((behaviour) => worldOf(behaviour, 0));

/** So much true ROPO as is known, in every behaviour. */
export const KNOWN_WORLDS: readonly RopoWorld[] = BEHAVIOURS.flatMap((behaviour) =>
  everyTheta(behaviour).filter(({ theta }) => theta > 0),
);

/** Wrong links, each the same persons as the world of its behaviour and theta without them. */
export const LINK_WORLDS: readonly RopoWorld[] = LINKED.flatMap((name) =>
  LINKED_THETAS.flatMap((theta) =>
    FALSE_MERGES.map((part) => withFalseMerges(worldOf(behaviourNamed(name), theta), part)),
  ),
);

/** Members who differ from those whom no key identifies. */
export const MEMBER_WORLDS: readonly RopoWorld[] = THETA_RATIOS.map((ratio) =>
  withNonMembers(worldOf(behaviourNamed('plain'), MEMBER_THETA), nonMembers(ratio)),
);

/** Everything that `ropo validate ropo` tries. */
export const TRIAL_WORLDS: readonly RopoWorld[] = [
  ...ZERO_WORLDS,
  ...KNOWN_WORLDS,
  ...LINK_WORLDS,
  ...MEMBER_WORLDS,
];
