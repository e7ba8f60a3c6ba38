import { expect, test } from 'vitest';
import { tally, tallyAll } from '../../lib/validate/coverage-tally.ts';
import { measureCoverage } from '../../lib/validate/interval-coverage.ts';
import { INTERVAL_MODELS, type IntervalModel } from '../../lib/validate/interval-models.ts';
import { channelsOf, isAsPromised, LEAST_REVENUE, PLAIN } from './as-promised.ts';

test('a 90% interval holds the long-run figure in about 90 of 100 samples, one too narrow or too wide does not', () => {
  const linear = INTERVAL_MODELS.find(({ name }) => name === 'linear')!;
  const wrong = [stretched(linear, 0.5), stretched(linear, 2)];
  const all = measureCoverage({ ...PLAIN, models: [...INTERVAL_MODELS, ...wrong] });
  const right = all.slice(0, INTERVAL_MODELS.length);
  for (const fared of right) {
    const { revenue, share, roas, worst } = tally(fared, channelsOf(PLAIN), LEAST_REVENUE);
    for (const [measure, coverage] of Object.entries({ revenue, share, roas })) {
      const text = `${fared.model} ${measure} ${JSON.stringify(coverage)}`;
      expect(coverage.error, text).toBeLessThan(0.015);
      expect(isAsPromised(coverage, PLAIN), text).toBe(true);
    }
    expect(worst!.part, `${fared.model} ${worst!.channel}`).toBeGreaterThan(0.75);
  }
  for (const measure of ['revenue', 'share', 'roas'] as const) {
    const coverage = tallyAll(right, measure, LEAST_REVENUE);
    expect(coverage.error).toBeLessThan(0.01);
    expect(isAsPromised(coverage, PLAIN), `${measure} ${JSON.stringify(coverage)}`).toBe(true);
  }
  for (const fared of all.slice(INTERVAL_MODELS.length)) {
    const { revenue } = tally(fared, channelsOf(PLAIN), LEAST_REVENUE);
    expect(isAsPromised(revenue, PLAIN), `${fared.model} ${JSON.stringify(revenue)}`).toBe(false);
  }
}, 240_000);

/** The model with replicates that lie nearer to its figures, or further away. */
const stretched = (model: IntervalModel, factor: number): IntervalModel => ({
  ...model,
  name: `${model.name} x ${factor}`,
  estimate(journeys) {
    const points = model.points(journeys);
    const estimate = model.estimate(journeys);
    return (drawn) =>
      estimate(drawn).map((value, at) => {
        const point = points[Math.floor(at / drawn.replicates)]!;
        return point + (value - point) * factor;
      });
  },
});
