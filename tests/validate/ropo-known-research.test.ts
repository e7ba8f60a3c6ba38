import { beforeAll, describe, expect, test } from 'vitest';
import { behaviourNamed, worldOf } from '../../lib/demo/ropo-worlds/worlds.ts';
import { type JudgedTrial, judgeTrial } from '../../lib/validate/ropo/judge-trial.ts';
import { runTrial } from '../../lib/validate/ropo/run-trial.ts';
import { KNOWN_WORLDS, LINK_WORLDS, MEMBER_WORLDS } from '../../lib/validate/ropo/trial-worlds.ts';

const SAMPLES = 20;

describe('where ROPO is known', () => {
  let judged: JudgedTrial;
  const known = (behaviour: string, theta: number) =>
    judged.known.find(({ world }) => world.behaviour.name === behaviour && world.theta === theta)!;

  beforeAll(async () => {
    const none = ['plain', 'burst'].map((name) => worldOf(behaviourNamed(name), 0));
    const tried = await runTrial({
      worlds: [...none, ...KNOWN_WORLDS, ...LINK_WORLDS, ...MEMBER_WORLDS],
      samples: SAMPLES,
      firstSeed: 1,
      persons: 80,
      level: 'category',
      weight: 'lines',
    });
    judged = judgeTrial(tried);
  }, 400_000);

  describe.each([0.2, 0.4])('a share of %d', (theta) => {
    test.each(['plain', 'heavy', 'household'])(
      '%s: what the placebo can show of it is shown',
      (behaviour) => {
        const { headline, shown, truth } = known(behaviour, theta);
        expect(truth).toBeCloseTo(0.97 * theta, 1);
        expect(Math.abs(headline - shown)).toBeLessThan(0.02);
      },
    );

    test.each([
      ['plain', 0.06],
      ['heavy', 0.07],
      ['household', 0.06],
      ['post', 0.07],
      ['burst', 0.09],
      ['burst+post', 0.12],
    ])('%s: too low by no more than %d, and not too high', (behaviour, bias) => {
      const { headline, truth } = known(behaviour, theta);
      expect(headline - truth).toBeGreaterThan(-bias);
      expect(headline - truth).toBeLessThan(0);
    });

    test('missions of two persons behind one card: off by no more than 3 points', () => {
      const { headline, truth } = known('burst+household', theta);
      expect(Math.abs(headline - truth)).toBeLessThan(0.035);
    });

    test('the naive share is too high by 15 points or more', () => {
      for (const { naive, truth, world } of judged.known)
        if (world.theta === theta) expect(naive - truth, world.name).toBeGreaterThan(0.15);
    });

    test('it is told from nothing', () => {
      expect(known('plain', theta).aboveZero).toBeGreaterThan(0.95);
    });
  });

  test('intervals hold the mean that they are about in 95 of 100, give or take what 20 samples can tell', () => {
    let held = 0;
    for (const { coversMean } of judged.known) held += coversMean / judged.known.length;
    expect(held).toBeGreaterThan(0.91);
  });

  test('wrong links of 1% and 5% of the persons: nothing where time is even, a point where there are missions', () => {
    expect(judged.links).toHaveLength(8);
    for (const { tally, shift } of judged.links) {
      const { behaviour, falselyMerged } = tally.world;
      const limit = behaviour.name === 'plain' ? 0.005 : falselyMerged > 0.01 ? 0.015 : 0.007;
      expect(Math.abs(shift), tally.world.name).toBeLessThan(limit);
    }
    const burst = judged.links.filter(({ tally }) => tally.world.behaviour.name === 'burst');
    const [one, five] = burst.filter(({ tally }) => tally.world.theta === 0);
    expect(five!.shift).toBeGreaterThan(one!.shift);
  });

  test.each([0.5, 0])(
    'others who research %d times as much as members: the band holds the truth of all buyers',
    (ratio) => {
      const { identified, truth, likeIdentified, never, holds, worstHolds } = judged.members.find(
        ({ world }) => world.nonMembers!.thetaRatio === ratio,
      )!;
      expect(identified).toBeCloseTo(0.75, 1);
      expect(truth).toBeLessThan(0.36);
      expect(never).toBeLessThan(likeIdentified);
      expect(holds).toBeGreaterThanOrEqual(0.93);
      expect(worstHolds).toBeGreaterThanOrEqual(0.93);
    },
  );

  test('others who are like members: the worst case holds the truth, the band is as low as the placebo makes it', () => {
    const { truth, likeIdentified, worstHolds } = judged.members.find(
      ({ world }) => world.nonMembers!.thetaRatio === 1,
    )!;
    expect(worstHolds).toBeGreaterThanOrEqual(0.93);
    expect(truth - likeIdentified).toBeGreaterThan(0.02);
    expect(truth - likeIdentified).toBeLessThan(0.08);
  });
});
