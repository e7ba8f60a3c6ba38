import { expect, test } from 'vitest';
import { worldNamed } from '../../lib/demo/worlds/worlds.ts';
import { slicesText } from '../../lib/validate/show-slices.ts';
import { measureSlices, type SliceTally } from '../../lib/validate/slice-coverage.ts';

const trial = {
  world: worldNamed('plain'),
  rule: 'linear',
  persons: 2500,
  samples: 8,
  firstSeed: 1,
  longRunPersons: 25_000,
} as const;

const part = (tallies: readonly SliceTally[]) => {
  const held = tallies.reduce((sum, tally) => sum + tally.held, 0);
  return held / tallies.reduce((sum, { below, above }) => sum + below + above, held);
};

test('intervals of slices without replicates hold the long-run figure about as often as they say', () => {
  // The long run is of ten times as many persons only, which takes about two points.
  const ninety = measureSlices({ ...trial, level: 0.9 });
  const half = measureSlices({ ...trial, level: 0.5 });
  for (const measure of ['revenue', 'share', 'change'] as const) {
    expect(part(ninety[measure]), measure).toBeGreaterThan(0.82);
    expect(part(ninety[measure]), measure).toBeLessThan(0.97);
    // Intervals of one level are not mistaken for those of another.
    expect(part(half[measure]), measure).toBeLessThan(part(ninety[measure]) - 0.15);
  }
  expect(ninety.withheld).toBeGreaterThan(0);
  expect(ninety.withheld).toBeLessThan(ninety.slices);
  expect(slicesText([{ rule: 'linear', fared: ninety }])).toMatch(
    /linear +revenue +10 to 19 +\d+ +\d\d\.\d%/,
  );
}, 240_000);
