import { DAY, HOUR } from '../calendar.ts';
import type { Random } from '../random.ts';
import { drawRelated, drawSku, drawTastes } from './goods.ts';
import { MEAN_RESEARCH_LAG, ROPO_DAYS, ROPO_END, ROPO_START, type RopoWorld } from './world.ts';

/** Mean product views and receipts of a person over the whole time, at activity 1. */
const MEAN_VIEWS = 16;
const MEAN_RECEIPTS = 4;
const HAS_SECOND_LINE = 0.25;
const MISSIONS = 3;
const MISSION_DAYS = 20;
const MEAN_AFTER_LAG = 4;
/** Doors are open from nine to nine. */
const OPENS = 9;
const OPEN_HOURS = 12;

/** The SKU of research that never was. */
export const NOTHING = -1;

/** What one person did: instants in milliseconds since 1970 UTC, items as SKU numbers. */
export interface PersonTrail {
  isMember: boolean;
  views: { at: number; sku: number }[];
  receipts: { at: number; lines: TrailLine[] }[];
}

export interface TrailLine {
  sku: number;
  /** What was researched for this line, NOTHING where no research led to it, and days from there to the purchase. */
  researchedSku: number;
  researchLag: number;
}

/**
 * One person's browsing and store purchases. Without research the two know nothing of each other but what they share
 * in the person: activity, tastes and, in missions, time.
 */
export function drawTrail(world: RopoWorld, random: Random): PersonTrail {
  const { behaviour, nonMembers } = world;
  const isMember = nonMembers === undefined || random.chance(nonMembers.memberShare);
  const theta = world.theta * (isMember ? 1 : nonMembers!.thetaRatio);
  const { activityShape: shape } = behaviour;
  const activity = (random.gamma(shape) / shape) * (isMember ? 1 : nonMembers!.activityRatio);
  const tastes = drawTastes(random);
  const missions = Array.from({ length: MISSIONS }, () => random.float() * (ROPO_DAYS - MISSION_DAYS));
  const drawDay = () =>
    behaviour.inMissions ? random.pick(missions) + random.float() * MISSION_DAYS : random.float() * ROPO_DAYS;

  const views: PersonTrail['views'] = [];
  const look = (at: number, sku: number) => {
    if (at >= ROPO_START && at < ROPO_END) views.push({ at, sku });
  };
  for (let left = random.poisson(MEAN_VIEWS * activity); left > 0; left--)
    look(Math.floor(ROPO_START + drawDay() * DAY), drawSku(tastes, random));

  const receipts: PersonTrail['receipts'] = [];
  for (let left = random.poisson(MEAN_RECEIPTS * activity); left > 0; left--) {
    const at = openAt(drawDay(), random);
    const lines: TrailLine[] = [];
    for (let lineNo = random.chance(HAS_SECOND_LINE) ? 2 : 1; lineNo > 0; lineNo--) {
      const sku = drawSku(tastes, random);
      const isResearched = random.chance(theta);
      const researchLag = random.exponential(MEAN_RESEARCH_LAG);
      const related = drawRelated(sku, random);
      if (isResearched) look(Math.floor(at - researchLag * DAY), related);
      if (random.chance(behaviour.browsesAfter))
        look(Math.floor(at + random.exponential(MEAN_AFTER_LAG) * DAY), drawRelated(sku, random));
      lines.push({ sku, researchedSku: isResearched ? related : NOTHING, researchLag });
    }
    receipts.push({ at, lines });
  }
  return { isMember, views, receipts };
}

/** An instant in the opening hours of the day that this part of the time falls in. */
const openAt = (day: number, random: Random) =>
  Math.floor(ROPO_START + Math.floor(day) * DAY + (OPENS + random.float() * OPEN_HOURS) * HOUR);
