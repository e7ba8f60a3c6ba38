import type { CodedChain } from './chain-codes.ts';
import { type Paths, pathCount } from './paths.ts';

/**
 * The transition number of every step where states do not fit a table: an open-addressing hash from a state and the
 * next channel to the transition. States are looked up by their channels only when a transition is new.
 */
export function hashSteps(paths: Paths, order: number): { chain: CodedChain; transitions: Int32Array } {
  const { starts, steps } = paths;
  const transitions = new Int32Array(steps.length);
  const table = new TransitionTable();
  // Channels of a state as code units of a text: numbers up to 65,535 fit, and texts compare as the numbers do.
  const names: string[] = [];
  const byName = new Map<string, number>();
  const from: number[] = [];
  const to: number[] = [];
  const through: number[] = [];
  const count = pathCount(paths);
  for (let path = 0, at = 0; path < count; path++) {
    const end = starts[path + 1]!;
    let state = -1;
    for (; at < end; at++) {
      const channel = steps[at]!;
      const transition = table.find(state, channel);
      if (transition === from.length) {
        const name = ((state < 0 ? '' : names[state]!) + String.fromCharCode(channel)).slice(-order);
        let entered = byName.get(name);
        if (entered === undefined) {
          entered = names.length;
          names.push(name);
          byName.set(name, entered);
        }
        from.push(state);
        to.push(entered);
        through.push(channel);
      }
      transitions[at] = transition;
      state = to[transition]!;
    }
  }
  return renumber({ names, from, to, through, transitions });
}

interface Found {
  names: string[];
  from: number[];
  to: number[];
  through: number[];
  transitions: Int32Array;
}

/** Numbers states by length and channels, transitions by the state they leave and the channel they go to. */
function renumber({ names, from, to, through, transitions }: Found) {
  const sorted = Array.from(names, (name, state) => ({ name, state })).sort((a, b) =>
    a.name.length === b.name.length ? (a.name < b.name ? -1 : 1) : a.name.length - b.name.length,
  );
  const rank = new Int32Array(names.length);
  const stateStarts = new Int32Array(names.length + 1);
  const stateChannels: number[] = [];
  sorted.forEach(({ name, state }, place) => {
    rank[state] = place;
    for (let at = 0; at < name.length; at++) stateChannels.push(name.charCodeAt(at));
    stateStarts[place + 1] = stateChannels.length;
  });
  const keyOf = (transition: number) => {
    const state = from[transition]!;
    return (state < 0 ? 0 : rank[state]! + 1) * 65_536 + through[transition]!;
  };
  const keys = Float64Array.from(from, (_, transition) => keyOf(transition)).sort();
  const numberOf = new Int32Array(from.length);
  const newFrom = new Int32Array(from.length);
  const newTo = new Int32Array(from.length);
  for (let transition = 0; transition < from.length; transition++) {
    const number = placeOf(keys, keyOf(transition));
    numberOf[transition] = number;
    newFrom[number] = from[transition]! < 0 ? -1 : rank[from[transition]!]!;
    newTo[number] = rank[to[transition]!]!;
  }
  for (let at = 0; at < transitions.length; at++) transitions[at] = numberOf[transitions[at]!]!;
  const chain: CodedChain = {
    stateCount: names.length,
    stateStarts,
    stateChannels: Uint16Array.from(stateChannels),
    from: newFrom,
    to: newTo,
  };
  return { chain, transitions };
}

function placeOf(sorted: Float64Array, key: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Numbers pairs of state and channel 0, 1, 2... as they come. */
class TransitionTable {
  private states = new Int32Array(1 << 12);
  private channels = new Uint16Array(1 << 12);
  /** Number plus one; 0 is a free place. */
  private numbers = new Int32Array(1 << 12);
  private size = 0;

  /** The number of the pair, the next free one when it is new. */
  find(state: number, channel: number): number {
    const place = this.place(state, channel);
    if (this.numbers[place] !== 0) return this.numbers[place]! - 1;
    this.states[place] = state;
    this.channels[place] = channel;
    this.size += 1;
    this.numbers[place] = this.size;
    if (this.size * 2 > this.numbers.length) this.grow();
    return this.size - 1;
  }

  private place(state: number, channel: number): number {
    const { states, channels, numbers } = this;
    const mask = numbers.length - 1;
    let hash = Math.imul(state, 0x9e3779b1) ^ Math.imul(channel + 1, 0x85ebca6b);
    hash ^= hash >>> 15;
    let place = hash & mask;
    while (numbers[place] !== 0 && (states[place] !== state || channels[place] !== channel)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private grow(): void {
    const { states, channels, numbers } = this;
    this.states = new Int32Array(states.length * 2);
    this.channels = new Uint16Array(states.length * 2);
    this.numbers = new Int32Array(states.length * 2);
    for (let old = 0; old < numbers.length; old++) {
      if (numbers[old] === 0) continue;
      const place = this.place(states[old]!, channels[old]!);
      this.states[place] = states[old]!;
      this.channels[place] = channels[old]!;
      this.numbers[place] = numbers[old]!;
    }
  }
}
