import { MEAN_ORDER } from '../demo/worlds/goods.ts';
import type { World } from '../demo/worlds/world.ts';
import { csvText } from '../report/csv.ts';
import { type TextColumn, textTable } from '../report/text-table.ts';
import { expectedCoverage, type ModelCoverage, tally, tallyAll } from './coverage-tally.ts';
import { type Fared, MEASURES } from './interval-coverage.ts';
import { type RuleSlices, slicesText } from './show-slices.ts';

/** What the intervals of a world's models covered, and at which size. */
export interface CoverageRun {
  world: World;
  persons: number;
  samples: number;
  seed: number;
  replicates: number;
  longRunPersons: number;
  fared: readonly Fared[];
  slices: RuleSlices;
}

/** Orders' worth of credit below which a channel does not count. */
const LEAST_ORDERS = 20;
const LEAST_REVENUE = LEAST_ORDERS * MEAN_ORDER;

const left = (title: string): TextColumn => ({ title, align: 'left' });
const right = (title: string): TextColumn => ({ title, align: 'right' });
const percent = (part: number) => (Number.isNaN(part) ? '-' : `${(part * 100).toFixed(1)}%`);
const whole = (number: number) => number.toLocaleString('en-US');

const tallies = ({ world, fared }: CoverageRun): ModelCoverage[] =>
  fared.map((model) =>
    tally(
      model,
      world.channels.map(({ name }) => name),
      LEAST_REVENUE,
    ),
  );

function coverageTable(run: CoverageRun): string {
  const all = (measure: (typeof MEASURES)[number]) => tallyAll(run.fared, measure, LEAST_REVENUE);
  const cells = (model: Pick<ModelCoverage, (typeof MEASURES)[number]>) => [
    ...MEASURES.flatMap((measure) => [percent(model[measure].part), (model[measure].error * 100).toFixed(1)]),
    percent(model.revenue.below),
    percent(model.revenue.above),
  ];
  return textTable(
    [
      left('Model'),
      ...['Revenue', 'Share', 'ROAS'].flatMap((title) => [right(title), right('+-')]),
      right('Too low'),
      right('Too high'),
      left('Worst channel'),
    ],
    [
      ...tallies(run).map((model) => [
        model.model,
        ...cells(model),
        model.worst ? `${model.worst.channel} ${percent(model.worst.part)}` : '-',
      ]),
      ['(all)', ...cells({ revenue: all('revenue'), share: all('share'), roas: all('roas') }), ''],
    ],
  );
}

function worldText(run: CoverageRun): string {
  const { world, persons, longRunPersons } = run;
  const small = tallies(run).flatMap(({ model, leftOut }) =>
    leftOut.length === 0
      ? []
      : [`  ${model}: ${leftOut.map(({ channel, part }) => `${channel} ${percent(part)}`).join(', ')}`],
  );
  return [
    world.name,
    `  intervals that are right would cover ${percent(expectedCoverage(persons, longRunPersons))} here, as the long-run figures are from ${whole(longRunPersons)} persons`,
    '',
    coverageTable(run),
    '',
    slicesText(run.slices),
    ...(small.length === 0
      ? []
      : ['Too little credit to count, and how often revenue was covered there:', ...small]),
  ].join('\n');
}

const MEANING = `Revenue, share, ROAS: part of the intervals that hold the model's own long-run figure, over samples and channels with
at least ${LEAST_ORDERS} orders' worth of credit; 90% is promised. +-: standard error in points, a sample counted as one draw.
Too low, too high: intervals of revenue that lie wholly on one side of the figure. Worst channel: for revenue; the least
of a dozen channels lies below the others by chance alone. Persons: of equal weight, in the long run. Long-run figures are what a model says, not what is true.`;

export function coverageText(runs: readonly CoverageRun[]): string {
  const { persons, samples, seed, replicates } = runs[0]!;
  return [
    `Coverage of 90% intervals by resampling persons. ${samples} samples of ${whole(persons)} persons, seeds ${seed} to ${seed + samples - 1}, ${replicates} replicates; every number is synthetic.`,
    ...runs.flatMap((run) => ['', worldText(run)]),
    '',
    MEANING,
  ].join('\n');
}

const rounded = (number: number) => (Number.isNaN(number) ? null : Number(number.toFixed(6)));

/** A row per world, model and measure. */
export const coverageCsv = (runs: readonly CoverageRun[]): string =>
  csvText(
    ['world', 'model', 'measure', 'covered', 'standard_error', 'too_low', 'too_high'],
    runs.flatMap((run) =>
      tallies(run).flatMap((model) =>
        MEASURES.map((measure) => {
          const { part, error, below, above } = model[measure];
          return [
            run.world.name,
            model.model,
            measure,
            rounded(part),
            rounded(error),
            rounded(below),
            rounded(above),
          ];
        }),
      ),
    ),
  );

export const coverageJson = (runs: readonly CoverageRun[]): string =>
  JSON.stringify(
    {
      synthetic: true,
      level: 0.9,
      worlds: runs.map((run) => ({
        world: run.world.name,
        persons: run.persons,
        samples: run.samples,
        seed: run.seed,
        replicates: run.replicates,
        longRunPersons: run.longRunPersons,
        expected: expectedCoverage(run.persons, run.longRunPersons),
        models: tallies(run),
        slices: run.slices,
      })),
    },
    null,
    2,
  );
