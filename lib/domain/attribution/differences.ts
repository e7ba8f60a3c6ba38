import { ofFigure, type Replicates } from './intervals.ts';

/** Two figures compared, with all other pairs in mind. */
export interface Difference {
  first: number;
  second: number;
  /** First less second. */
  difference: number;
  /** Bounds that hold for all pairs at once with the probability asked for; NaN where replicates are too few to say. */
  low: number;
  high: number;
  /** Chance of so large a difference anywhere among the pairs if there were none, from the replicates. */
  adjustedP: number;
  isDistinguishable: boolean;
}

/**
 * Compares every pair of figures, corrected for there being many: the largest of all studentised deviations in each
 * replicate says what chance alone does to the most extreme pair (single-step max-T; Westfall and Young 1993,
 * Romano and Wolf 2005). A pair is distinguishable where its own deviation is larger than that at the level.
 * Pairs that no replicate moves are equal, or differ for certain. Fewer replicates than level / (1 - level) can tell
 * nothing apart.
 * @param points Figures on the data as they are.
 * @param level 0 to 1.
 */
export function compareAll(points: Float64Array, replicates: Replicates, level: number): Difference[] {
  const { replicates: count } = replicates;
  const pairs: { first: number; second: number; difference: number; error: number }[] = [];
  const largest = new Float64Array(count);
  for (let first = 0; first < points.length; first++) {
    for (let second = first + 1; second < points.length; second++) {
      const a = ofFigure(replicates, first);
      const b = ofFigure(replicates, second);
      const difference = points[first]! - points[second]!;
      let squares = 0;
      for (let replicate = 0; replicate < count; replicate++)
        squares += (a[replicate]! - b[replicate]! - difference) ** 2;
      const error = Math.sqrt(squares / Math.max(1, count));
      pairs.push({ first, second, difference, error });
      if (!(error > 0)) continue;
      for (let replicate = 0; replicate < count; replicate++) {
        const deviation = Math.abs(a[replicate]! - b[replicate]! - difference) / error;
        if (deviation > largest[replicate]!) largest[replicate] = deviation;
      }
    }
  }
  const rank = Math.ceil(level * (count + 1));
  const critical = rank > count ? Number.POSITIVE_INFINITY : largest.slice().sort()[rank - 1]!;
  const reach = (error: number) => (rank > count ? Number.NaN : error > 0 ? critical * error : 0);
  return pairs.map(({ first, second, difference, error }) => {
    const deviation =
      error > 0 ? Math.abs(difference) / error : difference === 0 ? 0 : Number.POSITIVE_INFINITY;
    const asLarge = largest.reduce((sum, value) => sum + (value >= deviation ? 1 : 0), 0);
    return {
      first,
      second,
      difference,
      low: difference - reach(error),
      high: difference + reach(error),
      adjustedP: (asLarge + 1) / (count + 1),
      isDistinguishable: deviation > critical,
    };
  });
}
