import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countChain,
  countTransitions,
  finalValues,
  indexChain,
  START,
} from '../../../lib/domain/attribution/markov-chain.ts';
import { removalEffects, stateRemovalEffects } from '../../../lib/domain/attribution/removal-effects.ts';
import { naiveEffects } from './naive-chain.ts';
import { countJourneys, numbersFrom, pathTable, type Row, someRows } from './path-table.ts';

function effectsOf(rows: readonly Row[], order: number, untouched: string[] = []) {
  const table = pathTable(rows, untouched);
  const index = indexChain(table, order);
  const counts = countTransitions(index, table.conversions, table.nulls);
  return { table, ...removalEffects(index, counts, finalValues(index, table.values)) };
}

const largest = (numbers: Iterable<number>) => Math.max(0, ...numbers);
const orders = fc.constantFrom(1, 2, 3, 4);

describe('known answers', () => {
  test('three paths of one journey each (Bryl 2016, AnalyzeCore)', () => {
    // (start) goes to C1 in 2 of 3; C1 to C2 or (null) by half; C2 to C3 always; C3 converts by half. P = 1/3.
    // Without C1 only the third path's way is left: 1/3 x 1/2 = 1/6. Nothing converts without C2 or C3.
    const { conversionRate, effects } = effectsOf(
      [
        ['C1 > C2 > C3', 1, 0],
        ['C1', 0, 1],
        ['C2 > C3', 0, 1],
      ],
      1,
    );
    expect(conversionRate).toBeCloseTo(1 / 3, 14);
    expect(Array.from(effects)).toEqual([
      expect.closeTo(0.5, 14),
      expect.closeTo(1, 14),
      expect.closeTo(1, 14),
    ]);
  });

  test('the same at order 2: what C1 led to can only be reached through it', () => {
    // States C1, C1 > C2, C2 > C3 and C2: journeys of the first and third path share C2 > C3, which converts by half.
    const { effects } = effectsOf(
      [
        ['C1 > C2 > C3', 1, 0],
        ['C1', 0, 1],
        ['C2 > C3', 0, 1],
      ],
      2,
    );
    expect(Array.from(effects)).toEqual([
      expect.closeTo(0.5, 14),
      expect.closeTo(1, 14),
      expect.closeTo(1, 14),
    ]);
  });

  test('value: a conversion is worth what it is worth on average where it is made', () => {
    // A alone: 1 of 2 converts, for 900. B alone: 1 of 2, for 100. Each half of the conversions; nine tenths of value.
    const { effects, valueEffects } = effectsOf(
      [
        ['A', 1, 1, 900],
        ['B', 1, 1, 100],
      ],
      1,
    );
    expect(Array.from(effects)).toEqual([expect.closeTo(0.5, 14), expect.closeTo(0.5, 14)]);
    expect(Array.from(valueEffects!)).toEqual([expect.closeTo(0.9, 14), expect.closeTo(0.1, 14)]);
  });
});

