/** Ranks from 1, smallest first; equal values share the mean of their ranks. */
export function midRanks(values: readonly number[]): number[] {
  const order = values.map((_, place) => place).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Array<number>(values.length).fill(0);
  for (let first = 0; first < order.length; ) {
    let after = first + 1;
    while (after < order.length && values[order[after]!] === values[order[first]!]) after++;
    for (let place = first; place < after; place++) ranks[order[place]!] = (first + 1 + after) / 2;
    first = after;
  }
  return ranks;
}

/**
 * Spearman's rank correlation (1904), with ties: the correlation of the mid-ranks, -1 to 1. Null where one of the
 * lists has a single value throughout, as ranks say nothing then.
 * @throws RangeError when the lists differ in length
 */
export function rankCorrelation(one: readonly number[], other: readonly number[]): number | null {
  if (one.length !== other.length)
    throw new RangeError(`Rank correlation of ${one.length} values with ${other.length}; they must be pairs`);
  const [a, b] = [midRanks(one), midRanks(other)];
  const mean = (one.length + 1) / 2;
  let product = 0;
  let spreadA = 0;
  let spreadB = 0;
  for (let place = 0; place < a.length; place++) {
    product += (a[place]! - mean) * (b[place]! - mean);
    spreadA += (a[place]! - mean) ** 2;
    spreadB += (b[place]! - mean) ** 2;
  }
  return spreadA === 0 || spreadB === 0 ? null : product / Math.sqrt(spreadA * spreadB);
}
