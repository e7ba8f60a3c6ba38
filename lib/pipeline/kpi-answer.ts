import type { Comparison } from '../domain/comparison-period.ts';
import type { Measure } from '../domain/kpi.ts';
import type { Audience } from './audience.ts';

/** A KPI's rows with all that a reader needs to use them. Money is in major units of the row's currency. */
export interface KpiAnswer {
  kpi: string;
  title: string;
  definition: string;
  caveat: string | null;
  /** What the shop's data is, where it is not real: shown with every number. */
  data_label: string | null;
  period: { from: string | null; to: string | null; zone: string };
  model: string | null;
  by: string;
  /** What each of the KPI's filters is set to; null where nothing is left out. */
  filters: Record<string, string | null>;
  audience: Audience;
  /** Rows of fewer known people are not shown; of KPIs that are not about people, all are. */
  min_persons: number;
  /** Rows that are not shown as they were: one with others, or not at all. */
  suppressed_rows: number;
  /** The period that each row is set beside, in columns named "..._before"; null where none was asked for. */
  comparison: { kind: Comparison; from: string; to: string } | null;
  /** Last day of which every source that still delivers has delivered; null where nothing came. */
  data_complete_through: string | null;
  /** Purchases of known persons / purchases, over all time, by count and by revenue. */
  identification: { purchases: number | null; revenue: number | null } | null;
  /** Hash of the settings of the model asked for. */
  model_hash: string | null;
  /** How many rows there are in all, and which of them these are. */
  page: { offset: number; limit: number; rows: number };
  /** Which identity graph the figures stand on; null for a build that has none. */
  identity: { graph_version: string; stitching: string } | null;
  build_id: string;
  built_at: string;
  settings_hash: string;
  columns: {
    name: string;
    title: string;
    unit: Measure['unit'];
    definition: string;
    /** Whether tables for people leave it out. */
    is_detail: boolean;
  }[];
  rows: Record<string, string | number | null>[];
}
