import type { ColumnArray } from '../../ports.ts';
import type { MadeTable, MakeTable } from '../build-step.ts';
import { valueRows } from './channel-values.ts';
import type { Fits, FittedModel } from './fit-models.ts';
import { type ModelRow, provenance } from './model-settings.ts';
import { positionColumns, transitionColumns } from './path-figures.ts';

/** What the fits leave behind: small tables, each row with the hash of its model's settings, their version and the seed. */
export const FITTED_TABLES: readonly MadeTable[] = [
  {
    name: 'fitted_models',
    folder: 'attribution',
    grain:
      'One row per attribution model: what its figures depend on and how its fit went; numbers are 0 where a model has none.',
    key: ['model'],
  },
  {
    name: 'fitted_weights',
    folder: 'attribution',
    grain:
      'One row per data-driven model, channel and campaign: the group that it counts to, and its weight when a purchase is split, 1 of the heaviest.',
    key: ['model', 'channel_campaign_no'],
  },
  {
    name: 'channel_values',
    folder: 'attribution',
    grain:
      'One row per data-driven model and channel, or campaign where it tells them apart: removal effect, Shapley value or purchases per touchpoint.',
    key: ['model', 'group_no'],
  },
  {
    name: 'order_candidates',
    folder: 'attribution',
    grain:
      'One row per Markov model whose order is chosen by the data, and order: how well it predicts journeys held out.',
    key: ['model', 'markov_order'],
  },
  {
    name: 'transition_matrix',
    folder: 'attribution',
    grain: 'One row per step between channels that a journey made, from (start) to (conversion) or (null).',
    key: ['from_state', 'to_state'],
  },
  {
    name: 'shapley_positions',
    folder: 'attribution',
    grain:
      'One row per channel and rank of its first appearance on a path: purchases by the Shapley value of the game that counts purchases.',
    key: ['channel', 'position'],
  },
];

const texts = <T>(rows: readonly T[], of: (row: T) => string | null) => rows.map(of);
const doubles = <T>(rows: readonly T[], of: (row: T) => number) => Float64Array.from(rows, of);
const integers = <T>(rows: readonly T[], of: (row: T) => number) => Int32Array.from(rows, of);

export async function makeFittedTables(fits: Fits, make: MakeTable): Promise<void> {
  const { settings, touches, fitted } = fits;
  const { seed } = settings;
  await make('fitted_models', modelColumns(fits));
  const weights = fitted.flatMap((model) =>
    Array.from(model.level.groupOf, (group, touch) => ({ model, group, touch })),
  );
  await make('fitted_weights', {
    model: texts(weights, ({ model }) => model.row.model),
    channel_campaign_no: integers(weights, ({ touch }) => touch),
    group_no: integers(weights, ({ group }) => group),
    group_weight: doubles(weights, ({ model, group }) => groupWeight(model.worth.values, group)),
  });
  const values = fitted.flatMap(valueRows);
  await make('channel_values', {
    model: texts(values, ({ row }) => row.model),
    group_no: integers(values, ({ group }) => group),
    channel: texts(values, ({ channel }) => touches.channels[channel]!),
    campaign: texts(values, ({ campaign }) => campaign),
    measure: texts(values, ({ measure }) => measure),
    value: doubles(values, ({ value }) => value),
    standard_error: doubles(values, ({ error }) => error),
    normalised_share: doubles(values, ({ share }) => share),
    explained_conversions: doubles(values, ({ explained }) => explained),
    ...provenance(texts(values, ({ row }) => row.configHash) as string[], seed),
  });
  const candidates = fitted.flatMap((model) =>
    model.candidates.map((candidate) => ({ model, ...candidate })),
  );
  await make('order_candidates', {
    model: texts(candidates, ({ model }) => model.row.model),
    markov_order: integers(candidates, ({ order }) => order),
    is_chosen: integers(candidates, ({ model, order }) => (model.order === order ? 1 : 0)),
    states: integers(candidates, ({ states }) => states),
    held_out_log_likelihood: doubles(candidates, ({ heldOutLogLikelihood }) => heldOutLogLikelihood),
    behind_best: doubles(candidates, ({ behindBest }) => behindBest),
    behind_best_error: doubles(candidates, ({ behindBestError }) => behindBestError),
    auc: doubles(candidates, ({ auc }) => auc),
    ...provenance(texts(candidates, ({ model }) => model.row.configHash) as string[], seed),
  });
  await make('transition_matrix', transitionColumns(fits));
  await make('shapley_positions', positionColumns(fits));
}

/** Part of the largest weight that a group worth nothing still weighs, so that paths of nothing else can be split. */
const LEAST_WEIGHT = 1e-200;

/** A group's value as a weight from 0 to 1; values below zero weigh as nothing does. */
function groupWeight(values: Float64Array, group: number): number {
  const largest = values.reduce((a, b) => Math.max(a, b), 0);
  return largest === 0 ? 1 : Math.max(LEAST_WEIGHT, values[group]! / largest);
}

function modelColumns({ settings, fitted }: Fits): Record<string, ColumnArray> {
  const { models, seed } = settings;
  const fitOf = (row: ModelRow) => fitted.find((fit) => fit.row === row);
  const of = (read: (fit: FittedModel) => number) => (row: ModelRow) => {
    const fit = fitOf(row);
    return fit ? read(fit) : 0;
  };
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  return {
    model: texts(models, ({ model }) => model),
    basis: texts(models, ({ basis }) => basis),
    level: texts(models, ({ level }) => level),
    markov_order: integers(
      models,
      of(({ order }) => order),
    ),
    groups: integers(
      models,
      of(({ level }) => level.paths.channels.length),
    ),
    distinct_paths: integers(
      models,
      of(({ level }) => level.paths.starts.length - 1),
    ),
    fitted_conversions: doubles(
      models,
      of(({ level, hazard }) => (hazard ? hazard.journeys.person.length : sum(level.paths.conversions))),
    ),
    fitted_nulls: doubles(
      models,
      of(({ level, hazard }) => (hazard ? 0 : sum(level.paths.nulls))),
    ),
    method: texts(models, (row) => methodOf(row, fitOf(row))),
    is_converged: integers(
      models,
      of(({ hazard }) => (hazard && !hazard.fit.converged ? 0 : 1)),
    ),
    iterations: integers(
      models,
      of(({ hazard }) => hazard?.fit.iterations ?? 0),
    ),
    baseline_share: doubles(
      models,
      of(({ hazard }) => (hazard ? baselineShare(hazard) : 0)),
    ),
    settings: texts(models, (row) => row.settings),
    ...provenance(texts(models, ({ configHash }) => configHash) as string[], seed),
  };
}

function methodOf(row: ModelRow, fit: FittedModel | undefined): string {
  if (!fit) return 'rule';
  if (row.basis === 'markov') return `exact removal effects, order ${fit.order}`;
  if (row.basis === 'shapley') return 'exact, game: conversions (Harsanyi dividends)';
  if (row.basis === 'shapley_rate')
    return `${fit.worth.standardErrors ? 'estimate from drawn orders' : 'exact'}, game: conversion rate`;
  return 'EM, half-life given';
}

/** Part of the purchases that the base rate explains: they would have come without a touchpoint. */
function baselineShare({ journeys, fit }: NonNullable<FittedModel['hazard']>): number {
  const conversions = journeys.data.starts.length - 1;
  return conversions === 0 ? 0 : Math.min(1, (fit.baseline * journeys.data.baselineExposure) / conversions);
}
