import type { RopoWorld } from '../../demo/ropo-worlds/world.ts';
import type { StoreBand, StoreFigure } from './store-figures.ts';
import { type RopoTruth, shownByOwnBasket } from './truth.ts';

/** One sample of a world: what the product says of the store, and what is true of it. */
export interface Sample {
  seed: number;
  figure: StoreFigure;
  truth: RopoTruth;
  /** What it says of all buyers, where some are not identified. */
  band?: StoreBand;
}

/** How the headline of a world fared over its samples. Shares are from 0 to 1; means are over samples. */
export interface WorldTally {
  world: RopoWorld;
  samples: number;
  persons: number;
  naive: number;
  weekShift: number;
  mirror: number;
  headline: number;
  /** Standard deviation of the headline over samples. */
  spread: number;
  truth: number;
  /** What the own-basket placebo can show of the truth. */
  shown: number;
  /** Part of the 95% intervals that hold the true share, and the mean of the headlines, which they are about. */
  coversTruth: number;
  coversMean: number;
  /** Part of the samples whose interval lies above zero. */
  aboveZero: number;
  /** Part of the samples that are called behaviour-driven. */
  flagged: number;
}

/** @throws Error when a store has no headline: its samples are too small to say anything about the measure */
export function tallyWorld(world: RopoWorld, samples: readonly Sample[]): WorldTally {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const part = (test: (sample: Sample) => boolean) => mean((sample) => (test(sample) ? 1 : 0));
  const trueShare = ({ truth }: Sample) => truth.researched / truth.lines;
  const headline = mean(({ figure }) => figure.headline);
  const holds = ({ figure }: Sample, share: number) => figure.low <= share && share <= figure.high;
  return {
    world,
    samples: samples.length,
    persons: mean(({ figure }) => figure.persons),
    naive: mean(({ figure }) => figure.naive),
    weekShift: mean(({ figure }) => figure.weekShift),
    mirror: mean(({ figure }) => figure.mirror),
    headline,
    spread: Math.sqrt(
      (mean(({ figure }) => (figure.headline - headline) ** 2) * samples.length) / (samples.length - 1),
    ),
    truth: mean(trueShare),
    shown: mean((sample) => shownByOwnBasket(trueShare(sample), sample.truth.sameItem / sample.truth.lines)),
    coversTruth: part((sample) => holds(sample, trueShare(sample))),
    coversMean: part((sample) => holds(sample, headline)),
    aboveZero: part(({ figure }) => figure.low > 0),
    flagged: part(({ figure }) => figure.isBehaviourDriven),
  };
}

/** How the share of all buyers fared in a world with buyers whom no key identifies; shares of revenue. */
export interface BandTally {
  world: RopoWorld;
  identified: number;
  truth: number;
  likeIdentified: number;
  never: number;
  low: number;
  high: number;
  worstLow: number;
  worstHigh: number;
  /** Part of the samples whose band, or worst case, holds the truth. */
  holds: number;
  worstHolds: number;
}

/** @throws Error when a sample has no band */
export function tallyBands(world: RopoWorld, samples: readonly Sample[]): BandTally {
  const known = samples.map(({ seed, band, truth }) => {
    if (!band) throw new Error(`Sample ${seed} of world "${world.name}" has no share of all buyers`);
    return { ...band, truth: truth.allResearchedCents / truth.allCents };
  });
  const mean = (of: (each: (typeof known)[number]) => number) =>
    known.reduce((sum, each) => sum + of(each), 0) / known.length;
  return {
    world,
    identified: mean(({ identified }) => identified),
    truth: mean(({ truth }) => truth),
    likeIdentified: mean(({ likeIdentified }) => likeIdentified),
    never: mean(({ never }) => never),
    low: mean(({ low }) => low),
    high: mean(({ high }) => high),
    worstLow: mean(({ worstLow }) => worstLow),
    worstHigh: mean(({ worstHigh }) => worstHigh),
    holds: mean(({ low, truth, high }) => (low <= truth && truth <= high ? 1 : 0)),
    worstHolds: mean(({ worstLow, truth, worstHigh }) => (worstLow <= truth && truth <= worstHigh ? 1 : 0)),
  };
}
