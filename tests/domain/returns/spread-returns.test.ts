import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type GivenBack, type SoldLine, spreadReturns } from '../../../lib/domain/returns/spread-returns.ts';

const line = (name: string, sku: string | null, minor: number): SoldLine => ({ line: name, sku, minor });
const back = (id: string, minor: number, goods: GivenBack['goods'] = []): GivenBack => ({ id, minor, goods });
const shown = (lines: SoldLine[], returns: GivenBack[]) =>
  spreadReturns(lines, returns).map(({ id, line: name, minor }) => `${id} ${name} ${minor}`);

const sku = fc.constantFrom('A', 'B', 'C', null);
const cents = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 200_000 }));
const sold = fc.array(fc.record({ sku, minor: cents }), { minLength: 1, maxLength: 6 });
const wishes = fc.array(
  fc.record({ minor: cents, goods: fc.array(fc.record({ sku, minor: cents }), { maxLength: 3 }) }),
  { maxLength: 8 },
);
/** Lines, and returns that together come to no more than they do. */
const purchases = fc.tuple(sold, wishes).map(([lines, wanted]) => {
  let left = lines.reduce((sum, { minor }) => sum + minor, 0);
  const returns = wanted.map(({ minor, goods }, at) => {
    const taken = Math.min(minor, left);
    left -= taken;
    return back(`r${at}`, taken, goods);
  });
  return { lines: lines.map(({ sku: own, minor }, at) => line(`l${at}`, own, minor)), returns };
});
const sumBy = <T>(rows: readonly T[], key: (row: T) => string, of: (row: T) => number) => {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(key(row), (sums.get(key(row)) ?? 0) + of(row));
  return sums;
};

describe('what returns take from the lines of their purchase', () => {
  test.each<[string, SoldLine[], GivenBack[], string[]]>([
    [
      'the SKU first, in order, then all lines in proportion to what is left',
      [line('1', 'A', 1000), line('2', 'B', 600), line('3', 'A', 400)],
      [back('r', 1900, [{ sku: 'A', minor: 1200 }])],
      ['r 1 1000', 'r 3 375', 'r 2 525'],
    ],
    [
      'parts of a line, one return after another',
      [line('1', 'A', 1000), line('2', 'A', 1000)],
      [back('r', 500, [{ sku: 'A', minor: 500 }]), back('s', 1000, [{ sku: 'A', minor: 1000 }])],
      ['r 1 500', 's 1 500', 's 2 500'],
    ],
    [
      'an amount without goods from all lines',
      [line('1', 'A', 60), line('2', 'B', 40)],
      [back('r', 10), back('s', 10)],
      ['r 1 6', 'r 2 4', 's 1 6', 's 2 4'],
    ],
    [
      'what is left, by a whole refund',
      [line('1', 'A', 60), line('2', 'B', 40)],
      [back('r', 25, [{ sku: 'B', minor: 25 }]), back('s', 75, [{ sku: null, minor: 0 }])],
      ['r 2 25', 's 1 60', 's 2 15'],
    ],
    [
      'nothing from a line that came to nothing',
      [line('1', 'A', 0), line('2', 'B', 3)],
      [back('r', 3)],
      ['r 2 3'],
    ],
    [
      'a SKU that was not bought from all lines',
      [line('1', 'A', 1), line('2', 'B', 1)],
      [back('r', 2, [{ sku: 'X', minor: 2 }])],
      ['r 1 1', 'r 2 1'],
    ],
  ])('is %s', (_, lines, returns, expected) => {
    expect(shown(lines, returns).sort()).toEqual(expected.sort());
  });

  test('sums to each return, never exceeds a line, and leaves nothing when all came back', () => {
    fc.assert(
      fc.property(purchases, ({ lines, returns }) => {
        const taken = spreadReturns(lines, returns);
        for (const { minor } of taken) expect(minor).toBeGreaterThan(0);
        expect(new Set(taken.map(({ id, line: name }) => `${id} ${name}`)).size).toBe(taken.length);
        const byReturn = sumBy(
          taken,
          ({ id }) => id,
          ({ minor }) => minor,
        );
        for (const { id, minor } of returns) expect(byReturn.get(id) ?? 0).toBe(minor);
        const byLine = sumBy(
          taken,
          ({ line: name }) => name,
          ({ minor }) => minor,
        );
        for (const { line: name, minor } of lines) expect(byLine.get(name) ?? 0).toBeLessThanOrEqual(minor);
      }),
      { numRuns: 1_000 },
    );
  });

  test('is in proportion within a unit where goods say nothing', () => {
    fc.assert(
      fc.property(sold, cents, (drafts, wanted) => {
        const lines = drafts.map(({ minor }, at) => line(`l${at}`, null, minor));
        const all = lines.reduce((sum, { minor }) => sum + minor, 0);
        const amount = Math.min(wanted, all);
        const byLine = sumBy(
          spreadReturns(lines, [back('r', amount)]),
          (row) => row.line,
          (row) => row.minor,
        );
        for (const { line: name, minor } of lines)
          expect(
            Math.abs((byLine.get(name) ?? 0) - (all === 0 ? 0 : (amount * minor) / all)),
          ).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('holds for the largest amounts there are', () => {
    const lines = Array.from({ length: 5_000 }, (_, at) =>
      line(String(at), null, at % 7 === 0 ? 1 : 19_999_999_999),
    );
    const all = lines.reduce((sum, { minor }) => sum + minor, 0);
    const taken = spreadReturns(lines, [back('r', all - 1), back('s', 1)]);
    expect(taken.reduce((sum, { minor }) => sum + minor, 0)).toBe(all);
  });

  test('takes time by the row where one purchase has very many returns', () => {
    // A way through all lines for each return would take longer than a test may.
    const lines = Array.from({ length: 300_000 }, (_, at) => line(String(at), `S${at % 10}`, 2));
    const returns = Array.from({ length: 300_000 }, (_, at) =>
      back(`r${at}`, 2, [{ sku: `S${at % 11}`, minor: 2 }]),
    );
    const taken = spreadReturns(lines, returns);
    expect(taken.reduce((sum, { minor }) => sum + minor, 0)).toBe(600_000);
  }, 60_000);

  test('is refused where returns come to more than their purchase', () => {
    expect(() => spreadReturns([line('1', 'A', 5)], [back('r', 6)])).toThrow(
      'Return r gives back 1 minor units more',
    );
  });
});
