import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countLone, figureOf, type JourneyRows } from '../../../lib/domain/attribution/journeys.ts';

/** Rows of person, path, currency (-1 for no purchase), net. */
const rowsOf = (...rows: [number, number, number, number][]): JourneyRows => ({
  person: Int32Array.from(rows, ([person]) => person),
  path: Int32Array.from(rows, ([, path]) => path),
  currency: Int32Array.from(rows, ([, , currency]) => currency),
  net: Float64Array.from(rows, ([, , , net]) => net),
});

describe('persons whose only journey ended without a purchase', () => {
  test('are counted by path; buyers and those with several journeys stay listed', () => {
    const rows = rowsOf(
      [0, 2, -1, 0],
      [1, 0, 0, 500],
      [2, 2, -1, 0],
      [3, 1, -1, 0],
      [3, 2, -1, 0],
      [4, 1, -1, 0],
    );
    // Paths 1 and 2 become one.
    const journeys = countLone(rows, 6, Int32Array.of(0, 1, 1), 2);
    expect(Array.from(journeys.lone)).toEqual([0, 3]);
    expect(Array.from(journeys.person)).toEqual([1, 3, 3]);
    expect(Array.from(journeys.path)).toEqual([0, 1, 1]);
    expect(Array.from(journeys.currency)).toEqual([0, -1, -1]);
    expect(Array.from(journeys.net)).toEqual([500, 0, 0]);
  });

  test('a person with a purchase and a journey without is listed with both', () => {
    const journeys = countLone(rowsOf([0, 0, -1, 0], [0, 1, 0, 9]), 1, Int32Array.of(0, 1), 2);
    expect(Array.from(journeys.lone)).toEqual([0, 0]);
    expect(Array.from(journeys.person)).toEqual([0, 0]);
  });

  test('a person with three hundred journeys is no lone one', () => {
    const many = Array.from({ length: 300 }, (): [number, number, number, number] => [0, 0, -1, 0]);
    const journeys = countLone(rowsOf(...many), 1, Int32Array.of(0), 1);
    expect(Array.from(journeys.lone)).toEqual([0]);
    expect(journeys.person).toHaveLength(300);
  });

  test('nobody at all', () => {
    const journeys = countLone(rowsOf(), 0, new Int32Array(0), 0);
    expect(journeys.lone).toHaveLength(0);
    expect(journeys.person).toHaveLength(0);
  });

  test('no journey is lost, and the order of the rows changes no count', () => {
    const row = fc.tuple(
      fc.nat({ max: 8 }),
      fc.nat({ max: 3 }),
      fc.integer({ min: -1, max: 1 }),
      fc.nat({ max: 99 }),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const pathOf = Int32Array.of(1, 0, 1, 2);
        const journeys = countLone(rowsOf(...rows), 9, pathOf, 3);
        const back = countLone(rowsOf(...rows.toReversed()), 9, pathOf, 3);
        expect(journeys.person.length + journeys.lone.reduce((a, b) => a + b, 0)).toBe(rows.length);
        expect(back.lone).toEqual(journeys.lone);
        const bought = rows.filter(([, , currency]) => currency >= 0).length;
        expect(journeys.currency.filter((currency) => currency >= 0)).toHaveLength(bought);
      }),
    );
  });
});

test('figures of a channel lie together, one a currency', () => {
  const dimensions = { persons: 1, channels: 3, currencies: 2 };
  const places = [0, 1, 2].flatMap((channel) =>
    [0, 1].map((currency) => figureOf(dimensions, channel, currency)),
  );
  expect(places).toEqual([0, 1, 2, 3, 4, 5]);
});
