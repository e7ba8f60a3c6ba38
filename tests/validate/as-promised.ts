import { worldNamed } from '../../lib/demo/worlds/worlds.ts';
import { type Coverage, expectedCoverage } from '../../lib/validate/coverage-tally.ts';
import type { CoverageTrial } from '../../lib/validate/interval-coverage.ts';
import { INTERVAL_MODELS } from '../../lib/validate/interval-models.ts';

/** 100 samples of a world whose purchases are spread over many persons. */
export const PLAIN: CoverageTrial = {
  world: worldNamed('plain'),
  models: INTERVAL_MODELS,
  persons: 3000,
  samples: 100,
  firstSeed: 1,
  replicates: 200,
  level: 0.9,
  longRunPersons: 150_000,
};

/** Cents of credit from which a channel counts: about 15 orders. */
export const LEAST_REVENUE = 150_000;

/**
 * What percentile intervals of 200 replicates fall short by on samples of this size: about one point because 200
 * replicates have coarse quantiles, and about one because credited revenue is skewed.
 */
const KNOWN_SHORTFALL = 0.02;
const SAMPLING_ERRORS = 2.5;

/** Whether intervals of 90% covered about that: within what 100 samples can tell. */
export function isAsPromised({ part, error }: Coverage, trial: CoverageTrial): boolean {
  const expected = expectedCoverage(trial.persons, trial.longRunPersons);
  const sampling = SAMPLING_ERRORS * error;
  return part >= expected - KNOWN_SHORTFALL - sampling && part <= expected + sampling;
}

export const channelsOf = ({ world }: CoverageTrial) => world.channels.map(({ name }) => name);
