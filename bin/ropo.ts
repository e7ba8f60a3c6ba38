import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { ShopDirectory } from '../lib/adapters/embedded/shop-directory.ts';
import { type GlobalOptions, say, UserError, wholeNumber } from './commands/context.ts';
import { load } from './commands/load.ts';
import { ATTRIBUTE, newProgram, runProgram } from './commands/run-program.ts';
import type { SqlFormat } from './commands/sql.ts';
import type { StartOptions } from './commands/start.ts';

const port = () =>
  new Option('--port <port>', 'port on 127.0.0.1').default(8787).argParser(wholeNumber(0, 65_535));

const persons = () =>
  new Option('--persons <n>', 'people of the demo shop').argParser(wholeNumber(20, 1_000_000));

const program = newProgram();

/**
 * Every command takes --data, before or after its name. What else it takes is defined only when it is asked for, so
 * that no command waits for the files of another.
 */
function command(name: string, description: string, define: (command: Command) => Command): void {
  const made = program
    .command(name)
    .description(description)
    .option('--data <dir>', 'folder that holds the shop (default: .ropo)');
  if (process.argv.includes(name)) define(made);
}

const rootOf = (own: Partial<GlobalOptions>) => own.data ?? program.opts<GlobalOptions>().data;
const directories = () =>
  load<typeof import('../lib/adapters/embedded/shop-directory.ts')>(
    '../lib/adapters/embedded/shop-directory.ts',
  );
const openShop = (options: Partial<GlobalOptions>, purpose: string) =>
  load<typeof import('../lib/adapters/embedded/shop.ts')>('../lib/adapters/embedded/shop.ts').openShop(
    rootOf(options),
    purpose,
  );

/** The shop that a reading command means; it makes none. */
function shopIn(options: Partial<GlobalOptions>): ShopDirectory {
  const root = rootOf(options);
  if (existsSync(root)) return directories().shopDirectory(root);
  throw new UserError(
    `There is no shop in ${root}. Make one with: npm start, or: npx ropo import and then npx ropo build`,
  );
}

command('start', 'demo shop, import, build, report and API in one go; what is there is reused', (start) =>
  start
    .option('--once', 'end after the report instead of serving the API')
    .addOption(persons().default(4000))
    .addOption(
      new Option('--seed <n>', 'seed of the demo shop').default(1).argParser(wholeNumber(0, 2 ** 31)),
    )
    .addOption(port())
    .action(async (options: StartOptions) =>
      load<typeof import('./commands/start.ts')>('./commands/start.ts').startShop(
        directories().openShopDirectory(rootOf(options)),
        options,
      ),
    ),
);

command('demo', 'write the input files of a synthetic shop, and its hidden truth apart', (demo) =>
  demo
    .addOption(persons().default(4000))
    .addOption(
      new Option('--seed <n>', 'same seed, same files').default(1).argParser(wholeNumber(0, 2 ** 31)),
    )
    .option(
      '--world <name>',
      'a causal world instead of the shop, with known incremental revenue: plain, harvest, order, fading, saturation, mixed, null',
    )
    .action(async (options: { data?: string; persons: number; seed: number; world?: string }) => {
      const root = rootOf(options);
      mkdirSync(root, { recursive: true });
      const { makeDemo } = load<typeof import('./commands/demo.ts')>('./commands/demo.ts');
      const files = await makeDemo(root, options.persons, options.seed, options.world);
      say(`Wrote ${files.length} files to ${join(root, 'demo')}. Import them in this order:`);
      for (const { format, file } of files)
        say(`  npx ropo import ${format} ${file}${root === '.ropo' ? '' : ` --data ${root}`}`);
    }),
);

command(
  'import',
  'take in files (plain or .gz, folders, globs); the same file twice changes nothing',
  (importing) => {
    const { FORMATS } = load<typeof import('../lib/formats/index.ts')>('../lib/formats/index.ts');
    return importing
      .argument('<format>', `one of: ${Object.keys(FORMATS).sort().join(', ')}`)
      .argument('<file...>', 'files, folders or globs')
      .addHelpText(
        'after',
        `\nFormats:\n${Object.values(FORMATS)
          .map(({ name, describes }) => `  ${name.padEnd(18)} ${describes}`)
          .join('\n')}`,
      )
      .action(async (format: string, files: string[], options: { data?: string }) =>
        load<typeof import('./commands/import.ts')>('./commands/import.ts').runImport(
          await openShop(options, 'import'),
          format,
          files,
        ),
      );
  },
);

command('build', 'run the SQL in dependency order and publish the tables, all at once', (building) =>
  building.action(async (options: { data?: string }) => {
    const { buildShop, showBuild } = load<typeof import('./commands/build.ts')>('./commands/build.ts');
    const shop = await openShop(options, 'build');
    try {
      showBuild(await buildShop(shop));
    } finally {
      shop.close();
    }
  }),
);

