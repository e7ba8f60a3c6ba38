import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import {
  behaviourNamed,
  withFalseMerges,
  withNonMembers,
  worldOf,
} from '../../lib/demo/ropo-worlds/worlds.ts';
import { judgeTrial } from '../../lib/validate/ropo/judge-trial.ts';
import type { TriedWorld } from '../../lib/validate/ropo/run-trial.ts';
import { validationCsv, validationJson, validationText } from '../../lib/validate/ropo/show-ropo.ts';
import { type Sample, tallyBands, tallyWorld } from '../../lib/validate/ropo/tally-worlds.ts';
import { TRIAL_WORLDS } from '../../lib/validate/ropo/trial-worlds.ts';

const plain = (theta: number) => worldOf(behaviourNamed('plain'), theta);

/** A sample of 100 lines, half of whose redrawn items are the line's own. */
const sample = (headline: number, half: number, truly = 0): Sample => ({
  seed: 1,
  figure: {
    persons: 40,
    naive: 0.3,
    headline,
    low: headline - half,
    high: headline + half,
    weekShift: 0.1,
    mirror: Number.NaN,
    isBehaviourDriven: headline > 0.2,
  },
  truth: { lines: 100, researched: truly, sameItem: 50, allCents: 1000, allResearchedCents: 250 },
});

describe('a world over its samples', () => {
  test('worked by hand', () => {
    const tally = tallyWorld(plain(0.2), [
      sample(0.1, 0.05, 20),
      sample(0.3, 0.05, 20),
      sample(0.2, 0.25, 20),
    ]);
    expect(tally.headline).toBeCloseTo(0.2, 12);
    expect(tally.spread).toBeCloseTo(0.1, 12);
    expect(tally.truth).toBeCloseTo(0.2, 12);
    // 0.2 * 0.5 / (1 - 0.1)
    expect(tally.shown).toBeCloseTo(1 / 9, 12);
    expect(tally.coversTruth).toBeCloseTo(1 / 3, 12);
    expect(tally.coversMean).toBeCloseTo(1 / 3, 12);
    expect(tally.aboveZero).toBeCloseTo(2 / 3, 12);
    expect(tally.flagged).toBeCloseTo(1 / 3, 12);
    expect(tally.mirror).toBeNaN();
  });

  test('an interval that ends at zero is not above it', () => {
    expect(tallyWorld(plain(0), [sample(0.1, 0.1), sample(0.1, 0.05)]).aboveZero).toBe(0.5);
  });
});

const band = { identified: 0.7, likeIdentified: 0.3, never: 0.2, worstLow: 0.2, worstHigh: 0.5 };

test('a band holds the truth where it lies between its bounds', () => {
  const samples = [
    { ...sample(0, 0.1), band: { ...band, low: 0.1, high: 0.3 } },
    { ...sample(0, 0.1), band: { ...band, low: 0.1, high: 0.2 } },
  ];
  expect(tallyBands(plain(0), samples)).toMatchObject({ truth: 0.25, holds: 0.5, worstHolds: 1 });
  expect(() => tallyBands(plain(0), [sample(0, 0.1)])).toThrow('Sample 1 of world "plain, 0" has no share');
});

const strangers = withNonMembers(plain(0.4), { memberShare: 0.6, thetaRatio: 0, activityRatio: 0.5 });
const tried: TriedWorld[] = [
  { world: plain(0), samples: [sample(0.01, 0.05), sample(-0.01, 0.05)] },
  { world: plain(0.4), samples: [sample(0.3, 0.05, 40), sample(0.32, 0.05, 40)] },
  { world: withFalseMerges(plain(0), 0.05), samples: [sample(0.02, 0.05), sample(0.02, 0.05)] },
  { world: strangers, samples: [{ ...sample(0.3, 0.1, 40), band: { ...band, low: 0.1, high: 0.3 } }] },
];
const trial = {
  worlds: tried.map(({ world }) => world),
  samples: 2,
  firstSeed: 5,
  persons: 50,
  level: 'category',
  weight: 'lines',
} as const;

describe('what is shown', () => {
  const validation = { trial, ...judgeTrial(tried) };

  test('wrong links are compared with the same persons without them', () => {
    const [link] = validation.links;
    expect(link!.shift).toBeCloseTo(0.02, 12);
    // Shifts of 0.01 and 0.03.
    expect(link!.error).toBeCloseTo(0.01, 12);
    expect(() => judgeTrial(tried.slice(2))).toThrow('has no world without wrong links beside it');
  });

  test('as text: a table per question, with what each column means', () => {
    const text = validationText(validation);
    expect(text).toContain('2 samples of 50 persons each, seeds 5 to 6, category level, weighted by lines');
    expect(text).toMatch(/^plain +30\.0% +10\.0% +- +0\.0% +0\.0% +100\.0% +0\.0%$/m);
    expect(text).toMatch(/^plain +40\.0% +25\.0% +31\.0% +-9\.0 +30\.0%/m);
    expect(text).toMatch(/^plain +5\.0% +0\.0% +2\.0% +2\.00 +1\.00 +0\.0%$/m);
    expect(text).toMatch(/^0 x +70\.0% +25\.0% +30\.0% +20\.0% +10\.0% to 30\.0% +100\.0%/m);
  });

  test('as CSV and JSON: a row per world', () => {
    const rows: Record<string, string>[] = parse(validationCsv(validation), { columns: true });
    expect(rows.map(({ world }) => world)).toEqual(['plain, 0', 'plain, 0.4', 'plain, 0, 5% merged']);
    expect(rows[1]).toMatchObject({ theta: '0.4', headline: '0.31', mirror: '', covers_truth: '0' });
    const json = JSON.parse(validationJson(validation));
    expect(json).toMatchObject({ synthetic: true, samples: 2, firstSeed: 5 });
    expect(json.shifts).toEqual([{ world: 'plain, 0, 5% merged', shift: 0.02, error: 0.01 }]);
    expect(json.extrapolation).toHaveLength(1);
    expect(json.extrapolation[0]).toMatchObject({ memberShare: 0.6, thetaRatio: 0, truth: 0.25, holds: 1 });
  });
});

test('every world that is tried has a name of its own, and wrong links have what they are compared with', () => {
  const names = TRIAL_WORLDS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { falselyMerged, behaviour, theta } of TRIAL_WORLDS)
    if (falselyMerged > 0) expect(names).toContain(worldOf(behaviour, theta).name);
});
