import { type TextColumn, textTable } from '../report/text-table.ts';
import type { PhaseName, PhaseResult } from './phases.ts';
import { type TargetOutcome, targetOutcomes } from './targets.ts';

export type BenchResults = Partial<Record<PhaseName, PhaseResult>>;

/** Each phase with the engine's bare scan of the files that it reads. */
const SCAN_OF = {
  import: 'scan-input',
  build: 'scan-raw-tables',
  report: 'scan-published',
} as const satisfies Partial<Record<PhaseName, PhaseName>>;

const left = (title: string): TextColumn => ({ title, align: 'left' });
const right = (title: string): TextColumn => ({ title, align: 'right' });
const whole = (n: number) => Math.round(n).toLocaleString('en-US');
const short = (seconds: number) => seconds.toFixed(seconds < 10 ? 2 : 1);
const megabytes = (bytes: number) => `${whole(bytes / 1e6)} MB`;
const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;

/** The bench's tables: phases beside their bare scans, the parts of each phase, the targets. */
export function benchText(touchpoints: number, results: BenchResults): string {
  const sections = [phasesTable(results)];
  if (results.import) {
    sections.push(`Import by kind\n${partsTable('Kind', 'Records', results.import, 'Records/s')}`);
  }
  if (results.build) sections.push(`Build by table\n${buildTable(results.build)}`);
  if (results.report) sections.push(`Report by KPI\n${partsTable('KPI', 'Rows', results.report)}`);
  const targets = targetsTable(touchpoints, results);
  if (targets) sections.push(targets);
  return sections.join('\n\n');
}

function phasesTable(results: BenchResults): string {
  const rows: string[][] = [];
  if (results.generate) rows.push([...costs('generate', results.generate), '', '', '']);
  for (const [phase, scanPhase] of Object.entries(SCAN_OF) as [keyof typeof SCAN_OF, PhaseName][]) {
    const result = results[phase];
    if (!result) continue;
    const scan = results[scanPhase];
    rows.push([
      ...costs(phase, result),
      ...(scan
        ? [
            short(scan.seconds),
            percent(scan.seconds / result.seconds),
            `${(result.seconds / scan.seconds).toFixed(1)} x`,
          ]
        : ['', '', '']),
    ]);
  }
  return textTable(
    [
      left('Phase'),
      right('Rows'),
      right('Seconds'),
      right('CPU s'),
      right('Rows/s'),
      right('Peak memory'),
      right('Bare scan s'),
      right('Share'),
      right('Phase / scan'),
    ],
    rows,
  );
}

const costs = (phase: string, { rows, seconds, cpuSeconds, peakBytes }: PhaseResult) => [
  phase,
  whole(rows),
  short(seconds),
  short(cpuSeconds),
  whole(rows / seconds),
  megabytes(peakBytes),
];

function partsTable(what: string, counted: string, { parts }: PhaseResult, rate?: string): string {
  return textTable(
    [left(what), right(counted), right('Seconds'), ...(rate ? [right(rate)] : [])],
    parts.map(({ name, rows, seconds }) => [
      name,
      whole(rows),
      seconds.toFixed(3),
      ...(rate ? [whole(rows / seconds)] : []),
    ]),
  );
}

/** Slowest first. What is left over are the checks, the resolution of identity, and making the plans. */
function buildTable({ parts, seconds: total }: PhaseResult): string {
  const tables = parts.filter(({ name }) => !name.startsWith('seed_')).sort((a, b) => b.seconds - a.seconds);
  const inTables = tables.reduce((sum, { seconds }) => sum + seconds, 0);
  return textTable(
    [left('Table'), right('Rows'), right('Seconds'), right('Share'), right('Rows/s')],
    [
      ...tables.map(({ name, rows, seconds }) => [
        name,
        whole(rows),
        seconds.toFixed(2),
        percent(seconds / total),
        whole(rows / seconds),
      ]),
      [
        '(seeds, identity, checks)',
        '',
        (total - inTables).toFixed(2),
        percent((total - inTables) / total),
        '',
      ],
      ['total', '', total.toFixed(2), '', ''],
    ],
  );
}

function targetsTable(touchpoints: number, { import: imported, build }: BenchResults): string | null {
  const outcomes = targetOutcomes(touchpoints, {
    ...(imported ? { import: imported } : {}),
    ...(build ? { build } : {}),
  });
  return outcomes.length === 0 ? null : outcomesTable(outcomes);
}

export const outcomesTable = (outcomes: readonly TargetOutcome[]): string =>
  textTable(
    [left('Target (two cores)'), left('Wanted'), left('Measured'), left('')],
    outcomes.map(({ what, wanted, measured, isMet }) => [
      what,
      wanted,
      measured,
      isMet === null ? 'not measured at this size' : isMet ? 'met' : 'NOT MET',
    ]),
  );
