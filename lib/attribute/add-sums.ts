import { CONVERSION, NULL, START } from '../domain/attribution/markov-chain.ts';
import { addTouches } from '../domain/attribution/rule-credit.ts';
import type { PathSums } from './path-sums.ts';

/** Channels up to which sets are bits and states of order 4 are codes of five bits a channel. */
export const MOST_ADDED_CHANNELS = 20;
const DIGIT = 32;

/**
 * Sums of paths that were counted apart, over the same channels and at the same order: those of all paths together,
 * to the last digit and in the same numbering, since all are whole numbers and numbered by channels.
 */
export function addSums(parts: readonly PathSums[]): PathSums {
  const [first] = parts;
  if (parts.length === 1) return first!;
  const total = (of: (sums: PathSums) => number) => parts.reduce((sum, part) => sum + of(part), 0);
  return {
    channels: first!.channels,
    conversions: total(({ conversions }) => conversions),
    nulls: total(({ nulls }) => nulls),
    value: total(({ value }) => value),
    touches: {
      conversions: addTouches(parts.map(({ touches }) => touches.conversions)),
      values: addTouches(parts.map(({ touches }) => touches.values)),
    },
    chain: addChains(parts.map(({ chain }) => chain)),
    ...addSets(parts),
  };
}

type SummedChain = PathSums['chain'];

/** A state as a number: its channels plus one as digits, the oldest highest. Shorter states come first. */
function codesOf({ stateCount, stateStarts, stateChannels }: SummedChain): Int32Array {
  const codes = new Int32Array(stateCount);
  for (let state = 0; state < stateCount; state++) {
    for (let at = stateStarts[state]!; at < stateStarts[state + 1]!; at++) {
      codes[state] = codes[state]! * DIGIT + stateChannels[at]! + 1;
    }
  }
  return codes;
}

function addChains(chains: readonly SummedChain[]): SummedChain {
  const { order, channels } = chains[0]!;
  /** Journeys by the state that is left times the digit, and the digit of the next channel. */
  const steps = new Map<number, number>();
  const ends = new Map<number, { conversions: number; nulls: number; value: number }>();
  for (const chain of chains) {
    const codes = codesOf(chain);
    for (const code of codes) if (!ends.has(code)) ends.set(code, { conversions: 0, nulls: 0, value: 0 });
    for (const [t, count] of chain.counts.entries()) {
      const from = chain.from[t]! === START ? 0 : codes[chain.from[t]!]!;
      const to = chain.to[t]!;
      if (to === CONVERSION) {
        ends.get(from)!.conversions += count;
        ends.get(from)!.value += chain.finalValues[t]!;
      } else if (to === NULL) ends.get(from)!.nulls += count;
      else {
        const key = from * DIGIT + (codes[to]! % DIGIT);
        steps.set(key, (steps.get(key) ?? 0) + count);
      }
    }
  }
  const codes = Float64Array.from(ends.keys()).sort();
  const stateOf = new Map(Array.from(codes, (code, state) => [code, state]));
  const keys = Float64Array.from(steps.keys()).sort();
  const [states, walked] = [codes.length, keys.length];
  const summed: SummedChain = {
    order,
    channels,
    stateCount: states,
    ...channelsOf(codes),
    from: new Int32Array(walked + 2 * states),
    to: new Int32Array(walked + 2 * states),
    counts: new Float64Array(walked + 2 * states),
    finalValues: new Float64Array(walked + 2 * states),
  };
  for (const [t, key] of keys.entries()) {
    const from = Math.floor(key / DIGIT);
    summed.from[t] = from === 0 ? START : stateOf.get(from)!;
    summed.to[t] = stateOf.get(key % DIGIT ** order)!;
    summed.counts[t] = steps.get(key)!;
  }
  for (const [state, code] of codes.entries()) {
    const t = walked + 2 * state;
    const { conversions, nulls, value } = ends.get(code)!;
    summed.from.fill(state, t, t + 2);
    summed.to.set([CONVERSION, NULL], t);
    summed.counts.set([conversions, nulls], t);
    summed.finalValues[t] = value;
  }
  return summed;
}

function channelsOf(codes: Float64Array): Pick<SummedChain, 'stateStarts' | 'stateChannels'> {
  const starts = [0];
  const channels: number[] = [];
  for (const code of codes) {
    const digits: number[] = [];
    for (let rest = code; rest > 0; rest = Math.floor(rest / DIGIT)) digits.unshift((rest % DIGIT) - 1);
    channels.push(...digits);
    starts.push(channels.length);
  }
  return { stateStarts: Int32Array.from(starts), stateChannels: Uint16Array.from(channels) };
}

/** Sets as bits: their numbers ascend with these. */
function addSets(parts: readonly PathSums[]): Pick<PathSums, 'sets' | 'bySet'> {
  const bits = parts.map(({ sets: { starts, members } }) =>
    Int32Array.from({ length: starts.length - 1 }, (_, set) =>
      members.subarray(starts[set]!, starts[set + 1]!).reduce((mask, member) => mask | (1 << member), 0),
    ),
  );
  const masks = Int32Array.from(new Set(bits.flatMap((each) => Array.from(each)))).sort();
  const numberOf = new Map(Array.from(masks, (mask, number) => [mask, number]));
  const starts = [0];
  const members: number[] = [];
  const { channels } = parts[0]!.sets;
  for (const mask of masks) {
    for (let channel = 0; channel < channels; channel++) if ((mask >>> channel) & 1) members.push(channel);
    starts.push(members.length);
  }
  const bySet = {
    conversions: new Float64Array(masks.length),
    nulls: new Float64Array(masks.length),
    values: new Float64Array(masks.length),
  };
  for (const [part, sums] of parts.entries()) {
    for (const [set, mask] of bits[part]!.entries()) {
      const number = numberOf.get(mask)!;
      for (const name of ['conversions', 'nulls', 'values'] as const)
        bySet[name][number]! += sums.bySet[name][set]!;
    }
  }
  const sets = {
    channels,
    setOf: new Int32Array(0),
    starts: Int32Array.from(starts),
    members: Uint16Array.from(members),
  };
  return { sets, bySet };
}
