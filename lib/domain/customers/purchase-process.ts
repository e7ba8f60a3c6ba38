import { type Minimum, minimise, type Smooth } from './minimise.ts';
import { parameterSpread } from './parameter-spread.ts';
import type { PurchaseHistories } from './purchase-histories.ts';

/**
 * How customers buy until they leave. While with the shop a person buys at random at a rate of their own (gamma with shape
 * r and rate alpha over persons), and leaves after a purchase with a chance of their own (beta with a and b).
 *
 * `mbg`: a person may leave after any purchase, the first too (MBG/NBD: Batislam, Denizel and Filiztekin 2007; Hoppe and
 * Wagner 2007). `bg`: only after a repeat purchase (BG/NBD: Fader, Hardie and Lee 2005), so that who bought once is with
 * the shop for ever, whatever the time since.
 */
export type Leaving = 'mbg' | 'bg';

export interface PurchaseProcess {
  leaving: Leaving;
  r: number;
  alpha: number;
  a: number;
  b: number;
}

/** Chances to leave that a person had and did not take, if they are still with the shop. */
export const stays = (leaving: Leaving, repeats: number): number => repeats + (leaving === 'mbg' ? 1 : 0);

/** Log of the odds that the person left after the last purchase, against being still with the shop. */
export function logOddsGone(
  { leaving, r, alpha, a, b }: PurchaseProcess,
  repeats: number,
  recency: number,
  observed: number,
): number {
  if (leaving === 'bg' && repeats === 0) return Number.NEGATIVE_INFINITY;
  const silent = Math.log((alpha + observed) / (alpha + recency));
  return Math.log(a / (b + stays(leaving, repeats) - 1)) + (r + repeats) * silent;
}

/** Chance that the person will buy again some day: 1 / (1 + odds of having left). */
export const chanceAlive = (
  process: PurchaseProcess,
  repeats: number,
  recency: number,
  observed: number,
): number => 1 / (1 + Math.exp(logOddsGone(process, repeats, recency, observed)));

/** From which chance of so long a silence on a customer who is still one counts as overdue: their own 90th percentile. */
const RARE_SILENCE = 0.1;

/** Whether the time since the last purchase is longer than nine of ten gaps between purchases of a customer like this. */
export function isOverdue(
  { r, alpha }: PurchaseProcess,
  repeats: number,
  recency: number,
  observed: number,
): boolean {
  return ((alpha + recency) / (alpha + observed)) ** (r + repeats) < RARE_SILENCE;
}

export interface PurchaseFit extends PurchaseProcess {
  logLikelihood: number;
  /** Factor of the covariance of ln r, ln alpha, ln a, ln b; null where the data do not say. */
  spread: Float64Array | null;
  minimum: Minimum;
}

export interface PurchaseFitOptions {
  leaving: Leaving;
  /**
   * How firmly log-parameters are held near where the search begins, as a standard deviation; 0 for not at all. Whoever
   * never loses a customer has no estimate of a and b: then they stay within reach.
   */
  hold?: number;
}

/** Where nothing else is known: so wide that thousands of customers outweigh it by far. */
export const HOLD = 5;

/**
 * Parameters of greatest likelihood, by their logarithms. Times may be in any unit: alpha comes out in the same.
 * Time: some tens of passes over the distinct rows; memory: sums up to the largest number of repeats.
 */
export function fitPurchases(
  histories: PurchaseHistories,
  { leaving, hold = HOLD }: PurchaseFitOptions,
): PurchaseFit {
  const start = startOf(histories);
  const negative = heldBack(likelihood(histories, leaving), start, hold);
  const minimum = minimise(negative, start, {
    tolerance: 1e-7 * Math.max(100, total(histories.persons)),
    maxIterations: 300,
  });
  const process = processAt(minimum.point, leaving);
  const scores = new Float64Array(16);
  const unused = new Float64Array(4);
  const logLikelihood = -likelihood(histories, leaving, scores)(minimum.point, unused);
  return { ...process, logLikelihood, minimum, spread: parameterSpread(negative, minimum.point, scores) };
}

export const processAt = (logs: ArrayLike<number>, leaving: Leaving): PurchaseProcess => ({
  leaving,
  r: Math.exp(logs[0]!),
  alpha: Math.exp(logs[1]!),
  a: Math.exp(logs[2]!),
  b: Math.exp(logs[3]!),
});

