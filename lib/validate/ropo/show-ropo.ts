import { csvText } from '../../report/csv.ts';
import { type TextColumn, textTable } from '../../report/text-table.ts';
import type { JudgedTrial } from './judge-trial.ts';
import type { Trial } from './run-trial.ts';
import type { WorldTally } from './tally-worlds.ts';

/** What was tried and how it fared. */
export interface RopoValidation extends JudgedTrial {
  trial: Trial;
}

const left = (title: string): TextColumn => ({ title, align: 'left' });
const right = (title: string): TextColumn => ({ title, align: 'right' });
const percent = (share: number) =>
  Number.isNaN(share) ? '-' : `${(share * 100).toFixed(1).replace(/^-(0\.0)$/, '$1')}%`;
const points = (share: number) => `${share < 0 ? '-' : '+'}${(Math.abs(share) * 100).toFixed(1)}`;
const whole = (number: number) => number.toLocaleString('en-US');

function zeroTable(tallies: readonly WorldTally[]): string {
  return textTable(
    [
      left('No true ROPO'),
      ...['Naive', 'Week shift', 'Mirror', 'Headline', 'Lower bound > 0', 'Covers 0', 'Flagged'].map(right),
    ],
    tallies.map((tally) => [
      tally.world.behaviour.name,
      percent(tally.naive),
      percent(tally.weekShift),
      percent(tally.mirror),
      percent(tally.headline),
      percent(tally.aboveZero),
      percent(tally.coversTruth),
      percent(tally.flagged),
    ]),
  );
}

function knownTable(tallies: readonly WorldTally[]): string {
  return textTable(
    [
      left('Known ROPO'),
      ...[
        'Truth',
        'Can be shown',
        'Headline',
        'Bias',
        'Naive',
        'Covers truth',
        'Covers its mean',
        'Flagged',
      ].map(right),
    ],
    tallies.map((tally) => [
      tally.world.behaviour.name,
      percent(tally.truth),
      percent(tally.shown),
      percent(tally.headline),
      points(tally.headline - tally.truth),
      percent(tally.naive),
      percent(tally.coversTruth),
      percent(tally.coversMean),
      percent(tally.flagged),
    ]),
  );
}

function linkTable(links: RopoValidation['links']): string {
  return textTable(
    [left('Wrong links'), ...['Merged', 'Truth', 'Headline', 'Shift', '+-', 'Lower bound > 0'].map(right)],
    links.map(({ tally, shift, error }) => [
      tally.world.behaviour.name,
      percent(tally.world.falselyMerged),
      percent(tally.truth),
      percent(tally.headline),
      (shift * 100).toFixed(2),
      (error * 100).toFixed(2),
      percent(tally.aboveZero),
    ]),
  );
}

function memberTable(members: RopoValidation['members']): string {
  const range = (low: number, high: number) => `${percent(low)} to ${percent(high)}`;
  return textTable(
    [
      left('Others research'),
      ...['Identified', 'Truth of all', 'If alike', 'If never', 'Band'].map(right),
      ...['Holds truth', 'Worst case', 'Holds truth'].map(right),
    ],
    members.map((tally) => [
      `${tally.world.nonMembers!.thetaRatio} x`,
      percent(tally.identified),
      percent(tally.truth),
      percent(tally.likeIdentified),
      percent(tally.never),
      range(tally.low, tally.high),
      percent(tally.holds),
      range(tally.worstLow, tally.worstHigh),
      percent(tally.worstHolds),
    ]),
  );
}

const MEANING = `Naive: part of the lines with a product view of the level in the window before. Headline: corrected by the own-basket
placebo. Week shift, mirror: corrected by the other two. Lower bound > 0: part of the samples whose 95% interval lies
above zero; at most 5% where there is no true ROPO. Can be shown: what is left of the truth where items put in a line's
place are now and then its own. Bias and shift in points; +-: standard error. Covers its mean: part of the intervals that
hold the mean of all samples, which is what an interval promises. Flagged: called behaviour-driven, not reliable.
Others research: as much as members do, half as much, never. Band: from the lower bound if they never do to the upper
bound if they do as members; the worst case assumes nothing of them.`;

export function validationText({ trial, zero, known, links, members }: RopoValidation): string {
  const { samples, persons, firstSeed, level, weight } = trial;
  return [
    `ROPO on worlds whose true ROPO is known: ${whole(samples)} samples of ${whole(persons)} persons each, seeds ${firstSeed} to ${firstSeed + samples - 1}, ${level} level, weighted by ${weight}; every number is synthetic.`,
    ...[zeroTable(zero), knownTable(known), linkTable(links), memberTable(members)].flatMap((table) => [
      '',
      table,
    ]),
    '',
    MEANING,
  ].join('\n');
}

const rounded = (share: number) => (Number.isNaN(share) ? null : Number(share.toFixed(6)));
const FIGURES = [
  'naive',
  'weekShift',
  'mirror',
  'headline',
  'spread',
  'truth',
  'shown',
  'coversTruth',
  'coversMean',
  'aboveZero',
  'flagged',
] as const;

const recordOf = (tally: WorldTally) => ({
  world: tally.world.name,
  behaviour: tally.world.behaviour.name,
  theta: tally.world.theta,
  falselyMerged: tally.world.falselyMerged,
  samples: tally.samples,
  persons: rounded(tally.persons),
  ...Object.fromEntries(FIGURES.map((name) => [name, rounded(tally[name])])),
});

const tallies = ({ zero, known, links }: JudgedTrial): WorldTally[] => [
  ...zero,
  ...known,
  ...links.map(({ tally }) => tally),
];

const inSnakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A row per world in which everybody is identified. */
export function validationCsv(validation: RopoValidation): string {
  const records = tallies(validation).map(recordOf) as Record<string, string | number | null>[];
  const names = Object.keys(records[0] ?? {});
  return csvText(
    names.map(inSnakeCase),
    records.map((record) => names.map((name) => record[name] ?? null)),
  );
}

export function validationJson(validation: RopoValidation): string {
  const { samples, persons, firstSeed, level, weight } = validation.trial;
  return JSON.stringify(
    {
      synthetic: true,
      samples,
      persons,
      firstSeed,
      level,
      weight,
      worlds: tallies(validation).map(recordOf),
      shifts: validation.links.map(({ tally, shift, error }) => ({
        world: tally.world.name,
        shift: rounded(shift),
        error: rounded(error),
      })),
      extrapolation: validation.members.map(({ world, ...shares }) => ({
        world: world.name,
        ...world.nonMembers,
        ...Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, rounded(share)])),
      })),
    },
    null,
    2,
  );
}
