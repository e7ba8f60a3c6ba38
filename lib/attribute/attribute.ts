import { canonicalPaths } from '../domain/attribution/canonical-paths.ts';
import { chooseOrder, type OrderCandidate } from '../domain/attribution/markov-order.ts';
import { parseTransform } from '../domain/attribution/path-transforms.ts';
import { shapleyOrdered } from '../domain/attribution/shapley.ts';
import { type CreditIntervals, intervalsOf } from './credit-intervals.ts';
import { hazardCredit } from './hazard-credit.ts';
import { creditBy, type Findings, findEffects, type ModelCredit } from './model-credit.ts';
import type { PathSource } from './path-source.ts';
import { type PathSums, sumPaths } from './path-sums.ts';
import { type AttributeSettings, FOLDS, HALF_LIFE_STEPS, MOST_ORDER, PERMUTATIONS } from './settings.ts';
import { allReplicates } from './share-replicates.ts';
import { transformPaths } from './transform-paths.ts';

/** What the models made of a file of paths. */
export interface Attribution {
  settings: AttributeSettings;
  /** The order that was used, chosen or given. */
  order: number;
  orders: OrderCandidate[] | null;
  /** Rows of the file, and decimals of its values. */
  rows: number;
  decimals: number;
  rounded: number;
  sums: PathSums;
  findings: Findings;
  /** Shapley values by position; null when not asked for. */
  positions: { positions: number; values: Float64Array } | null;
  credits: ModelCredit[];
  /** By model; null when there are none. */
  intervals: CreditIntervals[] | null;
}

export interface AttributeOptions {
  threads: number;
  /** Shapley values by position are wanted too. */
  withPositions: boolean;
}

/**
 * Runs the models on paths. What depends on the order in which fractions are added up works on paths in an order of
 * their own, so that neither the order of the rows nor the number of threads changes a digit.
 */
export async function attribute(
  source: PathSource,
  settings: AttributeSettings,
  { threads, withPositions }: AttributeOptions,
): Promise<Attribution> {
  const transforms = settings.transforms.map(parseTransform);
  const withHazard = settings.models.includes('additive_hazard');
  const isOrdered = withHazard || withPositions || settings.order === 'auto' || settings.intervals > 0;
  const isTransformed = transforms.some(({ kind }) => kind !== 'unique');
  const paths = isOrdered || isTransformed ? transformPaths(await source.paths(), transforms) : null;
  const canonical = isOrdered ? canonicalPaths(paths!) : null;
  const chosen =
    settings.order === 'auto' ? chooseOrder(canonical!, { maxOrder: MOST_ORDER, folds: FOLDS }) : null;
  const order = chosen?.order ?? (settings.order as number);
  const all = canonical ?? paths;
  const sums = all ? sumPaths(all, order) : await source.sums(order);
  const findings: Findings = {
    ...findEffects(sums, settings.models, { seed: settings.seed, permutations: PERMUTATIONS }),
    hazard: withHazard ? hazardCredit(canonical!, HALF_LIFE_STEPS) : null,
  };
  const credits = creditBy(sums, findings, settings.models);
  let intervals: CreditIntervals[] | null = null;
  if (settings.intervals > 0) {
    const task = {
      paths: canonical!,
      models: settings.models,
      order,
      seed: settings.seed,
      hazardFit: findings.hazard?.fit ?? null,
    };
    const figures = await allReplicates(task, settings.intervals, threads);
    intervals = intervalsOf(figures, credits.length, sums.channels.length, settings.level);
  }
  return {
    settings,
    order,
    orders: chosen?.candidates ?? null,
    rows: source.head.rows,
    decimals: source.head.decimals,
    rounded: source.head.rounded,
    sums,
    findings,
    positions: withPositions ? shapleyOrdered(canonical!, canonical!.conversions) : null,
    credits,
    intervals,
  };
}
