/**
 * Seeded Poisson weights of the bootstrap (Hanley and MacGibbon 2006; Chamandy et al. 2012): resampling n persons
 * with replacement gives each a multinomial count, which for many persons is Poisson(1), independent of the others.
 *
 * A weight is a function of seed, unit and replicate alone, so that neither the order of the units nor the number of
 * threads changes a figure. Cheap mixing gives replicates that are copies of each other: here three words pass
 * through two full avalanche rounds (MurmurHash3 finalizer, Austin Appleby) and a test measures the correlation.
 */
export function uniform32(seed: number, unit: number, replicate: number): number {
  return ofReplicate(ofUnit(seed, unit), unit, replicate);
}

const ofUnit = (seed: number, unit: number): number =>
  avalanche(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(unit, 0xcc9e2d51));

const ofReplicate = (mixed: number, unit: number, replicate: number): number =>
  avalanche(mixed ^ avalanche(Math.imul(replicate + 1, 0x9e3779b1) ^ unit));

function avalanche(word: number): number {
  let h = word;
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

const cumulative = Float64Array.from({ length: 14 }, () => 0);
for (let k = 0, mass = Math.exp(-1), sum = 0; k < cumulative.length; k++) {
  sum += mass;
  cumulative[k] = sum * 4294967296;
  mass /= k + 1;
}

/** A Poisson(1) count: how often a person is in a replicate. */
export function poissonOne(seed: number, unit: number, replicate: number): number {
  return countOf(uniform32(seed, unit, replicate));
}

function countOf(u: number): number {
  let k = 0;
  while (k < 13 && u >= cumulative[k]!) k += 1;
  return k;
}

/** The counts of one unit in replicates from number `first` on, `counts.length` of them. */
export function poissonOnes(seed: number, unit: number, first: number, counts: Uint8Array): void {
  const mixed = ofUnit(seed, unit);
  for (let at = 0; at < counts.length; at++) counts[at] = countOf(ofReplicate(mixed, unit, first + at));
}

/** Above this mean a Poisson count is drawn as a sum of smaller ones: its probabilities vanish in a double. */
const MOST_BY_INVERSION = 500;

/** Above this mean a Poisson count is drawn from the normal law with its mean and variance, which is as good there. */
const MOST_BY_SUM = 100_000;

/**
 * A Poisson(n) count: how often n units that are alike are in a replicate together. The sum of n independent
 * Poisson(1) has exactly this law; above a hundred thousand its skewness is below 0.004 and the normal law stands for it.
 */
export function poissonSum(n: number, seed: number, unit: number, replicate: number): number {
  if (n === 1) return poissonOne(seed, unit, replicate);
  if (n <= 0) return 0;
  if (n > MOST_BY_SUM) return Math.max(0, Math.round(n + Math.sqrt(n) * normal(seed, unit, replicate)));
  let total = 0;
  let part = 0;
  for (let left = n; left > 0; left -= MOST_BY_INVERSION, part += 1) {
    // A seed of its own for each part: neighbouring seeds must not share parts.
    const own = part === 0 ? seed : uniform32(seed, part, MOST_BY_SUM) | 0;
    const high = uniform32(own, unit, replicate);
    const low = uniform32(own ^ 0x5bd1e995, unit, replicate);
    total += inverse(Math.min(left, MOST_BY_INVERSION), (high + (low + 0.5) / 4294967296) / 4294967296);
  }
  return total;
}

/** A standard normal number (Box and Muller 1958). */
function normal(seed: number, unit: number, replicate: number): number {
  const radius = Math.sqrt(-2 * Math.log((uniform32(seed, unit, replicate) + 0.5) / 4294967296));
  return radius * Math.cos((2 * Math.PI * uniform32(seed ^ 0x5bd1e995, unit, replicate)) / 4294967296);
}

/** Smallest k with P(Poisson(mean) <= k) above u, walked from the mode so that few steps are needed. */
function inverse(mean: number, u: number): number {
  const mode = Math.floor(mean);
  const atMode = Math.exp(mode * Math.log(mean) - mean - logFactorial(mode));
  // The cumulative probability at the mode, summed downwards.
  let below = 0;
  for (let k = mode, mass = atMode; k >= 0 && mass > 1e-18; mass *= k / mean, k--) below += mass;
  if (u < below) {
    let k = mode;
    let mass = atMode;
    let sum = below;
    while (k > 0 && sum - mass > u) {
      sum -= mass;
      mass *= k / mean;
      k -= 1;
    }
    return k;
  }
  let k = mode;
  let mass = atMode;
  let sum = below;
  while (sum <= u && mass > 1e-18) {
    k += 1;
    mass *= mean / k;
    sum += mass;
  }
  return k;
}

const factorials = [0];
function logFactorial(n: number): number {
  for (let k = factorials.length; k <= n; k++) factorials.push(factorials[k - 1]! + Math.log(k));
  return factorials[n]!;
}
