import { DAY } from '../calendar.ts';
import type { Arrival } from './arrivals.ts';
import type { World } from './world.ts';

/** No channel is blanked. */
export const NONE = -1;

/**
 * What each touch of a person brings, in orders, if time never ended: its channel's effect, less for repetitions,
 * for coming after others, and for a closer that no opener went before. Touches must be in the order of time.
 * @param blank number of a channel whose ads are blank, as in an experiment with ghost ads (Johnson, Lewis and
 * Nubbemeyer 2017): its touches are still there, do nothing, and count as nothing before others
 */
export function touchEffects(
  { channels, memoryDays }: World,
  touches: readonly Arrival[],
  blank = NONE,
): number[] {
  const memory = memoryDays * DAY;
  return touches.map(({ at, channel }, place) => {
    if (channel === blank) return 0;
    const { orders, repeat = 1, later = 1, unopened = 1 } = channels[channel]!.effect;
    let repeats = 0;
    let isOpened = false;
    let isLater = false;
    for (let before = place - 1; before >= 0; before--) {
      const earlier = touches[before]!;
      if (at - earlier.at > memory) break;
      if (earlier.channel === blank) continue;
      isLater = true;
      if (earlier.channel === channel) repeats++;
      if (channels[earlier.channel]!.effect.opens) isOpened = true;
    }
    return orders * repeat ** repeats * (isLater ? later : 1) * (isOpened ? 1 : unopened);
  });
}

/** Whether taking a channel away changes what touches of other channels do. */
export const hasInteractions = ({ channels }: World): boolean =>
  channels.some(({ effect }) => (effect.later ?? 1) !== 1 || (effect.unopened ?? 1) !== 1);

/** Part of a touch's effect that falls before `end`. */
export const decayMass = (halfLifeDays: number, at: number, end: number): number =>
  1 - 2 ** (-(end - at) / (halfLifeDays * DAY));

/** Time of an order by the decay, given that it falls before the end: `u` from 0 to 1 through the inverse. */
export const drawnByDecay = (halfLifeDays: number, at: number, mass: number, u: number): number =>
  at - Math.log2(1 - u * mass) * halfLifeDays * DAY;