describe('against walking the chain step by step', () => {
  test('random small tables, all orders, conversions and value', () => {
    fc.assert(
      fc.property(someRows(), orders, (rows, order) => {
        const { table, effects, valueEffects } = effectsOf(rows, order);
        table.channels.forEach((channel, number) => {
          const naive = naiveEffects(rows, order, channel);
          expect(Math.abs(effects[number]! - naive.effect)).toBeLessThan(1e-11);
          expect(Math.abs(valueEffects![number]! - naive.valueEffect)).toBeLessThan(1e-11);
        });
      }),
      { numRuns: 150 },
    );
  });

  test('a sparse solve of many states, refunds among the values', () => {
    const random = numbersFrom(11);
    const channels = ['Email', 'Search', 'Social', 'Video', 'TV', 'Print', 'Shop', 'Radio'];
    const rows = countJourneys(
      Array.from({ length: 6000 }, () => {
        const path = [channels[Math.floor(8 * random() ** 2)]!];
        while (random() < 0.7) path.push(channels[Math.floor(8 * random() ** 1.5)]!);
        return [path.join(' > '), random() < 0.1 * path.length] as const;
      }),
    ).map(
      ([path, won, lost], place): Row => [path, won, lost, won * (place % 5 === 0 ? -20 : 100 + (place % 7))],
    );
    const { table, effects, valueEffects, solver, states, conversionRate } = effectsOf(rows, 3);
    expect(solver).toBe('sparse');
    expect(states).toBeGreaterThan(500);
    const won = table.conversions.reduce((a, b) => a + b, 0);
    expect(Math.abs(conversionRate - won / 6000)).toBeLessThan(1e-12);
    for (const channel of ['Email', 'Radio']) {
      const naive = naiveEffects(rows, 3, channel);
      const number = table.channels.indexOf(channel);
      expect(Math.abs(effects[number]! - naive.effect)).toBeLessThan(1e-11);
      expect(Math.abs(valueEffects![number]! - naive.valueEffect)).toBeLessThan(1e-11);
    }
  });

  test('600 states, all removals, against elimination without the state', () => {
    const random = numbersFrom(5);
    const rows = countJourneys(
      Array.from({ length: 30_000 }, () => {
        const path = [`c${Math.floor(600 * random())}`];
        while (random() < 0.75) path.push(`c${Math.floor(600 * random() ** 1.3)}`);
        return [path.join(' > '), random() < 0.05] as const;
      }),
    );
    const table = pathTable(rows);
    const index = indexChain(table, 1);
    const counts = countTransitions(index, table.conversions, table.nulls);
    const states = stateRemovalEffects(index, counts);
    const { effects } = removalEffects(index, counts);
    expect(index.stateCount).toBe(600);
    // At order 1 a state is a channel: state numbers follow the channels.
    expect(Array.from(effects)).toEqual(Array.from(states));
    const all = eliminated(index, counts, -1);
    for (const state of [0, 7, 300, 599]) {
      const plain = 1 - eliminated(index, counts, state) / all;
      expect(Math.abs(states[state]! / plain - 1)).toBeLessThan(1e-9);
    }
  });
});

/** Chance to convert without a state, by textbook elimination with row exchanges. */
function eliminated(
  { from, to, stateCount: n }: ReturnType<typeof indexChain>,
  counts: Float64Array,
  without: number,
) {
  const leaving = new Float64Array(n);
  counts.forEach((count, t) => {
    if (from[t]! >= 0) leaving[from[t]!]! += count;
  });
  const rows = Array.from({ length: n }, (_, i) =>
    Float64Array.from({ length: n + 1 }, (_, j) => (i === j ? 1 : 0)),
  );
  const start = new Float64Array(n);
  counts.forEach((count, t) => {
    if (from[t] === START) start[to[t]!] = count;
    else if (to[t]! >= 0 && to[t] !== without) rows[from[t]!]![to[t]!]! -= count / leaving[from[t]!]!;
    else if (to[t] === -1 && count > 0) rows[from[t]!]![n] = count / leaving[from[t]!]!;
  });
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k; i < n; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[best]![k]!)) best = i;
    [rows[k], rows[best]] = [rows[best]!, rows[k]!];
    const pivot = rows[k]!;
    for (let i = k + 1; i < n; i++) {
      const row = rows[i]!;
      const factor = row[k]! / pivot[k]!;
      for (let j = k; j <= n; j++) row[j]! -= factor * pivot[j]!;
    }
  }
  const chance = new Float64Array(n);
  for (let k = n - 1; k >= 0; k--) {
    let sum = rows[k]![n]!;
    for (let j = k + 1; j < n; j++) sum -= rows[k]![j]! * chance[j]!;
    chance[k] = sum / rows[k]![k]!;
  }
  return start.reduce((sum, journeys, state) => sum + (state === without ? 0 : journeys * chance[state]!), 0);
}

