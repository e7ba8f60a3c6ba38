import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ChannelSets,
  indexSets,
  shapleyConversions,
  shapleyOfGame,
  shapleyOrdered,
  shapleyRate,
  sumBySet,
} from '../../../lib/domain/attribution/shapley.ts';
import { numbersFrom, pathTable, type Row, someRows } from './path-table.ts';

const sampling = { seed: 1, permutations: 1000 };
/** So many channels that sets do not fit a table; the paths have the first of them. */
const MANY = Array.from({ length: 40 }, (_, number) => `x${number}`);
const close = (a: Iterable<number>, b: Iterable<number>, accuracy = 1e-12) => {
  expect(Array.from(a)).toEqual(Array.from(b, (value) => expect.closeTo(value, -Math.log10(2 * accuracy))));
};

function modelOf(rows: readonly Row[], untouched: string[] = []) {
  const table = pathTable(rows, untouched);
  const sets = indexSets(table);
  const conversions = sumBySet(sets, table.conversions);
  const journeys = sumBySet(
    sets,
    table.conversions.map((won, path) => won + table.nulls[path]!),
  );
  return { table, sets, conversions, journeys };
}

const membersOf = (sets: ChannelSets, set: number) =>
  Array.from(sets.members.subarray(sets.starts[set], sets.starts[set + 1]));

/** Shapley values by the definition: the mean of what each player adds, over all orders. */
function byAllOrders(n: number, game: (players: ReadonlySet<number>) => number): number[] {
  const values = Array.from({ length: n }, () => 0);
  let orders = 0;
  const walk = (joined: Set<number>, gains: number[]) => {
    if (joined.size === n) {
      orders += 1;
      gains.forEach((gain, player) => {
        values[player]! += gain;
      });
      return;
    }
    for (let player = 0; player < n; player++) {
      if (joined.has(player)) continue;
      const with_ = new Set(joined).add(player);
      walk(with_, gains.with(player, game(with_) - game(joined)));
    }
  };
  walk(new Set(), values.slice());
  return values.map((sum) => sum / orders);
}

describe('sets', () => {
  test('by hand: order and repeats do not count', () => {
    const { sets, conversions } = modelOf([
      ['B > A > B', 1, 0],
      ['A > B', 2, 0],
      ['C', 4, 0],
      ['C > A', 0, 3],
    ]);
    expect(Array.from({ length: 3 }, (_, set) => membersOf(sets, set))).toEqual([[0, 1], [2], [0, 2]]);
    expect(Array.from(sets.setOf)).toEqual([0, 0, 1, 2]);
    expect(Array.from(conversions)).toEqual([3, 4, 0]);
  });

  test('table and hash find the same sets in the same order, whatever the order of the rows', () => {
    fc.assert(
      fc.property(someRows(), (rows) => {
        const few = indexSets(pathTable(rows));
        const many = indexSets(pathTable(rows, MANY));
        expect({ ...many, channels: 0 }).toEqual({ ...few, channels: 0 });
        const back = indexSets(pathTable(rows.toReversed(), MANY));
        expect([back.starts, back.members]).toEqual([many.starts, many.members]);
        expect(Array.from(back.setOf).reverse()).toEqual(Array.from(many.setOf));
      }),
    );
  });

  test('many sets, so that the hash has to grow', () => {
    const rows = Array.from({ length: 60 * 60 }, (_, row): Row => {
      const [a, b] = [row % 60, Math.floor(row / 60)];
      return [`c${a} > c${b} > c${a} > d${a}`, 1, 0];
    });
    const table = pathTable(rows);
    const sets = indexSets(table);
    expect(new Set(sets.setOf).size).toBe(3600);
    expect(sets.starts.length - 1).toBe(3600);
    rows.forEach((_, path) => {
      const steps = new Set(table.steps.subarray(table.starts[path], table.starts[path + 1]));
      expect(membersOf(sets, sets.setOf[path]!)).toEqual(Array.from(steps).sort((a, b) => a - b));
    });
  });
});

describe('published games', () => {
  test('gloves: two have a left one, one has the right one (1/6, 1/6, 4/6)', () => {
    const game = Float64Array.from([0, 0, 0, 0, 0, 1, 1, 1]);
    close(shapleyOfGame(game, 3), [1 / 6, 1 / 6, 4 / 6]);
  });

  test('airport: runways for small to large planes are paid in steps (Littlechild and Owen 1973)', () => {
    const costs = [8, 11, 13, 18];
    const game = Float64Array.from({ length: 16 }, (_, mask) =>
      Math.max(0, ...costs.filter((_cost, plane) => (mask >> plane) & 1)),
    );
    // 8/4; + 3/3; + 2/2; + 5/1.
    close(shapleyOfGame(game, 4), [2, 3, 4, 9]);
  });
});

