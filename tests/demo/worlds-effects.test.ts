import { describe, expect, test } from 'vitest';
import { DAY } from '../../lib/demo/calendar.ts';
import { createRandom } from '../../lib/demo/random.ts';
import { decayMass, drawnByDecay, touchEffects } from '../../lib/demo/worlds/touch-effects.ts';
import type { Effect, World, WorldChannel } from '../../lib/demo/worlds/world.ts';
import { worldNamed } from '../../lib/demo/worlds/worlds.ts';

const channel = (name: string, effect: Partial<Effect>): WorldChannel => ({
  name,
  source: name,
  medium: name,
  touchType: 'click',
  touchCost: 1,
  isVisit: true,
  touches: {},
  effect: { orders: 0.08, halfLifeDays: 2, ...effect },
});

const world: World = {
  ...worldNamed('plain'),
  memoryDays: 10,
  channels: [
    channel('plain', {}),
    channel('tiring', { repeat: 0.5 }),
    channel('opener', { later: 0.25, opens: true }),
    channel('closer', { unopened: 0.125 }),
  ],
};
const [PLAIN, TIRING, OPENER, CLOSER] = [0, 1, 2, 3];

const effects = (path: readonly (readonly [channel: number, day: number])[], blank?: number) =>
  touchEffects(
    world,
    path.map(([number, day]) => ({ at: day * DAY, channel: number, campaign: 0 })),
    blank,
  );

describe('what a touch does', () => {
  test('is its channel alone where nothing else is said', () => {
    expect(
      effects([
        [PLAIN, 0],
        [PLAIN, 1],
        [OPENER, 2],
        [PLAIN, 3],
      ]),
    ).toEqual([0.08, 0.08, 0.02, 0.08]);
  });

  test('halves with each repetition within the memory, whose edge still counts', () => {
    expect(
      effects([
        [TIRING, 0],
        [PLAIN, 1],
        [TIRING, 2],
        [TIRING, 10],
      ]),
    ).toEqual([0.08, 0.08, 0.04, 0.02]);
    expect(
      effects([
        [TIRING, 0],
        [TIRING, 10.001],
      ]),
    ).toEqual([0.08, 0.08]);
  });

  test('is less for an opener that comes after anything', () => {
    expect(
      effects([
        [OPENER, 0],
        [OPENER, 3],
      ]),
    ).toEqual([0.08, 0.02]);
    expect(
      effects([
        [PLAIN, 0],
        [OPENER, 3],
      ]),
    ).toEqual([0.08, 0.02]);
    expect(
      effects([
        [PLAIN, 0],
        [OPENER, 11],
      ]),
    ).toEqual([0.08, 0.08]);
  });

  test('is less for a closer without an opener, and whole after one', () => {
    expect(
      effects([
        [CLOSER, 0],
        [OPENER, 1],
        [CLOSER, 2],
        [CLOSER, 12],
      ]),
    ).toEqual([0.01, 0.02, 0.08, 0.01]);
  });

  test('is nothing for a blank, and a blank is nothing before others', () => {
    expect(
      effects(
        [
          [PLAIN, 0],
          [OPENER, 1],
          [CLOSER, 2],
        ],
        PLAIN,
      ),
    ).toEqual([0, 0.08, 0.08]);
    expect(
      effects(
        [
          [OPENER, 1],
          [CLOSER, 2],
        ],
        OPENER,
      ),
    ).toEqual([0, 0.01]);
  });
});

describe('decay', () => {
  test('leaves half of the effect to come after a half-life', () => {
    expect(decayMass(3, 0, 3 * DAY)).toBeCloseTo(0.5, 12);
    expect(decayMass(3, 0, 6 * DAY)).toBeCloseTo(0.75, 12);
    expect(decayMass(3, DAY, DAY)).toBe(0);
  });

  test('is the integral of a density that halves', () => {
    const [halfLife, end, steps] = [1.7, 5.3, 200_000];
    let sum = 0;
    for (let step = 0; step < steps; step++)
      sum += (Math.LN2 / halfLife) * 2 ** (-(((step + 0.5) / steps) * end) / halfLife) * (end / steps);
    expect(decayMass(halfLife, 0, end * DAY)).toBeCloseTo(sum, 9);
  });

  test('draws times by that density, up to the end', () => {
    const [halfLife, end] = [2, 7 * DAY];
    const mass = decayMass(halfLife, 0, end);
    const random = createRandom('decay');
    const times = Array.from({ length: 20_000 }, () => drawnByDecay(halfLife, 0, mass, random.float()));
    expect(Math.max(...times)).toBeLessThan(end);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
    const early = times.filter((time) => time < 2 * DAY).length / times.length;
    const expected = 0.5 / mass;
    expect(Math.abs(early - expected)).toBeLessThan(
      4 * Math.sqrt((expected * (1 - expected)) / times.length),
    );
  });
});
