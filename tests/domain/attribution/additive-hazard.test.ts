import { describe, expect, test } from 'vitest';
import {
  fitAdditiveHazard,
  type HazardData,
  type HazardFit,
  hazardOfPaths,
  oneStep,
} from '../../../lib/domain/attribution/additive-hazard.ts';
import { poissonOne } from '../../../lib/domain/attribution/poisson.ts';
import { numbersFrom, pathTable, type Row } from './path-table.ts';

const settings = { tolerance: 1e-10, maxIterations: 500 };

interface Journey {
  touches: { channel: number; at: number }[];
  conversions: number[];
}

const HALF_LIFE = 3;
const WINDOW = 30;
const kernelOf = (gap: number) => 0.5 ** (gap / HALF_LIFE);
const integralTo = (gap: number) => (HALF_LIFE / Math.LN2) * (1 - kernelOf(gap));

/** Journeys of 30 days: each touch brings conversions of its own by Poisson, and so does the baseline. */
function simulate(journeys: number, baseline: number, rates: readonly number[], seed: number): Journey[] {
  const random = numbersFrom(seed);
  const poisson = (mean: number) => {
    let count = 0;
    for (let mass = random(); mass > Math.exp(-mean); mass *= random()) count += 1;
    return count;
  };
  return Array.from({ length: journeys }, () => {
    const touches = Array.from({ length: 1 + poisson(2) }, () => ({
      channel: Math.floor(rates.length * random() ** 1.5),
      at: WINDOW * random(),
    }));
    const conversions = Array.from({ length: poisson(baseline * WINDOW) }, () => WINDOW * random());
    for (const { channel, at } of touches) {
      const integral = integralTo(WINDOW - at);
      for (let left = poisson(rates[channel]! * integral); left > 0; left--) {
        const part = (random() * integral * Math.LN2) / HALF_LIFE;
        conversions.push(at - HALF_LIFE * Math.log2(1 - part));
      }
    }
    return { touches, conversions };
  });
}

/** The same journeys as data, each with a weight. */
function dataOf(
  journeys: readonly Journey[],
  channels: number,
  weightOf: (journey: number) => number = () => 1,
) {
  const starts = [0];
  const channel: number[] = [];
  const kernel: number[] = [];
  const weights: number[] = [];
  const exposures = new Float64Array(channels);
  let baselineExposure = 0;
  journeys.forEach(({ touches, conversions }, journey) => {
    const weight = weightOf(journey);
    baselineExposure += weight * WINDOW;
    for (const touch of touches) exposures[touch.channel]! += weight * integralTo(WINDOW - touch.at);
    for (const time of conversions) {
      const sums = new Map<number, number>();
      for (const touch of touches) {
        if (touch.at < time)
          sums.set(touch.channel, (sums.get(touch.channel) ?? 0) + kernelOf(time - touch.at));
      }
      for (const [key, sum] of sums) {
        channel.push(key);
        kernel.push(sum);
      }
      starts.push(channel.length);
      weights.push(weight);
    }
  });
  const data: HazardData = {
    channels,
    starts: Int32Array.from(starts),
    channel: Uint16Array.from(channel),
    kernel: Float64Array.from(kernel),
    exposures,
    baselineExposure,
  };
  return { data, weights };
}

const RATES = [0.02, 0.05, 0.005, 0.03];
const journeys = simulate(30_000, 0.002, RATES, 1);
const { data } = dataOf(journeys, RATES.length);
const fit = fitAdditiveHazard(data, settings);

/** Rates of a fit or a step, the baseline last. */
const all = ({ rates, baseline }: Pick<HazardFit, 'rates' | 'baseline'>) => [...rates, baseline];

