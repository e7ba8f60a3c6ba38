import { tQuantile } from '../ropo/student-t.ts';

/**
 * Sums over persons of what a group is credited with: those whose part is a gain (up) and those whose part is a loss
 * (down, as a positive number), each with the sum of squares.
 */
export interface SumMoments {
  up: number;
  upSquares: number;
  down: number;
  downSquares: number;
}

export interface Bounds {
  low: number;
  high: number;
}

/** Fewer persons of equal weight than these have no interval: it would say less than that there are few. */
export const LEAST_EFFECTIVE = 10;

/**
 * The standard error of a sum over persons: the square root of the sum of their squares. A Poisson bootstrap, which lets
 * each person count as often as a Poisson(1) draw says, has exactly this spread (variance and mean of such a draw are both
 * one), and so does the sandwich clustered by person: no replicates are needed.
 */
export const sumError = ({ upSquares, downSquares }: SumMoments): number =>
  Math.sqrt(upSquares + downSquares);

/** How many persons of equal weight are as much evidence as these (Kish 1965, Survey Sampling, 11.7). */
export function effectiveOf({ up, upSquares, down, downSquares }: SumMoments): number {
  const squares = upSquares + downSquares;
  return squares > 0 ? (up + down) ** 2 / squares : 0;
}

/**
 * The interval of a sum over persons of another draw of such persons. Null where nothing moved, or where too few persons
 * are behind it.
 *
 * Buyers come like a Poisson process and bring amounts that are lopsided, so that the sum is too: about as lopsided as a
 * gamma variable of the same mean and variance, whose shape is the effective number of persons. Gains therefore have the
 * gamma interval for weighted sums of Poisson counts (Fay and Feuer 1997, Statistics in Medicine 16; for equal weights it
 * is the exact one of Garwood), its quantiles by the cube root (Wilson and Hilferty 1931), with t on the effective number
 * less one in place of the normal quantile, since the variance is an estimate. Gains and losses are of different
 * persons, so that they are independent: the interval of their difference follows from both (Zou and Donner 2008,
 * Statistics in Medicine 27).
 * @param level between 0 and 1
 */
export function sumInterval(moments: SumMoments, level: number): Bounds | null {
  const effective = effectiveOf(moments);
  if (effective < LEAST_EFFECTIVE) return null;
  const t = tQuantile(level, freedomOf(effective));
  const gains = gammaInterval(moments.up, moments.upSquares, t);
  const losses = gammaInterval(moments.down, moments.downSquares, t);
  const sum = moments.up - moments.down;
  return {
    low: sum - Math.hypot(moments.up - gains.low, losses.high - moments.down),
    high: sum + Math.hypot(gains.high - moments.up, moments.down - losses.low),
  };
}

function gammaInterval(sum: number, squares: number, t: number): Bounds {
  if (!(squares > 0)) return { low: 0, high: 0 };
  const shape = (sum * sum) / squares;
  const scale = squares / sum;
  const quantile = (of: number, deviation: number) =>
    of * Math.max(0, 1 - 1 / (9 * of) + deviation / (3 * Math.sqrt(of))) ** 3;
  return { low: scale * quantile(shape, -t), high: scale * quantile(shape + 1, t) };
}

/** Sums over persons of a part x and of the whole t that it is a part of. */
export interface ShareMoments {
  part: number;
  partSquares: number;
  /** Sum of x times t. */
  products: number;
  whole: number;
  wholeSquares: number;
}

/**
 * The interval of a share, part / whole, both sums over the same persons: linearised as a ratio, with residuals
 * x - share * t, and bounds on the scale of log odds, so that they stay between nothing and all. Null where too few
 * persons are behind the part or the rest, and where returns make the share none.
 */
export function shareInterval(moments: ShareMoments, level: number): Bounds | null {
  const { part, partSquares, products, whole, wholeSquares } = moments;
  const share = part / whole;
  if (!(share > 0 && share < 1)) return null;
  const rest = whole - part;
  const restSquares = wholeSquares - 2 * products + partSquares;
  const effective = Math.min(part ** 2 / partSquares, restSquares > 0 ? rest ** 2 / restSquares : 0);
  if (!(effective >= LEAST_EFFECTIVE)) return null;
  const residuals = Math.max(0, partSquares - 2 * share * products + share * share * wholeSquares);
  const error = Math.sqrt((effective / (effective - 1)) * residuals) / whole;
  const spread = (tQuantile(level, freedomOf(effective)) * error) / (share * (1 - share));
  const odds = share / (1 - share);
  const shareAt = (at: number) => at / (1 + at);
  return { low: shareAt(odds * Math.exp(-spread)), high: shareAt(odds * Math.exp(spread)) };
}

/**
 * Degrees of freedom, rounded down to two digits, and not by what doubles leave out: quantiles are kept, and there are not
 * that many to keep.
 */
function freedomOf(effective: number): number {
  const freedom = effective - 1;
  const digit = 10 ** Math.max(0, Math.floor(Math.log10(freedom)) - 1);
  return Math.floor(freedom / digit + 1e-9) * digit;
}
