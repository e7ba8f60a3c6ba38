/**
 * Buying histories, as counts of persons who are alike: what the likelihood needs of them (Fader, Hardie and Lee 2005).
 * Times are in any one unit from the first purchase.
 */
export interface PurchaseHistories {
  /** Repeat purchases: days with a purchase after the first one. */
  repeats: Int32Array;
  /** When the last purchase was; 0 without repeats. */
  recency: Float64Array;
  /** How long the person was observed; no less than `recency`. */
  observed: Float64Array;
  /** Persons with this history. */
  persons: Float64Array;
}

/** Whole numbers below which three of them make one key that a double holds exactly. */
const MOST = 2 ** 17;

/**
 * Persons with equal histories as one row: the cost of a fit grows with distinct rows, of which there are never more than
 * persons, nor than half the observed days squared times the numbers of purchases that occur.
 * @param recency, observed whole units below 131072
 * @returns the rows, in order of first appearance, and each person's row
 */
export function groupHistories(
  repeats: ArrayLike<number>,
  recency: ArrayLike<number>,
  observed: ArrayLike<number>,
): { histories: PurchaseHistories; rowOf: Int32Array } {
  const places = new Map<number, number>();
  const rowOf = new Int32Array(repeats.length);
  const first: number[] = [];
  const persons: number[] = [];
  for (let person = 0; person < repeats.length; person++) {
    const key = (repeats[person]! * MOST + recency[person]!) * MOST + observed[person]!;
    let row = places.get(key);
    if (row === undefined) {
      row = first.length;
      places.set(key, row);
      first.push(person);
      persons.push(0);
    }
    persons[row]! += 1;
    rowOf[person] = row;
  }
  return {
    histories: {
      repeats: Int32Array.from(first, (person) => repeats[person]!),
      recency: Float64Array.from(first, (person) => recency[person]!),
      observed: Float64Array.from(first, (person) => observed[person]!),
      persons: Float64Array.from(persons),
    },
    rowOf,
  };
}
