import { denseRemovals, dot, type RemovedSets, sparseRemovals } from './chain-removals.ts';
import { type ChainSystem, chainSystem } from './chain-system.ts';
import type { Chain } from './markov-chain.ts';

/**
 * Removal effects of a Markov chain, exactly and without simulation (Anderl, Becker, Wangenheim, Schumann 2016): the
 * part of the conversions that is lost when a channel leads to (null) instead. In a chain of higher order every state
 * that contains the channel is removed.
 */
export interface RemovalEffects {
  /** Chance of a journey to convert: conversions by journeys of the data, as the chain gives it. */
  conversionRate: number;
  /** By channel, 0 to 1. */
  effects: Float64Array;
  /** By channel, the part of the value that is lost; null when no values were given. */
  valueEffects: Float64Array | null;
  solver: 'dense' | 'sparse';
  /** States that are in use. */
  states: number;
}

/** What a sparse solve is expected to cost, in passes over its flows, measured against multiply-adds of an inverse. */
const USUAL_PASSES = 200;

/**
 * Removal effect of each channel. One inverse N gives them all where states are few: with v = a N and r = N c, the
 * lost part for the states S of a channel is v_S (N_SS)^-1 r_S / (a r). Where they are many, the chain without the
 * channel is solved again by Gauss-Seidel sweeps. Both agree to about 1e-12.
 * @param counts Journeys by transition number.
 * @param finalValues Sum of values by transition number, of the transitions to (conversion).
 * @param tolerance Accuracy of a sparse solution.
 * @throws RangeError when a sparse solve does not converge.
 */
export function removalEffects(
  chain: Chain,
  counts: Float64Array,
  finalValues?: Float64Array | null,
  tolerance?: number,
): RemovalEffects {
  const system = chainSystem(chain, counts, finalValues, tolerance);
  return solveRemovals(system, counts, chain, statesOfChannels(chain, system));
}

/** Removal effect of each single state: what is lost when it leads to (null). At order 1 states are channels. */
export function stateRemovalEffects(chain: Chain, counts: Float64Array): Float64Array {
  const system = chainSystem(chain, counts);
  const starts = new Int32Array(chain.stateCount + 1);
  const rows = new Int32Array(system.rows);
  for (let state = 0, row = 0; state < chain.stateCount; state++) {
    if (system.rowOf[state]! >= 0) rows[row] = row++;
    starts[state + 1] = row;
  }
  return solveRemovals(system, counts, chain, { starts, rows }).effects;
}

function solveRemovals(
  system: ChainSystem,
  counts: Float64Array,
  chain: Chain,
  sets: RemovedSets,
): RemovalEffects {
  let journeys = 0;
  for (let t = 0; t < counts.length; t++) if (chain.from[t]! < 0) journeys += counts[t]!;
  const setCount = sets.starts.length - 1;
  if (system.rows === 0) {
    const zeros = () => new Float64Array(setCount);
    return {
      conversionRate: 0,
      effects: zeros(),
      valueEffects: system.value && zeros(),
      solver: 'dense',
      states: 0,
    };
  }
  let denseWork = system.rows ** 3;
  for (let set = 0; set < setCount; set++) denseWork += (sets.starts[set + 1]! - sets.starts[set]!) ** 3 / 3;
  const sparseWork = (setCount + 1) * USUAL_PASSES * (system.flows.length + 4 * system.rows);
  let solved = denseWork <= sparseWork ? null : sparseRemovals(system, sets);
  const solver = solved === null ? 'dense' : 'sparse';
  solved ??= denseRemovals(system, sets);
  const { start, value } = system;
  const converted = dot(start, solved.base);
  return {
    conversionRate: journeys > 0 ? converted / journeys : 0,
    effects: solved.lost.map((amount) => (converted > 0 ? Math.min(1, Math.max(0, amount / converted)) : 0)),
    valueEffects: value && lostShare(solved.lostValue!, dot(start, solved.baseValue!)),
    solver,
    states: system.rows,
  };
}

const lostShare = (lost: Float64Array, all: number) => lost.map((amount) => (all === 0 ? 0 : amount / all));

function statesOfChannels(chain: Chain, system: ChainSystem): RemovedSets {
  const { stateCount, stateStarts, stateChannels } = chain;
  const rowsOf: number[][] = Array.from({ length: chain.channels }, () => []);
  for (let state = 0; state < stateCount; state++) {
    const row = system.rowOf[state]!;
    if (row < 0) continue;
    for (let at = stateStarts[state]!; at < stateStarts[state + 1]!; at++) {
      const rows = rowsOf[stateChannels[at]!]!;
      if (rows[rows.length - 1] !== row) rows.push(row);
    }
  }
  const starts = new Int32Array(chain.channels + 1);
  rowsOf.forEach((rows, channel) => {
    starts[channel + 1] = starts[channel]! + rows.length;
  });
  return { starts, rows: Int32Array.from(rowsOf.flat()) };
}
