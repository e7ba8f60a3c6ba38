import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Attribution, attribute } from '../../lib/attribute/attribute.ts';
import { MODELS, type Model, USUAL_MODELS } from '../../lib/attribute/model-credit.ts';
import { packingOf } from '../../lib/attribute/path-file.ts';
import type { PathSource } from '../../lib/attribute/path-source.ts';
import { BadPaths } from '../../lib/attribute/problems.ts';
import { readPaths } from '../../lib/attribute/read-paths.ts';
import { readTouches } from '../../lib/attribute/read-touches.ts';
import { tablesText } from '../../lib/attribute/show-tables.ts';
import { type ResultTable, resultTable, TABLES, type TableName } from '../../lib/attribute/tables.ts';
import { tableCsv, tablesJson, writeWhole } from '../../lib/attribute/write-tables.ts';
import { parseTransform } from '../../lib/domain/attribution/path-transforms.ts';
import { remark, UserError, wholeNumber } from './context.ts';

const FORMATS = ['table', 'json', 'csv'] as const;
const TABLE_NAMES = Object.keys(TABLES) as TableName[];

/** The engine only hands rows on here. */
const ENGINE_MEMORY = '600MB';

interface AttributeCommandOptions {
  journeys?: boolean;
  touches?: boolean;
  models?: Model[];
  order: number | 'auto';
  transform?: string[];
  intervals: number;
  level: number;
  seed: number;
  show?: TableName[];
  format: (typeof FORMATS)[number];
  out?: string;
  outDir?: string;
  threads: number;
}

/** What reads Parquet and touches: loaded only for these. */
type LoadEngine = () => Promise<typeof import('../../lib/adapters/embedded/path-files.ts')>;

export function defineAttribute(command: Command, loadEngine: LoadEngine): Command {
  return command
    .argument('<file>', 'path,total_conversions,total_conversion_value,total_null as CSV, .gz or Parquet')
    .option('--journeys', 'the file has a row per journey: path,converted,value,person')
    .option('--touches', 'the file has a row per touch: journey,touched_at,channel,converted,value')
    .option(
      '--models <names>',
      `of: ${MODELS.join(', ')}; or all (default: all but additive_hazard)`,
      modelNames,
    )
    .option('--order <order>', 'order of the Markov chain: 1 to 4, or auto to have it chosen', chainOrder, 1)
    .option(
      '--transform <transform>',
      'unique, exposure, first, frequency, remove_if_last_and_not_all:CHANNEL, remove_if_not_all:CHANNEL; can be given several times (default: unique)',
      (text: string, before?: string[]) => [...(before ?? []), transformName(text)],
    )
    .addOption(
      new Option('--intervals <replicates>', 'bootstrap replicates behind intervals; 0 for none')
        .default(0)
        .argParser(wholeNumber(0, 100_000)),
    )
    .option('--level <part>', 'part of the intervals that hold the long-run figure', intervalLevel, 0.9)
    .addOption(
      new Option('--seed <n>', 'seed of what is drawn').default(1).argParser(wholeNumber(0, 2 ** 31 - 1)),
    )
    .option(
      '--show <tables>',
      `of: ${TABLE_NAMES.join(', ')}; or all (default: credit,effects; csv: credit)`,
      tableNames,
    )
    .addOption(new Option('--format <format>', 'how to write it').choices(FORMATS).default('table'))
    .option('--out <file>', 'file to write to')
    .option('--out-dir <dir>', 'folder to write a file per table to')
    .addOption(
      new Option('--threads <n>', 'threads; changes no figure')
        .default(availableParallelism())
        .argParser(wholeNumber(1, 64)),
    )
    .addHelpText(
      'after',
      () => `\nTables:\n${TABLE_NAMES.map((name) => `  ${name.padEnd(10)} ${TABLES[name]}`).join('\n')}`,
    )
    .action(async (file: string, options: AttributeCommandOptions) =>
      runAttribute(file, options, loadEngine),
    );
}

