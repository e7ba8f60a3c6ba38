import { beforeAll, describe, expect, test } from 'vitest';
import { judgeTrial } from '../../lib/validate/ropo/judge-trial.ts';
import { runTrial } from '../../lib/validate/ropo/run-trial.ts';
import type { WorldTally } from '../../lib/validate/ropo/tally-worlds.ts';
import { ZERO_WORLDS } from '../../lib/validate/ropo/trial-worlds.ts';

/** No line of these worlds was researched; what the product says of them comes from how people shop. */
describe('where there is no ROPO', () => {
  const tallies = new Map<string, WorldTally>();
  const of = (behaviour: string) => tallies.get(behaviour)!;

  beforeAll(async () => {
    const tried = await runTrial({
      worlds: ZERO_WORLDS,
      samples: 200,
      firstSeed: 1,
      persons: 45,
      level: 'category',
      weight: 'lines',
    });
    for (const tally of judgeTrial(tried).zero) tallies.set(tally.world.behaviour.name, tally);
  }, 400_000);

  test.each(['plain', 'burst', 'post', 'burst+post', 'heavy', 'household'])(
    '%s: the lower bound is above zero in at most 5%% of 200 seeds',
    (behaviour) => expect(of(behaviour).aboveZero).toBeLessThanOrEqual(0.05),
  );

  test('plain: the interval covers zero in at least 93% of 200 seeds', () => {
    expect(of('plain').coversTruth).toBeGreaterThanOrEqual(0.93);
  });

  test.each([
    [1000, 45],
    [300, 150],
  ])(
    'plain: the interval covers zero in at least 93%% of %i seeds of %i persons, by revenue',
    async (samples, persons) => {
      const plain = ZERO_WORLDS.filter(({ behaviour }) => behaviour.name === 'plain');
      const tried = await runTrial({
        worlds: plain,
        samples,
        firstSeed: 1,
        persons,
        level: 'category',
        weight: 'revenue',
      });
      expect(judgeTrial(tried).zero[0]!.coversTruth).toBeGreaterThanOrEqual(0.93);
    },
    400_000,
  );

  test.each(['plain', 'burst', 'post', 'burst+post', 'heavy', 'household'])(
    '%s: the headline is never above chance by more than half a point on average',
    (behaviour) => {
      expect(of(behaviour).headline).toBeLessThan(0.005);
      expect(of(behaviour).headline).toBeGreaterThan(-0.06);
    },
  );

  test.each(['plain', 'heavy', 'household'])('%s: all three placebos find nothing', (behaviour) => {
    expect(Math.abs(of(behaviour).headline)).toBeLessThan(0.01);
    expect(Math.abs(of(behaviour).weekShift)).toBeLessThan(0.03);
  });

  test('the usual measure finds much', () => {
    for (const { naive } of tallies.values()) expect(naive).toBeGreaterThan(0.2);
    expect(of('burst').naive).toBeGreaterThan(0.4);
  });

  test('what drives the bursts is called by its name', () => {
    expect(of('burst').weekShift).toBeGreaterThan(0.3);
    for (const behaviour of ['burst', 'burst+post', 'burst+household'])
      expect(of(behaviour).flagged, behaviour).toBeGreaterThan(0.95);
  });

  test('missions of two persons behind one card fool the headline, and only the verdict tells', () => {
    const tally = of('burst+household');
    expect(tally.headline).toBeGreaterThan(0.03);
    expect(tally.headline).toBeLessThan(0.08);
    expect(tally.flagged).toBeGreaterThan(0.95);
  });
});
