import { digamma, logGamma } from '../log-gamma.ts';
import { type Minimum, minimise, type Smooth } from './minimise.ts';
import { parameterSpread } from './parameter-spread.ts';
import { HOLD } from './purchase-process.ts';

/**
 * What customers leave per purchase: amounts vary around a mean of the person's own (gamma with shape p), and the means
 * over persons (inverse gamma with shape q and scale gamma), whatever how often they buy. Fader and Hardie 2013, "The
 * Gamma-Gamma Model of Monetary Value".
 */
export interface PurchaseAmounts {
  p: number;
  q: number;
  gamma: number;
}

export interface AmountFit extends PurchaseAmounts {
  logLikelihood: number;
  /** Factor of the covariance of ln p, ln q, ln gamma; null where the data do not say. */
  spread: Float64Array | null;
  minimum: Minimum;
}

/** By person: purchases, and what they came to together, above zero. */
export interface AmountRows {
  purchases: ArrayLike<number>;
  amounts: ArrayLike<number>;
}

const amountsAt = (logs: ArrayLike<number>): PurchaseAmounts => ({
  p: Math.exp(logs[0]!),
  q: Math.exp(logs[1]!),
  gamma: Math.exp(logs[2]!),
});

/**
 * Parameters of greatest likelihood, by their logarithms. Amounts may be in any unit: gamma comes out in the same.
 * Time: some tens of passes over persons, one logarithm each; gamma functions once for each number of purchases.
 * @param rows persons with purchases and amounts above zero
 */
export function fitAmounts(rows: AmountRows, hold = HOLD): AmountFit {
  let [amount, purchases] = [0, 0];
  for (let row = 0; row < rows.purchases.length; row++) {
    amount += rows.amounts[row]!;
    purchases += rows.purchases[row]!;
  }
  // p of 2 and q of 3 with the gamma that gives the mean: p gamma / (q - 1).
  const start = Float64Array.of(Math.log(2), Math.log(3), Math.log(amount / purchases));
  const plain = likelihood(rows);
  const negative: Smooth = (point, gradient) => {
    let value = plain(point, gradient);
    if (hold === 0) return value;
    for (const [at, x] of point.entries()) {
      const away = (x - start[at]!) / hold;
      value += (away * away) / 2;
      gradient[at]! += away / hold;
    }
    return value;
  };
  const minimum = minimise(negative, start, {
    tolerance: 1e-7 * Math.max(100, rows.purchases.length),
    maxIterations: 300,
  });
  const scores = new Float64Array(9);
  const logLikelihood = -likelihood(rows, scores)(minimum.point, new Float64Array(3));
  return {
    ...amountsAt(minimum.point),
    logLikelihood,
    minimum,
    spread: parameterSpread(negative, minimum.point, scores),
  };
}

/** The negative log likelihood in (ln p, ln q, ln gamma); `squares` as in the purchase process, 3 x 3. */
function likelihood({ purchases, amounts }: AmountRows, squares?: Float64Array): Smooth {
  let most = 0;
  for (let row = 0; row < purchases.length; row++) most = Math.max(most, purchases[row]!);
  const logs = Float64Array.from({ length: purchases.length }, (_, row) => Math.log(amounts[row]!));
  const own = new Float64Array(3);
  return (point, gradient) => {
    const { p, q, gamma } = amountsAt(point);
    const [lnGammaQ, psiQ] = [logGamma(q), digamma(q)];
    const known = Array.from({ length: most + 1 }, () => null as null | readonly [number, number, number]);
    let value = 0;
    gradient.fill(0);
    for (let row = 0; row < purchases.length; row++) {
      const n = purchases[row]!;
      known[n] ??= [logGamma(p * n + q) - logGamma(p * n) - lnGammaQ, digamma(p * n + q), digamma(p * n)];
      const [constant, psiAll, psiOwn] = known[n];
      const all = gamma + amounts[row]!;
      const lnAll = Math.log(all);
      // In terms of the sum s = n m, whose density differs from the mean's by the factor n.
      // ln((gamma + s) / gamma) without its cancellation: where people hardly differ, q and gamma are large together.
      const lnGrown = Math.log1p(amounts[row]! / gamma);
      value += constant + p * n * (logs[row]! - lnAll) - q * lnGrown - logs[row]! + Math.log(n);
      own[0] = p * n * (psiAll - psiOwn + logs[row]! - lnAll);
      own[1] = q * (psiAll - psiQ - lnGrown);
      own[2] = q - ((p * n + q) * gamma) / all;
      for (let at = 0; at < 3; at++) gradient[at]! -= own[at]!;
      if (!squares) continue;
      for (let row = 0; row < 3; row++)
        for (let column = 0; column < 3; column++) squares[row * 3 + column]! += own[row]! * own[column]!;
    }
    return -value;
  };
}

/** What a person's next purchases come to, given those so far. */
export interface ExpectedAmount {
  /** Expected amount of one. */
  mean: number;
  /** Variance of a single amount around the person's mean, and of that mean. */
  within: number;
  between: number;
  /** Derivatives of ln mean by ln p, ln q, ln gamma. */
  slopes: readonly [number, number, number];
}

/**
 * Given n purchases that came to s together: (gamma + s) p / (p n + q - 1) (equation 5 of the note), between what the
 * person's own purchases say and the mean of all. The person's mean is p over a gamma with shape p n + q and rate gamma + s.
 * @param purchases 0 for a person of whom nothing is known; then q must be above 1
 * @param amount their sum; one below zero counts as zero, for the model knows only gains
 */
export function expectedAmount(
  { p, q, gamma }: PurchaseAmounts,
  purchases: number,
  amount: number,
): ExpectedAmount {
  const all = gamma + Math.max(0, amount);
  const shape = p * purchases + q;
  const mean = (all * p) / (shape - 1);
  // Without a second moment the tail is so heavy that no variance is finite: the largest that can be told is taken.
  const second = (all * all) / ((shape - 1) * Math.max(shape - 2, 0.05));
  return {
    mean,
    within: p * second,
    between: Math.max(0, p * p * second - mean * mean),
    slopes: [1 - (p * purchases) / (shape - 1), -q / (shape - 1), gamma / all],
  };
}
