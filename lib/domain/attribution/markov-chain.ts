import { type CodedChain, chainOfCodes, codeBits, MOST_CODE_BITS, stepCodes } from './chain-codes.ts';
import { hashSteps } from './chain-hash.ts';
import { type Paths, pathCount } from './paths.ts';

/**
 * Journeys as an absorbing Markov chain with (start), (conversion) and (null), of order 1 to 4 (Anderl, Becker,
 * Wangenheim, Schumann 2016): a state is the last channels of a path, as many as the order says, fewer only near the
 * path's start. Journeys that do not convert are part of it, so that the chance to convert is that of the data.
 *
 * States and transitions are numbered by their channels (shorter states first, then channel by channel), never by
 * where they turned up first: the order of the paths changes nothing.
 */
export interface Chain {
  order: number;
  /** How many channels there are. */
  channels: number;
  stateCount: number;
  /** Channels of state s, oldest first: `stateChannels[stateStarts[s]]` up to, not including, `stateStarts[s + 1]`. */
  stateStarts: Int32Array;
  stateChannels: Uint16Array;
  /** By transition number: START or the state that is left. */
  from: Int32Array;
  /** By transition number: the state that is entered, CONVERSION or NULL. Every state has one to each of the two. */
  to: Int32Array;
}

/** A chain with the transitions that each path walks, to count them again under other weights. */
export interface ChainIndex extends Chain {
  paths: Paths;
  /** The transitions of path p, (start) to its first state included, the final one excluded. */
  pathStarts: Int32Array;
  pathTransitions: Int32Array;
  /** By path: number of its final transition, if it converts and if it does not. */
  toConversion: Int32Array;
  toNull: Int32Array;
}

/** A chain that was counted in one pass over the paths. */
export interface CountedChain extends Chain {
  paths: Paths;
  /** Journeys by transition number. */
  counts: Float64Array;
  /** Value by transition number, of the transitions to (conversion); null when no values were given. */
  finalValues: Float64Array | null;
}

export const CONVERSION = -1;
export const NULL = -2;
export const START = -3;

export const MOST_ORDER = 4;

/**
 * Finds the states and transitions of all paths. Time: one or two passes over the steps; memory: 4 bytes per step.
 * @throws RangeError when the order is not 1, 2, 3 or 4.
 */
export function indexChain(paths: Paths, order: number): ChainIndex {
  checkOrder(order);
  const bits = codeBits(paths.channels.length);
  const walked =
    bits * (order + 1) <= MOST_CODE_BITS ? stepCodes(paths, order, bits) : hashSteps(paths, order);
  const { transitions: pathTransitions } = walked;
  const chain = withFinals(walked.chain, order, paths.channels.length);
  const steps = walked.chain.from.length;
  const toConversion = new Int32Array(pathCount(paths));
  const toNull = new Int32Array(pathCount(paths));
  const { starts } = paths;
  for (let path = 0; path < toConversion.length; path++) {
    const final = steps + 2 * chain.to[pathTransitions[starts[path + 1]! - 1]!]!;
    toConversion[path] = final;
    toNull[path] = final + 1;
  }
  return { ...chain, paths, pathStarts: starts, pathTransitions, toConversion, toNull };
}

/** Journeys by transition number, from the journeys by path that converted and that did not. */
export function countTransitions(
  index: ChainIndex,
  conversions: ArrayLike<number>,
  nulls: ArrayLike<number>,
): Float64Array {
  const { pathStarts, pathTransitions, toConversion, toNull } = index;
  const counts = new Float64Array(index.from.length);
  for (let path = 0; path < toConversion.length; path++) {
    const converted = conversions[path]!;
    const lost = nulls[path]!;
    const journeys = converted + lost;
    if (journeys === 0) continue;
    const end = pathStarts[path + 1]!;
    for (let at = pathStarts[path]!; at < end; at++) counts[pathTransitions[at]!]! += journeys;
    counts[toConversion[path]!]! += converted;
    counts[toNull[path]!]! += lost;
  }
  return counts;
}

/** Value by transition number, from the value by path: all of it is on the transitions to (conversion). */
export function finalValues(index: ChainIndex, values: ArrayLike<number>): Float64Array {
  const { toConversion } = index;
  const sums = new Float64Array(index.from.length);
  for (let path = 0; path < toConversion.length; path++) sums[toConversion[path]!]! += values[path]!;
  return sums;
}

