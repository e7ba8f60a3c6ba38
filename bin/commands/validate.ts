import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { World } from '../../lib/demo/worlds/world.ts';
import { WORLD_NAMES, WORLDS } from '../../lib/demo/worlds/worlds.ts';
import { measureCoverage } from '../../lib/validate/interval-coverage.ts';
import { INTERVAL_MODELS } from '../../lib/validate/interval-models.ts';
import { type JudgedWorld, judgeWorld } from '../../lib/validate/judge-world.ts';
import { overall } from '../../lib/validate/league.ts';
import {
  type CoverageRun,
  coverageCsv,
  coverageJson,
  coverageText,
} from '../../lib/validate/show-coverage.ts';
import { type League, leagueText } from '../../lib/validate/show-league.ts';
import { measureSlices } from '../../lib/validate/slice-coverage.ts';
import { leagueCsv, leagueJson } from '../../lib/validate/write-league.ts';
import { remark, say, UserError, wholeNumber } from './context.ts';
import { validateIdentity } from './validate-identity.ts';
import { validateRopo } from './validate-ropo.ts';

const FORMATS = ['table', 'json', 'csv'] as const;
const GROUPINGS = ['model', 'channel'] as const;
/** Enough for a true share to be known to 3 points or so, and all worlds run within two minutes. */
const PERSONS = 20_000;
/** Enough for most channels to have the credit of some dozen orders, and a world's samples to take a minute. */
const PERSONS_OF_A_SAMPLE = 5_000;
/** Persons of the sample that stands for the long run: their error is small beside that of a sample. */
const LONG_RUN_PERSONS = 200_000;

/** Rules whose intervals without replicates are tried: one that spreads credit, and one that does not. */
const SLICED_RULES = ['linear', 'last_touch'] as const;

interface ValidateOptions {
  /** Names with commas between; all where there are none. */
  worlds?: string;
  persons?: number;
  seed: number;
  /** Samples to measure the coverage of intervals on, instead of the league. */
  coverage?: number;
  /** Samples of each ROPO world. */
  seeds?: number;
  /** Factors of the identity noise, with commas between. */
  noise?: string;
  format: (typeof FORMATS)[number];
  by: (typeof GROUPINGS)[number];
}

export function defineValidate(command: Command): Command {
  return command
    .argument(
      '[what]',
      'ropo: the ROPO share, on worlds with a known one; identity: who is who, in demo shops; without it, the attribution models',
    )
    .option('--worlds <names>', `some worlds only, with commas between: ${WORLD_NAMES.join(', ')}`)
    .addOption(
      new Option(
        '--persons <n>',
        `people of each world (default: ${PERSONS}; ${PERSONS_OF_A_SAMPLE} with --coverage; 100 of each sample of ropo)`,
      ).argParser(wholeNumber(20, 1_000_000)),
    )
    .addOption(
      new Option('--seed <n>', 'same seed, same worlds').default(1).argParser(wholeNumber(0, 2 ** 31)),
    )
    .addOption(
      new Option(
        '--coverage <samples>',
        'instead of the league: how often 90% intervals hold what they promise, over so many samples',
      ).argParser(wholeNumber(2, 10_000)),
    )
    .addOption(
      new Option(
        '--seeds <n>',
        'samples of each ROPO world (default: 200), shops of identity (default: 1)',
      ).argParser(wholeNumber(2, 10_000)),
    )
    .option(
      '--noise <factors>',
      'identity: how many times the usual mistakes, with commas between (default: 1,5,20)',
    )
    .addOption(
      new Option('--by <grouping>', 'a row per model, or the bias of each by channel')
        .choices(GROUPINGS)
        .default('model'),
    )
    .addOption(new Option('--format <format>', 'how to write it').choices(FORMATS).default('table'))
    .addHelpText(
      'after',
      `\nWorlds:\n${WORLDS.map(({ name, trap }) => `  ${name.padEnd(12)} ${trap}`).join('\n')}`,
    )
    .action(async (what: string | undefined, options: ValidateOptions) => {
      if (what === 'ropo') {
        if (options.worlds !== undefined || options.coverage !== undefined)
          throw new UserError('--worlds and --coverage are for the attribution models, not for ropo');
        return validateRopo(options);
      }
      if (what === 'identity') {
        if (options.worlds !== undefined || options.coverage !== undefined)
          throw new UserError('--worlds and --coverage are for the attribution models, not for identity');
        return validateIdentity(options);
      }
      if (options.noise !== undefined)
        throw new UserError('--noise is for identity: ropo validate identity --noise 1,5,20');
      if (what !== undefined)
        throw new UserError(`There is nothing to validate in "${what}"; there are: ropo, identity`);
      if (options.seeds !== undefined)
        throw new UserError('--seeds is for ropo: ropo validate ropo --seeds 200');
      return options.coverage === undefined ? runValidate(options) : runCoverage(options, options.coverage);
    });
}

