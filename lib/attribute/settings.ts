import { createHash } from 'node:crypto';
import type { Model } from './model-credit.ts';

/** Counts up when a change to the models changes their figures on the same file and settings. */
export const MODEL_VERSION = 1;

/** All that figures depend on, besides the file. How many threads worked on them is not of it. */
export interface AttributeSettings {
  models: readonly Model[];
  /** Order of the Markov chain, 1 to 4; auto has it chosen. */
  order: number | 'auto';
  transforms: readonly string[];
  /** Replicates behind the intervals; 0 for none. */
  intervals: number;
  /** Part of the intervals that hold the model's long-run figure. */
  level: number;
  seed: number;
}

/** Steps after which a touch adds half as much to the hazard. */
export const HALF_LIFE_STEPS = 4;
/** Orders of the channels that are drawn for a Shapley value which is too large to be exact. */
export const PERMUTATIONS = 1000;
/** Folds of journeys by which the order of the chain is chosen. */
export const FOLDS = 5;
export const MOST_ORDER = 4;

/** Settings as they are echoed, and hashed. */
export function echoed(settings: AttributeSettings): Record<string, unknown> {
  return {
    models: settings.models,
    markov_order: settings.order,
    path_transform: settings.transforms,
    hazard_half_life_steps: HALF_LIFE_STEPS,
    shapley_permutations: PERMUTATIONS,
    order_folds: FOLDS,
    interval_replicates: settings.intervals,
    interval_level: settings.level,
    model_version: MODEL_VERSION,
    random_seed: settings.seed,
  };
}

export const configHash = (settings: AttributeSettings): string =>
  createHash('sha256')
    .update(JSON.stringify(echoed(settings)))
    .digest('hex')
    .slice(0, 12);