/** r and a of 1, b of 4, and alpha so that persons buy as often as these did. */
function startOf({ repeats, observed, persons }: PurchaseHistories): Float64Array {
  let [bought, time] = [0, 0];
  for (const [row, count] of persons.entries()) {
    bought += repeats[row]! * count;
    time += observed[row]! * count;
  }
  return Float64Array.of(0, Math.log(bought > 0 && time > 0 ? time / bought : 1), 0, Math.log(4));
}

function heldBack(f: Smooth, centre: Float64Array, hold: number): Smooth {
  if (hold === 0) return f;
  return (point, gradient) => {
    let value = f(point, gradient);
    for (const [at, x] of point.entries()) {
      const away = (x - centre[at]!) / hold;
      value += (away * away) / 2;
      gradient[at]! += away / hold;
    }
    return value;
  };
}

const total = (counts: Float64Array): number => counts.reduce((sum, count) => sum + count, 0);

/**
 * The negative log likelihood in (ln r, ln alpha, ln a, ln b) with its gradient. Gamma and beta functions of whole steps
 * are sums of logarithms, made once for each number of repeats.
 * @param squares where given, sums over persons of the products of their gradients, 4 x 4
 */
export function likelihood(histories: PurchaseHistories, leaving: Leaving, squares?: Float64Array): Smooth {
  const { repeats, recency, observed, persons } = histories;
  const most = repeats.reduce((largest, x) => Math.max(largest, x), 0);
  const own = new Float64Array(4);
  return (logs, gradient) => {
    const { r, alpha, a, b } = processAt(logs, leaving);
    const steps = stepSums(r, a, b, most + 1);
    let value = 0;
    gradient.fill(0);
    for (let row = 0; row < persons.length; row++) {
      const x = repeats[row]!;
      const kept = stays(leaving, x);
      const until = alpha + observed[row]!;
      const last = alpha + recency[row]!;
      const isOpen = leaving === 'mbg' || x > 0;
      const silent = Math.log(until / last);
      const odds = isOpen ? Math.log(a / (b + kept - 1)) + (r + x) * silent : 0;
      const gone = isOpen ? 1 / (1 + Math.exp(-odds)) : 0;
      const either = !isOpen ? 0 : odds > 0 ? odds + Math.log1p(Math.exp(-odds)) : Math.log1p(Math.exp(odds));
      const logUntil = Math.log(until);
      value +=
        persons[row]! * (steps.rates[x]! + steps.staying[kept]! + r * logs[1]! - (r + x) * logUntil + either);
      own[0] = r * (steps.ratesByR[x]! + logs[1]! - logUntil + gone * silent);
      own[1] = r - (alpha * (r + x)) / until + gone * (r + x) * (alpha / until - alpha / last);
      own[2] = a * steps.stayingByA[kept]! + gone;
      own[3] = b * steps.stayingByB[kept]! - (isOpen ? (gone * b) / (b + kept - 1) : 0);
      for (let at = 0; at < 4; at++) gradient[at]! -= persons[row]! * own[at]!;
      if (!squares) continue;
      for (let at = 0; at < 16; at++) squares[at]! += persons[row]! * own[at >> 2]! * own[at & 3]!;
    }
    return -value;
  };
}

/** By number of steps: ln G(r + n) / G(r), ln B(a, b + n) / B(a, b), and their derivatives. */
function stepSums(r: number, a: number, b: number, most: number) {
  const sums = () => new Float64Array(most + 1);
  const steps = {
    rates: sums(),
    ratesByR: sums(),
    staying: sums(),
    stayingByA: sums(),
    stayingByB: sums(),
  };
  for (let n = 0; n < most; n++) {
    steps.rates[n + 1] = steps.rates[n]! + Math.log(r + n);
    steps.ratesByR[n + 1] = steps.ratesByR[n]! + 1 / (r + n);
    steps.staying[n + 1] = steps.staying[n]! + Math.log((b + n) / (a + b + n));
    steps.stayingByA[n + 1] = steps.stayingByA[n]! - 1 / (a + b + n);
    steps.stayingByB[n + 1] = steps.stayingByB[n]! + 1 / (b + n) - 1 / (a + b + n);
  }
  return steps;
}
