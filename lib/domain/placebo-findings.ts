import { MATCH_LEVELS, type MatchLevel } from './research-steps.ts';

/** What a placebo was asked for a line, and at which levels it found a view inside the window. */
export interface PlaceboFinding {
  comparison: 'own_basket' | 'stratum' | 'week_shift' | 'mirror';
  /** How often it was asked; 0 where it cannot be, and `why_not` says why. */
  draws: number;
  why_not: string | null;
  /** Draws that found a view, by level; own_basket and stratum ask for no "any": every item would do. */
  matched: Partial<Record<MatchLevel, number>>;
}

export interface PlaceboFacts {
  basket_draws: number;
  stratum_draws: number;
  observed_days: number;
  observed_days_after: number;
  /** Which placebos the clickstream is long enough for, as `ropo_lines` says. */
  is_covered: boolean;
  back_draws: number;
  ahead_draws: number;
  is_mirrored: boolean;
  window_days: number;
  shift_weeks: number;
  matches: readonly { comparison: string; draw: number; level: MatchLevel; lag_seconds: number }[];
}

/** What chance alone finds for a line, by the placebos that the ROPO share is corrected with. */
export function placeboFindings(facts: PlaceboFacts): PlaceboFinding[] {
  const { window_days, observed_days, observed_days_after } = facts;
  const isApart = window_days <= 7 * facts.shift_weeks;
  const early = !facts.is_covered;
  const back = facts.back_draws > 0;
  const ahead = !early && facts.ahead_draws > 0;
  const tooEarly = `The clickstream began ${observed_days} days before, less than a window of ${window_days} days`;
  const ofPerson = facts.stratum_draws > 0 ? 'stratum' : 'own_basket';
  const finding = (
    comparison: PlaceboFinding['comparison'],
    draws: readonly number[],
    why_not: string,
    count = draws.length,
  ): PlaceboFinding => ({
    comparison,
    draws: count,
    why_not: draws.length > 0 ? null : why_not,
    matched: Object.fromEntries(
      MATCH_LEVELS.filter((level) => level !== 'any' || !['own_basket', 'stratum'].includes(comparison)).map(
        (level) => [level, foundBy(facts, comparison, draws, level)],
      ),
    ),
  });
  const swaps = early ? 0 : facts.basket_draws + facts.stratum_draws;
  return [
    finding(
      ofPerson,
      // A line that swaps fewer than four items may lack any of the four numbers.
      swaps > 0 ? [1, 2, 3, 4] : [],
      early ? tooEarly : 'The person has no other purchase whose item could be drawn, nor has anyone alike',
      swaps,
    ),
    finding(
      'week_shift',
      [...(back ? [1] : []), ...(ahead ? [2] : [])],
      isApart
        ? `The clickstream does not reach ${facts.shift_weeks} weeks further, neither back nor ahead`
        : `A shift of ${facts.shift_weeks} weeks is within the window of ${window_days} days`,
    ),
    finding(
      'mirror',
      !early && facts.is_mirrored ? [0] : [],
      early
        ? tooEarly
        : `The clickstream ends ${observed_days_after} days after, before the mirrored window does`,
    ),
  ];
}

function foundBy(
  { matches, window_days }: PlaceboFacts,
  comparison: string,
  draws: readonly number[],
  level: MatchLevel,
): number {
  return matches.filter(
    (match) =>
      match.comparison === comparison &&
      match.level === level &&
      draws.includes(match.draw) &&
      match.lag_seconds <= window_days * 86_400,
  ).length;
}
