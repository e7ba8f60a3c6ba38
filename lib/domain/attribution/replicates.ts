import { poissonOnes, poissonSum } from './poisson.ts';

/**
 * The bootstrap by person: a replicate draws each person a Poisson(1) number of times and works every figure out anew.
 * All of a person's journeys and purchases get that person's weight, so that what one person does again and again
 * does not look like many. Figures lie as [figure * replicates + replicate].
 */
export interface Resampled {
  /** Weights of a block of replicates: person * replicates + replicate. */
  weights: Uint8Array;
  replicates: number;
  /** Number of the block's first replicate, and the seed. */
  first: number;
  seed: number;
}

/** Replicates that are worked out together: bounds memory to persons x this many bytes. */
export const BLOCK = 50;

/** Draws a block of replicates, numbered from `first`. A person's weights depend on seed, person and replicate alone. */
export function drawBlock(seed: number, persons: number, first: number, replicates: number): Resampled {
  const weights = new Uint8Array(persons * replicates);
  for (let person = 0; person < persons; person++)
    poissonOnes(seed, person, first, weights.subarray(person * replicates, (person + 1) * replicates));
  return { weights, replicates, first, seed };
}

/** Keeps the draws of groups apart from those of persons. */
const GROUP_SEED = 0x2545f491;

/** How often `size` persons who are alike are in each replicate of the block, written to `counts`. */
export function drawGroup(
  { replicates, first, seed }: Resampled,
  size: number,
  group: number,
  counts: Float64Array,
): void {
  for (let replicate = 0; replicate < replicates; replicate++)
    counts[replicate] = poissonSum(size, seed ^ GROUP_SEED, group, first + replicate);
}

/** Adds a person's weight times an amount to a figure, in every replicate of the block. */
export function addWeighted(
  { weights, replicates }: Resampled,
  sums: Float64Array,
  figure: number,
  person: number,
  amount: number,
): void {
  let to = figure * replicates;
  const from = person * replicates;
  for (let at = from; at < from + replicates; at++, to++) sums[to]! += weights[at]! * amount;
}

/** The figures of all replicates, worked out block by block: figure * replicates + replicate. */
export function replicatesOf(
  options: { seed: number; persons: number; replicates: number; figures: number },
  estimate: (drawn: Resampled) => Float64Array,
): Float64Array {
  const { seed, persons, replicates, figures } = options;
  const all = new Float64Array(figures * replicates);
  for (let first = 0; first < replicates; first += BLOCK) {
    const size = Math.min(BLOCK, replicates - first);
    const block = estimate(drawBlock(seed, persons, first, size));
    for (let figure = 0; figure < figures; figure++) {
      all.set(block.subarray(figure * size, (figure + 1) * size), figure * replicates + first);
    }
  }
  return all;
}
