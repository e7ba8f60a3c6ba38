import { type TextColumn, textTable } from '../../report/text-table.ts';
import type { Measured } from '../measure.ts';
import { outcomesTable } from '../show-bench.ts';
import { ropoTargetOutcomes, timesOf } from '../targets.ts';
import type { RopoResult } from './ropo-job.ts';

/** Each table and KPI of the ROPO part, without and with a shared identifier side by side, and the targets. */
export function ropoBenchText(events: number, plain: RopoResult, shared: RopoResult): string {
  const right = (title: string): TextColumn => ({ title, align: 'right' });
  const whole = (n: number) => Math.round(n).toLocaleString('en-US');
  const megabytes = (bytes: number) => `${whole(bytes / 1e6)} MB`;
  const cells = ({ rows, seconds, cpuSeconds, peakBytes }: RopoResult['parts'][number]) => [
    whole(rows),
    seconds.toFixed(2),
    cpuSeconds.toFixed(2),
    megabytes(peakBytes),
  ];
  const ratios = (run: Measured, other: Measured) =>
    Object.values(timesOf(run, other)).map((of) => (Number.isFinite(of) ? `${of.toFixed(2)} x` : ''));
  const total = ({ seconds, cpuSeconds, peakBytes }: RopoResult) => [
    '',
    seconds.toFixed(2),
    cpuSeconds.toFixed(2),
    megabytes(peakBytes),
  ];
  const columns = ['Rows', 'Seconds', 'CPU s', 'Peak so far'];
  const parts = textTable(
    [
      { title: 'Table or KPI', align: 'left' },
      ...columns.map(right),
      ...columns.map((title) => right(`${title}, shared id`)),
      right('Seconds, shared / plain'),
      right('CPU s, shared / plain'),
    ],
    [
      ...plain.parts.map((part, at) => {
        const other = shared.parts[at]!;
        return [part.name, ...cells(part), ...cells(other), ...ratios(other, part)];
      }),
      ['all', ...total(plain), ...total(shared), ...ratios(shared, plain)],
    ],
  );
  return `${parts}\n\n${outcomesTable(ropoTargetOutcomes(events, plain, shared))}`;
}