describe('what must not matter', () => {
  test('the chance to convert is conversions by journeys', () => {
    fc.assert(
      fc.property(someRows(), orders, (rows, order) => {
        const { conversionRate, table } = effectsOf(rows, order);
        const won = table.conversions.reduce((a, b) => a + b, 0);
        const lost = table.nulls.reduce((a, b) => a + b, 0);
        expect(Math.abs(conversionRate - won / (won + lost))).toBeLessThan(1e-12);
      }),
    );
  });

  test('new names permute the effects', () => {
    const renamed: Record<string, string> = { A: 'Q', B: 'D', C: 'R', D: 'E' };
    fc.assert(
      fc.property(someRows(), orders, (rows, order) => {
        const before = effectsOf(rows, order);
        const after = effectsOf(
          rows.map(([path, ...rest]): Row => [path.replace(/[A-D]/g, (name) => renamed[name]!), ...rest]),
          order,
        );
        before.table.channels.forEach((channel, number) => {
          const other = after.table.channels.indexOf(renamed[channel]!);
          expect(Math.abs(after.effects[other]! - before.effects[number]!)).toBeLessThan(1e-12);
        });
      }),
    );
  });

  test('every path twice changes nothing, as rows or as counts', () => {
    fc.assert(
      fc.property(someRows(), orders, (rows, order) => {
        const once = effectsOf(rows, order);
        const doubled = rows.map(([path, won, lost, value]): Row => [path, 2 * won, 2 * lost, 2 * value!]);
        expect(effectsOf(doubled, order).effects).toEqual(once.effects);
        expect(effectsOf([...rows, ...rows], order).effects).toEqual(once.effects);
        expect(effectsOf(rows.toReversed(), order).effects).toEqual(once.effects);
      }),
    );
  });

  test('a channel that nobody touched changes nothing and is worth nothing', () => {
    fc.assert(
      fc.property(someRows(), orders, (rows, order) => {
        const without = effectsOf(rows, order);
        const { effects, table } = effectsOf(rows, order, ['Before', 'zz']);
        expect(effects[table.channels.indexOf('zz')]).toBe(0);
        without.table.channels.forEach((channel, number) => {
          expect(effects[table.channels.indexOf(channel)]).toBe(without.effects[number]);
        });
      }),
    );
  });

  test('at order 1 collapsed repeats change nothing: a self loop only delays', () => {
    fc.assert(
      fc.property(someRows(['A', 'B', 'C'], 8), (rows) => {
        const collapsed = rows.map(
          ([path, ...rest]): Row => [
            path
              .split(' > ')
              .filter((channel, at, all) => channel !== all[at - 1])
              .join(' > '),
            ...rest,
          ],
        );
        expect(effectsOf(collapsed, 1).effects).toEqual(effectsOf(rows, 1).effects);
      }),
    );
  });

  test('counting in one pass gives the same effects', () => {
    fc.assert(
      fc.property(someRows(), orders, (rows, order) => {
        const { table, effects, valueEffects } = effectsOf(rows, order);
        const chain = countChain(table, order, table.conversions, table.nulls, table.values);
        const counted = removalEffects(chain, chain.counts, chain.finalValues);
        expect(counted.effects).toEqual(effects);
        expect(counted.valueEffects).toEqual(valueEffects);
      }),
    );
  });
});

const cumulative = (chances: [string, number][]) => {
  let sum = 0;
  return chances.map(([name, chance]): [string, number] => {
    sum += chance;
    return [name, sum];
  });
};

