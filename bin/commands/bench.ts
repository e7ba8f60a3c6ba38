import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { openEngine } from '../../lib/adapters/embedded/duckdb.ts';
import { openShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { currentBuild } from '../../lib/adapters/embedded/warehouse.ts';
import { machineLines } from '../../lib/bench/machine.ts';
import { runPhase } from '../../lib/bench/phase-process.ts';
import type { BenchShop, PhaseName, PhaseResult } from '../../lib/bench/phases.ts';
import { type BenchResults, benchText } from '../../lib/bench/show-bench.ts';
import type { BenchFile } from '../../lib/bench/write-input.ts';
import { benchApi } from './bench-api.ts';
import { benchAttribute } from './bench-attribute.ts';
import { benchAwsBytes } from './bench-aws.ts';
import { benchCollect, type CollectOptions } from './bench-collect.ts';
import { benchIdentity } from './bench-identity.ts';
import { benchRopo } from './bench-ropo.ts';
import { remark, say, UserError, wholeNumber } from './context.ts';

export const BENCH_PHASES = ['import', 'build', 'report'] as const;
type BenchPhase = (typeof BENCH_PHASES)[number];

const SEED = 1;
/** Each phase with the bare scan it is compared with. */
const STEPS: Record<BenchPhase, readonly PhaseName[]> = {
  import: ['import', 'scan-input'],
  build: ['build', 'scan-raw-tables'],
  report: ['report', 'scan-published'],
};

export function defineBench(command: Command): Command {
  return command
    .argument(
      '[what]',
      'api: the KPI API under load; attribute: the tool alone, beside plain SQL; ropo: the ROPO part of a build; identity: a rebuild of the identity graph; collect: collector and ingest; aws-bytes: what ropo cost counts with, of the shop in --data; without it, the phases of a shop',
    )
    .addOption(
      new Option('--touchpoints <n>', 'size of the shop')
        .default(1_000_000)
        .argParser(wholeNumber(1000, 1e9)),
    )
    .option('--only <phase>', 'one phase alone: import, build or report')
    .option('--keep <dir>', 'keep input and shop there, and use what is there')
    .addOption(
      new Option('--journeys <n>', 'size of the files of attribute')
        .default(1_000_000)
        .argParser(wholeNumber(1000, 1e8)),
    )
    .addOption(
      new Option('--events <n>', 'web events of ropo').default(10_000_000).argParser(wholeNumber(1000, 1e9)),
    )
    .addOption(
      new Option('--links <n>', 'links of identity').default(10_000_000).argParser(wholeNumber(1000, 1e8)),
    )
    .addOption(
      new Option('--identifiers <n>', 'distinct identifiers of collect; the target is for 10000000')
        .default(100_000)
        .argParser(wholeNumber(100, 1e8)),
    )
    .addOption(
      new Option('--seconds <n>', 'how long collect and api load each server')
        .default(10)
        .argParser(wholeNumber(1, 3600)),
    )
    .action(async (what: string | undefined, options: AnyBench) => {
      if (what === undefined) return runBench(options);
      if (what === 'api') return benchApi(options);
      if (what === 'attribute') return benchAttribute(options.journeys, options.keep);
      if (what === 'ropo') return benchRopo(options.events);
      if (what === 'identity') return benchIdentity(options.links);
      if (what === 'collect') return benchCollect(options);
      if (what === 'aws-bytes') return benchAwsBytes(options.data ?? command.parent!.opts().data);
      throw new UserError(
        `There is no bench of "${what}"; there are: api, attribute, ropo, identity, collect, aws-bytes`,
      );
    });
}

interface AnyBench extends BenchOptions, CollectOptions {
  data?: string;
  journeys: number;
  events: number;
  links: number;
}

interface BenchOptions {
  touchpoints: number;
  /** One phase alone; what it needs must be in `keep` from a run before. */
  only?: string;
  /** Folder for input and shop, left in place; without it they are temporary. */
  keep?: string;
}

/** Generates a shop of the size asked for, measures import, build and report on it, and prints what they took. */
async function runBench({ touchpoints, only, keep }: BenchOptions): Promise<void> {
  const phases = only === undefined ? BENCH_PHASES : [phaseNamed(only)];
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'ropo-bench-'));
  const tidy = () => {
    if (keep === undefined) rmSync(folder, { recursive: true, force: true });
  };
  const interrupted = () => {
    tidy();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  try {
    const shop: BenchShop = {
      input: join(folder, 'input'),
      root: join(folder, 'shop'),
      touchpoints,
      seed: SEED,
      files: [],
    };
    const results: BenchResults = {};
    const run = async (phase: PhaseName): Promise<PhaseResult> => {
      remark(`bench: ${phase} ...`);
      const result = await runPhase(phase, shop);
      results[phase] = result;
      return result;
    };
    await findOrMakeInput(shop, folder, run);
    for (const phase of phases) {
      makeReady(phase, shop, only !== undefined);
      for (const step of STEPS[phase]) await run(step);
    }
    say(
      `Bench of ${touchpoints.toLocaleString('en-US')} touchpoints, ${shop.files.reduce((sum, { lines }) => sum + lines, 0).toLocaleString('en-US')} records, ${Math.round(shop.files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toLocaleString('en-US')} MB of JSON Lines, seed ${SEED}`,
    );
    for (const line of await aboutMachine(shop)) say(line);
    say();
    say(benchText(touchpoints, results));
    if (keep !== undefined) say(`\nInput and shop are kept in ${folder}`);
  } finally {
    process.off('SIGINT', interrupted);
    tidy();
  }
}

function phaseNamed(name: string): BenchPhase {
  const phase = BENCH_PHASES.find((known) => known === name);
  if (!phase)
    throw new UserError(`There is no bench phase "${name}". The phases are: ${BENCH_PHASES.join(', ')}`);
  return phase;
}

/** Input of the same size that a run before has kept is used again. */
async function findOrMakeInput(
  shop: BenchShop,
  folder: string,
  run: (phase: PhaseName) => Promise<PhaseResult>,
): Promise<void> {
  const about = join(folder, 'bench.json');
  if (existsSync(about)) {
    const made = JSON.parse(readFileSync(about, 'utf8')) as { touchpoints: number; files: BenchFile[] };
    if (made.touchpoints !== shop.touchpoints)
      throw new UserError(
        `${folder} holds a bench of ${made.touchpoints} touchpoints, not ${shop.touchpoints}; give another folder or remove it`,
      );
    shop.files = made.files;
    return;
  }
  mkdirSync(folder, { recursive: true });
  shop.files = (await run('generate')).files!;
  writeFileSync(about, JSON.stringify({ touchpoints: shop.touchpoints, files: shop.files }, null, 2));
}

/** An import begins with an empty shop; a phase that runs alone needs what the one before it has made. */
function makeReady(phase: BenchPhase, { root }: BenchShop, isAlone: boolean): void {
  if (phase === 'import') {
    rmSync(root, { recursive: true, force: true });
    return;
  }
  if (!isAlone) return;
  const directory = openShopDirectory(root);
  const isReady =
    phase === 'build' ? existsSync(join(directory.lake, 'raw_events')) : currentBuild(directory) !== null;
  if (!isReady)
    throw new UserError(
      `There is nothing to ${phase} in ${root}: run the bench with the same --keep folder and without --only first`,
    );
}

async function aboutMachine({ root }: BenchShop): Promise<string[]> {
  const engine = await openEngine({ spillDirectory: openShopDirectory(root).spill });
  try {
    return await machineLines(engine);
  } finally {
    engine.close();
  }
}
