import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { estimate } from '../../lib/cost/estimate.ts';
import { BadPrices, PRICES, type Prices, pricesWith } from '../../lib/cost/prices.ts';
import { costCsv, costJson, costText } from '../../lib/cost/show-cost.ts';
import { type Workload, workloadOf } from '../../lib/cost/workload.ts';
import { say, UserError, wholeNumber } from './context.ts';

const FORMATS = ['table', 'json', 'csv'] as const;
const USUAL = workloadOf(1);

interface CostOptions {
  events: number;
  historyMonths: number;
  buildsPerDay: number;
  messagesPerRequest: number;
  peak: number;
  questions: number;
  format: (typeof FORMATS)[number];
  prices?: string;
}

export function defineCost(command: Command): Command {
  return command
    .addOption(
      new Option('--events <n>', 'records that come in, a month')
        .argParser(wholeNumber(1, 1e13))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--history-months <n>', 'months of records that every build reads')
        .default(USUAL.historyMonths)
        .argParser(wholeNumber(1, 120)),
    )
    .addOption(
      new Option('--builds-per-day <n>', 'builds').default(USUAL.buildsPerDay).argParser(wholeNumber(0, 96)),
    )
    .addOption(
      new Option('--messages-per-request <n>', 'messages of one request: 1 of browsers, more of servers')
        .default(USUAL.messagesPerRequest)
        .argParser(wholeNumber(1, 500)),
    )
    .addOption(
      new Option('--peak <factor>', 'how many times the mean the busiest second is')
        .default(USUAL.peakFactor)
        .argParser(peakFactor),
    )
    .addOption(
      new Option('--questions <n>', 'different questions that readers ask of each build')
        .default(USUAL.questionsPerBuild)
        .argParser(wholeNumber(0, 1_000_000)),
    )
    .option('--prices <file>', 'your own prices, as JSON: {"athenaScanned": 4.5}')
    .addOption(new Option('--format <format>', 'how to write it').choices(FORMATS).default('table'))
    .addHelpText(
      'after',
      `\nPrices:\n${Object.entries(PRICES)
        .map(([name, { unit, page }]) => `  ${name.padEnd(20)} US dollars a ${unit} (${page})`)
        .join('\n')}`,
    )
    .action((options: CostOptions) => showCost(options));
}

/** Prints what a month on AWS costs, and which limit binds first. */
function showCost({ format, prices, ...asked }: CostOptions): void {
  const workload: Workload = {
    eventsPerMonth: asked.events,
    historyMonths: asked.historyMonths,
    buildsPerDay: asked.buildsPerDay,
    messagesPerRequest: asked.messagesPerRequest,
    peakFactor: asked.peak,
    questionsPerBuild: asked.questions,
  };
  const made = estimate(workload, prices === undefined ? PRICES : ownPrices(prices));
  if (format === 'json') say(costJson(made));
  else if (format === 'csv') say(costCsv(made).replace(/\r\n$/, ''));
  else say(costText(made));
}

function ownPrices(file: string): Prices {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`Cannot read the prices of ${file}: ${(error as Error).message}`);
  }
  try {
    return pricesWith(text);
  } catch (error) {
    if (error instanceof BadPrices) throw new UserError(`${file}: ${error.message}`);
    throw error;
  }
}

function peakFactor(text: string): number {
  const factor = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || factor < 1 || factor > 1000)
    throw new InvalidArgumentError(
      'It must be a number from 1 to 1000: the busiest second is no less than the mean.',
    );
  return factor;
}
