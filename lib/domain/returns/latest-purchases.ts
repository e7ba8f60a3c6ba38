/** Purchases and returns of goods, as columns: the rows of one person's SKU stand together, in the order of time. */
export interface Movements {
  /** Whose and what, as a number: changes where the next person's SKU begins. */
  goods: ArrayLike<number>;
  /** In seconds. */
  at: ArrayLike<number>;
  isPurchase: ArrayLike<number>;
  /** The purchase made, or named by a return; null on a return that names none. */
  purchase: readonly (string | null)[];
  /** Pieces or weight, not negative. */
  quantity: ArrayLike<number>;
}

/** Quantities come as doubles; less than this is nothing. */
const NOTHING = 1e-9;

/**
 * For each return that names no purchase the person's latest earlier purchase of the goods that is not wholly returned
 * yet; null where there is none within so many seconds, and on all other rows. A return that gives back more than is
 * left of the purchase still belongs to that one. Purchases wait on a stack, so that time grows with the rows alone.
 *
 * @example latestPurchases({ goods: [1, 1, 1], at: [0, 10, 20], isPurchase: [1, 1, 0], purchase: ['a', 'b', null], quantity: [1, 1, 1] }, 100) // [null, null, 'b']
 */
export function latestPurchases(movements: Movements, withinSeconds: number): (string | null)[] {
  const { goods, at, isPurchase, purchase, quantity } = movements;
  let waiting: { purchase: string; at: number }[] = [];
  let left = new Map<string, number>();
  return purchase.map((named, row) => {
    if (row === 0 || goods[row] !== goods[row - 1]) {
      waiting = [];
      left = new Map();
    }
    const pieces = quantity[row]!;
    if (named !== null) {
      // A return may name a purchase of the same moment, which comes after it.
      left.set(named, (left.get(named) ?? 0) + (isPurchase[row] === 1 ? pieces : -pieces));
      if (isPurchase[row] === 1) waiting.push({ purchase: named, at: at[row]! });
      return null;
    }
    while (waiting.length > 0 && left.get(waiting.at(-1)!.purchase)! <= NOTHING) waiting.pop();
    const latest = waiting.at(-1);
    if (!latest || at[row]! - latest.at > withinSeconds) return null;
    left.set(latest.purchase, left.get(latest.purchase)! - pieces);
    return latest.purchase;
  });
}
