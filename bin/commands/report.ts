import { type Command, Option } from 'commander';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import type { ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { reportKpi } from '../../lib/pipeline/report-kpi.ts';
import { FORMATS, type ReportFormat, showKpi } from '../../lib/report/show-kpi.ts';
import { UserError } from './context.ts';

interface ReportOptions {
  data?: string;
  from?: string;
  to?: string;
  model?: string;
  by?: string;
  format: ReportFormat;
}

export function defineReport(
  command: Command,
  shopIn: (options: { data?: string }) => ShopDirectory,
): Command {
  return command
    .argument('<kpi>', `one of: ${KPIS.map(({ name }) => name).join(', ')}`)
    .option('--from <day>', 'first day, as 2025-01-31')
    .option('--to <day>', 'last day')
    .option('--model <model>', 'one attribution model')
    .option('--by <grouping>', 'what a row is: channel, store, month ... depending on the KPI')
    .addOption(new Option('--format <format>', 'how to write it').choices(FORMATS).default('table'))
    .addHelpText(
      'after',
      `\nKPIs:\n${KPIS.map((kpi) => `  ${kpi.name.padEnd(16)} ${kpi.definition}\n${' '.repeat(19)}by ${kpi.groupings.join(', ')}`).join('\n')}`,
    )
    .action(async (kpi: string, options: ReportOptions) => showReport(shopIn(options), kpi, options));
}

async function showReport(
  directory: ShopDirectory,
  kpi: string,
  { from, to, model, by, format }: ReportOptions,
): Promise<void> {
  const reader = await openReader(directory);
  try {
    const published = await reader.published();
    if (!published) throw new UserError('Nothing has been built yet. Run: npx ropo build');
    const answer = await reportKpi(published, { kpi, from, to, model, by });
    const text = showKpi(answer, format);
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  } finally {
    reader.close();
  }
}
