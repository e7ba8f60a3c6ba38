import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Contestant, overall, standings, type WorldTruth } from '../../lib/validate/league.ts';
import { midRanks, rankCorrelation } from '../../lib/validate/rank-correlation.ts';

const TRUTH: WorldTruth = {
  channels: ['A', 'B', 'C'],
  incremental: [60, 40, 0],
  losses: [90, 40, -10],
  revenue: 400,
};
const NOTHING: WorldTruth = { ...TRUTH, incremental: [0, 0, 0], losses: [0, 0, 0] };
const model = (name: string, ...credited: number[]): Contestant => ({ name, kind: 'model', credited });

describe('rank correlation', () => {
  test('gives equal values the mean of their ranks', () => {
    expect(midRanks([7, 3, 3, 10, 3])).toEqual([4, 2, 2, 5, 2]);
    expect(midRanks([])).toEqual([]);
  });

  test('worked by hand, with ties on both sides', () => {
    // Ranks 1, 2.5, 2.5, 4 and 1, 3.5, 2, 3.5 around 2.5: products 2.25 + 0 + 0 + 1.5, squares 4.5 and 4.5.
    expect(rankCorrelation([10, 20, 20, 30], [1, 9, 4, 9])).toBeCloseTo(3.75 / 4.5, 12);
  });

  test('is 1 for the same order, -1 for the reverse, nothing where one list is flat', () => {
    expect(rankCorrelation([1, 2, 3], [10, 200, 201])).toBe(1);
    expect(rankCorrelation([1, 2, 3], [3, 2, 1])).toBe(-1);
    expect(rankCorrelation([1, 2, 3], [5, 5, 5])).toBeNull();
    expect(() => rankCorrelation([1], [1, 2])).toThrow('Rank correlation of 1 values with 2');
  });

  test('depends on ranks alone, and on neither side first', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), {
      minLength: 2,
      maxLength: 20,
    });
    fc.assert(
      fc.property(pairs, (values) => {
        const [a, b] = [values.map(([one]) => one), values.map(([, other]) => other)];
        const found = rankCorrelation(a, b);
        expect(rankCorrelation(b, a)).toEqual(found);
        expect(
          rankCorrelation(
            a.map((value) => value ** 3 + 5),
            b,
          ),
        ).toEqual(found);
        if (found !== null) expect(Math.abs(found)).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

describe('a league', () => {
  test('worked by hand', () => {
    const [row] = standings(TRUTH, [model('m', 30, 30, 40)]);
    expect(row!.bias).toEqual([0.3 - 0.6, 0.3 - 0.4, 0.4 - 0]);
    expect(row!.error).toBeCloseTo(0.4, 12);
    // Losses are 75%, 33.3% and -8.3% of 120: half of 0.45 + 0.0333 + 0.4833.
    expect(row!.lossError).toBeCloseTo((0.45 + 1 / 30 + 0.4 + 1 / 12) / 2, 12);
    expect(row!.overstatement).toBe(1);
    expect(row!.creditedPart).toBe(0.25);
    // Ranks 1.5, 1.5, 3 against 3, 2, 1.
    expect(row!.rankCorrelation).toBeCloseTo(-1.5 / Math.sqrt(1.5 * 2), 12);
  });

  test('forgives too much money that is rightly divided, and says how much too much', () => {
    const [row] = standings(TRUTH, [model('m', 180, 120, 0)]);
    expect(row).toMatchObject({ error: 0, overstatement: 3, creditedPart: 0.75, rankCorrelation: 1 });
  });

  test('puts the best first, equals by name', () => {
    const rows = standings(TRUTH, [
      model('worst', 0, 0, 9),
      model('b', 50, 50, 0),
      model('a', 50, 50, 0),
      model('best', 6, 4, 0),
    ]);
    expect(rows.map(({ name }) => name)).toEqual(['best', 'a', 'b', 'worst']);
    expect(rows.map(({ error }) => error)).toEqual(
      [0, 0.1, 0.1, 1].map((value) => expect.closeTo(value, 12)),
    );
  });

  test('has no error where nothing was due; less credit is better, none is right', () => {
    const rows = standings(NOTHING, [
      model('all', 200, 100, 100),
      model('none', 0, 0, 0),
      model('some', 4, 0, 0),
    ]);
    expect(rows.map(({ name }) => name)).toEqual(['none', 'some', 'all']);
    expect(rows.map(({ overstatement }) => overstatement)).toEqual([null, Infinity, Infinity]);
    for (const row of rows) expect(row).toMatchObject({ error: null, rankCorrelation: null, bias: null });
  });

  test('refuses credit for other channels', () => {
    expect(() => standings(TRUTH, [model('m', 1, 2)])).toThrow('m credits 2 channels; the world has 3');
  });

  test('sums up over worlds, each contestant where it ran', () => {
    const rows = overall([
      { world: 'one', standings: standings(TRUTH, [model('m', 60, 40, 0), model('n', 40, 60, 0)]) },
      { world: 'two', standings: standings(TRUTH, [model('m', 0, 400, 0)]) },
      { world: 'none', standings: standings(NOTHING, [model('m', 300, 0, 0), model('n', 0, 0, 0)]) },
    ]);
    expect(rows.map(({ name }) => name)).toEqual(['n', 'm']);
    expect(rows[0]).toMatchObject({
      meanError: expect.closeTo(0.2, 12),
      worstWorld: 'one',
      meanOverstatement: expect.closeTo(1, 12),
      creditedInNull: 0,
    });
    expect(rows[1]).toMatchObject({
      meanError: expect.closeTo(0.3, 12),
      worstError: expect.closeTo(0.6, 12),
      worstWorld: 'two',
      meanOverstatement: expect.closeTo(2, 12),
      creditedInNull: 0.75,
    });
  });

  test('over no worlds with a truth has no mean', () => {
    const [row] = overall([{ world: 'none', standings: standings(NOTHING, [model('m', 3, 0, 0)]) }]);
    expect(row).toMatchObject({
      meanError: null,
      worstError: null,
      worstWorld: null,
      meanOverstatement: null,
    });
  });
});
