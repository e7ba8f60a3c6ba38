import { writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { openReader } from '../../lib/adapters/embedded/reader.ts';
import type { ShopDirectory } from '../../lib/adapters/embedded/shop-directory.ts';
import { COMPARISONS } from '../../lib/domain/comparison-period.ts';
import type { Kpi } from '../../lib/domain/kpi.ts';
import { KPIS } from '../../lib/domain/kpi-catalogue.ts';
import { AUDIENCES } from '../../lib/pipeline/audience.ts';
import { whyFigure } from '../../lib/pipeline/explain-figure.ts';
import { MOST_ROWS } from '../../lib/pipeline/kpi-question.ts';
import { type KpiAnswer, reportKpi } from '../../lib/pipeline/report-kpi.ts';
import { showFigure } from '../../lib/report/show-figure.ts';
import { FORMATS, type ReportFormat, showKpi } from '../../lib/report/show-kpi.ts';
import { remark, UserError, wholeNumber } from './context.ts';
import { load } from './load.ts';

interface ReportOptions {
  data?: string;
  from?: string;
  to?: string;
  model?: string;
  by?: string;
  audience?: string;
  compare?: string;
  limit?: number;
  why?: boolean;
  filter: Record<string, string>;
  format: ReportFormat | 'svg';
  out?: string;
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
    .option('--filter <name=value>', 'only a part, as level=sku; once per filter of the KPI', addFilter, {})
    .addOption(
      new Option('--compare <period>', 'set each row beside what it was before').choices(COMPARISONS),
    )
    .addOption(new Option('--limit <rows>', 'the first rows only').argParser(wholeNumber(1, MOST_ROWS)))
    .option('--why', 'how the figures are made: formulas, SQL, tables, and what was left out')
    .addOption(
      new Option(
        '--audience <audience>',
        'who reads it: outside the company a row needs more people',
      ).choices(AUDIENCES),
    )
    .addOption(
      new Option('--format <format>', 'how to write it').choices([...FORMATS, 'svg']).default('table'),
    )
    .option('--out <file>', 'file to write to; svg is a picture of the ROPO KPIs')
    .addHelpText('after', `\nKPIs:\n${KPIS.map(kpiGuide).join('\n')}`)
    .action(async (kpi: string, options: ReportOptions) => showReport(shopIn(options), kpi, options));
}

const INDENT = `\n${' '.repeat(19)}`;

/** What a KPI is, and what it can be asked for. */
function kpiGuide({ name, definition, groupings, filters = [] }: Kpi): string {
  return [
    `  ${name.padEnd(16)} ${definition}`,
    `by ${groupings.join(', ')}`,
    ...filters.map(
      (filter) =>
        `--filter ${filter.name}=${filter.values?.join('|') ?? 'TEXT'}${filter.default ? ` (${filter.default})` : ''}: ${filter.definition}`,
    ),
  ].join(INDENT);
}

/** Takes one --filter of the command line to those before it. */
function addFilter(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError(`"${text}" must be name=value, as level=sku.`);
  const name = text.slice(0, at);
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`${name} is given twice; give it once.`);
  return { ...before, [name]: text.slice(at + 1) };
}

async function showReport(
  directory: ShopDirectory,
  kpi: string,
  { format, out, why, filter: filters, ...asked }: ReportOptions,
): Promise<void> {
  const reader = await openReader(directory);
  try {
    const published = await reader.published();
    if (!published) throw new UserError('Nothing has been built yet. Run: npx ropo build');
    const question = { kpi, filters, ...asked };
    const text = why
      ? showFigure(await whyFigure(published, question), format)
      : shown(await reportKpi(published, question), format);
    const ended = text.endsWith('\n') ? text : `${text}\n`;
    if (out === undefined) process.stdout.write(ended);
    else {
      writeTo(out, ended);
      remark(`Wrote ${out}`);
    }
  } finally {
    reader.close();
  }
}

const shown = (answer: KpiAnswer, format: ReportOptions['format']) =>
  format === 'svg' ? picture(answer) : showKpi(answer, format);

function picture(answer: KpiAnswer): string {
  const { chart, DRAWN_KPIS } = load<typeof import('../../lib/report/charts/chart.ts')>(
    '../lib/report/charts/chart.ts',
  );
  if (!DRAWN_KPIS.includes(answer.kpi))
    throw new UserError(`${answer.kpi} has no picture; the KPIs that have one are ${DRAWN_KPIS.join(', ')}`);
  const drawn = chart(answer);
  if (drawn === null)
    throw new UserError(`${answer.kpi} has no rows in this period, so there is nothing to draw`);
  return drawn;
}

function writeTo(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(
      `Cannot write ${file}: ${(error as Error).message}; name a file in a folder that exists`,
    );
  }
}
