import { describe, expect, it, test } from 'vitest';
import { DAY } from '../../lib/demo/calendar.ts';
import { createRandom } from '../../lib/demo/random.ts';
import { WORLD_END, WORLD_START } from '../../lib/demo/worlds/arrivals.ts';
import { basketCents, drawBasket, MEAN_ORDER, MEAN_SQUARE_ORDER } from '../../lib/demo/worlds/goods.ts';
import { incrementalTruth } from '../../lib/demo/worlds/incremental-truth.ts';
import { BASELINE, simulateWorld, type WorldRun } from '../../lib/demo/worlds/simulate-world.ts';
import { hasInteractions } from '../../lib/demo/worlds/touch-effects.ts';
import { WORLD_NAMES, WORLDS, worldNamed } from '../../lib/demo/worlds/worlds.ts';

const PERSONS = 1500;
const FEW = 400;
const SEEDS = [1, 2, 3, 4, 5, 6];

const channelNamed = (run: WorldRun, name: string) =>
  run.world.channels.findIndex((channel) => channel.name === name);

/** Orders as comparable texts, with their causes by time and channel, so that numbers do not matter. */
const ordersOf = (run: WorldRun, keep: (cause: number) => boolean) =>
  Array.from(run.orderAt, (at, order) => ({
    at,
    cents: run.orderCents[order]!,
    cause: run.orderCause[order]!,
  }))
    .filter(({ cause }) => keep(cause))
    .map(({ at, cents, cause }) => `${at} ${cents} ${cause}`);

describe.each(WORLD_NAMES)('the world %s', (name) => {
  const world = worldNamed(name);
  const runs = SEEDS.map((seed) => simulateWorld(world, PERSONS, seed));

  it('adds up: channels and baseline are the total, expected and as it fell out', () => {
    for (const run of runs) {
      const { channels, baseline, incremental, total } = incrementalTruth(run);
      const sum = (of: (one: (typeof channels)[number]) => number) =>
        channels.reduce((all, one) => all + of(one), 0);
      expect(sum((one) => one.touches)).toBe(run.touchAt.length);
      expect(sum((one) => one.conversions) + baseline.conversions).toBe(run.orderAt.length);
      expect(sum((one) => one.revenue) + baseline.revenue).toBe(run.orderCents.reduce((a, b) => a + b, 0));
      expect(total.revenue).toBe(incremental.revenue + baseline.revenue);
      expect(sum((one) => one.expectedConversions) + baseline.expectedConversions).toBeCloseTo(
        total.expectedConversions,
        6,
      );
      expect(total.expectedRevenue).toBeCloseTo(total.expectedConversions * MEAN_ORDER, 3);
    }
  });

  it('falls out as expected, within the error of a Poisson number of orders', () => {
    const parts = new Map<string, { revenue: number; expected: number; variance: number }>();
    for (const run of runs) {
      const { channels, baseline } = incrementalTruth(run);
      for (const part of [...channels, { ...baseline, channel: 'baseline' }]) {
        const all = parts.get(part.channel) ?? { revenue: 0, expected: 0, variance: 0 };
        all.revenue += part.revenue;
        all.expected += part.expectedRevenue;
        all.variance += part.expectedConversions * MEAN_SQUARE_ORDER;
        parts.set(part.channel, all);
      }
    }
    let squares = 0;
    let counted = 0;
    for (const [channel, { revenue, expected, variance }] of parts) {
      if (variance === 0) expect(revenue, channel).toBe(0);
      if (variance < 10 * MEAN_SQUARE_ORDER) continue;
      const z = (revenue - expected) / Math.sqrt(variance);
      expect(Math.abs(z), `${channel}: ${revenue} cents, ${expected} expected`).toBeLessThan(4);
      squares += z * z;
      counted++;
    }
    // A sum of that many squared normals, at the level of one in a thousand (Wilson and Hilferty 1931).
    const limit = counted * (1 - 2 / (9 * counted) + 3.09 * Math.sqrt(2 / (9 * counted))) ** 3;
    expect(squares).toBeLessThan(limit);
  });

  it('gives every order one cause: the baseline, or an earlier touch of the same person', () => {
    for (const run of runs)
      for (let person = 0; person < run.persons; person++)
        for (let order = run.orderStarts[person]!; order < run.orderStarts[person + 1]!; order++) {
          const cause = run.orderCause[order]!;
          const at = run.orderAt[order]!;
          expect(at >= WORLD_START && at < WORLD_END).toBe(true);
          if (cause === BASELINE) continue;
          expect(cause >= run.touchStarts[person]! && cause < run.touchStarts[person + 1]!).toBe(true);
          expect(run.touchAt[cause]!).toBeLessThan(at);
        }
  });

  it('keeps the touches of each person in the order of time, no two at once', () => {
    const [run] = runs;
    for (let person = 0; person < run!.persons; person++)
      for (let touch = run!.touchStarts[person]! + 1; touch < run!.touchStarts[person + 1]!; touch++)
        expect(run!.touchAt[touch]!).toBeGreaterThan(run!.touchAt[touch - 1]!);
  });

  it('loses with a channel exactly the orders that it caused, or in expectation also those it opened', () => {
    const run = simulateWorld(world, FEW, SEEDS[0]!);
    const whole = incrementalTruth(run).incremental.expectedConversions;
    for (let blank = 0; blank < world.channels.length; blank++) {
      const without = simulateWorld(world, FEW, SEEDS[0]!, blank);
      expect(without.touchAt).toEqual(run.touchAt);
      const left = incrementalTruth(without).incremental.expectedConversions;
      expect(whole - left).toBeCloseTo(run.lostWithout[blank]!, 6);
      if (hasInteractions(world)) continue;
      const others = (cause: number) => cause === BASELINE || run.touchChannel[cause] !== blank;
      expect(ordersOf(without, () => true)).toEqual(ordersOf(run, others));
      expect(run.lostWithout[blank]!).toBeCloseTo(
        incrementalTruth(run).channels[blank]!.expectedConversions,
        6,
      );
    }
  });

  it('repeats itself for the same seed and only for it', () => {
    expect(simulateWorld(world, 200, 3)).toEqual(simulateWorld(world, 200, 3));
    expect(simulateWorld(world, 200, 3).touchAt).not.toEqual(simulateWorld(world, 200, 4).touchAt);
    // More persons change nothing about the first ones.
    expect(simulateWorld(world, 300, 3).touchAt.slice(0, 500)).toEqual(
      simulateWorld(world, 200, 3).touchAt.slice(0, 500),
    );
  });
});

