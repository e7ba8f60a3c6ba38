import { type RopoStore, simulateRopo } from '../../demo/ropo-worlds/simulate-ropo.ts';
import type { RopoWorld } from '../../demo/ropo-worlds/world.ts';
import { openRopoShop } from './ropo-shop.ts';
import { storeBands, storeFigures, type Weight } from './store-figures.ts';
import type { Sample } from './tally-worlds.ts';
import { type ItemLevel, ropoTruth } from './truth.ts';

/** Days of the window in which a view counts as research, also in the settings of the trial. */
export const WINDOW_DAYS = 14;

export interface Trial {
  worlds: readonly RopoWorld[];
  /** Samples of each world, seeded firstSeed, firstSeed + 1 and so on; each is a store. */
  samples: number;
  firstSeed: number;
  /** People of a sample; where some are not members, so many members. */
  persons: number;
  level: ItemLevel;
  weight: Weight;
}

export interface TriedWorld {
  world: RopoWorld;
  samples: Sample[];
}

/** People of one shop: so many that the engine's tables fit in memory beside all else. */
const PERSONS_OF_A_SHOP = 120_000;

/**
 * Draws samples of every world and has the product measure each: its SQL once for thousands of samples, since a store
 * is a sample, then the KPI by store. Worlds are dealt to as few shops as memory allows; those with buyers whom no key
 * identifies stand apart, since only there is a share to be extended to all.
 */
export async function runTrial(
  trial: Trial,
  onShop: (worlds: readonly RopoWorld[], seconds: number) => void = () => {},
): Promise<TriedWorld[]> {
  const perShop = Math.max(1, Math.floor(PERSONS_OF_A_SHOP / (trial.samples * trial.persons)));
  const tried: TriedWorld[] = [];
  for (const hasStrangers of [false, true]) {
    const worlds = trial.worlds.filter(({ nonMembers }) => (nonMembers !== undefined) === hasStrangers);
    for (let from = 0; from < worlds.length; from += perShop) {
      const begun = performance.now();
      const some = worlds.slice(from, from + perShop);
      const share = Math.min(...some.map(({ nonMembers }) => nonMembers?.memberShare ?? 1));
      const persons = Math.ceil(trial.persons / share);
      tried.push(...(await measureShop({ ...trial, worlds: some, persons }, hasStrangers)));
      onShop(some, (performance.now() - begun) / 1000);
    }
  }
  return tried;
}

async function measureShop(
  { worlds, samples, firstSeed, persons, level, weight }: Trial,
  hasStrangers: boolean,
): Promise<TriedWorld[]> {
  const stores = worlds.flatMap((world) =>
    Array.from({ length: samples }, (_, sample): RopoStore => ({ world, seed: firstSeed + sample })),
  );
  const trails = simulateRopo(stores, persons);
  const truths = ropoTruth(trails, stores.length, { level, windowDays: WINDOW_DAYS });
  const shop = await openRopoShop({
    stores,
    trails,
    kpis: hasStrangers ? ['ropo', 'ropo-extrapolation'] : ['ropo'],
    // Samples are small on purpose, and nobody in them is real; but strata must not be smaller than anywhere else.
    settings: {
      ropo_window_days: String(WINDOW_DAYS),
      ...(hasStrangers ? {} : { ropo_min_persons: '2' }),
    },
  });
  try {
    const figures = await storeFigures(shop, stores.length, level, weight);
    const bands = hasStrangers ? await storeBands(shop, stores.length, level) : [];
    const measured = stores.map(({ seed }, store): Sample => {
      const sample = { seed, figure: figures[store]!, truth: truths[store]! };
      const band = bands[store];
      return band ? { ...sample, band } : sample;
    });
    return worlds.map((world, number) => ({
      world,
      samples: measured.slice(number * samples, (number + 1) * samples),
    }));
  } finally {
    shop.close();
  }
}
