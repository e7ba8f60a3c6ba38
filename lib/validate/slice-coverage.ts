import { CALENDAR_START, DAY } from '../demo/calendar.ts';
import { simulateWorld, type WorldRun } from '../demo/worlds/simulate-world.ts';
import { WORLD_DAYS, type World } from '../demo/worlds/world.ts';
import {
  effectiveOf,
  type SumMoments,
  shareInterval,
  sumInterval,
} from '../domain/attribution/sum-interval.ts';
import { lookBack } from './look-back.ts';
import { type Rule, ruleCredits } from './rule-credits.ts';
import { HALF_LIFE_DAYS } from './world-journeys.ts';

export const SLICE_MEASURES = ['revenue', 'share', 'change'] as const;
export type SliceMeasure = (typeof SLICE_MEASURES)[number];

/** Bands of the effective number of persons that a slice has in the long run, by their least. */
export const BANDS = [10, 20, 50] as const;

export interface SliceTrial {
  world: World;
  rule: Rule;
  persons: number;
  samples: number;
  firstSeed: number;
  /** 0 to 1. */
  level: number;
  longRunPersons: number;
}

/** How intervals of slices fared: counts, by measure and band. */
export interface SliceTally {
  held: number;
  /** Intervals wholly below the long-run figure, and above it. */
  below: number;
  above: number;
}
export type SlicesFared = Record<SliceMeasure, SliceTally[]> & {
  /** Slices with credit in a sample that have too few persons for an interval of revenue, and all. */
  withheld: number;
  slices: number;
};

/** Parts of the world's days that slices are of. */
const PARTS = 8;
const LONG_RUN_SEED = 1_000_000_000;

/** Credit in cents by part of the calendar and channel, of each person: part * channels + channel. */
type Cells = Map<number, Float64Array>;

function cellsOf(run: WorldRun, rule: Rule): Cells {
  const paths = lookBack(run);
  const channels = run.world.channels.length;
  const cells: Cells = new Map();
  const of = (person: number) => {
    const known = cells.get(person) ?? new Float64Array(PARTS * channels);
    cells.set(person, known);
    return known;
  };
  const partOf = (at: number) =>
    Math.min(PARTS - 1, Math.max(0, Math.floor(((at - CALENDAR_START) / DAY / WORLD_DAYS) * PARTS)));
  for (let part = 0; part < PARTS; part++) {
    const isIn = (_: number, order: number) => partOf(run.orderAt[order]!) === part;
    const orders = {
      person: paths.person.filter(isIn),
      first: paths.first.filter(isIn),
      end: paths.end.filter(isIn),
      start: paths.start.filter(isIn),
    };
    const its = { ...run, orderCents: run.orderCents.filter(isIn) };
    const { person, channel, net } = ruleCredits(its, orders, rule, HALF_LIFE_DAYS);
    for (const [row, number] of channel.entries()) of(person[row]!)[part * channels + number]! += net[row]!;
  }
  return cells;
}

/** Sums over persons of one slice: its credit beside all of its part, and beside its credit in the part before. */
function sumsOf(cells: Cells, channels: number, part: number, channel: number) {
  const none = (): SumMoments => ({ up: 0, upSquares: 0, down: 0, downSquares: 0 });
  const [revenue, change] = [none(), none()];
  const share = { part: 0, partSquares: 0, products: 0, whole: 0, wholeSquares: 0 };
  for (const amounts of cells.values()) {
    const now = amounts[part * channels + channel]!;
    let whole = 0;
    for (let other = 0; other < channels; other++) whole += amounts[part * channels + other]!;
    add(revenue, now);
    if (part > 0) add(change, now - amounts[(part - 1) * channels + channel]!);
    share.part += now;
    share.partSquares += now * now;
    share.products += now * whole;
    share.whole += whole;
    share.wholeSquares += whole * whole;
  }
  return { revenue, change, share };
}

function add(moments: SumMoments, amount: number): void {
  if (amount > 0) {
    moments.up += amount;
    moments.upSquares += amount * amount;
  } else {
    moments.down -= amount;
    moments.downSquares += amount * amount;
  }
}

/**
 * Draws samples of a world and puts the interval without replicates around what a rule credits each channel in each of
 * eight parts of the world's days, its share of the part, and its change against the part before; compares them with the
 * same figures of a much larger sample.
 */
export function measureSlices({
  world,
  rule,
  persons,
  samples,
  firstSeed,
  level,
  longRunPersons,
}: SliceTrial): SlicesFared {
  const channels = world.channels.length;
  const longRun = cellsOf(simulateWorld(world, longRunPersons, firstSeed + LONG_RUN_SEED), rule);
  const scale = persons / longRunPersons;
  const slices = Array.from({ length: PARTS * channels }, (_, at) => ({
    part: Math.floor(at / channels),
    channel: at % channels,
  }));
  const truths = slices.map(({ part, channel }) => sumsOf(longRun, channels, part, channel));
  const empty = () => BANDS.map((): SliceTally => ({ held: 0, below: 0, above: 0 }));
  const fared: SlicesFared = { revenue: empty(), share: empty(), change: empty(), withheld: 0, slices: 0 };
  for (let sample = 0; sample < samples; sample++) {
    const cells = cellsOf(simulateWorld(world, persons, firstSeed + sample), rule);
    for (const [at, { part, channel }] of slices.entries()) {
      const found = sumsOf(cells, channels, part, channel);
      const truth = truths[at]!;
      if (found.revenue.up === 0) continue;
      const revenue = sumInterval(found.revenue, level);
      fared.slices += 1;
      if (revenue === null) fared.withheld += 1;
      const count = (measure: SliceMeasure, of: SumMoments, bounds: typeof revenue, figure: number) => {
        const band = BANDS.findLastIndex((least) => effectiveOf(of) * scale >= least);
        if (bounds === null || band < 0) return;
        const tally = fared[measure][band]!;
        if (bounds.high < figure) tally.below += 1;
        else if (bounds.low > figure) tally.above += 1;
        else tally.held += 1;
      };
      count('revenue', truth.revenue, revenue, truth.revenue.up * scale);
      const share = truth.share.part / truth.share.whole;
      count('share', truth.revenue, shareInterval(found.share, level), share);
      if (part > 0)
        count(
          'change',
          truth.change,
          sumInterval(found.change, level),
          (truth.change.up - truth.change.down) * scale,
        );
    }
  }
  return fared;
}
