import type { Behaviour, NonMembers, RopoWorld } from './world.ts';

const PLAIN: Behaviour = {
  name: 'plain',
  trap: 'people look at their favourite categories often and buy in them often',
  inMissions: false,
  browsesAfter: 0,
  activityShape: 2,
  sharesCard: 0,
};

const BROWSES_AFTER = 0.3;

/** The behaviours that fool naive measures, from none to several at once. */
export const BEHAVIOURS: readonly Behaviour[] = [
  PLAIN,
  {
    ...PLAIN,
    name: 'burst',
    trap: 'browsing and buying fall in the same 20-day missions',
    inMissions: true,
  },
  {
    ...PLAIN,
    name: 'post',
    trap: '30% of purchases are followed by browsing the same category',
    browsesAfter: BROWSES_AFTER,
  },
  { ...PLAIN, name: 'burst+post', trap: 'both at once', inMissions: true, browsesAfter: BROWSES_AFTER },
  {
    ...PLAIN,
    name: 'heavy',
    trap: 'a few browse very much and buy very much',
    activityShape: 0.5,
  },
  {
    ...PLAIN,
    name: 'household',
    trap: 'half of the persons share a card and an account with another',
    sharesCard: 0.5,
  },
  {
    ...PLAIN,
    name: 'burst+household',
    trap: 'missions of one half of the household beside the tastes of the other',
    inMissions: true,
    sharesCard: 0.5,
  },
];

export const BEHAVIOUR_NAMES: readonly string[] = BEHAVIOURS.map(({ name }) => name);

/** @throws RangeError when there is no behaviour of that name */
export function behaviourNamed(name: string): Behaviour {
  const behaviour = BEHAVIOURS.find((known) => known.name === name);
  if (!behaviour)
    throw new RangeError(`There is no behaviour "${name}". There are: ${BEHAVIOUR_NAMES.join(', ')}`);
  return behaviour;
}

/** Shares of true ROPO that are tried in every behaviour. */
export const THETAS = [0, 0.2, 0.4] as const;

/** A behaviour with so much true ROPO, everybody a member and nobody merged by mistake. */
export const worldOf = (behaviour: Behaviour, theta: number): RopoWorld => ({
  name: `${behaviour.name}, ${theta}`,
  behaviour,
  theta,
  falselyMerged: 0,
});

/** The same world, the same persons, with so large a part of them linked to a wrong one. */
export const withFalseMerges = (world: RopoWorld, falselyMerged: number): RopoWorld => ({
  ...world,
  name: `${world.name}, ${falselyMerged * 100}% merged`,
  falselyMerged,
});

/** The same world with persons whom no key at the till identifies. */
export const withNonMembers = (world: RopoWorld, nonMembers: NonMembers): RopoWorld => ({
  ...world,
  name: `${world.name}, others ${nonMembers.thetaRatio}`,
  nonMembers,
});
