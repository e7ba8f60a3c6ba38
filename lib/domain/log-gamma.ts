/** Terms of Stirling's series: B_2k / (2k (2k - 1)), and B_2k / 2k for its derivative (DLMF 5.11.1, 5.11.2). */
const SERIES = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
const SLOPES = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12];
/** From here on the series is good to the last digits. */
const LARGE = 12;

const inPowers = (terms: readonly number[], inverse: number, first: number): number =>
  terms.reduceRight((sum, term) => sum * inverse * inverse + term, 0) * first;

/** ln G(z) for z > 0. */
export function logGamma(z: number): number {
  let product = 1;
  let x = z;
  for (; x < LARGE; x++) product *= x;
  const series = inPowers(SERIES, 1 / x, 1 / x);
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}

/** Derivative of ln G(z) for z > 0. */
export function digamma(z: number): number {
  let sum = 0;
  let x = z;
  for (; x < LARGE; x++) sum += 1 / x;
  return Math.log(x) - 0.5 / x - inPowers(SLOPES, 1 / x, 1 / (x * x)) - sum;
}
