import { fitAdditiveHazard, type HazardFit } from '../../domain/attribution/additive-hazard.ts';
import { chooseOrder, type OrderCandidate } from '../../domain/attribution/markov-order.ts';
import type { HazardJourneys } from '../../domain/attribution/model-replicates.ts';
import {
  markovModel,
  type PathModel,
  shapleyModel,
  shapleyRateModel,
  type Worth,
} from '../../domain/attribution/path-model.ts';
import type { Warehouse } from '../../ports.ts';
import { type BuildStep, buildStep } from '../build-step.ts';
import { FITTED_TABLES, makeFittedTables } from './fitted-tables.ts';
import { INTERVAL_TABLES } from './interval-tables.ts';
import { makeIntervals } from './measure-uncertainty.ts';
import {
  levelOf,
  type ModelLevel,
  readHazardJourneys,
  readPaths,
  readTouchGroups,
  type TouchGroups,
} from './model-inputs.ts';
import { isFitted, type ModelRow, type ModelSettings, readModelSettings } from './model-settings.ts';

/** A data-driven model after its fit. */
export interface FittedModel {
  row: ModelRow;
  level: ModelLevel;
  /** What each group is worth, by the model's own measure. */
  worth: Worth;
  /** Null for the additive hazard, which is fitted on times. */
  pathModel: PathModel | null;
  hazard: { journeys: HazardJourneys; fit: HazardFit } | null;
  order: number;
  candidates: readonly OrderCandidate[];
}

export interface Fits {
  settings: ModelSettings;
  touches: TouchGroups;
  fitted: FittedModel[];
}

const FOLDS = 5;
const HIGHEST_ORDER = 4;
/** Steps of paths up to which orders are compared: the time of the comparison stays below half a minute. */
const MOST_STEPS_TO_COMPARE = 20_000_000;
const PERMUTATIONS = 1000;
const HAZARD_FIT = { tolerance: 1e-8, maxIterations: 500 };

/** Fits every data-driven model that is enabled: from distinct paths, or for the additive hazard from times. */
export async function fitAll(warehouse: Warehouse): Promise<Fits> {
  const settings = await readModelSettings(warehouse);
  const touches = await readTouchGroups(warehouse);
  const rows = settings.models.filter(isFitted);
  const finePaths = await readPaths(warehouse, touches);
  const levels = new Map<string, ModelLevel>();
  const fitted: FittedModel[] = [];
  for (const row of rows) {
    const kind = row.basis === 'additive_hazard' ? 'channel' : row.level;
    const level = levels.get(kind) ?? levelOf(kind, touches, finePaths, settings.transform);
    levels.set(kind, level);
    fitted.push(
      row.basis === 'additive_hazard'
        ? await fitHazard(warehouse, row, level, touches.channels.length)
        : fitPathModel(row, level, settings.seed),
    );
  }
  return { settings, touches, fitted };
}

function fitPathModel(row: ModelRow, level: ModelLevel, seed: number): FittedModel {
  const { paths } = level;
  let order = 0;
  let candidates: readonly OrderCandidate[] = [];
  if (row.basis === 'markov') {
    order = row.markovOrder;
    if (order === 0 && paths.steps.length <= MOST_STEPS_TO_COMPARE)
      ({ order, candidates } = chooseOrder(paths, { maxOrder: HIGHEST_ORDER, folds: FOLDS }));
    order = Math.max(1, order);
  }
  const pathModel =
    row.basis === 'markov'
      ? markovModel(paths, order)
      : row.basis === 'shapley_rate'
        ? shapleyRateModel(paths, { seed, permutations: PERMUTATIONS })
        : shapleyModel(paths);
  const worth = pathModel.worth(pathModel.total(paths.conversions, paths.nulls));
  return { row, level, worth, pathModel, hazard: null, order, candidates };
}

async function fitHazard(
  warehouse: Warehouse,
  row: ModelRow,
  level: ModelLevel,
  channels: number,
): Promise<FittedModel> {
  const journeys = await readHazardJourneys(warehouse, channels, row.halfLifeDays);
  const fit = fitAdditiveHazard(journeys.data, HAZARD_FIT);
  return {
    row,
    level,
    worth: { values: fit.rates, standardErrors: null },
    pathModel: null,
    hazard: { journeys, fit },
    order: 0,
    candidates: [],
  };
}

/**
 * The two steps of a build that know the models: the fit, before credit is booked, and the intervals after it. They
 * share the fits; where the second runs in a process of its own, it fits once more, which comes to the same.
 */
export function modelSteps(): [fit: BuildStep, intervals: BuildStep] {
  let fits: Fits | null = null;
  return [
    buildStep('fit_models', FIT_READS, FITTED_TABLES, async (warehouse, make) => {
      fits = await fitAll(warehouse);
      await makeFittedTables(fits, make);
    }),
    buildStep('measure_uncertainty', INTERVALS_READ, INTERVAL_TABLES, async (warehouse, make) => {
      fits ??= await fitAll(warehouse);
      await makeIntervals(warehouse, fits, make);
    }),
  ];
}

const FIT_READS = [
  'settings',
  'seed_attribution_models',
  'seed_conversion_kinds',
  'channels',
  'channel_campaigns',
  'currencies',
  'model_paths',
  'touched_persons',
  'path_steps',
  'conversions',
  'returns',
  'touchpoints',
];
const INTERVALS_READ = [
  'fitted_models',
  'credits',
  'spend_days',
  'traffic_sources',
  'paths_to_conversion',
  'paths_to_non_conversion',
];
