import { hasInteractions } from '../demo/worlds/touch-effects.ts';
import { type TextColumn, textTable } from '../report/text-table.ts';
import type { JudgedWorld } from './judge-world.ts';
import type { OverallStanding, Standing } from './league.ts';

/** Several worlds with the sizes they were run at. */
export interface League {
  persons: number;
  seed: number;
  worlds: readonly JudgedWorld[];
  overall: readonly OverallStanding[];
}

const left = (title: string): TextColumn => ({ title, align: 'left' });
const right = (title: string): TextColumn => ({ title, align: 'right' });
const percent = (value: number | null) => (value === null ? '-' : `${(value * 100).toFixed(1)}%`);
const correlation = (value: number | null) => (value === null ? '-' : value.toFixed(2));
const euros = (cents: number) => Math.round(cents / 100).toLocaleString('en-US');
const points = (value: number) => `${value > 0 ? '+' : ''}${(value * 100).toFixed(1)}`;

function times(value: number | null): string {
  if (value === null) return '-';
  return Number.isFinite(value) ? `${value.toFixed(2)}x` : 'all of it';
}

/** How the models did over all worlds, best mean error first. */
export function overallTable({ overall }: League): string {
  return textTable(
    [
      left('Model'),
      right('Error'),
      right('Worst'),
      left('in'),
      right('Rank corr.'),
      right('Overstates'),
      right('Credited in null'),
    ],
    overall.map((row) => [
      row.name,
      percent(row.meanError),
      percent(row.worstError),
      row.worstWorld ?? '-',
      correlation(row.meanRankCorrelation),
      times(row.meanOverstatement),
      percent(row.creditedInNull),
    ]),
  );
}

/** A world's league, with what each model gives too much and too little. */
export function worldTable({ world, truth, standings }: JudgedWorld): string {
  const withLoss = hasInteractions(world);
  const names = truth.channels.map(({ channel }) => channel);
  return textTable(
    [
      left('Model'),
      right('Error'),
      ...(withLoss ? [right('by loss')] : []),
      right('Rank corr.'),
      right('Overstates'),
      right('Credited'),
      left('Most too much'),
      left('Most too little'),
    ],
    standings.map((row) => [
      row.name,
      percent(row.error),
      ...(withLoss ? [percent(row.lossError)] : []),
      correlation(row.rankCorrelation),
      times(row.overstatement),
      percent(row.creditedPart),
      furthest(row, names, 1),
      furthest(row, names, -1),
    ]),
  );
}

/** "Display +6.1": the channel whose share is the most off in a direction. */
function furthest({ bias }: Standing, names: readonly string[], direction: 1 | -1): string {
  if (!bias) return '-';
  const most = Math.max(...bias.map((value) => value * direction)) * direction;
  return most * direction < 0.0005 ? '-' : `${names[bias.indexOf(most)]} ${points(most)}`;
}

/** Credited minus true share by channel, in points, below the true shares. */
export function biasTable({ truth, standings }: JudgedWorld): string {
  const whole = truth.incremental.expectedRevenue;
  return textTable(
    [left('Model'), ...truth.channels.map(({ channel }) => right(channel))],
    [
      [
        'true share',
        ...truth.channels.map((channel) => (whole > 0 ? percent(channel.expectedRevenue / whole) : '-')),
      ],
      ...standings.map(({ name, bias }) => [name, ...(bias?.map(points) ?? truth.channels.map(() => '-'))]),
    ],
  );
}

export function worldHeading({ world, truth }: JudgedWorld): string {
  const { total, incremental } = truth;
  const part = percent(incremental.expectedRevenue / total.expectedRevenue);
  return [
    world.name,
    `  works: ${world.works}`,
    `  harvests: ${world.harvests}`,
    `  trap: ${world.trap}`,
    `  ${euros(total.revenue)} EUR from ${total.conversions.toLocaleString('en-US')} orders; incremental ${euros(incremental.expectedRevenue)} EUR expected (${part}), ${euros(incremental.revenue)} as it fell out`,
  ].join('\n');
}

const MEANING = `Error: part of the credit that stands at the wrong channel; at 20%, 20 of 100 euros credited would have to move.
By loss: the same against what would be missing without each channel, where channels need each other.
Rank corr.: Spearman's, of credited and incremental revenue; 1 is the right order of channels, 0 is chance.
Overstates: credited / incremental revenue; 1.00x is right. All of it: nothing was due. Credited: part of all revenue.
Names in brackets are no models. A model below (uniform) or (spend share) is worse than no model; (known causes)
counts the orders by their real causes: its error is chance alone, and the grain of what this many orders can show.
(base rate kept): what the model says that channels brought, without the purchases that it leaves to its base rate; a
figure of the table channel_values. Its row without this is what is booked as credit.`;

export function leagueText(league: League, by: 'model' | 'channel'): string {
  const { persons, seed, worlds } = league;
  const size = `${persons.toLocaleString('en-US')} persons a world, seed ${seed}; every number is synthetic`;
  if (by === 'channel')
    return [
      `Bias by channel: credited minus true share, in points. ${size}.`,
      ...worlds.flatMap((judged) => ['', judged.world.name, biasTable(judged)]),
    ].join('\n');
  const several = worlds.filter(({ truth }) => truth.incremental.expectedRevenue > 0).length > 1;
  return [
    `Models against known incremental revenue. ${size}.`,
    ...(several ? ['', 'All worlds', overallTable(league)] : []),
    ...worlds.flatMap((judged) => ['', worldHeading(judged), '', worldTable(judged)]),
    '',
    MEANING,
  ].join('\n');
}
