import type { Seed } from '../seeds.ts';

/** How long a raw table keeps its rows, and what happens to them then. */
export interface RetentionRule {
  table: RetainedTable;
  days: number;
  meaning: string;
}

export const RETAINED_TABLES = [
  'raw_events',
  'raw_touches',
  'raw_visits',
  'raw_sales',
  'raw_consents',
  'raw_feedback',
  'raw_rejections',
] as const;
export type RetainedTable = (typeof RETAINED_TABLES)[number];

/** Tables without which closed figures of credit could not be computed again. */
const CREDIT_STANDS_ON: readonly RetainedTable[] = ['raw_events', 'raw_touches', 'raw_sales'];

/** Rows before this instant go; null where none may. */
export interface Cutoff {
  rule: RetentionRule;
  before: string | null;
  /** Why rows stay that are older than their days. */
  heldBack: string | null;
}

/** @throws Error naming the table that is none, or the row whose days are below one */
export function retentionRules(seeds: readonly Seed[]): RetentionRule[] {
  const rows = seeds.find(({ name }) => name === 'seed_retention')?.rows ?? [];
  return rows.map(([name = '', days = '', meaning = '']) => {
    const table = RETAINED_TABLES.find((each) => each === name);
    if (!table)
      throw new Error(`retention.csv, row ${name}: raw_table must be one of ${RETAINED_TABLES.join(', ')}`);
    if (!(Number(days) >= 1))
      throw new Error(`retention.csv, row ${name}: days "${days}" must be a whole number from 1`);
    return { table, days: Number(days), meaning };
  });
}

const DAY = 86_400_000;

/** How far the furthest purchase looks back, in days. */
export const longestLookback = (seeds: readonly Seed[]): number => {
  const seed = seeds.find(({ name }) => name === 'seed_conversion_kinds');
  const at = seed?.columns.findIndex(({ name }) => name === 'lookback_days') ?? -1;
  return Math.max(0, ...(seed?.rows ?? []).map((row) => Number(row[at] ?? 0)));
};

/**
 * Up to when rows go. What credit stands on stays while a purchase of an open day may look back on it: closed days keep
 * their figures without it. A word about consent stays as long as anything that it speaks of.
 * @param closedThrough the last closed day, null where none is
 */
export function cutoffs(
  rules: readonly RetentionRule[],
  { now, closedThrough, lookbackDays }: { now: number; closedThrough: string | null; lookbackDays: number },
): Cutoff[] {
  const open =
    closedThrough === null ? null : Date.parse(`${closedThrough}T00:00:00Z`) + DAY - lookbackDays * DAY;
  const found = rules.map((rule) => {
    const wanted = now - rule.days * DAY;
    if (!CREDIT_STANDS_ON.includes(rule.table)) return { rule, at: wanted, heldBack: null };
    if (open === null) return { rule, at: null, heldBack: 'no period is closed: open days look back on it' };
    return open < wanted
      ? { rule, at: open, heldBack: `open days look back ${lookbackDays} days: close a period` }
      : { rule, at: wanted, heldBack: null };
  });
  const others = found.filter(({ rule }) => rule.table !== 'raw_consents' && rule.table !== 'raw_rejections');
  const oldest = others.some(({ at }) => at === null) ? null : Math.min(...others.map(({ at }) => at!));
  return found.map(({ rule, at, heldBack }) => {
    const isWord = rule.table === 'raw_consents';
    const isHeld = isWord && at !== null && (oldest === null || oldest < at);
    const before = isHeld ? oldest : at;
    return {
      rule,
      before: before === null ? null : new Date(before).toISOString(),
      heldBack: isHeld ? 'records that it speaks of are still there' : heldBack,
    };
  });
}
