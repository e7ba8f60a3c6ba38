import type { IdentityLink } from '../../ports.ts';

type Pair = Pick<IdentityLink, 'strong_key' | 'weak_key'>;

/** Pairs of identifiers that were seen together, each with a time that the store holds, or an earlier one is held. */
export interface SeenPairs {
  get(pair: Pair): string | undefined;
  set(pair: Pair, time: string): void;
  forget(pair: Pair): void;
}

/** The pairs used last, at most so many. A Map keeps its entries in the order they were put in, which is all it takes. */
export function createSeenPairs(most: number): SeenPairs {
  const times = new Map<string, string>();
  const nameOf = ({ strong_key, weak_key }: Pair) => `${strong_key} ${weak_key}`;
  return {
    get(pair) {
      const name = nameOf(pair);
      const time = times.get(name);
      if (time === undefined) return undefined;
      times.delete(name);
      times.set(name, time);
      return time;
    },
    set(pair, time) {
      if (most <= 0) return;
      const name = nameOf(pair);
      const known = times.get(name);
      times.delete(name);
      // Times only sink: of two answers that cross, the later one to come may be the older.
      times.set(name, known !== undefined && known < time ? known : time);
      if (times.size > most) times.delete(times.keys().next().value!);
    },
    forget(pair) {
      times.delete(nameOf(pair));
    },
  };
}
