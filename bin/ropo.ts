import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { NotASelect, openReader } from '../lib/adapters/embedded/reader.ts';
import { openShop } from '../lib/adapters/embedded/shop.ts';
import {
  openShopDirectory,
  ShopBusy,
  type ShopDirectory,
  shopDirectory,
} from '../lib/adapters/embedded/shop-directory.ts';
import { CONTRACTS } from '../lib/domain/contract/index.ts';
import { KPIS } from '../lib/domain/kpi-catalogue.ts';
import { FORMATS } from '../lib/formats/index.ts';
import { BuildCheckFailed } from '../lib/pipeline/build-tables.ts';
import { type ImportResult, replayRejections } from '../lib/pipeline/import-files.ts';
import { BadQuestion, reportKpi } from '../lib/pipeline/report-kpi.ts';
import { FORMATS as REPORT_FORMATS, type ReportFormat, showKpi } from '../lib/report/show-kpi.ts';
import { type BenchOptions, runBench } from './commands/bench.ts';
import { buildShop, showBuild } from './commands/build.ts';
import { EXIT, type GlobalOptions, remark, say, UserError, wholeNumber } from './commands/context.ts';
import { makeDemo } from './commands/demo.ts';
import { importPaths, showImports } from './commands/import.ts';
import { showRejections } from './commands/rejections.ts';
import { serveShop } from './commands/serve.ts';
import { runSql, SQL_FORMATS, type SqlFormat } from './commands/sql.ts';
import { type StartOptions, startShop } from './commands/start.ts';
import { showTables } from './commands/tables.ts';

const port = () =>
  new Option('--port <port>', 'port on 127.0.0.1').default(8787).argParser(wholeNumber(0, 65_535));

// A reader that closes early, as head does, has all that it wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const program = new Command('ropo')
  .description(
    'Attribution and ROPO (research online, purchase offline) measurement that reconciles to the cent',
  )
  .version('0.1.0')
  .showHelpAfterError('(ropo --help shows what can be asked)')
  .enablePositionalOptions()
  .option('--data <dir>', 'folder that holds the shop', '.ropo');

/** Every command takes --data, before or after its name. */
function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--data <dir>', 'folder that holds the shop (default: .ropo)');
}

const rootOf = (own: Partial<GlobalOptions>) => own.data ?? program.opts<GlobalOptions>().data;

/** The shop that a reading command means; it makes none. */
function shopIn(options: Partial<GlobalOptions>): ShopDirectory {
  const root = rootOf(options);
  if (existsSync(root)) return shopDirectory(root);
  throw new UserError(
    `There is no shop in ${root}. Make one with: npm start, or: npx ropo import and then npx ropo build`,
  );
}

command('start', 'demo shop, import, build, report and API in one go; what is there is reused')
  .option('--once', 'end after the report instead of serving the API')
  .addOption(
    new Option('--persons <n>', 'people of the demo shop')
      .default(4000)
      .argParser(wholeNumber(20, 1_000_000)),
  )
  .addOption(new Option('--seed <n>', 'seed of the demo shop').default(1).argParser(wholeNumber(0, 2 ** 31)))
  .addOption(port())
  .action(async (options: StartOptions) => startShop(openShopDirectory(rootOf(options)), options));

command('demo', 'write the input files of a synthetic shop, and its hidden truth apart')
  .addOption(new Option('--persons <n>', 'people').default(4000).argParser(wholeNumber(20, 1_000_000)))
  .addOption(new Option('--seed <n>', 'same seed, same files').default(1).argParser(wholeNumber(0, 2 ** 31)))
  .action(async (options: { data?: string; persons: number; seed: number }) => {
    const root = rootOf(options);
    mkdirSync(root, { recursive: true });
    const files = await makeDemo(root, options.persons, options.seed);
    say(`Wrote ${files.length} files to ${join(root, 'demo')}. Import them in this order:`);
    for (const { format, file } of files)
      say(`  npx ropo import ${format} ${file}${root === '.ropo' ? '' : ` --data ${root}`}`);
  });

command('import', 'take in files (plain or .gz, folders, globs); the same file twice changes nothing')
  .argument('<format>', `one of: ${Object.keys(FORMATS).sort().join(', ')}`)
  .argument('<file...>', 'files, folders or globs')
  .addHelpText(
    'after',
    () =>
      `\nFormats:\n${Object.values(FORMATS)
        .map(({ name, describes }) => `  ${name.padEnd(18)} ${describes}`)
        .join('\n')}`,
  )
  .action(async (format: string, files: string[], options: { data?: string }) => {
    const shop = await openShop(rootOf(options), 'import');
    const results: ImportResult[] = [];
    try {
      await importPaths(shop, format, files, results);
    } finally {
      shop.close();
      if (results.length > 0) showImports(results);
      if (results.some(({ rejected, waiting }) => waiting > 0 || Object.keys(rejected).length > 0)) {
        remark('Records were set aside; see: npx ropo rejections');
        process.exitCode = EXIT.rejected;
      }
    }
  });

