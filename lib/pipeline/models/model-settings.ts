import { createHash } from 'node:crypto';
import type { GroupTransform } from '../../domain/attribution/grouped-paths.ts';
import type { ColumnArray, Row, Warehouse } from '../../ports.ts';

/** Counts up when a change to the models changes their figures on the same data and settings. */
export const MODEL_VERSION = 1;

/** One attribution model as its row of the seed says. */
export interface ModelRow {
  model: string;
  basis: string;
  level: 'channel' | 'campaign';
  halfLifeDays: number;
  /** 1 to 4; 0 to have it chosen. */
  markovOrder: number;
  /** Everything that the model's figures depend on, as JSON, and its hash. */
  settings: string;
  configHash: string;
}

export interface ModelSettings {
  models: ModelRow[];
  /** What all path models depend on besides their rows. */
  shared: Record<string, unknown>;
  transform: GroupTransform;
  seed: number;
  replicates: number;
  /** Part of the intervals that hold the model's long-run figure, 0.5 to 1. */
  level: number;
}

/** Models whose weights are fitted to the data. */
export const isFitted = ({ basis }: Pick<ModelRow, 'basis'>): boolean =>
  !['ends', 'even', 'decay'].includes(basis);

/** Of those, the ones that are fitted on paths; the additive hazard sees every touchpoint with its time. */
const isPathModel = (row: Pick<ModelRow, 'basis'>): boolean =>
  isFitted(row) && row.basis !== 'additive_hazard';

export async function readModelSettings(warehouse: Warehouse): Promise<ModelSettings> {
  const [settings] = await warehouse.query('SELECT * FROM settings');
  const rows = await warehouse.query('SELECT * FROM seed_attribution_models WHERE is_enabled ORDER BY model');
  const windows = await warehouse.query(
    'SELECT conversion_kind, lookback_days, lookback_steps, reuses_touches FROM seed_conversion_kinds ORDER BY 1',
  );
  const shared = {
    model_version: MODEL_VERSION,
    random_seed: settings!.random_seed,
    lookback: windows,
  };
  const paths = {
    null_path_gap_days: settings!.null_path_gap_days,
    path_transform: settings!.path_transform,
  };
  return {
    models: rows.map((row) =>
      modelRow(row, { ...shared, ...(isPathModel({ basis: String(row.basis) }) ? paths : {}) }),
    ),
    shared: { ...shared, ...paths },
    transform: settings!.path_transform as GroupTransform,
    seed: Number(settings!.random_seed),
    replicates: Number(settings!.interval_replicates),
    level: Number(settings!.interval_level) / 100,
  };
}

function modelRow({ meaning: _, is_enabled: __, ...row }: Row, shared: Record<string, unknown>): ModelRow {
  const settings = JSON.stringify({ ...row, ...shared });
  return {
    model: String(row.model),
    basis: String(row.basis),
    level: row.level === 'campaign' ? 'campaign' : 'channel',
    halfLifeDays: Number(row.half_life_days ?? 0),
    markovOrder: Number(row.markov_order ?? 0),
    settings,
    configHash: hashOf(settings),
  };
}

export const hashOf = (settings: string): string =>
  createHash('sha256').update(settings).digest('hex').slice(0, 12);

/** The columns that say how a row came about. */
export function provenance(hashes: readonly string[], seed: number): Record<string, ColumnArray> {
  return {
    config_hash: hashes,
    model_version: new Int32Array(hashes.length).fill(MODEL_VERSION),
    random_seed: new Int32Array(hashes.length).fill(seed),
  };
}