/**
 * States, transitions and their counts in one pass that keeps nothing by path, for a chain that is needed once.
 * Transitions that no journey walked are left out, so their numbers are not those of `indexChain`.
 * @throws RangeError when the order is not 1, 2, 3 or 4.
 */
export function countChain(
  paths: Paths,
  order: number,
  conversions: ArrayLike<number>,
  nulls: ArrayLike<number>,
  values?: ArrayLike<number>,
): CountedChain {
  checkOrder(order);
  const bits = codeBits(paths.channels.length);
  if (bits * (order + 1) > MOST_CODE_BITS) {
    const index = indexChain(paths, order);
    const counts = countTransitions(index, conversions, nulls);
    return { ...index, counts, finalValues: values ? finalValues(index, values) : null };
  }
  const { starts, steps } = paths;
  const stateCodes = 2 ** (bits * order);
  const mask = stateCodes - 1;
  const byCode = new Float64Array(stateCodes * 2 ** bits);
  const byEnd = new Float64Array(stateCodes * 2);
  const valueByEnd = new Float64Array(values ? stateCodes : 0);
  const count = pathCount(paths);
  for (let path = 0, at = 0; path < count; path++) {
    const converted = conversions[path]!;
    const lost = nulls[path]!;
    const journeys = converted + lost;
    const end = starts[path + 1]!;
    let state = 0;
    for (; at < end; at++) {
      const code = (state << bits) | (steps[at]! + 1);
      byCode[code]! += journeys;
      state = code & mask;
    }
    byEnd[2 * state]! += converted;
    byEnd[2 * state + 1]! += lost;
    if (values) valueByEnd[state]! += values[path]!;
  }
  const { chain: coded, stateOf } = chainOfCodes(byCode, order, bits);
  const chain = withFinals(coded, order, paths.channels.length);
  const counts = new Float64Array(chain.from.length);
  const sums = values ? new Float64Array(chain.from.length) : null;
  for (let code = 0, transition = 0; code < byCode.length; code++) {
    if (byCode[code] !== 0) counts[transition++] = byCode[code]!;
  }
  for (let code = 1; code < stateCodes; code++) {
    if (stateOf[code]! < 0) continue;
    const final = coded.from.length + 2 * stateOf[code]!;
    counts[final] = byEnd[2 * code]!;
    counts[final + 1] = byEnd[2 * code + 1]!;
    if (sums) sums[final] = valueByEnd[code]!;
  }
  return { ...chain, paths, counts, finalValues: sums };
}

/**
 * A state in words.
 * @example stateName(index, 3) // "Email > Search"
 */
export function stateName(index: Chain & { paths: Paths }, state: number): string {
  if (state === START) return '(start)';
  if (state === CONVERSION) return '(conversion)';
  if (state === NULL) return '(null)';
  const channels = index.stateChannels.subarray(index.stateStarts[state], index.stateStarts[state + 1]);
  return Array.from(channels, (channel) => index.paths.channels[channel]).join(' > ');
}

/** Adds the transitions of every state to (conversion) and (null) behind those from state to state. */
function withFinals(coded: CodedChain, order: number, channels: number): Chain {
  const { stateCount, stateStarts, stateChannels } = coded;
  const steps = coded.from.length;
  const from = new Int32Array(steps + 2 * stateCount);
  const to = new Int32Array(steps + 2 * stateCount);
  for (let t = 0; t < steps; t++) {
    from[t] = coded.from[t]! < 0 ? START : coded.from[t]!;
    to[t] = coded.to[t]!;
  }
  for (let state = 0; state < stateCount; state++) {
    const final = steps + 2 * state;
    from[final] = state;
    from[final + 1] = state;
    to[final] = CONVERSION;
    to[final + 1] = NULL;
  }
  return { order, channels, stateCount, stateStarts, stateChannels, from, to };
}

/** @throws RangeError when the order is not 1, 2, 3 or 4. */
export function checkOrder(order: number): void {
  if (Number.isInteger(order) && order >= 1 && order <= MOST_ORDER) return;
  throw new RangeError(`Order ${order} of a Markov chain must be a whole number from 1 to ${MOST_ORDER}`);
}