command('build', 'run the SQL in dependency order and publish the tables, all at once').action(
  async (options: { data?: string }) => {
    const shop = await openShop(rootOf(options), 'build');
    try {
      showBuild(await buildShop(shop));
    } finally {
      shop.close();
    }
  },
);

command('report', 'show a KPI')
  .argument('<kpi>', `one of: ${KPIS.map(({ name }) => name).join(', ')}`)
  .option('--from <day>', 'first day, as 2025-01-31')
  .option('--to <day>', 'last day')
  .option('--model <model>', 'one attribution model')
  .option('--by <grouping>', 'what a row is: channel, store, month ... depending on the KPI')
  .addOption(new Option('--format <format>', 'how to write it').choices(REPORT_FORMATS).default('table'))
  .addHelpText(
    'after',
    () =>
      `\nKPIs:\n${KPIS.map((kpi) => `  ${kpi.name.padEnd(16)} ${kpi.definition}\n${' '.repeat(19)}by ${kpi.groupings.join(', ')}`).join('\n')}`,
  )
  .action(
    async (
      kpi: string,
      options: {
        data?: string;
        from?: string;
        to?: string;
        model?: string;
        by?: string;
        format: ReportFormat;
      },
    ) => {
      const reader = await openReader(shopIn(options));
      try {
        const published = await reader.published();
        if (!published) throw new UserError('Nothing has been built yet. Run: npx ropo build');
        const { from, to, model, by } = options;
        say(
          showKpi(await reportKpi(published, { kpi, from, to, model, by }), options.format).replace(
            /\r?\n$/,
            '',
          ),
        );
      } finally {
        reader.close();
      }
    },
  );

command('rejections', 'list the records that were set aside, with reason and original')
  .option('--replay', 'try them again, now that the cause is mended')
  .addOption(new Option('--format <format>', 'how to write them').choices(['table', 'json']).default('table'))
  .action(async (options: { data?: string; replay?: boolean; format: 'table' | 'json' }) => {
    const shop = await openShop(rootOf(options), 'rejections');
    try {
      if (options.replay) {
        const { tried, stored, duplicates, left } = await replayRejections(shop.importer);
        say(
          `Tried ${tried} again: ${stored} stored, ${duplicates} were there already; ${left} remain set aside.`,
        );
      } else {
        showRejections(await shop.importer.lake.rejections(), options.format);
      }
    } finally {
      shop.close();
    }
  });

command('sql', 'read-only SQL on the published tables')
  .argument('<select>', 'one SELECT')
  .addOption(new Option('--format <format>', 'how to write the rows').choices(SQL_FORMATS).default('table'))
  .option('--out <file>', 'file to write to; needed for parquet')
  .action(async (select: string, options: { data?: string; format: SqlFormat; out?: string }) => {
    await runSql(shopIn(options), select, options.format, options.out);
  });

command('tables', 'list the published tables, or the columns of one with their meaning')
  .argument('[table]', 'name of a table')
  .action(async (table: string | undefined, options: { data?: string }) =>
    showTables(shopIn(options), table),
  );

command('serve', 'serve the API on 127.0.0.1')
  .addOption(port())
  .action(async (options: { data?: string; port: number }) => serveShop(shopIn(options), options.port));

command('bench', "measure import, build and report, beside the engine's bare scan of the same files")
  .addOption(
    new Option('--touchpoints <n>', 'size of the shop').default(1_000_000).argParser(wholeNumber(1000, 1e9)),
  )
  .option('--only <phase>', 'one phase alone: import, build or report')
  .option('--keep <dir>', 'keep input and shop there, and use what is there')
  .action(async (options: BenchOptions) => runBench(options));

command('contracts', 'print the JSON Schema of the input contracts')
  .argument('[kind]', `one of: ${Object.keys(CONTRACTS).join(', ')}`)
  .action((kind?: string) => {
    if (kind !== undefined && !Object.hasOwn(CONTRACTS, kind)) {
      throw new UserError(
        `There is no contract "${kind}". The contracts are: ${Object.keys(CONTRACTS).join(', ')}`,
      );
    }
    say(JSON.stringify(kind ? CONTRACTS[kind as keyof typeof CONTRACTS] : CONTRACTS, null, 2));
  });

program.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.usage));
for (const each of program.commands)
  each.exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT.usage));

try {
  await program.parseAsync();
} catch (error) {
  const isExpected =
    error instanceof UserError ||
    error instanceof BadQuestion ||
    error instanceof ShopBusy ||
    error instanceof BuildCheckFailed;
  remark(
    isExpected || !process.env.ROPO_DEBUG
      ? `ropo: ${(error as Error).message}`
      : String((error as Error).stack),
  );
  process.exitCode =
    error instanceof UserError || error instanceof BadQuestion || error instanceof NotASelect
      ? EXIT.usage
      : EXIT.failed;
}
