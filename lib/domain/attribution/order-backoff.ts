import { type ChainIndex, CONVERSION, NULL, START } from './markov-chain.ts';

/** A chain of one order with its way down to the next lower one, where a state forgets its oldest channel. */
export interface Ladder {
  index: ChainIndex;
  /** By transition: the same step in the chain of the next lower order; null at order 1. */
  lower: Int32Array | null;
}

/** Journeys that the lower order's probability counts for. */
const PRIOR_JOURNEYS = 1;

export function ladderOf(index: ChainIndex, below?: ChainIndex): Ladder {
  if (!below) return { index, lower: null };
  const lower = new Int32Array(index.from.length);
  const { pathTransitions } = index;
  for (let at = 0; at < pathTransitions.length; at++)
    lower[pathTransitions[at]!] = below.pathTransitions[at]!;
  const steps = index.from.length - 2 * index.stateCount;
  const stepsBelow = below.from.length - 2 * below.stateCount;
  for (let t = 0; t < steps; t++) {
    const final = stepsBelow + 2 * below.to[lower[t]!]!;
    lower[steps + 2 * index.to[t]!] = final;
    lower[steps + 2 * index.to[t]! + 1] = final + 1;
  }
  return { index, lower };
}

/** Probability of each transition from its counts, leaning on the probabilities of the lower order. */
export function smoothed({ index, lower }: Ladder, counts: Float64Array, below?: Float64Array): Float64Array {
  const { from, stateCount } = index;
  // One place more, for (start).
  const leaving = new Float64Array(stateCount + 1);
  for (let t = 0; t < from.length; t++) leaving[from[t] === START ? stateCount : from[t]!]! += counts[t]!;
  const ground = groundProbabilities(index, counts);
  return counts.map((count, t) => {
    const expected = lower && below ? below[lower[t]!]! : ground[t]!;
    const left = leaving[from[t] === START ? stateCount : from[t]!]!;
    return (count + PRIOR_JOURNEYS * expected) / (left + PRIOR_JOURNEYS);
  });
}

/**
 * What order 1 leans on: how often each channel and each end comes next wherever a journey stands, and any channel
 * alike at the start.
 */
function groundProbabilities(index: ChainIndex, counts: Float64Array): Float64Array {
  const { from, to, stateStarts, stateChannels, channels } = index;
  const outcomeOf = (target: number) =>
    target === CONVERSION
      ? channels
      : target === NULL
        ? channels + 1
        : stateChannels[stateStarts[target + 1]! - 1]!;
  const next = new Float64Array(channels + 2);
  const occurs = new Uint8Array(channels);
  let all = 0;
  for (let t = 0; t < from.length; t++) {
    if (to[t]! >= 0) occurs[outcomeOf(to[t]!)] = 1;
    if (from[t] === START) continue;
    next[outcomeOf(to[t]!)]! += counts[t]!;
    all += counts[t]!;
  }
  const occurring = occurs.reduce((sum, one) => sum + one, 0);
  return counts.map((_, t) =>
    from[t] === START
      ? 1 / occurring
      : (next[outcomeOf(to[t]!)]! + PRIOR_JOURNEYS / (occurring + 2)) / (all + PRIOR_JOURNEYS),
  );
}

/**
 * Pairs of a converting and a lost journey that were held out, and those (ties half) in which the converting one's
 * last state has the higher predicted conversion rate.
 */
export function areaUnderCurve(
  index: ChainIndex,
  heldOut: Float64Array,
  probabilities: Float64Array,
): { pairs: number; wins: number } {
  const steps = index.from.length - 2 * index.stateCount;
  const states: { rate: number; converted: number; lost: number }[] = [];
  for (let final = steps; final < index.from.length; final += 2) {
    const converted = heldOut[final]!;
    const lost = heldOut[final + 1]!;
    const rate = probabilities[final]! / (probabilities[final]! + probabilities[final + 1]!);
    if (converted + lost > 0) states.push({ rate, converted, lost });
  }
  states.sort((a, b) => a.rate - b.rate);
  let below = 0;
  let wins = 0;
  let conversions = 0;
  for (let first = 0; first < states.length; ) {
    let converted = 0;
    let lost = 0;
    const { rate } = states[first]!;
    for (; first < states.length && states[first]!.rate === rate; first++) {
      converted += states[first]!.converted;
      lost += states[first]!.lost;
    }
    wins += converted * (below + lost / 2);
    below += lost;
    conversions += converted;
  }
  return { pairs: conversions * below, wins };
}
