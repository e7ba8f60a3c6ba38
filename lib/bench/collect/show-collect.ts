import { type TextColumn, textTable } from '../../report/text-table.ts';
import { outcomesTable } from '../show-bench.ts';
import { collectTargetOutcomes } from '../targets.ts';
import { CONNECTIONS, type LoadResult } from './http-load.ts';
import { type IngestResult, oneCoreSeconds } from './ingest-job.ts';

const whole = (n: number) => Math.round(n).toLocaleString('en-US');
const left = (title: string): TextColumn => ({ title, align: 'left' });
const right = (title: string): TextColumn => ({ title, align: 'right' });

/** Ingest beside the bare parsing of the same text; the collector beside the bare framework; the targets. */
export function collectBenchText(ingest: IngestResult, collector: LoadResult, bare: LoadResult): string {
  return [
    ingestTable(ingest),
    loadTable(collector, bare),
    outcomesTable(collectTargetOutcomes(ingest, oneCoreSeconds(ingest), collector, bare)),
  ].join('\n\n');
}

function ingestTable(ingest: IngestResult): string {
  const row = (what: string, events: number, run: { seconds: number; cpuSeconds: number }) => {
    const seconds = oneCoreSeconds(run);
    const parse = (ingest.parseSeconds / ingest.events) * events;
    return [
      what,
      whole(events),
      run.seconds.toFixed(2),
      run.cpuSeconds.toFixed(2),
      whole(events / seconds),
      whole(events / parse),
      `${(run.cpuSeconds / parse).toFixed(1)} x`,
    ];
  };
  return `${textTable(
    [
      left('Ingest'),
      right('Events'),
      right('Seconds'),
      right('CPU s'),
      right('Events/s of one core'),
      right('JSON.parse alone'),
      right('CPU, ingest / parse'),
    ],
    [row('all', ingest.events, ingest), row('the last tenth', ingest.last.events, ingest.last)],
  )}
${whole(ingest.identifiers)} distinct identifiers, ${whole(ingest.bytes / ingest.events)} bytes an event; peak memory ${whole(ingest.peakBytes / 1e6)} MB`;
}

function loadTable(collector: LoadResult, bare: LoadResult): string {
  const row = (what: string, { perSecond, p50, p99, requests, failed, peakBytes }: LoadResult) => [
    what,
    whole(requests),
    whole(failed),
    whole(perSecond),
    `${p50} ms`,
    `${p99} ms`,
    `${whole(peakBytes / 1e6)} MB`,
  ];
  return textTable(
    [
      left(`HTTP, ${CONNECTIONS} connections, one event a request`),
      right('Requests'),
      right('Failed'),
      right('Requests/s'),
      right('p50'),
      right('p99'),
      right('Peak memory'),
    ],
    [row('collector, on disk before the answer, with ingest', collector), row('bare framework', bare)],
  );
}
