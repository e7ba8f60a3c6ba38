import { describe, expect, test } from 'vitest';
import { worldNamed } from '../../lib/demo/worlds/worlds.ts';
import { expectedCoverage, tally, tallyAll } from '../../lib/validate/coverage-tally.ts';
import { type Fared, measureCoverage } from '../../lib/validate/interval-coverage.ts';
import { INTERVAL_MODELS } from '../../lib/validate/interval-models.ts';
import { coverageCsv, coverageJson, coverageText } from '../../lib/validate/show-coverage.ts';

/** Three samples of channels A, B and C; C has little credit and A cost nothing. */
const FARED: Fared = {
  model: 'm',
  longRun: {
    revenue: Float64Array.of(500, 300, 20),
    share: Float64Array.of(0.6, 0.37, 0.03),
    roas: Float64Array.of(Number.NaN, 2, 1),
  },
  sides: {
    revenue: Int8Array.of(0, 0, -1, /**/ -1, 1, -1, /**/ 0, -1, 0),
    share: Int8Array.of(0, 0, 0, /**/ 0, 0, 0, /**/ 0, 0, 0),
    roas: Int8Array.of(0, 1, 0, /**/ 0, 1, 0, /**/ 0, 0, 0),
  },
};

describe('the tally of coverage', () => {
  test('worked by hand, a sample as one draw', () => {
    const { revenue, share, roas, worst, leftOut } = tally(FARED, ['A', 'B', 'C'], 100);
    // Samples hold 2, 0 and 1 of the two channels that count: parts 1, 0, 0.5.
    expect(revenue.part).toBeCloseTo(0.5, 12);
    expect(revenue.error).toBeCloseTo(0.5 / Math.sqrt(3), 12);
    expect(revenue).toMatchObject({ below: expect.closeTo(2 / 6, 12), above: expect.closeTo(1 / 6, 12) });
    expect(share).toEqual({ part: 1, error: 0, below: 0, above: 0 });
    // Only B was paid for.
    expect(roas).toMatchObject({ part: expect.closeTo(1 / 3, 12), above: expect.closeTo(2 / 3, 12) });
    expect(worst).toEqual({ channel: 'B', part: expect.closeTo(1 / 3, 12) });
    expect(leftOut).toEqual([{ channel: 'C', part: expect.closeTo(1 / 3, 12) }]);
  });

  test('of several models is their mean, weighted by channels', () => {
    const other = { ...FARED, longRun: { ...FARED.longRun, revenue: Float64Array.of(500, 0, 0) } };
    // Held 2 + 1, 0 + 0 and 1 + 1 of three.
    expect(tallyAll([FARED, other], 'revenue', 100).part).toBeCloseTo(5 / 9, 12);
    expect(tally(FARED, ['A', 'B', 'C'], 1e9)).toMatchObject({ worst: null, revenue: { part: Number.NaN } });
  });

  test('expects a little less where the long run is itself an estimate', () => {
    expect(expectedCoverage(1, 1e9)).toBeCloseTo(0.9, 8);
    // Exact: the chance that a normal deviate is within 1.6449 / sqrt(1.02) = 1.6287 of its mean.
    expect(expectedCoverage(2, 100)).toBeCloseTo(0.8966, 4);
  });
});

test('what was covered is written for people and for programs', () => {
  const world = worldNamed('harvest');
  const trial = {
    world,
    models: INTERVAL_MODELS.filter(({ name }) => ['linear', 'additive_hazard'].includes(name)),
    persons: 400,
    samples: 3,
    firstSeed: 5,
    replicates: 40,
    level: 0.9,
    longRunPersons: 4000,
  };
  const runs = [{ ...trial, seed: 5, fared: measureCoverage(trial), slices: [] }];
  const again = [{ ...trial, seed: 5, fared: measureCoverage(trial), slices: [] }];
  expect(coverageText(runs)).toBe(coverageText(again));
  expect(coverageText(runs)).toContain('3 samples of 400 persons, seeds 5 to 7, 40 replicates');
  expect(coverageText(runs)).toMatch(/^linear +[\d.]+% +[\d.]+ +[\d.]+%/m);
  expect(coverageText(runs)).toMatch(/^ {2}additive_hazard: .*Retargeting \d+\.\d%/m);
  const lines = coverageCsv(runs).trimEnd().split('\r\n');
  expect(lines).toHaveLength(1 + 2 * 3);
  expect(lines[1]).toMatch(/^harvest,linear,revenue,[01]/);
  expect(JSON.parse(coverageJson(runs))).toMatchObject({
    synthetic: true,
    level: 0.9,
    worlds: [{ world: 'harvest', samples: 3, models: [{ model: 'linear' }, { model: 'additive_hazard' }] }],
  });
});