command(
  'close',
  'close a period: its figures stay as they are reported now, and later changes are booked after it',
  (closing) =>
    closing
      .requiredOption(
        '--through <day>',
        'last day of the period, as 2025-03-31; it begins after the last one closed',
      )
      .action(async (options: { data?: string; through: string }) => {
        const { showClosing } = load<typeof import('./commands/close.ts')>('./commands/close.ts');
        shopIn(options);
        await showClosing(await openShop(options, 'close'), options.through);
      }),
);

command('erase', 'take a person out of everything, and prove it with a certificate', (erase) =>
  load<typeof import('./commands/erase.ts')>('./commands/erase.ts').defineErase(erase, shopIn),
);

command('access', 'everything that is kept about one person, as a file for that person', (access) =>
  load<typeof import('./commands/access.ts')>('./commands/access.ts').defineAccess(access, shopIn),
);

command('retain', 'take away what is older than its table keeps', (retain) =>
  load<typeof import('./commands/retain.ts')>('./commands/retain.ts').defineRetain(retain, shopIn),
);

command('report', 'show a KPI', (report) =>
  load<typeof import('./commands/report.ts')>('./commands/report.ts').defineReport(report, shopIn),
);

command(
  'compare',
  'the attribution models side by side with intervals, and what they all agree on',
  (compare) =>
    load<typeof import('./commands/compare.ts')>('./commands/compare.ts').defineCompare(compare, shopIn),
);

command('explain', 'everything about one receipt or order: person, research, credit, and why', (explain) =>
  load<typeof import('./commands/explain.ts')>('./commands/explain.ts').defineExplain(explain, shopIn),
);

command(
  'identity',
  'who is who: how good the identity graph is, one person, and rules of your own',
  (identity) =>
    load<typeof import('./commands/identity.ts')>('./commands/identity.ts').defineIdentity(identity, shopIn),
);

command('rejections', 'list the records that were set aside, with reason and original', (rejections) =>
  load<typeof import('./commands/rejections.ts')>('./commands/rejections.ts').defineRejections(
    rejections,
    (options) => openShop(options, 'rejections'),
  ),
);

command('sql', 'read-only SQL on the published tables', (sql) => {
  const { runSql, SQL_FORMATS } = load<typeof import('./commands/sql.ts')>('./commands/sql.ts');
  return sql
    .argument('<select>', 'one SELECT')
    .addOption(new Option('--format <format>', 'how to write the rows').choices(SQL_FORMATS).default('table'))
    .option('--out <file>', 'file to write to; needed for parquet')
    .action(async (select: string, options: { data?: string; format: SqlFormat; out?: string }) =>
      runSql(shopIn(options), select, options.format, options.out),
    );
});

command('export', 'store purchases for an ad platform, joined to your own contact file', (exporting) =>
  load<typeof import('./commands/export.ts')>('./commands/export.ts').defineExport(exporting, shopIn),
);

command('tables', 'list the published tables, or the columns of one with their meaning', (tables) =>
  tables
    .argument('[table]', 'name of a table')
    .action(async (table: string | undefined, options: { data?: string }) =>
      load<typeof import('./commands/tables.ts')>('./commands/tables.ts').showTables(shopIn(options), table),
    ),
);

command('serve', 'serve the API, the collector and its live page on 127.0.0.1', (serve) =>
  load<typeof import('./commands/serve.ts')>('./commands/serve.ts').defineServe(
    serve.addOption(port()),
    (options) => directories().shopDirectory(rootOf(options)),
  ),
);

command('keys', 'list the keys that clients come with; make, rotate and revoke them', (keys) =>
  load<typeof import('./commands/keys.ts')>('./commands/keys.ts').defineKeys(keys, (options) =>
    directories().shopDirectory(rootOf(options)),
  ),
);

command(
  'bench',
  "measure the phases of a shop or attribute, beside the engine's own reading of the same files",
  (bench) => load<typeof import('./commands/bench.ts')>('./commands/bench.ts').defineBench(bench),
);

command('contracts', 'print the JSON Schema of the input contracts', (contracts) =>
  load<typeof import('./commands/contracts.ts')>('./commands/contracts.ts').defineContracts(contracts),
);

command('attribute', ATTRIBUTE, (attribute) =>
  load<typeof import('./commands/attribute.ts')>('./commands/attribute.ts').defineAttribute(
    attribute,
    async () =>
      load<typeof import('../lib/adapters/embedded/path-files.ts')>('../lib/adapters/embedded/path-files.ts'),
  ),
);

command('cost', 'what a month on AWS costs, and which limit binds first', (cost) =>
  load<typeof import('./commands/cost.ts')>('./commands/cost.ts').defineCost(cost),
);

command(
  'validate',
  'measure every model against made-up worlds whose incremental revenue is known',
  (validate) =>
    load<typeof import('./commands/validate.ts')>('./commands/validate.ts').defineValidate(validate),
);

void runProgram(program);
