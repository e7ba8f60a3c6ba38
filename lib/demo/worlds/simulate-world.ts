import { DAY } from '../calendar.ts';
import { createRandom, type Random } from '../random.ts';
import { type Arrival, drawNature, drawTouches, type Nature, WORLD_END, WORLD_START } from './arrivals.ts';
import { basketCents, drawBasket } from './goods.ts';
import { decayMass, drawnByDecay, hasInteractions, NONE, touchEffects } from './touch-effects.ts';
import type { World } from './world.ts';

/** The cause of an order that nobody caused. */
export const BASELINE = -1;

const IN_STORE = 0.3;

/** A simulated world. Persons, touches and orders are numbered from 0; each person's are together, in time order. */
export interface WorldRun {
  world: World;
  persons: number;
  seed: number;
  /** Touches of person i: numbers touchStarts[i] up to, not including, touchStarts[i + 1]. */
  touchStarts: Int32Array;
  /** Milliseconds since 1970 UTC. */
  touchAt: Float64Array;
  /** Numbers in `world.channels` and in CAMPAIGNS. */
  touchChannel: Uint16Array;
  touchCampaign: Uint8Array;
  /** Orders that each touch is expected to cause before the world ends. */
  touchExpected: Float64Array;
  orderStarts: Int32Array;
  orderAt: Float64Array;
  orderCents: Int32Array;
  /** The touch that caused each order, or BASELINE. */
  orderCause: Int32Array;
  /** Numbers in GOODS of an order's two lines: goods[2 * order] and the next, which may be ONE_LINE. */
  orderGoods: Uint8Array;
  orderInStore: Uint8Array;
  /** Orders expected without any cause, given how the persons are. */
  baselineExpected: number;
  /** Orders expected to be missing if a channel's ads were blank, by channel; its own, and those it opened. */
  lostWithout: Float64Array;
}

interface PlannedOrder {
  at: number;
  cause: number;
  goods: [number, number];
  inStore: boolean;
}

/**
 * Simulates persons over WORLD_DAYS days, each from a random stream of its own. Every touch, and the baseline, has
 * its own Poisson process (superposition; Lewis and Shedler 1979 for the thinning), so that blanking a channel takes
 * away the orders that it caused and leaves every other order as it is, but for those that needed it to open the way.
 * @param blank number of a channel whose touches do nothing, or NONE
 * @throws RangeError when `persons` is no whole number from 1 up
 */
export function simulateWorld(world: World, persons: number, seed: number, blank = NONE): WorldRun {
  if (!Number.isSafeInteger(persons) || persons < 1)
    throw new RangeError(`World of ${persons} persons; it needs a whole number from 1 up`);
  const touchStarts = new Int32Array(persons + 1);
  const orderStarts = new Int32Array(persons + 1);
  const touches: Arrival[] = [];
  const expected: number[] = [];
  const orders: PlannedOrder[] = [];
  const lostWithout = new Float64Array(world.channels.length);
  let baselineExpected = 0;

  for (let person = 0; person < persons; person++) {
    const random = createRandom(seed, 'world', world.name, person);
    const nature = drawNature(world, random);
    const own = drawTouches(world, nature, random);
    const effects = touchEffects(world, own, blank);
    const bought = [
      ...causedOrders(world, own, effects, touches.length, random),
      ...baselineOrders(world, nature, random),
    ].sort((a, b) => a.at - b.at || a.cause - b.cause);
    const masses = own.map(({ at, channel }) =>
      decayMass(world.channels[channel]!.effect.halfLifeDays, at, WORLD_END),
    );
    addLosses(lostWithout, world, own, effects, masses);
    baselineExpected += expectedBaseline(world, nature);
    for (const [place, touch] of own.entries()) {
      touches.push(touch);
      expected.push(effects[place]! * masses[place]!);
    }
    for (const order of bought) orders.push(order);
    touchStarts[person + 1] = touches.length;
    orderStarts[person + 1] = orders.length;
  }
  return {
    world,
    persons,
    seed,
    touchStarts,
    touchAt: Float64Array.from(touches, ({ at }) => at),
    touchChannel: Uint16Array.from(touches, ({ channel }) => channel),
    touchCampaign: Uint8Array.from(touches, ({ campaign }) => campaign),
    touchExpected: Float64Array.from(expected),
    orderStarts,
    orderAt: Float64Array.from(orders, ({ at }) => at),
    orderCents: Int32Array.from(orders, ({ goods }) => basketCents(...goods)),
    orderCause: Int32Array.from(orders, ({ cause }) => cause),
    orderGoods: Uint8Array.from(orders.flatMap(({ goods }) => goods)),
    orderInStore: Uint8Array.from(orders, ({ inStore }) => (inStore ? 1 : 0)),
    baselineExpected,
    lostWithout,
  };
}

