import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openReader } from '../adapters/embedded/reader.ts';
import { openShop } from '../adapters/embedded/shop.ts';
import { openShopDirectory } from '../adapters/embedded/shop-directory.ts';
import { type IncrementalTruth, incrementalTruth } from '../demo/worlds/incremental-truth.ts';
import { simulateWorld } from '../demo/worlds/simulate-world.ts';
import type { World } from '../demo/worlds/world.ts';
import { writeWorld } from '../demo/worlds/write-world.ts';
import { inputFile } from '../formats/files.ts';
import { FORMATS } from '../formats/index.ts';
import { importFiles } from '../pipeline/import-files.ts';
import type { Published } from '../pipeline/report-kpi.ts';
import { withBaseRateKept } from './base-rate-kept.ts';
import { type Contestant, type Standing, standings, type WorldTruth } from './league.ts';

export interface JudgedWorld {
  world: World;
  truth: IncrementalTruth;
  standings: Standing[];
}

export interface WorldTrial {
  world: World;
  persons: number;
  seed: number;
  /** Folder for files and shop; it must not hold a shop, and is removed at the end. */
  root: string;
}

/** Hears what is done and how long it took, in seconds. */
export type OnStep = (step: string, seconds: number) => void;

/** Persons get the same keys in every run, so that ties in time fall the same way. */
const SECRET = 'known to all: a world holds nobody to protect';

/** The league compares figures with the truth; intervals around them would only take time. */
const SETTINGS = `name:varchar,value:varchar,unit:varchar,meaning:varchar
interval_replicates,0,replicates,No intervals
`;

/**
 * Simulates a world, sends its files through the ordinary import and build, and compares what every model of the
 * published credits says with what each channel really brought. The shop is removed.
 * @throws Error when the shop does not take every record, or its revenue is not that of the world
 */
export async function judgeWorld(
  { world, persons, seed, root }: WorldTrial,
  onStep: OnStep = () => {},
): Promise<JudgedWorld> {
  let started = performance.now();
  const done = (step: string) => {
    onStep(step, (performance.now() - started) / 1000);
    started = performance.now();
  };
  try {
    mkdirSync(root, { recursive: true });
    const run = simulateWorld(world, persons, seed);
    const truth = incrementalTruth(run);
    const files = await writeWorld(run, join(root, 'demo'));
    done('simulated and written');
    writeFileSync(join(root, 'identity.secret'), SECRET, { mode: 0o600 });
    mkdirSync(join(root, 'seeds'));
    writeFileSync(join(root, 'seeds', 'settings.csv'), SETTINGS);
    const shop = await openShop(root, 'validate');
    try {
      for (const { format, file } of files) {
        const { received, stored } = await importFiles(shop.importer, FORMATS[format]!, [inputFile(file)]);
        if (stored !== received)
          throw new Error(`World ${world.name}: ${stored} of ${received} ${format} stored; all are wanted`);
      }
      done('imported');
      await shop.build();
      done('built');
    } finally {
      shop.close();
    }
    const reader = await openReader(openShopDirectory(root));
    try {
      const published = (await reader.published())!;
      await holdsAllRevenue(published, world, truth);
      const models = [
        ...(await creditedByModel(published, truth)),
        ...(await withBaseRateKept(
          published,
          truth.channels.map(({ channel }) => channel),
        )),
      ];
      return { world, truth, standings: standings(leagueTruth(truth), [...models, ...yardsticks(truth)]) };
    } finally {
      reader.close();
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const leagueTruth = ({ channels, total }: IncrementalTruth): WorldTruth => ({
  channels: channels.map(({ channel }) => channel),
  incremental: channels.map(({ expectedRevenue }) => expectedRevenue),
  losses: channels.map(({ expectedLossWithout }) => expectedLossWithout),
  revenue: total.revenue,
});

async function holdsAllRevenue(published: Published, world: World, truth: IncrementalTruth): Promise<void> {
  const [row] = await published.query(
    'SELECT CAST(sum(revenue_minor) AS bigint) AS revenue FROM conversions',
  );
  if (Number(row?.revenue ?? 0) !== truth.total.revenue)
    throw new Error(
      `World ${world.name}: the build holds ${Number(row?.revenue ?? 0)} cents of revenue; ${truth.total.revenue} were written`,
    );
}

/** Revenue by model and channel: every model that the build has credits of. */
async function creditedByModel(published: Published, { channels }: IncrementalTruth): Promise<Contestant[]> {
  const numbers = new Map(channels.map(({ channel }, number) => [channel, number]));
  const rows = await published.query(
    'SELECT model, channel, CAST(sum(revenue_minor) AS bigint) AS revenue FROM credits GROUP BY model, channel ORDER BY model, channel',
  );
  const models = new Map<string, number[]>();
  for (const { model, channel, revenue } of rows) {
    const number = numbers.get(String(channel));
    if (number === undefined) throw new Error(`${model} credits the channel ${channel}, which no world has`);
    const credited = models.get(String(model)) ?? channels.map(() => 0);
    credited[number] = Number(revenue);
    models.set(String(model), credited);
  }
  return [...models].map(([name, credited]) => ({ name, kind: 'model', credited }));
}

/** What a model must beat, and what only the simulation knows: how good a model could be at all. */
function yardsticks({ channels, total, incremental }: IncrementalTruth): Contestant[] {
  const spend = channels.reduce((sum, channel) => sum + channel.spend, 0);
  const yardstick = (name: string, of: (channel: (typeof channels)[number]) => number): Contestant => ({
    name,
    kind: 'yardstick',
    credited: channels.map(of),
  });
  return [
    yardstick('(uniform)', () => total.revenue / channels.length),
    ...(spend > 0 ? [yardstick('(spend share)', (channel) => (total.revenue * channel.spend) / spend)] : []),
    ...(incremental.expectedRevenue > 0 ? [yardstick('(known causes)', ({ revenue }) => revenue)] : []),
  ];
}