describe('the game of conversions', () => {
  test('by hand: A alone 3, A and B 4, all three 3', () => {
    const { sets, conversions } = modelOf([
      ['A', 3, 9],
      ['A > B', 1, 0],
      ['B > A', 3, 5],
      ['C > B > A', 3, 0],
    ]);
    expect(Array.from(shapleyConversions(sets, conversions))).toEqual([6, 3, 1]);
  });

  test('is the mean over all orders, and sums to the conversions', () => {
    fc.assert(
      fc.property(someRows(), (rows) => {
        const { table, sets, conversions } = modelOf(rows);
        const game = (players: ReadonlySet<number>) =>
          conversions.reduce(
            (sum, won, set) => sum + (membersOf(sets, set).every((member) => players.has(member)) ? won : 0),
            0,
          );
        const values = shapleyConversions(sets, conversions);
        close(values, byAllOrders(table.channels.length, game));
        expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(
          table.conversions.reduce((a, b) => a + b, 0),
          11,
        );
      }),
    );
  });

  test('the order of the rows, rows twice and channels that nobody touched change nothing, to the last bit', () => {
    fc.assert(
      fc.property(someRows(['A', 'B', 'C', 'D', 'E', 'F', 'G'], 7), (rows) => {
        const values = (given: readonly Row[], untouched: string[] = []) => {
          const { sets, conversions } = modelOf(given, untouched);
          return Array.from(shapleyConversions(sets, conversions));
        };
        const once = values(rows);
        expect(values(rows.toReversed())).toEqual(once);
        expect(values([...rows, ...rows])).toEqual(once.map((value) => 2 * value));
        expect(values(rows, MANY)).toEqual([...once, ...MANY.map(() => 0)]);
      }),
    );
  });

  test('600 channels, exactly', () => {
    const rows = Array.from(
      { length: 2000 },
      (_, row): Row => [`c${row % 600} > c${(row * 7) % 600} > c${(row * 13) % 600}`, row % 4, 0],
    );
    const { sets, conversions } = modelOf(rows);
    const all = rows.reduce((sum, [, won]) => sum + won, 0);
    expect(shapleyConversions(sets, conversions).reduce((a, b) => a + b, 0)).toBeCloseTo(all, 8);
  });
});

describe('the ordered variant', () => {
  test('by hand: a channel is booked where it first appeared', () => {
    const { table } = modelOf([
      ['B > A > B', 4, 0],
      ['A > B', 2, 7],
      ['A', 1, 0],
    ]);
    const { positions, values } = shapleyOrdered(table, table.conversions);
    expect(positions).toBe(2);
    // A: first 2/2 + 1, second 4/2. B: first 4/2, second 2/2.
    expect(Array.from(values)).toEqual([2, 2, 2, 1]);
  });

  test('sums over positions to the unordered values', () => {
    fc.assert(
      fc.property(someRows(), (rows) => {
        const { table, sets, conversions } = modelOf(rows);
        const { positions, values } = shapleyOrdered(table, table.conversions);
        const sums = table.channels.map((_, channel) =>
          values.subarray(channel * positions, (channel + 1) * positions).reduce((a, b) => a + b, 0),
        );
        close(sums, shapleyConversions(sets, conversions));
      }),
    );
  });
});

