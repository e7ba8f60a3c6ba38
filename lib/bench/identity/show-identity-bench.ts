import { textTable } from '../../report/text-table.ts';
import type { Measured } from '../measure.ts';
import { outcomesTable } from '../show-bench.ts';
import type { TargetOutcome } from '../targets.ts';
import type { IdentityResult } from './identity-job.ts';

const TARGET_LINKS = 10_000_000;
const TARGET_SECONDS = 60;

/** A rebuild of the graph in its parts, beside the bare pass, and its target. */
export function identityBenchText(result: IdentityResult): string {
  const { links, identifiers, persons, refused, shared, resolve, history, bare, givenBytes } = result;
  const row = (name: string, { seconds, cpuSeconds, peakBytes }: Measured) => [
    name,
    seconds.toFixed(2),
    cpuSeconds.toFixed(2),
    whole(links / seconds),
    megabytes(peakBytes),
    `${(seconds / bare.seconds).toFixed(1)} x`,
  ];
  const table = textTable(
    [
      { title: 'Part', align: 'left' },
      { title: 'Seconds', align: 'right' },
      { title: 'CPU s', align: 'right' },
      { title: 'Links/s', align: 'right' },
      { title: 'Peak so far', align: 'right' },
      { title: 'Seconds / bare', align: 'right' },
    ],
    [
      row('who is who', resolve),
      row('who was who when', history),
      row('bare: each link into a hash table', bare),
    ],
  );
  return [
    `${whole(links)} links of ${whole(identifiers)} identifiers: ${whole(persons)} persons, ${whole(refused)} links refused, ${whole(shared)} shared identifiers; the links alone and Node take ${megabytes(givenBytes)}`,
    '',
    table,
    '',
    outcomesTable([identityOutcome(result)]),
  ].join('\n');
}

/** The target is for ten million links and says nothing of fewer. */
export function identityOutcome({ links, resolve, history }: IdentityResult): TargetOutcome {
  const seconds = resolve.seconds + history.seconds;
  const isFullSize = links >= TARGET_LINKS;
  return {
    what: `rebuild of ${whole(TARGET_LINKS)} links`,
    wanted: `under ${TARGET_SECONDS} s`,
    measured: `${seconds.toFixed(1)} s${isFullSize ? '' : ` for ${whole(links)}`}`,
    isMet: isFullSize ? seconds < TARGET_SECONDS : null,
  };
}

const whole = (n: number) => Math.round(n).toLocaleString('en-US');
const megabytes = (bytes: number) => `${whole(bytes / 1e6)} MB`;
