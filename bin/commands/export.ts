import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { erasedKeys, withdrawnKeys, writeExport } from '../../lib/adapters/embedded/export-access.ts';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import { identitySecret, type ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { erasedAmong } from '../../lib/domain/accept/erased.ts';
import { createIdentify } from '../../lib/domain/identifier.ts';
import { isDay } from '../../lib/domain/instant.ts';
import { LEFT_OUT } from '../../lib/exports/choose-purchases.ts';
import { BadContacts, readContacts } from '../../lib/exports/contacts.ts';
import {
  type ExportContext,
  type ExportLine,
  type ExportRules,
  exportGoogle,
  exportMeta,
  LEAST_PERSONS,
  LEAST_PERSONS_FLOOR,
  TooFewPersons,
} from '../../lib/exports/export-purchases.ts';
import { googleJson, googleTable } from '../../lib/exports/google-store-sales.ts';
import { META_MAX_AGE_DAYS, metaRequests } from '../../lib/exports/meta-offline.ts';
import { inputFile } from '../../lib/formats/files.ts';
import { csvText } from '../../lib/report/csv.ts';
import { moneyText } from '../../lib/report/money-text.ts';
import { textTable } from '../../lib/report/text-table.ts';
import { remark, say, UserError, wholeNumber } from './context.ts';

export const EXPORT_TARGETS = ['google-store-sales', 'meta-offline'] as const;

interface ExportOptions {
  data?: string;
  contacts: string;
  out: string;
  from?: string;
  to?: string;
  minPersons: number;
  withUnknownConsent?: boolean;
  conversionAction?: string;
  maxAgeDays: number;
}

/** `ropo export`: store purchases for an ad platform, joined to the shop's own contact file. */
export function defineExport(
  command: Command,
  shopIn: (options: { data?: string }) => ShopDirectory,
): Command {
  return command
    .argument('<platform>', `one of: ${EXPORT_TARGETS.join(', ')}`, platform)
    .requiredOption(
      '--contacts <file>',
      'CSV or JSON Lines with email, phone, customer_id, loyalty_id, first_name, last_name, city, postal_code, country, ad_user_data, ad_personalization',
    )
    .requiredOption('--out <file>', 'file to write; of google-store-sales .csv or .json')
    .option('--from <day>', 'first day of purchase, as 2025-03-01', day)
    .option('--to <day>', 'last day of purchase', day)
    .addOption(
      new Option('--min-persons <n>', 'write nothing about fewer persons')
        .default(LEAST_PERSONS)
        .argParser(wholeNumber(LEAST_PERSONS_FLOOR, 1_000_000)),
    )
    .option('--with-unknown-consent', 'also purchases whose record says nothing of consent')
    .option('--conversion-action <name>', 'of google-store-sales: resource name of the conversion action')
    .addOption(
      new Option('--max-age-days <n>', 'of meta-offline: older purchases are left out')
        .default(META_MAX_AGE_DAYS)
        .argParser(wholeNumber(1, 3650)),
    )
    .action((target: (typeof EXPORT_TARGETS)[number], options: ExportOptions) =>
      runExport(shopIn(options), target, options),
    );
}

function platform(name: string): string {
  if ((EXPORT_TARGETS as readonly string[]).includes(name)) return name;
  throw new InvalidArgumentError(`It must be one of ${EXPORT_TARGETS.join(', ')}.`);
}

function day(text: string): string {
  if (isDay(text)) return text;
  throw new InvalidArgumentError('It must be a day of the calendar, as 2025-03-01.');
}

async function runExport(
  directory: ShopDirectory,
  target: (typeof EXPORT_TARGETS)[number],
  options: ExportOptions,
): Promise<void> {
  const reader = await openReader(directory);
  try {
    const published = await reader.published();
    if (!published) throw new UserError('Nothing has been built yet. Run: npx ropo build');
    const { contacts, unreadable } = await contactsIn(options.contacts);
    if (unreadable > 0) remark(`${unreadable} lines of the contact file cannot be read and were left out`);
    const secret = identitySecret(directory);
    const context: ExportContext = {
      published,
      secret,
      contacts,
      identify: createIdentify(secret),
      isErased: erasedAmong(await erasedKeys(directory)),
      isWithdrawn: erasedAmong(await withdrawnKeys(directory)),
    };
    const rules: ExportRules = {
      period: { from: options.from ?? null, to: options.to ?? null },
      takesUnknownConsent: options.withUnknownConsent === true,
      leastPersons: options.minPersons,
    };
    const made = target === 'meta-offline' ? metaFile : googleFile;
    const { text, rows, persons, lines, metadata } = await made(context, rules, options);
    const about = { made_at: new Date().toISOString(), format: target, rows, persons };
    if (metadata !== undefined)
      writeExport(directory, `${options.out}.metadata.json`, metadata, {
        ...about,
        format: `${target}-metadata`,
      });
    const { file } = writeExport(directory, options.out, text, about);
    say(exportText(lines));
    say(
      `\nWrote ${rows.toLocaleString('en-US')} purchases of ${persons.toLocaleString('en-US')} persons to ${file}`,
    );
  } catch (error) {
    if (error instanceof TooFewPersons) {
      if (error.lines.length > 0) {
        remark(exportText(error.lines));
        remark('--with-unknown-consent, --from and, for Meta, --max-age-days let more of them out.');
      }
      throw new UserError(`${error.message}. Nothing was written`);
    }
    throw error;
  } finally {
    reader.close();
  }
}

async function contactsIn(path: string): ReturnType<typeof readContacts> {
  if (!existsSync(path)) throw new UserError(`${path} is no file; give the contact file with --contacts`);
  try {
    return await readContacts(inputFile(path));
  } catch (error) {
    throw error instanceof BadContacts ? new UserError(error.message) : error;
  }
}

interface ExportFile {
  text: string;
  /** What stands in a file beside it. */
  metadata?: string;
  rows: number;
  persons: number;
  lines: ExportLine[];
}

async function googleFile(
  context: ExportContext,
  rules: ExportRules,
  { out, conversionAction }: ExportOptions,
): Promise<ExportFile> {
  const { items, fractions, ...exported } = await exportGoogle(context, rules, conversionAction ?? null);
  if (conversionAction === undefined)
    remark('No --conversion-action was given: the API wants one, fill it in on upload');
  if (!/\.csv$/i.test(out)) return { ...exported, rows: items.length, text: googleJson(items, fractions) };
  const metadata = `${JSON.stringify({ store_sales_metadata: fractions }, null, 2)}\n`;
  const { names, rows } = googleTable(items);
  return { ...exported, rows: items.length, text: csvText(names, rows), metadata };
}

async function metaFile(
  context: ExportContext,
  rules: ExportRules,
  { maxAgeDays }: ExportOptions,
): Promise<ExportFile> {
  const { items, ...exported } = await exportMeta(context, rules, maxAgeDays, Date.now());
  return { ...exported, rows: items.length, text: metaRequests(items) };
}

/** A line per reason and currency; they come to all store purchases of the period. */
function exportText(lines: readonly ExportLine[]): string {
  const order = [null, ...Object.keys(LEFT_OUT)];
  const sorted = [...lines].sort(
    (a, b) => order.indexOf(a.why) - order.indexOf(b.why) || (a.currency < b.currency ? -1 : 1),
  );
  return textTable(
    [
      { title: 'Store purchases', align: 'left' },
      { title: 'Purchases', align: 'right' },
      { title: 'Money after returns', align: 'right' },
    ],
    sorted.map(({ why, currency, purchases, net_minor }) => [
      why === null ? 'given out' : `left out: ${LEFT_OUT[why]}`,
      purchases.toLocaleString('en-US'),
      moneyText(net_minor, currency),
    ]),
  );
}
