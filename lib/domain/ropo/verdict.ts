/** Points between the placebos from which a share says more about behaviour than about research. */
export const BRACKET_LIMIT = 0.1;

/** Corrected shares of one cell by the three placebos; null where one cannot be had. */
export interface Bracket {
  ownItem: number | null;
  weekShift: number | null;
  mirror: number | null;
}

export const BEHAVIOUR_DRIVEN = 'behaviour-driven, not reliable';
export const NOT_FROM_CHANCE = 'not told from chance';
export const BELOW_CHANCE = 'below what chance finds';
export const WEAKER = 'weaker: one-time buyers';

/** Whether the placebos contradict each other: bursts of shopping, or browsing after buying, drive the figure. */
export function isBehaviourDriven({ ownItem, weekShift, mirror }: Bracket): boolean {
  const known = [ownItem, weekShift, mirror].filter((share) => share !== null);
  return known.length > 1 && Math.max(...known) - Math.min(...known) > BRACKET_LIMIT + 1e-12;
}

/**
 * Adjusted p-values of Benjamini and Hochberg 1995 (J. R. Stat. Soc. B 57, 289-300): calling all with q <= 0.05 real
 * is wrong about 5% of those called. Null stays null and is no test.
 */
export function falseDiscoveryRates(p: readonly (number | null)[]): (number | null)[] {
  const tested = p.flatMap((value, at) => (value === null ? [] : [{ value, at }]));
  tested.sort((one, other) => other.value - one.value);
  const rates: (number | null)[] = p.map(() => null);
  let least = 1;
  for (const [place, { value, at }] of tested.entries()) {
    least = Math.min(least, value * (tested.length / (tested.length - place)));
    rates[at] = least;
  }
  return rates;
}

/** q above which a share is not told from chance. */
export const Q_LIMIT = 0.05;