/** Runs every model on worlds whose incremental revenue is known, and prints how far off each one is. */
async function runValidate({ worlds, persons = PERSONS, seed, format, by }: ValidateOptions): Promise<void> {
  const wanted = worldsNamed(worlds);
  const folder = mkdtempSync(join(tmpdir(), 'ropo-validate-'));
  const tidy = () => rmSync(folder, { recursive: true, force: true });
  const interrupted = () => {
    tidy();
    process.exit(130);
  };
  process.once('SIGINT', interrupted);
  try {
    const judged: JudgedWorld[] = [];
    for (const [number, world] of wanted.entries()) {
      const root = join(folder, world.name);
      const trial = await judgeWorld({ world, persons, seed, root }, (step, seconds) =>
        remark(
          `validate: ${world.name} (${number + 1} of ${wanted.length}) ${step} in ${seconds.toFixed(1)} s`,
        ),
      );
      judged.push(trial);
    }
    const rows = judged.map(({ world, standings }) => ({ world: world.name, standings }));
    say(written({ persons, seed, worlds: judged, overall: overall(rows) }, format, by));
  } finally {
    process.off('SIGINT', interrupted);
    tidy();
  }
}

/** Draws samples of each world and prints how often the intervals hold each model's long-run figures. */
function runCoverage(
  { worlds, persons = PERSONS_OF_A_SAMPLE, seed, format }: ValidateOptions,
  samples: number,
): void {
  const longRunPersons = Math.max(LONG_RUN_PERSONS, persons);
  const runs = worldsNamed(worlds).map((world): CoverageRun => {
    const started = performance.now();
    const trial = { world, persons, samples, firstSeed: seed, replicates: 200, level: 0.9, longRunPersons };
    const fared = measureCoverage({ ...trial, models: INTERVAL_MODELS }, (done) => {
      if (done % 50 === 0 || done === samples)
        remark(
          `validate: ${world.name} ${done} of ${samples} samples in ${((performance.now() - started) / 1000).toFixed(1)} s`,
        );
    });
    const slices = SLICED_RULES.map((rule) => ({ rule, fared: measureSlices({ ...trial, rule }) }));
    return { ...trial, seed, fared, slices };
  });
  if (format === 'json') say(coverageJson(runs));
  else if (format === 'csv') say(coverageCsv(runs).replace(/\r\n$/, ''));
  else say(coverageText(runs));
}

function written(league: League, format: ValidateOptions['format'], by: ValidateOptions['by']): string {
  if (format === 'json') return leagueJson(league);
  if (format === 'csv') return leagueCsv(league, by).replace(/\r\n$/, '');
  return leagueText(league, by);
}

function worldsNamed(list: string | undefined): readonly World[] {
  if (list === undefined) return WORLDS;
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !WORLD_NAMES.includes(name));
  if (unknown !== undefined)
    throw new UserError(`There is no world "${unknown}". The worlds are: ${WORLD_NAMES.join(', ')}`);
  return WORLDS.filter(({ name }) => names.includes(name));
}
