import { logGamma } from '../log-gamma.ts';

/**
 * Student's t distribution: what an interval needs that stands on G persons (t with G - 1 degrees of freedom). From the
 * regularised incomplete beta function I_x(a, b): P(|T| > t) = I_x(v / 2, 1 / 2) with x = v / (v + t^2)
 * (Abramowitz and Stegun 26.5.27, 26.7.1).
 */

/** Continued fraction of I_x(a, b) (DLMF 8.17.22) by the modified method of Lentz; quick for x < (a + 1) / (a + b + 2). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const step = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / step(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / step(1 + term * d);
      c = step(1 + term / c);
      change = c * d;
      fraction *= change;
    }
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return fraction;
}

/** I_x(a, b) for a, b > 0 and 0 <= x <= 1. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** Beyond so many degrees of freedom t differs from the normal law by less than 1e-6. */
const AS_GOOD_AS_NORMAL = 1e7;

/**
 * Chance of a value at least as far from zero as `t`, on either side.
 * @param freedom degrees of freedom, above zero
 */
export function twoSidedTail(t: number, freedom: number): number {
  const v = Math.min(freedom, AS_GOOD_AS_NORMAL);
  return incompleteBeta(v / (v + t * t), v / 2, 0.5);
}

const known = new Map<string, number>();

/**
 * The t that leaves (1 - level) / 2 on either side: 2.045 for 95% and 29 degrees of freedom.
 * @param level between 0 and 1
 * @param freedom degrees of freedom, above zero
 */
export function tQuantile(level: number, freedom: number): number {
  const name = `${level} ${freedom}`;
  const before = known.get(name);
  if (before !== undefined) return before;
  let low = 0;
  let high = 1;
  while (twoSidedTail(high, freedom) > 1 - level) high *= 2;
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (twoSidedTail(middle, freedom) > 1 - level) low = middle;
    else high = middle;
  }
  known.set(name, high);
  return high;
}
