/**
 * The KPI catalogue: one definition of every figure, for the API, the command line, exports and the documentation.
 * A KPI's query in sql/queries/ gives sums, which add up; ratios are made here, from sums, and nowhere else.
 */

export type Unit = 'money' | 'count' | 'credit' | 'ratio' | 'share' | 'text';

export interface Measure {
  name: string;
  title: string;
  unit: Unit;
  definition: string;
  /** A sum of the query, or a ratio of two. A ratio without a denominator is null, never zero or 100%. */
  of: string | { over: string; under: string; noneOfNothing?: boolean };
}

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
  measures: readonly Measure[];
  /** What a reader must know before using it. */
  caveat?: string;
}
