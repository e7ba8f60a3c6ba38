import { spreadOf } from './parameter-spread.ts';
import type { Expectation } from './prospects.ts';
import { type AmountFit, expectedAmount } from './purchase-amounts.ts';

/**
 * Independent sources of error of a customer's value: four of the fitted purchase process, three of the amounts, and one
 * for what the model itself missed when it was tested.
 */
export const ERROR_SOURCES = 8;

/** Those of them that purchases alone have: of the fitted purchase process, and of the test. */
export const COUNT_ERROR_SOURCES = 5;

export interface ExpectedCount {
  /** Expected purchases over the horizon. */
  count: number;
  /** How far a single customer's number may be from it by chance, as a variance, if the model is right. */
  variance: number;
  /** Error of `count` by each source; those of a group are sums over its members. */
  errors: Float64Array;
}

/**
 * How many purchases a person is expected to make, and how sure that is. Discounting changes the count, but hardly its
 * slopes by the parameters, so that the errors of discounted purchases are taken in proportion.
 * @param miss, share as in `customerValue`
 */
export function expectedCount({ alive, prospect, spread }: Expectation, miss = 0, share = 1): ExpectedCount {
  const count = alive * prospect.purchases * share;
  const variance = Math.max(0, alive * prospect.pairs * share * share + count - count * count);
  return { count, variance, errors: Float64Array.from([...spread, miss], (part) => part * count) };
}

export interface CustomerValue {
  /** Expected margin over the horizon, discounted, in the unit of the amounts. */
  value: number;
  /** How far a single customer's margin may be from it by chance, as a variance, if the model is right. */
  variance: number;
  /** Error of `value` by each source, whose squares add up to its variance. Errors of a group are sums over its members. */
  errors: Float64Array;
}

/**
 * Customer lifetime value over a horizon: discounted purchases that are expected, times what one is expected to leave;
 * frequency and amounts are independent of each other given the person (Fader, Hardie and Lee 2005b, "RFM and CLV").
 * @param miss how far the purchases of all were from what was expected in the test, as a logarithm of their ratio: whoever
 *   is wrong about all is wrong about each alike
 * @param share part of the person's purchases that the amounts are about: others are in another currency
 * @param purchases, amount what the person bought so far
 */
export function customerValue(
  { alive, prospect, spread }: Expectation,
  amounts: AmountFit,
  purchases: number,
  amount: number,
  miss = 0,
  share = 1,
): CustomerValue {
  const one = expectedAmount(amounts, purchases, amount);
  const count = alive * prospect.purchases * share;
  const value = alive * prospect.discounted * share * one.mean;
  // E[N^2] = E[N (N - 1)] + E[N]; each purchase is of the currency with chance `share`.
  const squared = alive * prospect.pairs * share * share + count;
  const variance =
    count * one.within + squared * one.between + Math.max(0, squared - count * count) * one.mean * one.mean;
  const amountErrors = amounts.spread === null ? [0, 0, 0] : spreadOf(amounts.spread, one.slopes);
  const errors = Float64Array.from([...spread, ...amountErrors, miss], (part) => part * value);
  return { value, variance, errors };
}

/**
 * Where what a group will bring lies: what the fit leaves open and what chance adds, together, on the scale of ratios so
 * that nothing falls below zero.
 * @param quantile standard deviations on either side, 1.645 for 90%
 */
export function valueInterval(
  value: number,
  variance: number,
  errors: readonly number[],
  quantile: number,
): { low: number; high: number } | null {
  if (!(value > 0)) return null;
  const total = errors.reduce((sum, error) => sum + error * error, variance);
  // The normal law of the logarithm with the same mean and variance.
  const sigma = Math.sqrt(Math.log1p(total / (value * value)));
  const centre = Math.log(value) - (sigma * sigma) / 2;
  return { low: Math.exp(centre - quantile * sigma), high: Math.exp(centre + quantile * sigma) };
}
