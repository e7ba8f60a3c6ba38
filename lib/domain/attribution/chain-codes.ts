import { type Paths, pathCount } from './paths.ts';

/**
 * States of a Markov chain as bits: each channel, plus one, is a digit of a fixed width, the newest lowest, and the
 * empty code is (start). A transition is the code of its state followed by the next channel, so that one shift finds
 * it and one mask gives the state that is entered. Fits few channels and low orders; `chain-hash.ts` has the others.
 */

/** From state to state; `from` is -1 for (start). */
export interface CodedChain {
  stateCount: number;
  stateStarts: Int32Array;
  stateChannels: Uint16Array;
  from: Int32Array;
  to: Int32Array;
}

/** Tables of at most 2^22 numbers: 32 MB. */
export const MOST_CODE_BITS = 22;

/** Width of a digit that holds 0 and every channel plus one. */
export const codeBits = (channels: number): number => 32 - Math.clz32(Math.max(1, channels));

/** The transition number of every step. */
export function stepCodes(
  paths: Paths,
  order: number,
  bits: number,
): { chain: CodedChain; transitions: Int32Array } {
  const { starts, steps } = paths;
  const mask = 2 ** (bits * order) - 1;
  const numberOf = new Int32Array(2 ** (bits * (order + 1)));
  const transitions = new Int32Array(steps.length);
  const count = pathCount(paths);
  for (let path = 0, at = 0; path < count; path++) {
    const end = starts[path + 1]!;
    let state = 0;
    for (; at < end; at++) {
      const code = (state << bits) | (steps[at]! + 1);
      transitions[at] = code;
      numberOf[code] = 1;
      state = code & mask;
    }
  }
  const { chain } = chainOfCodes(numberOf, order, bits);
  for (let code = 0, next = 0; code < numberOf.length; code++)
    if (numberOf[code] !== 0) numberOf[code] = next++;
  for (let at = 0; at < transitions.length; at++) transitions[at] = numberOf[transitions[at]!]!;
  return { chain, transitions };
}

/** States and transitions of the codes that are not zero in a table; also the state number by code, -1 where none. */
export function chainOfCodes(
  table: Int32Array | Float64Array,
  order: number,
  bits: number,
): { chain: CodedChain; stateOf: Int32Array } {
  const stateOf = new Int32Array(2 ** (bits * order)).fill(-1);
  const mask = stateOf.length - 1;
  let transitionCount = 0;
  for (let code = 0; code < table.length; code++) {
    if (table[code] === 0) continue;
    transitionCount += 1;
    stateOf[code & mask] = 0;
  }
  const digit = 2 ** bits - 1;
  const stateStarts: number[] = [0];
  const stateChannels: number[] = [];
  for (let code = 1; code <= mask; code++) {
    if (stateOf[code]! < 0) continue;
    stateOf[code] = stateStarts.length - 1;
    for (let place = order - 1; place >= 0; place--) {
      const channel = ((code >>> (place * bits)) & digit) - 1;
      if (channel >= 0) stateChannels.push(channel);
    }
    stateStarts.push(stateChannels.length);
  }
  const from = new Int32Array(transitionCount);
  const to = new Int32Array(transitionCount);
  for (let code = 0, transition = 0; code < table.length; code++) {
    if (table[code] === 0) continue;
    from[transition] = code >>> bits === 0 ? -1 : stateOf[code >>> bits]!;
    to[transition] = stateOf[code & mask]!;
    transition += 1;
  }
  const chain = {
    stateCount: stateStarts.length - 1,
    stateStarts: Int32Array.from(stateStarts),
    stateChannels: Uint16Array.from(stateChannels),
    from,
    to,
  };
  return { chain, stateOf };
}