async function runAttribute(
  file: string,
  options: AttributeCommandOptions,
  loadEngine: LoadEngine,
): Promise<void> {
  if (options.journeys && options.touches)
    throw new UserError('A file has --journeys or --touches, not both');
  if (options.out && options.outDir) throw new UserError('Say --out FILE or --out-dir DIR, not both');
  const shown = tablesToShow(options);
  const settings = {
    models: options.models ?? USUAL_MODELS,
    order: options.order,
    transforms: options.transform ?? ['unique'],
    intervals: options.intervals,
    level: options.level,
    seed: options.seed,
  };
  const source = await readFile(file, options, loadEngine);
  let result: Attribution;
  try {
    result = await attribute(source, settings, {
      threads: options.threads,
      withPositions: shown.includes('positions'),
    });
  } finally {
    await source.close();
  }
  const tables = shown.map((name) => resultTable(name, result)).filter((table) => table !== null);
  if (options.outDir) {
    const files = tables.map((table) => ({
      path: `${options.outDir}/${table.name}.${options.format === 'table' ? 'txt' : options.format}`,
      text: written(file, result, [table], options.format),
    }));
    writeWhole(files);
    remark(`Wrote ${files.map(({ path }) => path).join(', ')}`);
    return;
  }
  const text = written(file, result, tables, options.format);
  if (options.out) writeWhole([{ path: options.out, text }]);
  else process.stdout.write(text);
}

async function readFile(
  file: string,
  { journeys, touches, threads }: AttributeCommandOptions,
  loadEngine: LoadEngine,
): Promise<PathSource> {
  const packing = packingOf(file);
  const kind = journeys ? 'journeys' : 'counts';
  if (!touches && packing !== 'parquet') return readPaths(file, packing, { kind, threads });
  const { openEngine, rowTexts, openTouches } = await loadEngine();
  const spillDirectory = mkdtempSync(join(tmpdir(), 'ropo-attribute-'));
  const engine = await openEngine({ spillDirectory, threads, memoryLimit: ENGINE_MEMORY });
  try {
    return touches
      ? await readTouches(file, await openTouches(engine, file, packing === 'parquet'), threads)
      : await readPaths(file, packing, { kind, threads, readParquet: (path) => rowTexts(engine, path) });
  } catch (error) {
    throw error instanceof BadPaths
      ? error
      : new BadPaths(`${file} cannot be read: ${(error as Error).message}`);
  } finally {
    engine.close();
    rmSync(spillDirectory, { recursive: true, force: true });
  }
}

/** What is shown where nothing is said: what the settings asked for. */
function tablesToShow({ show, format, outDir, order, models }: AttributeCommandOptions): TableName[] {
  if (show) {
    if (format === 'csv' && !outDir && show.length > 1) {
      throw new UserError(
        `CSV holds one table: say --show with one of ${show.join(', ')}, or --out-dir DIR for a file each`,
      );
    }
    return show;
  }
  if (format === 'csv' && !outDir) return ['credit'];
  return [
    'credit',
    'effects',
    ...(order === 'auto' ? (['orders'] as const) : []),
    ...(models?.includes('additive_hazard') ? (['hazard'] as const) : []),
  ];
}

function written(
  file: string,
  result: Attribution,
  tables: readonly ResultTable[],
  format: (typeof FORMATS)[number],
): string {
  if (format === 'csv') return tables[0] ? tableCsv(result, tables[0]) : '';
  return format === 'json' ? tablesJson(result, tables) : `${tablesText(file, result, tables)}\n`;
}

function listOf<T extends string>(text: string, known: readonly T[], what: string): T[] {
  if (text === 'all') return [...known];
  const names = text.split(',').map((name) => name.trim());
  for (const name of names) {
    if (!known.includes(name as T))
      throw new InvalidArgumentError(`There is no ${what} "${name}". There are: ${known.join(', ')}.`);
  }
  // In one order, whatever the order in which they are asked for.
  return known.filter((name) => names.includes(name));
}

const modelNames = (text: string) => listOf(text, MODELS, 'model');
const tableNames = (text: string) => listOf(text, TABLE_NAMES, 'table');

function chainOrder(text: string): number | 'auto' {
  if (text === 'auto') return 'auto';
  if (!/^[1-4]$/.test(text)) throw new InvalidArgumentError('It must be 1, 2, 3, 4 or auto.');
  return Number(text);
}

function intervalLevel(text: string): number {
  const level = Number(text);
  if (!(level >= 0.5 && level < 1))
    throw new InvalidArgumentError('It must be a number from 0.5 to below 1, such as 0.9.');
  return level;
}

function transformName(text: string): string {
  try {
    const { kind, channel } = parseTransform(text);
    return channel === null ? kind : `${kind}:${channel}`;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}
