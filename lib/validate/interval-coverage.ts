import { simulateWorld, type WorldRun } from '../demo/worlds/simulate-world.ts';
import type { World } from '../demo/worlds/world.ts';
import { ofFigure, percentileInterval, type Replicates } from '../domain/attribution/intervals.ts';
import { type IntervalModel, replicatesByModel } from './interval-models.ts';
import { type WorldJourneys, worldJourneys } from './world-journeys.ts';

export const MEASURES = ['revenue', 'share', 'roas'] as const;
export type Measure = (typeof MEASURES)[number];

export interface CoverageTrial {
  world: World;
  models: readonly IntervalModel[];
  persons: number;
  /** Samples, seeded firstSeed, firstSeed + 1 and so on. */
  samples: number;
  firstSeed: number;
  replicates: number;
  /** 0 to 1. */
  level: number;
  /** Persons of the sample that stands for the long run. */
  longRunPersons: number;
  /** How journeys are made of a sample; for tests of what goes wrong otherwise. */
  journeysOf?: (run: WorldRun) => WorldJourneys;
}

/** A model's figures by channel in the long run, for as many persons as a sample has; NaN where nothing was spent. */
export type Figures = Record<Measure, Float64Array>;

/** How the intervals of a model's figures fared, by sample and channel: sample * channels + channel. */
export interface Fared {
  model: string;
  longRun: Figures;
  /** -1 where the interval lay below the long-run figure, 1 above, 0 around it. */
  sides: Record<Measure, Int8Array>;
}

/** Seeds of the long run, far from those of the samples. */
const LONG_RUN_SEED = 1_000_000_000;

/**
 * Draws samples of a world, puts an interval around every figure of each, and compares it with the figure that the
 * same model gives on a much larger sample of that world. That is what an interval claims to hold; what the channels
 * really brought is another question, which the league is for.
 */
export function measureCoverage(trial: CoverageTrial, onSample: (done: number) => void = () => {}): Fared[] {
  const { world, models, persons, samples, firstSeed, replicates, level, longRunPersons } = trial;
  const journeysOf = trial.journeysOf ?? worldJourneys;
  const channels = world.channels.length;
  const longRun = worldJourneys(simulateWorld(world, longRunPersons, firstSeed + LONG_RUN_SEED));
  const scale = persons / longRunPersons;
  const longSpend = longRun.spend.map((cents) => cents * scale);
  const fared = models.map((model): Fared => {
    const cells = () => new Int8Array(samples * channels);
    return {
      model: model.name,
      longRun: figuresOf(
        model.points(longRun).map((cents) => cents * scale),
        longSpend,
      ),
      sides: { revenue: cells(), share: cells(), roas: cells() },
    };
  });
  for (let sample = 0; sample < samples; sample++) {
    const seed = firstSeed + sample;
    const journeys = journeysOf(simulateWorld(world, persons, seed));
    const drawn = replicatesByModel(journeys, models, { seed, replicates });
    for (const [at, model] of fared.entries()) {
      const spread = { values: drawn[at]!, replicates };
      for (const [measure, each] of Object.entries(spreads(spread, journeys.spend)) as [
        Measure,
        Replicates,
      ][])
        for (let channel = 0; channel < channels; channel++) {
          const { low, high } = percentileInterval(ofFigure(each, channel), level);
          const truth = model.longRun[measure][channel]!;
          const cell = sample * channels + channel;
          model.sides[measure][cell] = high < truth ? -1 : low > truth ? 1 : 0;
        }
    }
    onSample(sample + 1);
  }
  return fared;
}

function figuresOf(revenue: Float64Array, spend: Float64Array): Figures {
  const whole = revenue.reduce((sum, cents) => sum + cents, 0);
  return {
    revenue,
    share: revenue.map((cents) => cents / whole),
    roas: revenue.map((cents, channel) => (spend[channel]! > 0 ? cents / spend[channel]! : Number.NaN)),
  };
}

/** Replicates of revenue as replicates of every measure; the spend is taken as it was. */
function spreads(revenue: Replicates, spend: Float64Array): Record<Measure, Replicates> {
  const { values, replicates } = revenue;
  const totals = new Float64Array(replicates);
  for (const [at, amount] of values.entries()) totals[at % replicates]! += amount;
  const mapped = (of: (amount: number, at: number) => number) => ({ values: values.map(of), replicates });
  return {
    revenue,
    share: mapped((amount, at) => amount / totals[at % replicates]!),
    roas: mapped((amount, at) => amount / spend[Math.floor(at / replicates)]!),
  };
}
