import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../lib/demo/random.ts';
import { churnThreshold, decilesOf, type Judged } from '../../../lib/domain/customers/calibration.ts';

describe('deciles', () => {
  const judge = (people: readonly [predicted: number, chance: number, actual: number][]): Judged => ({
    predicted: Float64Array.from(people, ([predicted]) => predicted),
    chance: Float64Array.from(people, ([, chance]) => chance),
    pastRate: Float64Array.from(people, () => 1),
    pastChance: Float64Array.from(people, () => 0.5),
    actual: Int32Array.from(people, ([, , actual]) => actual),
  });

  test('three people, by hand: the tenths that have none are left out', () => {
    const rows = decilesOf(
      judge([
        [0.5, 0.4, 0],
        [3, 0.9, 4],
        [1, 0.6, 1],
      ]),
    );
    expect(rows.map(({ persons }) => persons)).toEqual([1, 1, 1]);
    expect(rows.map(({ predicted }) => predicted)).toEqual([3, 1, 0.5]);
    expect(rows.map(({ actual }) => actual)).toEqual([4, 1, 0]);
    expect(rows.map(({ bought }) => bought)).toEqual([1, 1, 0]);
    expect(rows[0]!.squares).toBeCloseTo(0.01, 12);
    expect(rows[2]!.squares).toBeCloseTo(0.16, 12);
    expect(rows[0]!.evenSquares).toBeCloseTo(1 / 9, 12);
    expect(rows[2]!.misses).toBeCloseTo(0.5, 12);
    expect(rows[2]!.pastSquares).toBeCloseTo(0.25, 12);
  });

  test('everybody is in one tenth, tenths differ by at most one person, and expectation falls from one to the next', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 0, max: 9, noNaN: true }),
            fc.double({ min: 0, max: 1, noNaN: true }),
            fc.nat(5),
          ),
          { minLength: 1, maxLength: 80 },
        ),
        (people) => {
          const rows = decilesOf(judge(people));
          expect(rows.reduce((sum, { persons }) => sum + persons, 0)).toBe(people.length);
          expect(rows.reduce((sum, { actual }) => sum + actual, 0)).toBe(
            people.reduce((sum, [, , actual]) => sum + actual, 0),
          );
          const sizes = rows.map(({ persons }) => persons);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          const means = rows.map(({ predicted, persons }) => predicted / persons);
          for (let at = 1; at < means.length; at++)
            expect(means[at]).toBeLessThanOrEqual(means[at - 1]! + 1e-9);
          for (const { squares, persons } of rows) expect(squares).toBeLessThanOrEqual(persons);
        },
      ),
    );
  });
});

describe('the threshold of churn', () => {
  const find = (people: readonly [alive: number, actual: number][]) =>
    churnThreshold(
      Float64Array.from(people, ([alive]) => alive),
      Int32Array.from(people, ([, actual]) => actual),
    );

  test('where chances tell buyers from others, it stands between them', () => {
    const people = [
      ...Array.from({ length: 40 }, (_, at): [number, number] => [0.01 * at, 0]),
      ...Array.from({ length: 15 }, (_, at): [number, number] => [0.45 + 0.01 * at, 1 + (at % 3)]),
    ];
    expect(find(people)).toEqual({ threshold: 0.45, sensitivity: 1, specificity: 1, isTold: true });
  });

  test('whoever is likelier to buy again than not is never lost', () => {
    const people = [
      ...Array.from({ length: 30 }, (): [number, number] => [0.7, 0]),
      ...Array.from({ length: 30 }, (): [number, number] => [0.9, 2]),
    ];
    const found = find(people)!;
    expect(found.threshold).toBeLessThanOrEqual(0.5);
    expect(found.isTold).toBe(false);
  });

  test('chances that have nothing to do with buying tell nothing', () => {
    const people = Array.from({ length: 200 }, (_, at): [number, number] => [
      ((at * 37) % 100) / 200,
      at % 2,
    ]);
    expect(find(people)!.isTold).toBe(false);
  });

  test.each([
    [200, 0.3],
    [1000, 0.1],
  ])(
    'of %d people whose chance has nothing to do with buying it seems to tell in few shops of a hundred',
    (size, buying) => {
      const random = createRandom('nothing to tell', 'people');
      const shops = 600;
      let told = 0;
      for (let shop = 0; shop < shops; shop++) {
        const people = Array.from({ length: size }, (): [number, number] => [
          random.between(0, 1),
          random.chance(buying) ? 1 : 0,
        ]);
        if (find(people)?.isTold) told += 1;
      }
      expect(told / shops).toBeLessThan(0.07);
    },
  );

  test('there is none where all bought, or none did', () => {
    expect(
      find([
        [0.2, 1],
        [0.4, 2],
      ]),
    ).toBeNull();
    expect(
      find([
        [0.2, 0],
        [0.4, 0],
      ]),
    ).toBeNull();
    expect(find([])).toBeNull();
  });
});
