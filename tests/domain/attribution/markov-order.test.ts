import { describe, expect, test } from 'vitest';
import { foldPart, pathHashes } from '../../../lib/domain/attribution/journey-folds.ts';
import { chooseOrder } from '../../../lib/domain/attribution/markov-order.ts';
import { countJourneys, numbersFrom, pathTable, type Row } from './path-table.ts';

const options = { maxOrder: 3, folds: 5 };

/** Journeys of a chain in which the chances depend on the last channel, or on whether the last two differ. */
function journeysOf(order: 1 | 2, count: number, seed: number): Row[] {
  const random = numbersFrom(seed);
  const channels = ['Email', 'Search', 'Social', 'Video'];
  return countJourneys(
    Array.from({ length: count }, () => {
      const path = [Math.floor(4 * random() ** 1.5)];
      for (;;) {
        const last = path.at(-1)!;
        const repeat = order === 2 && path.at(-2) === last;
        const end = random();
        if (end < (repeat ? 0.25 : 0.04 + 0.03 * last))
          return [path.map((c) => channels[c]).join(' > '), true] as const;
        if (end < (repeat ? 0.35 : 0.5)) return [path.map((c) => channels[c]).join(' > '), false] as const;
        path.push(random() < 0.35 ? last : Math.floor(4 * random() ** (1 + last / 3)));
      }
    }),
  );
}

describe('choice of the order', () => {
  test.each([1, 2, 3, 4, 5])('data of order 1 are order 1 (seed %i)', (seed) => {
    const { order, candidates } = chooseOrder(pathTable(journeysOf(1, 8000, seed)), options);
    expect(order).toBe(1);
    expect(candidates.map((candidate) => candidate.order)).toEqual([1, 2, 3]);
    expect(candidates.map(({ states }) => states)).toEqual([4, 20, 84]);
  });

  test.each([1, 2, 3])('data of order 2 are order 2 (seed %i)', (seed) => {
    const { order, candidates } = chooseOrder(pathTable(journeysOf(2, 8000, seed)), options);
    expect(order).toBe(2);
    const [first, second] = candidates as [(typeof candidates)[0], (typeof candidates)[0]];
    expect(second.heldOutLogLikelihood).toBeGreaterThan(first.heldOutLogLikelihood);
    expect(first.behindBest).toBeGreaterThan(3 * first.behindBestError);
    expect(second.auc).toBeGreaterThan(first.auc);
    expect(second.auc).toBeGreaterThan(0.6);
  });

  test('the order of the rows and channels that nobody touched change nothing', () => {
    const rows = journeysOf(2, 2000, 9);
    const once = chooseOrder(pathTable(rows), options);
    const near = ({ candidates, order }: typeof once) => ({
      order,
      candidates: candidates.map((candidate) =>
        Object.fromEntries(
          Object.entries(candidate).map(([name, value]) => [name, expect.closeTo(value, 9)]),
        ),
      ),
    });
    expect(chooseOrder(pathTable(rows.toReversed()), options)).toEqual(near(once));
    expect(chooseOrder(pathTable(rows, ['Aardvark', 'zz']), options)).toEqual(near(once));
  });

  test('by hand: one path, two folds, one journey in each', () => {
    // Held out is one of two journeys; the other one teaches, and the lower order weighs one journey more. Ground: B and
    // (conversion) came next once each, and a quarter of a journey is added for each of A, B, (conversion), (null).
    const { candidates } = chooseOrder(pathTable([['A > B', 2, 0]]), { maxOrder: 1, folds: 2 });
    const ground = (1 + 1 / 4) / (2 + 1);
    const start = (1 + 1 / 2) / 2;
    const step = (1 + ground) / 2;
    expect(candidates[0]!.heldOutLogLikelihood).toBeCloseTo(Math.log(start * step * step), 12);
    expect(candidates[0]!.standardError).toBeCloseTo(0, 12);
    expect(candidates[0]!.auc).toBe(0.5);
  });

  test('no journeys, only lost ones, one path', () => {
    expect(chooseOrder(pathTable([['A > B', 0, 0]]), options).order).toBe(1);
    expect(
      chooseOrder(
        pathTable([
          ['A > B', 0, 50],
          ['B', 0, 9],
        ]),
        options,
      ).candidates[0]!.auc,
    ).toBe(0.5);
    expect(chooseOrder(pathTable([['A', 1, 0]]), options).order).toBe(1);
  });

  test.each([
    [{ maxOrder: 5, folds: 5 }, 'Order 5'],
    [{ maxOrder: 0, folds: 5 }, 'Order 0'],
    [{ maxOrder: 2, folds: 1 }, '1 folds'],
    [{ maxOrder: 2, folds: 2.5 }, '2.5 folds'],
  ])('%o is refused', (given, message) => {
    expect(() => chooseOrder(pathTable([['A', 1, 1]]), given)).toThrow(message);
  });
});

describe('folds', () => {
  test('share a path alike and lose no journey', () => {
    for (const journeys of [0, 1, 4, 5, 13, 1_000_003]) {
      for (const hash of [0, 3, 4_000_000_000]) {
        const parts = [0, 1, 2, 3, 4].map((fold) => foldPart(journeys, hash, fold, 5));
        expect(parts.reduce((a, b) => a + b, 0)).toBe(journeys);
        expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
      }
    }
  });

  test('single journeys are spread over them', () => {
    const table = pathTable(journeysOf(1, 6000, 2));
    const hashes = pathHashes(table);
    for (const shift of [4, 12]) {
      const sizes = [0, 0, 0, 0, 0];
      for (const hash of hashes) sizes[(hash >>> shift) % 5]! += 1;
      const expected = hashes.length / 5;
      for (const size of sizes) expect(Math.abs(size - expected)).toBeLessThan(4 * Math.sqrt(expected));
    }
  });
});