describe('known answers', () => {
  test('one channel, no baseline: conversions by exposure', () => {
    const one: HazardData = {
      channels: 1,
      starts: Int32Array.from([0, 1, 2, 3]),
      channel: Uint16Array.from([0, 0, 0]),
      kernel: Float64Array.from([0.3, 1, 0.7]),
      exposures: Float64Array.from([60]),
      baselineExposure: 0,
    };
    const { rates, baseline, converged } = fitAdditiveHazard(one, settings);
    expect([rates[0], baseline, converged]).toEqual([expect.closeTo(3 / 60, 12), 0, true]);
  });

  test('two channels that never meet, and a baseline alone: each has its own conversions', () => {
    const apart: HazardData = {
      channels: 2,
      starts: Int32Array.from([0, 1, 2, 3]),
      channel: Uint16Array.from([0, 1, 1]),
      kernel: Float64Array.from([1, 1, 1]),
      exposures: Float64Array.from([10, 40]),
      baselineExposure: 0,
    };
    const { rates } = fitAdditiveHazard(apart, { ...settings, weights: [5, 1, 3] });
    expect(Array.from(rates)).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.1, 12)]);
    const alone = {
      ...apart,
      starts: new Int32Array(4),
      exposures: new Float64Array(2),
      baselineExposure: 50,
    };
    expect(fitAdditiveHazard(alone, settings)).toMatchObject({ baseline: 3 / 50, converged: true });
  });

  test('known rates come back from simulated journeys', () => {
    expect(fit.converged).toBe(true);
    // Relative standard errors are 2 to 8%.
    RATES.forEach((rate, channel) => {
      expect(Math.abs(fit.rates[channel]! / rate - 1)).toBeLessThan(0.2);
    });
    expect(Math.abs(fit.baseline / 0.002 - 1)).toBeLessThan(0.15);
  });

  test('at the fit every part explains what its exposure expects, and all together the conversions', () => {
    const expected = fit.rates.reduce((sum, rate, channel) => sum + rate * data.exposures[channel]!, 0);
    const conversions = data.starts.length - 1;
    expect((expected + fit.baseline * data.baselineExposure) / conversions).toBeCloseTo(1, 8);
    const responsible = new Float64Array(RATES.length);
    for (let i = 0; i < conversions; i++) {
      let lambda = fit.baseline;
      for (let at = data.starts[i]!; at < data.starts[i + 1]!; at++) {
        lambda += fit.rates[data.channel[at]!]! * data.kernel[at]!;
      }
      for (let at = data.starts[i]!; at < data.starts[i + 1]!; at++) {
        responsible[data.channel[at]!]! += data.kernel[at]! / lambda;
      }
    }
    responsible.forEach((sum, channel) => {
      expect(sum / data.exposures[channel]!).toBeCloseTo(1, 6);
    });
  });

  test('a channel that brings nothing has rate 0, not a small one', () => {
    const idle = dataOf(simulate(20_000, 0.004, [0.03, 0, 0.02, 0], 3), 4);
    const { rates, converged } = fitAdditiveHazard(idle.data, settings);
    expect(converged).toBe(true);
    expect(rates.every((rate) => rate >= 0)).toBe(true);
    expect(Math.min(rates[1]!, rates[3]!)).toBe(0);
    expect(Math.max(rates[1]!, rates[3]!)).toBeLessThan(0.003);
  });
});

describe('the way to the fit', () => {
  test('the likelihood never falls', () => {
    let before = Number.NEGATIVE_INFINITY;
    for (let maxIterations = 0; maxIterations <= fit.iterations; maxIterations++) {
      const { logLikelihood } = fitAdditiveHazard(data, { ...settings, maxIterations });
      // Sums over 6,000 conversions are rounded at about 1e-9.
      expect(logLikelihood).toBeGreaterThan(before - 1e-8);
      before = logLikelihood;
    }
    expect(fit.iterations).toBeLessThan(30);
  });

  test('a fit that was cut short says so', () => {
    const cut = fitAdditiveHazard(data, { ...settings, maxIterations: 2 });
    expect(cut).toMatchObject({ converged: false, iterations: 2 });
    expect(cut.change).toBeGreaterThan(1e-4);
  });

  test('where it starts does not matter, and from the fit itself nothing is left to do', () => {
    const rates = Float64Array.from([1, 0, 0.5, 0]);
    const start = { ...fit, rates, baseline: 0.3 };
    const other = fitAdditiveHazard(data, { ...settings, start });
    all(other).forEach((rate, part) => {
      expect(rate / all(fit)[part]!).toBeCloseTo(1, 6);
    });
    expect(fitAdditiveHazard(data, { ...settings, start: fit })).toMatchObject({
      iterations: 0,
      converged: true,
    });
  });

  test('new numbers for the channels permute the rates; every journey twice changes nothing', () => {
    const swap = [2, 0, 3, 1];
    const exposures = new Float64Array(4);
    data.exposures.forEach((exposure, channel) => {
      exposures[swap[channel]!] = exposure;
    });
    const swapped = fitAdditiveHazard(
      { ...data, channel: data.channel.map((c) => swap[c]!), exposures },
      settings,
    );
    fit.rates.forEach((rate, channel) => {
      expect(swapped.rates[swap[channel]!]! / rate).toBeCloseTo(1, 7);
    });
    const twice = fitAdditiveHazard(
      {
        ...data,
        exposures: data.exposures.map((exposure) => 2 * exposure),
        baselineExposure: 2 * data.baselineExposure,
      },
      { ...settings, weights: new Float64Array(data.starts.length - 1).fill(2) },
    );
    all(twice).forEach((rate, part) => {
      expect(rate / all(fit)[part]!).toBeCloseTo(1, 7);
    });
  });
});

