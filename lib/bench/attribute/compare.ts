import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { JourneyFiles } from './journey-files.ts';
import { chainOfPaths, chainOfTouches, touchModels } from './plain-sql.ts';
import { runRopo, runSql, type WholeProcess } from './whole-process.ts';

/** One thing that the product does, and the plain SQL that it is held against. */
export interface Comparison {
  what: string;
  against: string;
  product: WholeProcess;
  baseline: WholeProcess;
  /** Product seconds by baseline seconds. */
  ratio: number;
  /** What the ratio and the peak must not exceed. */
  mostRatio: number;
  mostBytes: number;
  /** Journeys from which on these are targets: below, starting up is much of what is measured. */
  fromJourneys: number;
}

type Run = () => Promise<WholeProcess>;

/** Runs by name: all of them take turns, so that a slow minute of the machine hits all. */
function runsOf({ paths, touches }: JourneyFiles, spill: string): Record<string, Run> {
  const threads = availableParallelism();
  return {
    'order 1': () => runRopo('attribute', paths, '--format', 'csv'),
    'order 2': () => runRopo('attribute', paths, '--order', '2', '--format', 'csv'),
    'from touches': () => runRopo('attribute', touches, '--touches', '--format', 'csv'),
    'SQL first, last, linear': () => runSql(touchModels(paths), threads, spill),
    'SQL Markov 1': () => runSql(chainOfPaths(paths), threads, spill),
    'SQL from touches': () => runSql(chainOfTouches(touches), threads, spill),
  };
}

const FIRST_LAST_LINEAR = 'SQL first, last, linear';

const COMPARED = [
  {
    what: 'rules, Markov 1, Shapley',
    run: 'order 1',
    against: FIRST_LAST_LINEAR,
    mostRatio: 2,
    mostBytes: 1e9,
    fromJourneys: 1e6,
  },
  {
    what: 'rules, Markov 2, Shapley',
    run: 'order 2',
    against: FIRST_LAST_LINEAR,
    mostRatio: 3,
    mostBytes: 1e9,
    fromJourneys: 1e6,
  },
  {
    what: 'rules, Markov 1, Shapley',
    run: 'order 1',
    against: 'SQL Markov 1',
    mostRatio: 1,
    mostBytes: 1e9,
    fromJourneys: 1e6,
  },
  {
    what: 'the same from touches',
    run: 'from touches',
    against: 'SQL from touches',
    mostRatio: 1,
    mostBytes: 2e9,
    fromJourneys: 1e7,
  },
] as const;

/** Measures the product and the baselines in rounds, and takes the median of each. */
export async function compareWithSql(
  files: JourneyFiles,
  folder: string,
  rounds: number,
  onRun: (name: string) => void = () => {},
): Promise<Comparison[]> {
  const runs = runsOf(files, join(folder, 'spill'));
  const taken = new Map<string, WholeProcess[]>(Object.keys(runs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(runs)) {
      onRun(name);
      taken.get(name)!.push(await run());
    }
  }
  return COMPARED.map(({ run, ...targets }) => {
    const product = median(taken.get(run)!);
    const baseline = median(taken.get(targets.against)!);
    return { ...targets, product, baseline, ratio: product.seconds / baseline.seconds };
  });
}

function median(runs: readonly WholeProcess[]): WholeProcess {
  const middle = (of: (run: WholeProcess) => number) =>
    runs.map(of).sort((a, b) => a - b)[Math.floor(runs.length / 2)]!;
  return {
    seconds: middle(({ seconds }) => seconds),
    peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
  };
}
