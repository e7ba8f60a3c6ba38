/** How well what was expected of customers came true in a part of time that the fit had not seen. */

export interface Judged {
  /** Purchases expected, by the model and by going on as before. */
  predicted: Float64Array;
  pastRate: Float64Array;
  /** Chance of any purchase, by the same two. */
  chance: Float64Array;
  pastChance: Float64Array;
  /** Purchases that came. */
  actual: Int32Array;
}

/** Sums over the persons of a tenth, which add up to those of all. */
export interface Decile {
  decile: number;
  persons: number;
  predicted: number;
  pastRate: number;
  actual: number;
  /** Persons who bought, and how many were expected to. */
  bought: number;
  expectedToBuy: number;
  /** Sums of squared differences between chance and outcome (Brier 1950): the model's, the past rate's, one chance for all. */
  squares: number;
  pastSquares: number;
  evenSquares: number;
  /** Sums of absolute differences between purchases expected and made. */
  misses: number;
  pastMisses: number;
}

/**
 * Persons in ten parts of equal size by what the model expected of them, the tenth that buys most first. Persons of equal
 * expectation stand in the order given.
 */
export function decilesOf(judged: Judged): Decile[] {
  const { predicted, pastRate, chance, pastChance, actual } = judged;
  const persons = predicted.length;
  const order = Uint32Array.from(predicted, (_, at) => at).sort(
    (a, b) => predicted[b]! - predicted[a]! || a - b,
  );
  const buyers = actual.reduce((sum, purchases) => sum + (purchases > 0 ? 1 : 0), 0);
  const even = persons === 0 ? 0 : buyers / persons;
  const deciles: Decile[] = [];
  for (let decile = 1; decile <= 10; decile++) {
    const members = order.subarray(
      Math.floor(((decile - 1) * persons) / 10),
      Math.floor((decile * persons) / 10),
    );
    if (members.length === 0) continue;
    const sum = (value: (person: number) => number) =>
      members.reduce((total, person) => total + value(person), 0);
    const came = (person: number) => (actual[person]! > 0 ? 1 : 0);
    deciles.push({
      decile,
      persons: members.length,
      predicted: sum((person) => predicted[person]!),
      pastRate: sum((person) => pastRate[person]!),
      actual: sum((person) => actual[person]!),
      bought: sum(came),
      expectedToBuy: sum((person) => chance[person]!),
      squares: sum((person) => (chance[person]! - came(person)) ** 2),
      pastSquares: sum((person) => (pastChance[person]! - came(person)) ** 2),
      evenSquares: sum((person) => (even - came(person)) ** 2),
      misses: sum((person) => Math.abs(predicted[person]! - actual[person]!)),
      pastMisses: sum((person) => Math.abs(pastRate[person]! - actual[person]!)),
    });
  }
  return deciles;
}

/** Below which chance of being alive a customer counts as lost, and how well that told buyers from others. */
export interface ChurnThreshold {
  threshold: number;
  /** Part of those who bought that were at or above it, and part of the others that were below. */
  sensitivity: number;
  specificity: number;
  /** Whether that is better than chance, of which the best of all thresholds looks good too (Smirnov's test at 5%). */
  isTold: boolean;
}

/** Who is more likely than not to buy again is not lost, whatever tells best. */
const MOST_LIKELY_ALIVE = 0.5;
/** How often a threshold may seem to tell where the chance of being alive has nothing to do with buying. */
const CHANCE_OF_TELLING = 0.05;

/**
 * The threshold, up to a half, that tells best on the holdout who buys again: greatest sum of sensitivity and specificity
 * (Youden 1950); of several the lowest, which calls fewest lost. Null where everyone bought or nobody did.
 */
export function churnThreshold(alive: Float64Array, actual: Int32Array): ChurnThreshold | null {
  const order = Uint32Array.from(alive, (_, at) => at).sort((a, b) => alive[a]! - alive[b]! || a - b);
  const buyers = actual.reduce((sum, purchases) => sum + (purchases > 0 ? 1 : 0), 0);
  const others = actual.length - buyers;
  if (buyers === 0 || others === 0) return null;
  let [buyersBelow, othersBelow] = [0, 0];
  let best = { threshold: 0, sensitivity: 1, specificity: 0 };
  for (let at = 0; at < order.length; ) {
    const threshold = Math.min(alive[order[at]!]!, MOST_LIKELY_ALIVE);
    const [sensitivity, specificity] = [1 - buyersBelow / buyers, othersBelow / others];
    if (sensitivity + specificity > best.sensitivity + best.specificity)
      best = { threshold, sensitivity, specificity };
    if (alive[order[at]!]! >= MOST_LIKELY_ALIVE) break;
    for (const here = alive[order[at]!]!; at < order.length && alive[order[at]!]! === here; at++) {
      if (actual[order[at]!]! > 0) buyersBelow += 1;
      else othersBelow += 1;
    }
  }
  // The greatest distance of the two distributions, on one side: it exceeds d with chance exp(-2 d^2 m n / (m + n)).
  const distance = best.sensitivity + best.specificity - 1;
  const chance = Math.exp((-2 * distance ** 2 * buyers * others) / (buyers + others));
  return { ...best, isTold: chance < CHANCE_OF_TELLING };
}
