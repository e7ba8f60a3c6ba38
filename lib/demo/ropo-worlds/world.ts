import { CALENDAR_START, DAY } from '../calendar.ts';

/** Days that a ROPO world lives through, and the instant of the first, milliseconds since 1970 UTC. */
export const ROPO_DAYS = 240;
export const ROPO_START = CALENDAR_START;
export const ROPO_END = ROPO_START + ROPO_DAYS * DAY;

/** Mean days from the research that a purchase had to the purchase. */
export const MEAN_RESEARCH_LAG = 4;

/** How people of a behaviour shop. What a person researches is `theta`'s business and no other's. */
export interface Behaviour {
  name: string;
  /** What fools the usual measure here, in words. */
  trap: string;
  /** Browsing and buying fall in the same few 20-day missions, each for items of its own. */
  inMissions: boolean;
  /** Share of purchases that are followed by browsing in the same category. */
  browsesAfter: number;
  /** Shape of the gamma law of activity, mean 1: the smaller, the more is done by few. Browsing and buying share it. */
  activityShape: number;
  /** Share of persons who live in twos and are known by one card: their trails are one person's. */
  sharesCard: number;
}

/** People who are known by no key at the till, and what they do otherwise than members. */
export interface NonMembers {
  /** Part of all persons who are members. */
  memberShare: number;
  /** Share of non-members' lines that were researched, over that of members. */
  thetaRatio: number;
  /** Non-members' activity over that of members. */
  activityRatio: number;
}

/** A ROPO world: a behaviour, and how much true ROPO there is. */
export interface RopoWorld {
  name: string;
  behaviour: Behaviour;
  /** Share of members' store lines that research of their item truly preceded. */
  theta: number;
  /** Everybody is a member where there is nothing. */
  nonMembers?: NonMembers;
  /** Part of persons who by a wrong link are one with another person picked at random. */
  falselyMerged: number;
}