describe('the worlds', () => {
  test('have 10 to 14 channels of the same names, and revenue that nobody caused', () => {
    const names = WORLDS.map((world) => world.channels.map((channel) => channel.name));
    for (const each of names) expect(each).toEqual(names[0]);
    expect(names[0]!.length).toBeGreaterThanOrEqual(10);
    expect(names[0]!.length).toBeLessThanOrEqual(14);
    for (const world of WORLDS)
      expect(simulateWorld(world, 500, 1).baselineExpected).toBeGreaterThan(500 * 0.1);
  });

  test('nothing is incremental where nothing works', () => {
    const run = simulateWorld(worldNamed('null'), 2000, 1);
    const { incremental } = incrementalTruth(run);
    expect(incremental).toEqual({ expectedConversions: 0, expectedRevenue: 0, conversions: 0, revenue: 0 });
    expect(run.orderAt.length).toBeGreaterThan(300);
  });

  test('harvesters stand before purchases that come anyway, others do not', () => {
    const run = simulateWorld(worldNamed('harvest'), 6000, 1);
    /** How many times more often than by chance a touch of the channel lies in the 4 days before a baseline order. */
    const crowding = (name: string) => {
      const channel = channelNamed(run, name);
      let orders = 0;
      let near = 0;
      for (let person = 0; person < run.persons; person++)
        for (let order = run.orderStarts[person]!; order < run.orderStarts[person + 1]!; order++) {
          if (run.orderCause[order] !== BASELINE) continue;
          orders++;
          for (let touch = run.touchStarts[person]!; touch < run.touchStarts[person + 1]!; touch++) {
            const before = run.orderAt[order]! - run.touchAt[touch]!;
            if (run.touchChannel[touch] === channel && before > 0 && before < 4 * DAY) near++;
          }
        }
      const touches = run.touchChannel.filter((one) => one === channel).length;
      return near / orders / ((touches / run.persons) * (4 / 120));
    };
    for (const name of ['Brand Search', 'Direct', 'Affiliates'])
      expect(crowding(name), name).toBeGreaterThan(10);
    expect(crowding('Retargeting')).toBeGreaterThan(3);
    // Email goes to everyone on the list, whatever they have in mind.
    expect(crowding('Email')).toBeLessThan(1.3);
  });

  test('are found by name', () => {
    expect(worldNamed('fading').name).toBe('fading');
    expect(() => worldNamed('flat')).toThrow('There is no world "flat". The worlds are: plain, harvest');
    expect(() => simulateWorld(worldNamed('plain'), 0, 1)).toThrow('World of 0 persons');
  });
});

describe('orders of a world', () => {
  test('have the mean value that the truth counts with', () => {
    const random = createRandom('baskets');
    const values = Array.from({ length: 60_000 }, () => basketCents(...drawBasket(random)));
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const meanSquare = values.reduce((a, b) => a + b * b, 0) / values.length;
    const error = Math.sqrt((MEAN_SQUARE_ORDER - MEAN_ORDER ** 2) / values.length);
    expect(Math.abs(mean - MEAN_ORDER)).toBeLessThan(4 * error);
    expect(meanSquare / MEAN_SQUARE_ORDER).toBeCloseTo(1, 1);
    // 1990 x 22 + 2450 x 14 + 6995 x 17 + 8990 x 18 + 12900 x 9 + 5475 x 13 + 18950 x 7 = 678,740, of 100 lines.
    expect(MEAN_ORDER).toBeCloseTo(6787.4 * 1.35, 8);
  });
});
