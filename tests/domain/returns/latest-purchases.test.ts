import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latestPurchases, type Movements } from '../../../lib/domain/returns/latest-purchases.ts';

interface Move {
  goods: number;
  at: number;
  isPurchase: boolean;
  purchase: string | null;
  quantity: number;
}

const columns = (moves: readonly Move[]): Movements => ({
  goods: moves.map(({ goods }) => goods),
  at: moves.map(({ at }) => at),
  isPurchase: moves.map(({ isPurchase }) => (isPurchase ? 1 : 0)),
  purchase: moves.map(({ purchase }) => purchase),
  quantity: moves.map(({ quantity }) => quantity),
});

/** The rule in words: of the purchases so far, the latest of which something is left, if it is not too old. */
function inWords(moves: readonly Move[], within: number): (string | null)[] {
  const found: (string | null)[] = [];
  for (const [row, move] of moves.entries()) {
    const before = moves.slice(0, row).map((each, at) => ({ ...each, found: found[at] }));
    const same = before.filter(({ goods }) => goods === move.goods);
    const left = (purchase: Move) =>
      same
        .filter((each) => !each.isPurchase && (each.purchase ?? each.found) === purchase.purchase)
        .reduce((rest, { quantity }) => rest - quantity, purchase.quantity);
    const latest = same.filter((each) => each.isPurchase && left(each) > 0).at(-1);
    const isAsked = !move.isPurchase && move.purchase === null;
    found.push(isAsked && latest && move.at - latest.at <= within ? latest.purchase : null);
  }
  return found;
}

const moves = fc
  .array(
    fc.record({
      goods: fc.integer({ min: 1, max: 3 }),
      at: fc.integer({ min: 0, max: 12 }),
      kind: fc.constantFrom('purchase', 'purchase', 'named', 'asked', 'asked'),
      quantity: fc.constantFrom(0, 1, 1, 1, 2, 5),
      names: fc.nat(20),
    }),
    { maxLength: 30 },
  )
  .map((drafts) => {
    const ordered = drafts
      .map((draft, index) => ({ ...draft, index }))
      .sort(
        (a, b) =>
          a.goods - b.goods || a.at - b.at || Number(a.kind === 'purchase') - Number(b.kind === 'purchase'),
      );
    return ordered.map((draft, row): Move => {
      const earlier = ordered
        .slice(0, row)
        .filter((each) => each.kind === 'purchase' && each.goods === draft.goods);
      const named = earlier[draft.names % Math.max(1, earlier.length)];
      return {
        goods: draft.goods,
        at: draft.at,
        isPurchase: draft.kind === 'purchase',
        purchase:
          draft.kind === 'purchase'
            ? `p${draft.index}`
            : draft.kind === 'named' && named
              ? `p${named.index}`
              : null,
        quantity: draft.quantity,
      };
    });
  });

describe('the purchase of a return that names none', () => {
  test('is the latest earlier one that is not wholly returned, as the rule says in words', () => {
    fc.assert(
      fc.property(moves, fc.integer({ min: 0, max: 12 }), (history, within) => {
        expect(latestPurchases(columns(history), within)).toEqual(inWords(history, within));
      }),
      { numRuns: 500 },
    );
  });

  test('is another one once the latest came back, and none beyond the limit', () => {
    const history: Move[] = [
      { goods: 1, at: 0, isPurchase: true, purchase: 'a', quantity: 2 },
      { goods: 1, at: 50, isPurchase: true, purchase: 'b', quantity: 1 },
      { goods: 1, at: 60, isPurchase: false, purchase: null, quantity: 1 },
      { goods: 1, at: 70, isPurchase: false, purchase: null, quantity: 1 },
      { goods: 1, at: 101, isPurchase: false, purchase: null, quantity: 1 },
      { goods: 2, at: 101, isPurchase: false, purchase: null, quantity: 1 },
    ];
    expect(latestPurchases(columns(history), 100)).toEqual([null, null, 'b', 'a', null, null]);
  });

  test('of a named return of the same moment is not handed out again', () => {
    const history: Move[] = [
      { goods: 1, at: 5, isPurchase: false, purchase: 'a', quantity: 1 },
      { goods: 1, at: 5, isPurchase: true, purchase: 'a', quantity: 1 },
      { goods: 1, at: 9, isPurchase: false, purchase: null, quantity: 1 },
    ];
    expect(latestPurchases(columns(history), 100)).toEqual([null, null, null]);
  });

  test('takes time by the row for an identifier that thousands share', () => {
    // A way through all purchases for each return would take longer than a test may.
    const history = Array.from({ length: 600_000 }, (_, row): Move => {
      const isPurchase = row < 300_000;
      return { goods: 1, at: row, isPurchase, purchase: isPurchase ? `p${row}` : null, quantity: 1 };
    });
    const found = latestPurchases(columns(history), 1e9);
    expect(found.at(-1)).toBe('p0');
  }, 60_000);
});