describe('the game of rates', () => {
  test('by hand: A converts 1 of 2, B 0 of 2, together 2 of 2; B hurts alone and helps beside A', () => {
    const { sets, conversions, journeys } = modelOf([
      ['A', 1, 1],
      ['B', 0, 2],
      ['A > B', 2, 0],
    ]);
    // v(A) = 1/2, v(B) = 0, v(A, B) = 3/6. A: (1/2 + 1/2) / 2, B: (0 + 0) / 2.
    const { values, grand, method, standardErrors } = shapleyRate(sets, conversions, journeys, sampling);
    close(values, [0.5, 0]);
    expect([grand, method, standardErrors]).toEqual([0.5, 'exact', null]);
  });

  test('a channel that hurts has a negative value, which is kept', () => {
    const { sets, conversions, journeys } = modelOf([
      ['A', 5, 5],
      ['A > B', 0, 90],
    ]);
    // v(A) = 1/2, v(B) = 0, v(A, B) = 1/20: A (1/2 + 1/20) / 2, B (0 - 9/20) / 2.
    close(shapleyRate(sets, conversions, journeys, sampling).values, [0.275, -0.225]);
  });

  test('is the mean over all orders, sums to the rate of all, and is indifferent to names and rows', () => {
    const renamed: Record<string, string> = { A: 'Q', B: 'D', C: 'R', D: 'E' };
    fc.assert(
      fc.property(someRows(), (rows) => {
        const { table, sets, conversions, journeys } = modelOf(rows);
        const game = (players: ReadonlySet<number>) => {
          const inside = Array.from(conversions.keys()).filter((set) =>
            membersOf(sets, set).every((member) => players.has(member)),
          );
          const among = inside.reduce((sum, set) => sum + journeys[set]!, 0);
          return among > 0 ? inside.reduce((sum, set) => sum + conversions[set]!, 0) / among : 0;
        };
        const { values, grand } = shapleyRate(sets, conversions, journeys, sampling);
        close(values, byAllOrders(table.channels.length, game));
        expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(grand, 12);

        const back = modelOf([...rows.toReversed(), ...rows], ['zz']);
        const again = shapleyRate(back.sets, back.conversions, back.journeys, sampling);
        expect(Array.from(again.values)).toEqual([...values, 0]);

        const other = modelOf(
          rows.map(([path, ...rest]) => [path.replace(/[A-D]/g, (name) => renamed[name]!), ...rest]),
        );
        const moved = shapleyRate(other.sets, other.conversions, other.journeys, sampling);
        close(
          table.channels.map((channel) => moved.values[other.table.channels.indexOf(renamed[channel]!)]!),
          values,
        );
      }),
    );
  });

  test('nothing at all, and nothing that converts', () => {
    const none = modelOf([['A > B', 0, 0]]);
    expect(shapleyRate(none.sets, none.conversions, none.journeys, sampling)).toEqual({
      values: new Float64Array(2),
      grand: 0,
      method: 'exact',
      standardErrors: null,
    });
    const lost = modelOf([
      ['A > B', 0, 7],
      ['B', 0, 1],
    ]);
    close(shapleyRate(lost.sets, lost.conversions, lost.journeys, sampling).values, [0, 0]);
  });

  test('20 channels are exact: a game of separate channels and one pair', () => {
    const names = Array.from({ length: 20 }, (_, number) => `c${String(number).padStart(2, '0')}`);
    const rows = [...names.map((name, at): Row => [name, at, 100 - at]), ['c00 > c19', 50, 50] as Row];
    const { sets, conversions, journeys } = modelOf(rows);
    const { values, grand, method } = shapleyRate(sets, conversions, journeys, sampling);
    expect(method).toBe('exact');
    expect(grand).toBeCloseTo((190 + 50) / 2100, 14);
    expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(grand, 13);
  });
});

describe('sampled values', () => {
  /** Rows over `size` channels, of which the last ones are rare. */
  const worldOf = (size: number) => {
    const random = numbersFrom(size);
    return Array.from({ length: 400 }, (): Row => {
      const path = [`c${Math.floor(size * random() ** 2)}`];
      while (random() < 0.6) path.push(`c${Math.floor(size * random())}`);
      return [path.join(' > '), Math.floor(5 * random()), Math.floor(40 * random())];
    });
  };

  test('sum to the rate of all, the same on every run, another with another seed', () => {
    const { sets, conversions, journeys } = modelOf(worldOf(30));
    const estimate = (seed: number) => shapleyRate(sets, conversions, journeys, { seed, permutations: 200 });
    const { values, grand, method } = estimate(1);
    expect(method).toBe('sampled');
    expect(values.reduce((a, b) => a + b, 0)).toBeCloseTo(grand, 13);
    expect(grand).toBeCloseTo(
      conversions.reduce((a, b) => a + b, 0) / journeys.reduce((a, b) => a + b, 0),
      14,
    );
    expect(estimate(1).values).toEqual(values);
    expect(estimate(2).values).not.toEqual(values);
  });

  test('are within their standard errors of the exact values', () => {
    const rows = worldOf(15);
    const exact = modelOf(rows);
    const truth = shapleyRate(exact.sets, exact.conversions, exact.journeys, sampling);
    expect(truth.method).toBe('exact');
    // Six more channels with one lost journey each hardly change the game but make it too large to be exact.
    const large = modelOf([
      ...rows.map(([path, won, lost]): Row => [path, won * 1e6, lost * 1e6]),
      ...MANY.slice(0, 6).map((name): Row => [name, 0, 1]),
    ]);
    const { values, standardErrors, method } = shapleyRate(large.sets, large.conversions, large.journeys, {
      seed: 7,
      permutations: 4000,
    });
    expect(method).toBe('sampled');
    const distances = exact.table.channels.map((channel, number) => {
      const at = large.table.channels.indexOf(channel);
      return Math.abs(values[at]! - truth.values[number]!) / standardErrors![at]!;
    });
    expect(Math.max(...distances)).toBeLessThan(4);
    // Errors that were far too wide would hide anything: some distance must be of their size.
    expect(Math.max(...distances)).toBeGreaterThan(0.5);
    expect(Math.max(...standardErrors!)).toBeLessThan(0.05 * truth.grand);
  });

  test('too few orders are refused', () => {
    const { sets, conversions, journeys } = modelOf(worldOf(30));
    expect(() => shapleyRate(sets, conversions, journeys, { seed: 1, permutations: 3 })).toThrow(
      '3 orders of 30 channels',
    );
  });
});
