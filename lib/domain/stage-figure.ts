import type { Sensitive } from './kpi.ts';

/** The omnichannel model: five stages of a customer's journey, where they happen, and four sides to look at them from. */
export const STAGES = ['awareness', 'consideration', 'decision', 'service', 'loyalty'] as const;
export const STAGE_PLACES = ['online', 'store', 'across'] as const;
export const STAGE_LEVELS = ['revenue', 'cost', 'experience', 'digitalisation'] as const;

/**
 * A figure of the model; its two sums are made under its name by sql/marts/stage_<stage>.sql, or by stage_sessions.sql
 * where it counts all visits to the site.
 */
export interface StageFigure {
  /** Stable name. */
  figure: string;
  stage: (typeof STAGES)[number];
  place: (typeof STAGE_PLACES)[number];
  level: (typeof STAGE_LEVELS)[number];
  unit: 'money' | 'count' | 'share' | 'ratio' | 'days';
  title: string;
  /** What is divided by what, in words. */
  formula: string;
  /** What must be supplied for it. */
  needs: string;
  /** Which of its sums are minor units; none where it is not said. */
  money?: 'numerator' | 'both';
  /** Both sums are kept in hundredths. */
  isInHundredths?: true;
  /** The upper sum itself, not divided by anything. */
  isSum?: true;
  /** What it tells that not every reader may know. */
  sensitive?: Sensitive;
  /** Not made here: `needs` says what it would take, or which KPI tells it. */
  isElsewhere?: true;
}

export const figures = (list: readonly StageFigure[]): readonly StageFigure[] => list;
