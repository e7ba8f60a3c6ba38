import { tQuantile, twoSidedTail } from './student-t.ts';

/**
 * Sums over persons u of x = researched - chance and y = lines - chance, each line weighing one or its revenue.
 * `chance` is what a placebo finds in the same lines.
 */
export interface Moments {
  persons: number;
  x: number;
  y: number;
  xx: number;
  xy: number;
  yy: number;
}

/** A share in [-inf, 1] with its standard error; null where there is none to be had. */
export interface Estimate {
  share: number;
  error: number | null;
  low: number | null;
  high: number | null;
  /** Chance of a share so far from zero if there were no research at all. */
  p: number | null;
}

/** How often such intervals hold the figure that they are about. */
export const LEVEL = 0.95;

/** Less than this part of y^2 is what rounding leaves of no variance at all. */
const NO_VARIANCE = 1e-18;

/**
 * The share of purchases that research preceded, with chance taken out: theta = (R_obs - R_null) / (1 - R_null), which
 * is sum x / sum y. If theta of the lines are always matched and the rest match as often as chance does, this is theta.
 *
 * The interval treats each person as one observation, since the lines of a person are alike. A ratio is linearised
 * (Cochran 1977, Sampling Techniques, 6.3-6.4; delta method): the residuals are e_u = x_u - theta y_u, and
 * var = G / (G - 1) * sum e_u^2 / (sum y)^2, the cluster sandwich of Liang and Zeger 1986; bounds at the t quantile with
 * G - 1 degrees of freedom (Cameron and Miller 2015, Journal of Human Resources 50(2), VI). Persons weigh very unlike, so
 * G is their effective number. No more than 1 above, since no share is.
 *
 * Null where chance explains every line. No interval where one person stands behind it, or all persons are alike.
 */
export function correctedShare({ persons, x, y, xx, xy, yy }: Moments): Estimate | null {
  if (!(y > 0)) return null;
  const share = x / y;
  const none = { share, error: null, low: null, high: null, p: null };
  if (persons < 2) return none;
  const residuals = Math.max(0, xx - 2 * share * xy + share * share * yy);
  const effective = effectivePersons(persons, y, yy);
  const variance = ((effective / (effective - 1)) * residuals) / (y * y);
  if (residuals <= 1e-12 * (xx + yy) || variance <= NO_VARIANCE) return none;
  const error = Math.sqrt(variance);
  const half = tQuantile(LEVEL, effective - 1) * error;
  return {
    share,
    error,
    low: share - half,
    high: Math.min(1, share + half),
    p: twoSidedTail(share / error, effective - 1),
  };
}

/**
 * How many persons of equal weight are as much evidence as these, (sum y)^2 / sum y^2 (Kish 1965, Survey Sampling, 11.7;
 * for clusters Carter, Schnepel and Steigerwald 2017, Review of Economics and Statistics 99(4)): with the plain number the
 * intervals of some dozen persons hold what they are about one to two points less often than they say.
 */
export function effectivePersons(persons: number, y: number, yy: number): number {
  return Math.max(2, Math.min(persons, (y * y) / yy));
}

/** theta of sums alone; null where chance explains every line or there is none. */
export function correctedRate(lines: number, researched: number, chance: number): number | null {
  return lines - chance > 0 ? (researched - chance) / (lines - chance) : null;
}
