import type { Row } from './path-table.ts';

/**
 * The Markov model once more, as slow and plain as can be: states are texts, probabilities a map of maps, and a
 * journey's chance to convert is walked forward step by step until hardly anything is left on the way.
 */
export function naiveRates(rows: readonly Row[], order: number, removed: string | null) {
  const next = new Map<string, Map<string, number>>();
  const meanValue = new Map<string, { value: number; conversions: number }>();
  const add = (from: string, to: string, journeys: number) => {
    const targets = next.get(from) ?? new Map<string, number>();
    targets.set(to, (targets.get(to) ?? 0) + journeys);
    next.set(from, targets);
  };
  for (const [path, conversions, nulls, value = 0] of rows) {
    if (conversions + nulls === 0) continue;
    let state: string[] = [];
    for (const channel of path.split(' > ')) {
      const entered = [...state, channel].slice(-order);
      add(state.join('|'), entered.join('|'), conversions + nulls);
      state = entered;
    }
    add(state.join('|'), '(conversion)', conversions);
    add(state.join('|'), '(null)', nulls);
    const mean = meanValue.get(state.join('|')) ?? { value: 0, conversions: 0 };
    meanValue.set(state.join('|'), {
      value: mean.value + value,
      conversions: mean.conversions + conversions,
    });
  }
  let standing = new Map([['', 1]]);
  let rate = 0;
  let value = 0;
  for (let step = 0; step < 200_000 && standing.size > 0; step++) {
    const after = new Map<string, number>();
    for (const [state, mass] of standing) {
      const targets = next.get(state)!;
      const all = Array.from(targets.values()).reduce((a, b) => a + b, 0);
      for (const [target, journeys] of targets) {
        const part = (mass * journeys) / all;
        if (target === '(null)' || (removed !== null && target.split('|').includes(removed))) continue;
        if (target === '(conversion)') {
          rate += part;
          const mean = meanValue.get(state)!;
          if (mean.conversions > 0) value += (part * mean.value) / mean.conversions;
        } else if (part > 1e-17) after.set(target, (after.get(target) ?? 0) + part);
      }
    }
    standing = after;
  }
  return { rate, value };
}

/** Removal effect of a channel from two walks. */
export function naiveEffects(rows: readonly Row[], order: number, channel: string) {
  const all = naiveRates(rows, order, null);
  const without = naiveRates(rows, order, channel);
  return {
    effect: all.rate > 0 ? 1 - without.rate / all.rate : 0,
    valueEffect: all.value > 0 ? 1 - without.value / all.value : 0,
  };
}
