import { type TextColumn, textTable } from '../../report/text-table.ts';
import { outcomesTable } from '../show-bench.ts';
import { apiTargetOutcomes } from '../targets.ts';
import { type ApiBench, type ApiLoad, USERS } from './api-load.ts';

const whole = (n: number) => Math.round(n).toLocaleString('en-US');
const time = (ms: number) => `${ms < 10 ? ms.toFixed(1) : whole(ms)} ms`;
const left = (title: string): TextColumn => ({ title, align: 'left' });
const right = (title: string): TextColumn => ({ title, align: 'right' });

/** The API beside the bare framework, what was slowest, and the target. */
export function apiBenchText(bench: ApiBench, touchpoints: number): string {
  const { alone, newBuild, prepared, kept, known, anew, bare } = bench;
  const row = (what: string, its: ApiLoad) => [
    what,
    whole(its.requests),
    whole(its.failed),
    whole(its.perSecond),
    time(its.p50),
    time(its.p99),
    time(its.max),
    whole(its.bytesEach),
  ];
  const loads = textTable(
    [
      left(`HTTP, ${bench.questions} questions of pages`),
      right('Requests'),
      right('Failed'),
      right('Requests/s'),
      right('p50'),
      right('p99'),
      right('Slowest'),
      right('Bytes each'),
    ],
    [
      row('cold: each question once, alone', alone),
      row(`cold: ${USERS} users at a new build, every question once each`, newBuild),
      row(`prepared: ${USERS} users at a new build, what the page asks once each`, prepared),
      row(`warm: ${USERS} users, answers are kept`, kept),
      row(`warm: ${USERS} users who have the answer (304)`, known),
      row(`${USERS} users, nothing kept: every answer made anew`, anew),
      row(`bare framework, ${USERS} users, the same bytes from memory`, bare),
    ],
  );
  const slowest = textTable(
    [left('Slowest questions, cold and alone'), right('Time')],
    alone.slowest.map(({ path, ms }) => [path, time(ms)]),
  );
  return [
    `${loads}\nPeak memory of the API ${whole(bench.peakBytes / 1e6)} MB`,
    slowest,
    outcomesTable(apiTargetOutcomes(touchpoints, bench)),
  ].join('\n\n');
}