describe('worlds and edges', () => {
  test('journeys made by a chain of order 1 give back its removal effects', () => {
    const next: Record<string, [string, number][]> = {
      '': [
        ['Email', 0.5],
        ['Search', 0.3],
        ['Video', 0.2],
      ],
      Email: [
        ['Search', 0.4],
        ['+', 0.1],
        ['-', 0.5],
      ],
      Search: [
        ['Email', 0.2],
        ['+', 0.3],
        ['-', 0.5],
      ],
      Video: [
        ['Email', 0.3],
        ['Search', 0.3],
        ['Video', 0.1],
        ['-', 0.3],
      ],
    };
    // Chances by hand: e = 0.1 + 0.4 s, s = 0.3 + 0.2 e, so e = 0.22 / 0.92, s = 0.3 + 0.2 e, v = (0.3 e + 0.3 s) / 0.9.
    const e = 0.22 / 0.92;
    const s = 0.3 + 0.2 * e;
    const all = 0.5 * e + 0.3 * s + (0.2 * 0.3 * (e + s)) / 0.9;
    const expected = [
      1 - (0.3 * 0.3 + (0.2 * 0.3 * 0.3) / 0.9) / all,
      1 - (0.5 * 0.1 + (0.2 * 0.3 * 0.1) / 0.9) / all,
      1 - (0.5 * e + 0.3 * s) / all,
    ];
    const random = numbersFrom(3);
    const journeys = Array.from({ length: 200_000 }, () => {
      const path: string[] = [];
      for (;;) {
        const draw = random();
        const reached = cumulative(next[path.at(-1) ?? '']!).find(([, until]) => draw < until);
        const to = reached?.[0] ?? '-';
        if (to === '+' || to === '-') return [path.join(' > '), to === '+'] as const;
        path.push(to);
      }
    });
    const { effects } = effectsOf(countJourneys(journeys), 1);
    expect(largest(effects.map((effect, channel) => Math.abs(effect - expected[channel]!)))).toBeLessThan(
      0.01,
    );
  });

  test.each([1, 2, 3, 4])('order %i: nothing converts', (order) => {
    const { conversionRate, effects, valueEffects } = effectsOf(
      [
        ['A > B', 0, 3],
        ['B', 0, 1],
      ],
      order,
    );
    expect(conversionRate).toBe(0);
    expect([...effects, ...valueEffects!]).toEqual([0, 0, 0, 0]);
  });

  test('no journeys at all', () => {
    const { conversionRate, effects } = effectsOf([['A > B', 0, 0]], 2);
    expect([conversionRate, ...effects]).toEqual([0, 0, 0]);
  });

  test.each([1, 2, 3, 4])('order %i: a channel that every journey needs has effect 1', (order) => {
    const { effects } = effectsOf(
      [
        ['A > B', 3, 4],
        ['C > A > B', 1, 9],
        ['B', 2, 7],
      ],
      order,
    );
    expect(effects[1]).toBeCloseTo(1, 13);
    expect(Array.from(effectsOf([['A', 1, 0]], order).effects)).toEqual([1]);
  });

  test('a channel in every path can have an effect below 1 where the chain forgets: it joins parts of paths', () => {
    // After A the chain of order 1 converts in 1 of 17, whether C and B were before it or not. By hand, without B:
    // 7 of 26 journeys start at A and end there with 1 conversion in 17: 7/26 x 1/17 of the journeys, while 6/26 converted.
    const rows: Row[] = [
      ['A > B', 3, 4],
      ['C > B > A', 1, 9],
      ['B', 2, 7],
    ];
    expect(effectsOf(rows, 1).effects[1]).toBeCloseTo(1 - ((7 / 26) * (1 / 17)) / (6 / 26), 13);
    expect(effectsOf(rows, 2).effects[1]).toBeCloseTo(1, 13);
  });

  test('conversions worth nothing lose no value', () => {
    const { valueEffects } = effectsOf(
      [
        ['A > B', 3, 4, 0],
        ['B', 2, 7, 0],
      ],
      1,
    );
    expect(Array.from(valueEffects!)).toEqual([0, 0]);
  });

  test.each([1, 2, 3, 4])('order %i: 1,000 touches in one path', (order) => {
    const touches = Array.from({ length: 1000 }, (_, at) => (at % 3 === 0 ? 'B' : 'A'));
    const { conversionRate, effects } = effectsOf(
      [
        [touches.join(' > '), 1, 1],
        ['C', 1, 3],
      ],
      order,
    );
    expect(Math.abs(conversionRate - 1 / 3)).toBeLessThan(1e-12);
    // B A A B ... B. At order 1 a B of the 334 may be the last one, so 1 in 668 converts without an A.
    const a = order === 1 ? 0.5 - 1 / 668 : 0.5;
    expect(Array.from(effects)).toEqual([
      expect.closeTo(a, 11),
      expect.closeTo(0.5, 11),
      expect.closeTo(0.5, 11),
    ]);
  });

  test('where sweeps converge too slowly and states are few enough, the inverse is taken', () => {
    const random = numbersFrom(2);
    const rows = Array.from({ length: 3000 }, (): Row => {
      const path = Array.from({ length: 4 }, () => `c${Math.floor(9 * random())}`);
      return [path.join(' > '), 1, 2];
    });
    const turns = Array.from({ length: 40_000 }, (_, at) => (at % 2 ? 'A' : 'B')).join(' > ');
    const { conversionRate, effects, solver, table } = effectsOf([[turns, 3000, 6000], ...rows], 3);
    expect(solver).toBe('dense');
    expect(effectsOf(rows, 3).solver).toBe('sparse');
    expect(Math.abs(conversionRate - 1 / 3)).toBeLessThan(1e-9);
    expect(effects[table.channels.indexOf('A')]).toBeCloseTo(0.5, 9);
  });

  test('sweeps that do not converge are an error that says what to do', () => {
    // Two channels in turn 40,000 times, next to more states than an inverse is taken of.
    const turns = Array.from({ length: 40_000 }, (_, at) => (at % 2 ? 'A' : 'B')).join(' > ');
    const others = Array.from({ length: 4200 }, (_, at): Row => [`c${at}`, 1, 1]);
    expect(() => effectsOf([[turns, 1, 1], ...others], 1)).toThrow(
      /chain of 4202 states left an error of .* after 20000 sweeps, the limit: use a lower order/,
    );
  });
});
