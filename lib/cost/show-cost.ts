import { csvText } from '../report/csv.ts';
import { type TextColumn, textTable } from '../report/text-table.ts';
import type { Estimate } from './estimate.ts';
import type { Limit } from './limits.ts';
import { MEASURED } from './measured.ts';
import { PRICES_DATE, PRICES_REGION } from './prices.ts';
import { ASSUMED, type Workload } from './workload.ts';

const left = (title: string): TextColumn => ({ title, align: 'left' });
const right = (title: string): TextColumn => ({ title, align: 'right' });

/** US dollars to the cent. */
export const usdText = (usd: number) =>
  usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** A quantity with three digits that count, never more than it needs: 0.0431, 12.3, 1,230,000. */
export function amountText(amount: number): string {
  if (!Number.isFinite(amount)) return '-';
  return amount.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}

/** How often what is asked fits into a limit: "410 x", or by how much it does not: "OVER, 2.1 x too much". */
export function headroomText({ load, limit }: Pick<Limit, 'load' | 'limit'>): string {
  if (load > limit) return `OVER, ${amountText(load / limit)} x too much`;
  return load === 0 ? '-' : `${amountText(limit / load)} x`;
}

/** The bill, the limits and what both rest on, for the terminal. */
export function costText({ workload, lines, services, total, perMillion, limits }: Estimate): string {
  const order = services.map(({ service }) => service);
  const sorted = [...lines].sort(
    (a, b) => order.indexOf(a.service) - order.indexOf(b.service) || b.usd - a.usd,
  );
  return [
    `ropo on AWS, ${workloadText(workload)}`,
    '',
    `Cost of a month in US dollars: list prices of ${PRICES_REGION} as known on ${PRICES_DATE} (others with --prices FILE), without tax and free allowances`,
    '',
    textTable(
      [left('Service'), left('What'), right('Quantity'), left('Unit'), right('USD a month')],
      [
        ...sorted.map(({ service, what, units, unit, usd }) => [
          service,
          what,
          amountText(units),
          unit,
          usdText(usd),
        ]),
        ['Total', '', '', '', usdText(total)],
        ['', 'for a million events', '', '', usdText(perMillion)],
      ],
    ),
    '',
    'Limits, the one that binds first at the top',
    '',
    limitsTable(limits),
    '',
    ...changesOf(limits),
    'What this rests on',
    ...assumptions(workload).map((one) => `- ${one}`),
  ].join('\n');
}

export const workloadText = (workload: Workload) =>
  [
    `${workload.eventsPerMonth.toLocaleString('en-US')} events a month`,
    counted(workload.historyMonths, 'month', ' of history'),
    counted(workload.buildsPerDay, 'build', ' a day'),
    counted(workload.messagesPerRequest, 'message', ' a request'),
    `peak ${workload.peakFactor} x the mean`,
    counted(workload.questionsPerBuild, 'question', ' a build'),
  ].join(', ');

const counted = (n: number, what: string, then: string) =>
  `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}${then}`;

function limitsTable(limits: readonly Limit[]): string {
  return textTable(
    [
      left('Service'),
      left('What'),
      right('Asked'),
      right('Limit'),
      left('Unit'),
      right('Headroom'),
      right('Binds at events a month'),
      left('Set by'),
    ],
    limits.map((limit) => [
      limit.service,
      limit.what,
      amountText(limit.load),
      limit.limit.toLocaleString('en-US'),
      limit.unit,
      headroomText(limit),
      amountText(limit.bindsAt),
      limit.setBy,
    ]),
  );
}

/** What to change: of the limits that bind, and of the next one that will. */
function changesOf(limits: readonly Limit[]): string[] {
  const binding = limits.filter(({ load, limit }) => load > limit);
  const shown = binding.length > 0 ? binding : limits.slice(0, 1);
  return [
    binding.length > 0
      ? 'What does not fit, and what to change'
      : 'What binds first as events grow, and what to change',
    ...shown.map(({ service, what, change }) => `- ${service}, ${what}: ${change}`),
    '',
  ];
}

/** What was measured, and what was taken for granted. */
export function assumptions({ historyMonths }: Workload): string[] {
  return [
    `an event is one record that comes in; the month is a steady one, its history of ${historyMonths} months full`,
    `measured on the made-up shop: ${MEASURED.streamBytes} bytes an event in the stream, ${MEASURED.rawBytes} in the raw tables, ${MEASURED.builtBytes} in the tables of a build; a build reads ${MEASURED.buildReads.toLocaleString('en-US')} bytes an event of the history at the most, a question ${MEASURED.questionReads}`,
    'every build makes every table anew and reads the whole history: as when something of everything has come in',
    `assumed, not measured: ${ASSUMED.collect.seconds * 1000} ms a request of collect, ${ASSUMED.ingest.seconds} s a batch of ${ASSUMED.ingest.records} of ingest, ${ASSUMED.logBytesPerCall.toLocaleString('en-US')} bytes of logs a call, ${ASSUMED.tracedShare * 100}% of calls traced`,
    'not in it: support, tax, a domain, backups beyond point-in-time recovery, your own queries in Athena (USD 5 a TB read)',
  ];
}

/** The bill as CSV, a row for each line. */
export const costCsv = ({ lines }: Estimate): string =>
  csvText(
    ['service', 'what', 'quantity', 'unit', 'usd_a_month', 'price_page'],
    lines.map(({ service, what, units, unit, usd, page }) => [service, what, units, unit, usd, page]),
  );

/** Bill and limits as JSON; a limit that never binds has null there. */
export const costJson = (estimate: Estimate): string =>
  JSON.stringify(
    { currency: 'USD', region: PRICES_REGION, prices_as_known_on: PRICES_DATE, ...estimate },
    null,
    2,
  );