describe('edges', () => {
  test('no conversions', () => {
    const none = {
      ...data,
      starts: Int32Array.from([0]),
      channel: new Uint16Array(0),
      kernel: new Float64Array(0),
    };
    const { rates, baseline, converged } = fitAdditiveHazard(none, settings);
    expect([...rates, baseline, converged]).toEqual([0, 0, 0, 0, 0, true]);
  });

  test('a channel without exposure has rate 0, even where it has entries', () => {
    const exposures = data.exposures.with(1, 0);
    const { rates, converged } = fitAdditiveHazard({ ...data, exposures }, settings);
    expect([rates[1], converged]).toEqual([0, true]);
    expect(rates[0]).toBeGreaterThan(0);
  });

  test('a conversion that nothing can explain is named', () => {
    const lone = { ...data, starts: Int32Array.from([0, 2, 2, 3]), baselineExposure: 0 };
    expect(() => fitAdditiveHazard(lone, settings)).toThrow(/Conversion 1 has no channel with exposure/);
  });

  test('channels that are always together do not break it', () => {
    const together: HazardData = {
      channels: 2,
      starts: Int32Array.from([0, 2, 4]),
      channel: Uint16Array.from([0, 1, 0, 1]),
      kernel: Float64Array.from([1, 1, 0.5, 0.5]),
      exposures: Float64Array.from([10, 10]),
      baselineExposure: 100,
    };
    const { rates, converged } = fitAdditiveHazard(together, settings);
    expect(converged).toBe(true);
    expect(rates[0]! + rates[1]!).toBeGreaterThan(0);
  });
});

describe('one Newton step for a replicate', () => {
  test('is much nearer to the refit than the refit is to the fit', () => {
    for (let replicate = 0; replicate < 5; replicate++) {
      const drawn = dataOf(journeys, RATES.length, (journey) => poissonOne(8, journey, replicate));
      const { exposures, baselineExposure } = drawn.data;
      const refit = all(fitAdditiveHazard(drawn.data, { ...settings, weights: drawn.weights }));
      const step = all(oneStep(data, fit, drawn.weights, exposures, baselineExposure));
      const moved = Math.hypot(...refit.map((rate, part) => rate / all(fit)[part]! - 1));
      const missed = Math.hypot(...refit.map((rate, part) => (rate - step[part]!) / all(fit)[part]!));
      expect(moved).toBeGreaterThan(0.005);
      expect(missed / moved).toBeLessThan(0.1);
    }
  });

  test('never goes below zero, and may leave it', () => {
    const idle = dataOf(simulate(4000, 0.004, [0.03, 0, 0.02, 0], 3), 4);
    const origin = fitAdditiveHazard(idle.data, settings);
    const weights = Array.from(idle.weights.keys(), (i) => poissonOne(1, i, 0));
    const step = oneStep(idle.data, origin, weights, idle.data.exposures, idle.data.baselineExposure);
    expect(all(step).every((rate) => rate >= 0)).toBe(true);
  });
});

describe('paths without times', () => {
  const rows: Row[] = [
    ['A > B > A', 2, 1],
    ['B', 0, 5],
    ['B > B', 3, 0],
  ];

  test('by hand, with a half-life of one step', () => {
    const paths = hazardOfPaths(pathTable(rows), 1);
    expect(Array.from(paths.weights)).toEqual([2, 3]);
    // The last touch acts one step before the end with 1/2, the one before with 1/4, and so on.
    expect(Array.from(paths.data.channel)).toEqual([0, 1, 1]);
    expect(Array.from(paths.data.kernel)).toEqual([0.5 + 0.125, 0.25, 0.75]);
    // A touch with m steps to the end is exposed for 1 - 2^-m.
    expect(Array.from(paths.data.exposures)).toEqual([
      3 * (0.875 + 0.5),
      3 * 0.75 + 5 * 0.5 + 3 * (0.75 + 0.5),
    ]);
    expect(paths.data.baselineExposure).toBe(3 * 3 + 5 + 3 * 2);
  });

  test('a kernel that does not fade, and rows in another order', () => {
    const flat = hazardOfPaths(pathTable(rows), Number.POSITIVE_INFINITY).data;
    expect(Array.from(flat.kernel)).toEqual([2, 1, 2]);
    const forth = fitAdditiveHazard(flat, settings);
    const back = hazardOfPaths(pathTable(rows.toReversed()), Number.POSITIVE_INFINITY).data;
    expect(back.exposures).toEqual(flat.exposures);
    expect(forth.converged).toBe(true);
  });

  test.each([0, -1, Number.NaN])('half-life %s is refused', (halfLife) => {
    expect(() => hazardOfPaths(pathTable(rows), halfLife)).toThrow(`Half-life ${halfLife}`);
  });
});