const planned = (random: Random, at: number, cause: number): PlannedOrder => ({
  at,
  cause,
  goods: drawBasket(random),
  inStore: random.chance(IN_STORE),
});

/**
 * Orders by the touches' hazards. Candidates are drawn at what the channel does at best, and kept in proportion to
 * what this touch does: the draws are the same whatever is blank.
 */
function causedOrders(
  { channels }: World,
  touches: readonly Arrival[],
  effects: readonly number[],
  firstTouch: number,
  random: Random,
): PlannedOrder[] {
  const orders: PlannedOrder[] = [];
  for (const [place, { at, channel }] of touches.entries()) {
    const { orders: most, halfLifeDays } = channels[channel]!.effect;
    const mass = decayMass(halfLifeDays, at, WORLD_END);
    for (let left = random.poisson(most * mass); left > 0; left--) {
      const time = drawnByDecay(halfLifeDays, at, mass, random.float());
      const mark = random.float() * most;
      const order = planned(random, Math.max(at + 1, Math.floor(time)), firstTouch + place);
      if (mark < effects[place]!) orders.push(order);
    }
  }
  return orders;
}

const steadyOrders = ({ baseline }: World, { activity }: Nature): number =>
  baseline.steady * (baseline.activeBuyMore ? activity : 1);

/** Orders that come by themselves: at any time, and in spells of intent, there more and more to their end. */
function baselineOrders(world: World, nature: Nature, random: Random): PlannedOrder[] {
  const orders: PlannedOrder[] = [];
  const { burstDays, perBurst } = world.baseline;
  for (let left = random.poisson(steadyOrders(world, nature)); left > 0; left--)
    orders.push(planned(random, Math.floor(random.between(WORLD_START, WORLD_END)), BASELINE));
  for (const start of nature.bursts)
    for (let left = random.poisson(perBurst); left > 0; left--) {
      const at = Math.floor(start + Math.sqrt(random.float()) * burstDays * DAY);
      const order = planned(random, at, BASELINE);
      if (at < WORLD_END) orders.push(order);
    }
  return orders;
}

function expectedBaseline(world: World, nature: Nature): number {
  const { burstDays, perBurst } = world.baseline;
  let orders = steadyOrders(world, nature);
  for (const start of nature.bursts)
    orders += perBurst * Math.min(1, (WORLD_END - start) / (burstDays * DAY)) ** 2;
  return orders;
}

function addLosses(
  lostWithout: Float64Array,
  world: World,
  touches: readonly Arrival[],
  effects: readonly number[],
  masses: readonly number[],
): void {
  for (const [place, { channel }] of touches.entries())
    lostWithout[channel] = lostWithout[channel]! + effects[place]! * masses[place]!;
  if (!hasInteractions(world)) return;
  for (const blank of new Set(touches.map(({ channel }) => channel))) {
    const without = touchEffects(world, touches, blank);
    for (const [place, { channel }] of touches.entries())
      if (channel !== blank)
        lostWithout[blank] = lostWithout[blank]! + (effects[place]! - without[place]!) * masses[place]!;
  }
}
