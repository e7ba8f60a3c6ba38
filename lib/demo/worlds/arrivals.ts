import { CALENDAR_START, DAY } from '../calendar.ts';
import type { Random } from '../random.ts';
import { FIRST_CAMPAIGN_SHARE } from './media.ts';
import { WORLD_DAYS, type World } from './world.ts';

export const WORLD_START = CALENDAR_START;
export const WORLD_END = WORLD_START + WORLD_DAYS * DAY;

/** A touch before its effect is known. */
export interface Arrival {
  /** Milliseconds since 1970 UTC; no two of a person are equal. */
  at: number;
  /** Number of the channel in its world. */
  channel: number;
  campaign: number;
}

/** A person's nature: what the touches and the baseline follow. */
export interface Nature {
  activity: number;
  /** Where each spell of intent begins, in milliseconds since 1970 UTC. */
  bursts: number[];
}

const FOLLOW_UP_DAYS = 1;

export function drawNature({ baseline }: World, random: Random): Nature {
  const activity = random.gamma(baseline.activityShape) / baseline.activityShape;
  const often = baseline.bursts * (baseline.activeBuyMore ? activity : 1);
  const bursts = Array.from({ length: random.poisson(often) }, () => random.between(WORLD_START, WORLD_END));
  return { activity, bursts };
}

/** All touches of a person, in the order of time. What the person buys changes none of them. */
export function drawTouches(world: World, { activity, bursts }: Nature, random: Random): Arrival[] {
  const touches: Arrival[] = [];
  const { channels, baseline } = world;
  const add = (at: number, channel: number) => {
    const campaign = random.chance(FIRST_CAMPAIGN_SHARE) ? 0 : 1;
    if (at < WORLD_END) touches.push({ at: Math.floor(at), channel, campaign });
  };
  for (const [number, { touches: ways }] of channels.entries()) {
    const { steady = 0, perBurst = 0, mailing } = ways;
    for (let left = random.poisson(steady * activity); left > 0; left--)
      add(random.between(WORLD_START, WORLD_END), number);
    for (const start of bursts)
      for (let left = random.poisson(perBurst); left > 0; left--)
        add(start + random.float() * baseline.burstDays * DAY, number);
    if (mailing && random.chance(mailing.listed))
      for (let day = mailing.everyDays; day < WORLD_DAYS; day += mailing.everyDays)
        if (random.chance(mailing.noticed))
          add(WORLD_START + day * DAY + random.exponential(DAY / 4), number);
  }
  const visits = touches.filter(({ channel }) => channels[channel]!.isVisit);
  for (const [number, { touches: ways }] of channels.entries())
    if (ways.afterVisit !== undefined)
      for (const { at } of visits)
        if (random.chance(ways.afterVisit)) add(at + random.exponential(FOLLOW_UP_DAYS * DAY), number);
  return apart(touches);
}

/** Sorted, each at least a millisecond after the one before, so that what came first is never in doubt. */
function apart(touches: Arrival[]): Arrival[] {
  touches.sort((a, b) => a.at - b.at || a.channel - b.channel || a.campaign - b.campaign);
  let last = 0;
  for (const touch of touches) {
    if (touch.at <= last) touch.at = last + 1;
    last = touch.at;
  }
  return touches;
}
