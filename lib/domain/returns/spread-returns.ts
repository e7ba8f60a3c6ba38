/** A line of a purchase. Money is in minor units, not negative. */
export interface SoldLine {
  line: string;
  sku: string | null;
  minor: number;
}

/** What one return gives back of a purchase: in all, and by SKU where it says so. */
export interface GivenBack {
  id: string;
  minor: number;
  goods: readonly { sku: string | null; minor: number }[];
}

/** What a return takes from a line; above zero. */
export interface LineReturn {
  id: string;
  line: string;
  minor: number;
}

/** Above so many returns x lines the rest is taken line by line instead of in proportion: one purchase cannot slow a build. */
const MOST_CELLS = 100_000;

/**
 * Takes returns from the lines of their purchase, one after another: first from lines of the SKU given back, in order,
 * up to what is left of them; the rest from all lines in proportion to what is left, rounded together. Each return
 * sums to its amount, and no line gives back more than it sold.
 *
 * @param returns in the order of time; together at most what the lines come to
 * @throws Error when they come to more
 * @example spreadReturns([{ line: '1', sku: 'A', minor: 60 }, { line: '2', sku: 'B', minor: 40 }], [{ id: 'r', minor: 10, goods: [] }]) // [{ id: 'r', line: '1', minor: 6 }, { id: 'r', line: '2', minor: 4 }]
 */
export function spreadReturns(lines: readonly SoldLine[], returns: readonly GivenBack[]): LineReturn[] {
  const left = lines.map(({ minor }) => minor);
  const bySku = new Map<string, number[]>();
  for (const [at, { sku }] of lines.entries()) {
    if (sku === null) continue;
    const same = bySku.get(sku);
    if (same) same.push(at);
    else bySku.set(sku, [at]);
  }
  const everywhere = lines.map((_, at) => at);
  const begins = new Map<readonly number[], number>();
  const isLarge = lines.length * returns.length > MOST_CELLS;

  return returns.flatMap(({ id, minor, goods }) => {
    const cells = new Map<number, number>();
    const take = (at: number, amount: number) => {
      if (amount === 0) return;
      left[at]! -= amount;
      cells.set(at, (cells.get(at) ?? 0) + amount);
    };
    /** Takes up to `wanted` from the lines of a list, in order, and returns what it did not get. */
    const takeInOrder = (list: readonly number[], wanted: number): number => {
      let rest = wanted;
      let place = begins.get(list) ?? 0;
      for (; place < list.length; place++) {
        const amount = Math.min(left[list[place]!]!, rest);
        take(list[place]!, amount);
        rest -= amount;
        if (rest === 0) break;
      }
      begins.set(list, place);
      return rest;
    };
    let rest = minor;
    for (const { sku, minor: wanted } of goods) {
      const same = sku === null ? undefined : bySku.get(sku);
      if (!same) continue;
      const asked = Math.min(wanted, rest);
      rest -= asked - takeInOrder(same, asked);
    }
    if (rest > 0 && !isLarge) rest -= takeInProportion(left, rest, take);
    if (rest > 0) rest = takeInOrder(everywhere, rest);
    if (rest > 0) throw new Error(`Return ${id} gives back ${rest} minor units more than its purchase`);
    return Array.from(cells, ([at, amount]) => ({ id, line: lines[at]!.line, minor: amount }));
  });
}

/** Takes an amount from all lines in proportion to what is left of each; returns how much it took. */
function takeInProportion(
  left: readonly number[],
  amount: number,
  take: (at: number, amount: number) => void,
): number {
  const before = [...left];
  const all = before.reduce((a, b) => a + b, 0);
  if (all === 0) return 0;
  let upTo = 0;
  let rounded = 0;
  let taken = 0;
  for (const [at, minor] of before.entries()) {
    upTo += minor;
    const share = Math.min(minor, Math.round((Math.min(amount, all) * upTo) / all) - rounded);
    rounded += share;
    taken += share;
    take(at, share);
  }
  return taken;
}
