/**
 * The KPI catalogue: one definition of every figure, for the API, the command line, exports and the documentation.
 * A KPI's query in sql/queries/ gives sums, which add up; ratios are made here, from sums, and nowhere else.
 */

import type { PrivacyRule } from './suppression.ts';

/** `by_row`: each row names the unit of its figure in its text column `unit`. */
export type Unit = 'money' | 'count' | 'credit' | 'ratio' | 'share' | 'days' | 'text' | 'by_row';

/** What goods or work cost the shop, or what is left when that is taken off. */
export type Sensitive = 'cost' | 'margin';

export interface Measure {
  name: string;
  title: string;
  unit: Unit;
  definition: string;
  /** A sum of the query, or a ratio of two. A ratio without a denominator is null, never zero or 100%. */
  of: string | { over: string; under: string; noneOfNothing?: boolean };
  /** Whether rows sum to the row of all. Unless it says so, sums do and ratios do not, and of a KPI with `estimate` nothing. */
  additive?: boolean;
  /** What it tells of the shop that not every reader may know: who sees it is decided by this alone, not by its name. */
  sensitive?: Sensitive;
  /** Left out of tables for people; programs and spreadsheets have it. */
  isDetail?: boolean;
  /** How far another measure is from what it was in the period before; there only where that is asked for. */
  ofChange?: { measure: string; is: 'change' | 'bound' };
}

/** What rows of a question can be asked for: one more varchar parameter of the query, after the four of every KPI. */
export interface Filter {
  /** Also the name of the API's query parameter. */
  name: string;
  definition: string;
  /** What it can be; null for any text of up to 200 characters, such as a campaign's name. */
  values: readonly string[] | null;
  /** What counts when it is not given; without one nothing is left out. */
  default?: string;
}

/** A row of a query, or what is made of it. */
export type KpiRow = Record<string, string | number | bigint | boolean | null>;

/** Groupings that are parts of the calendar, whose rows stand in the order of time. */
export const PERIODS = ['day', 'week', 'month'] as const;
export const LONG_PERIODS = ['quarter', 'year'] as const;

export interface Kpi {
  name: string;
  title: string;
  definition: string;
  /** What the label of a row can be; the first is the default. */
  groupings: readonly string[];
  /** Whether rows belong to one attribution model each. */
  hasModel: boolean;
  /** Whether --from and --to apply. */
  hasPeriod: boolean;
  /** Further text columns of the query, before the label. */
  texts: readonly string[];
  /** Text columns that stand after the figures. */
  remarks?: readonly string[];
  /** Where rows are figures of many kinds: the text column that names them, and those that not every reader may know. */
  sensitiveRows?: { column: string; names: readonly string[] };
  measures: readonly Measure[];
  /** What else can be asked for, in the order of the query's parameters. */
  filters?: readonly Filter[];
  /**
   * Its rows are those of another KPI's query, asked the same; its own query, which takes first and last day of the period
   * before as two more parameters, adds to them.
   */
  beside?: { kpi: string; join: (figures: readonly KpiRow[], own: readonly KpiRow[]) => KpiRow[] };
  /** Adds to the query's rows what no sum is, such as intervals and verdicts; measures and remarks are made from it. */
  estimate?: (rows: readonly KpiRow[]) => KpiRow[];
  /** What a reader must know before using it. */
  caveat?: string;
  /** What its rows are about: people, of whom a row must have enough, or only records. */
  privacy: PrivacyRule;
}
