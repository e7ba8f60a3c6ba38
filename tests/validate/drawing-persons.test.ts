import { expect, test } from 'vitest';
import { tally } from '../../lib/validate/coverage-tally.ts';
import { type CoverageTrial, measureCoverage } from '../../lib/validate/interval-coverage.ts';
import { INTERVAL_MODELS } from '../../lib/validate/interval-models.ts';
import { worldJourneys } from '../../lib/validate/world-journeys.ts';
import { channelsOf, isAsPromised, LEAST_REVENUE, PLAIN } from './as-promised.ts';
import { purchasesAsPersons, regularsWorld } from './regulars-world.ts';

const REGULARS: CoverageTrial = {
  ...PLAIN,
  world: regularsWorld('regulars', [0.15, 0.15, 0.15, 0.15]),
  persons: 700,
  longRunPersons: 35_000,
};

const shareOf = (fared: ReturnType<typeof measureCoverage>[number]) =>
  tally(fared, channelsOf(REGULARS), LEAST_REVENUE).share;

// By share: how many persons there are is drawn too, which makes revenue's intervals a little wide in a world that
// always has the same number.
test('where few persons buy again and again, intervals by person hold the long-run share', () => {
  for (const fared of measureCoverage(REGULARS))
    expect(isAsPromised(shareOf(fared), REGULARS), `${fared.model} ${JSON.stringify(shareOf(fared))}`).toBe(
      true,
    );
});

test('intervals by purchase are found out there', () => {
  const wrong = measureCoverage({
    ...REGULARS,
    models: INTERVAL_MODELS.filter(({ name }) => ['last_touch', 'linear', 'markov'].includes(name)),
    journeysOf: (run) => purchasesAsPersons(worldJourneys(run)),
  });
  expect(wrong).toHaveLength(3);
  for (const fared of wrong) {
    expect(isAsPromised(shareOf(fared), REGULARS), `${fared.model} ${JSON.stringify(shareOf(fared))}`).toBe(
      false,
    );
    expect(shareOf(fared).part, fared.model).toBeLessThan(0.8);
  }
});
