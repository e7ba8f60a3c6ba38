import { type Command, Option } from 'commander';
import type { WritableShop } from '../../lib/adapters/embedded/shop.ts';
import { replayRejections } from '../../lib/pipeline/import-files.ts';
import type { Rejection } from '../../lib/ports.ts';
import { printable, textTable } from '../../lib/report/text-table.ts';
import { type GlobalOptions, say } from './context.ts';

type RejectionsOptions = Partial<GlobalOptions> & { replay?: boolean; format: 'table' | 'json' };

export const defineRejections = (
  rejections: Command,
  open: (options: RejectionsOptions) => Promise<WritableShop>,
): Command =>
  rejections
    .option('--replay', 'try them again, now that the cause is mended')
    .addOption(
      new Option('--format <format>', 'how to write them').choices(['table', 'json']).default('table'),
    )
    .action(async (options: RejectionsOptions) => runRejections(await open(options), options));

/** Lists what is set aside, or tries it again, and closes the shop. */
async function runRejections(
  shop: WritableShop,
  { replay, format }: { replay?: boolean; format: 'table' | 'json' },
): Promise<void> {
  try {
    if (!replay) {
      showRejections(await shop.importer.lake.rejections(), format);
      return;
    }
    const { tried, stored, duplicates, left } = await replayRejections(shop.importer);
    say(
      `Tried ${tried} again: ${stored} stored, ${duplicates} were there already; ${left} remain set aside.`,
    );
  } finally {
    shop.close();
  }
}

function showRejections(rejections: readonly Rejection[], format: 'table' | 'json'): void {
  if (format === 'json') {
    say(JSON.stringify(rejections, null, 2));
    return;
  }
  if (rejections.length === 0) {
    say('Nothing is set aside.');
    return;
  }
  const left = (title: string) => ({ title, align: 'left' as const });
  say(
    textTable(
      [
        left('Source'),
        { title: 'Line', align: 'right' },
        left('Reason'),
        left('What is wrong'),
        left('Original'),
      ],
      rejections.map(({ file, line, reason, detail, original }) => [
        printable(file, 32),
        String(line),
        reason,
        printable(detail, 76),
        printable(original, 48),
      ]),
    ),
  );
  say(`${rejections.length} records are set aside. Mend the cause, then: npx ropo rejections --replay`);
}
