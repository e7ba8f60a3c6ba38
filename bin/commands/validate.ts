import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { World } from '../../lib/demo/worlds/world.ts';
import { WORLD_NAMES, WORLDS } from '../../lib/demo/worlds/worlds.ts';
import { type JudgedWorld, judgeWorld } from '../../lib/validate/judge-world.ts';
import { overall } from '../../lib/validate/league.ts';
import { type League, leagueText } from '../../lib/validate/show-league.ts';
import { leagueCsv, leagueJson } from '../../lib/validate/write-league.ts';
import { remark, say, UserError, wholeNumber } from './context.ts';

const FORMATS = ['table', 'json', 'csv'] as const;
const GROUPINGS = ['model', 'channel'] as const;
/** Enough for a true share to be known to 3 points or so, and all worlds run within two minutes. */
const PERSONS = 20_000;

interface ValidateOptions {
  /** Names with commas between; all where there are none. */
  worlds?: string;
  persons: number;
  seed: number;
  format: (typeof FORMATS)[number];
  by: (typeof GROUPINGS)[number];
}

export function defineValidate(command: Command): Command {
  return command
    .option('--worlds <names>', `some worlds only, with commas between: ${WORLD_NAMES.join(', ')}`)
    .addOption(
      new Option('--persons <n>', 'people of each world')
        .default(PERSONS)
        .argParser(wholeNumber(20, 1_000_000)),
    )
    .addOption(
      new Option('--seed <n>', 'same seed, same worlds').default(1).argParser(wholeNumber(0, 2 ** 31)),
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
    .action(async (options: ValidateOptions) => runValidate(options));
}

/** Runs every model on worlds whose incremental revenue is known, and prints how far off each one is. */
async function runValidate({ worlds, persons, seed, format, by }: ValidateOptions): Promise<void> {
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
